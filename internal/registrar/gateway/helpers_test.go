// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"context"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

const testToken = "token-that-stays-here"

var testFiling = registrar.Filing{
	Key:   registrar.Key(v1alpha1.RegionNingxia, "cloud@acme.example.cn"),
	Owner: "owner-that-stays-here",
}

// serve starts a gateway that answers with handler, and returns a client of it.
func serve(t *testing.T, handler http.HandlerFunc, change ...func(*Config)) *Client {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	config := Config{
		URL:       server.URL,
		Token:     testToken,
		TokenHost: strings.TrimPrefix(server.URL, "https://"),
		CABundle:  pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}),
	}
	for _, f := range change {
		f(&config)
	}
	client, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// answering returns a handler that gives this answer to everything.
func answering(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

const (
	jsonType    = "application/json"
	problemType = "application/problem+json"
)

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// wantTrouble checks an error's kind, and that it gives nothing away.
func wantTrouble(t *testing.T, err error, kind lifecycle.TroubleKind) *lifecycle.Trouble {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one of kind %s", kind)
	}
	trouble := registrar.Trouble(err)
	if trouble.Kind != kind {
		t.Errorf("error is of kind %s, want %s: %v", trouble.Kind, kind, err)
	}
	for _, secret := range []string{testToken, testFiling.Key, testFiling.Owner, "quoted"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("error gives %q away: %v", secret, err)
		}
	}
	return trouble
}

func testSubmission(files ...dossier.Document) registrar.Submission {
	return registrar.Submission{
		Digest:   "v1:0123:abcd",
		Password: "p4ssword-of-the-first-user",
		Dossier: &dossier.Dossier{
			Region:   v1alpha1.RegionNingxia,
			IDNumber: "11010519491231002X",
			Spec: v1alpha1.Dossier{
				Account: v1alpha1.Account{Email: "cloud@acme.example.cn", Username: "acmechina"},
				Contact: v1alpha1.Contact{Name: "王小明", Email: "wang@acme.example.cn", Mobile: "+8613800138000"},
				SecurityAdministrator: v1alpha1.SecurityAdministrator{
					Name: "Li Na", Email: "li@acme.example.cn", Mobile: "+8613900139000",
					Identification: v1alpha1.Identification{Type: v1alpha1.IdentificationResidentIdentityCard},
				},
			},
			Documents: files,
		},
	}
}
