// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	filing "github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

const (
	pace  = 10 * time.Second
	token = "test-token"
)

// env is the real client before the real server, with a clock that only the test moves.
type env struct {
	*testing.T
	*gateway.Client
	server *registrar.Server
	admin  http.Handler
	clock  *clocktesting.FakeClock
}

func start(t *testing.T, change ...func(*registrar.Config)) *env {
	t.Helper()
	return startOn(t, filepath.Join(t.TempDir(), "store"), clocktesting.NewFakeClock(time.Date(2026, 9, 30, 1, 0, 0, 0, time.UTC)), change...)
}

func startOn(t *testing.T, path string, clock *clocktesting.FakeClock, change ...func(*registrar.Config)) *env {
	t.Helper()
	config := registrar.Config{StorePath: path, Token: token, Step: pace, Hold: 50 * time.Millisecond, Clock: clock}
	for _, f := range change {
		f(&config)
	}
	server, err := registrar.New(config)
	if err != nil {
		t.Fatal(err)
	}
	certificate, ca, err := server.Certificate("")
	if err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewUnstartedServer(server.Handler())
	listening.EnableHTTP2 = true
	listening.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
	listening.Config.ErrorLog = log.New(io.Discard, "", 0)
	listening.StartTLS()
	t.Cleanup(func() {
		listening.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	client, err := gateway.New(gateway.Config{
		URL: listening.URL, Token: token, TokenHost: strings.TrimPrefix(listening.URL, "https://"),
		CABundle: ca, Timeout: 2 * time.Second, RequestsPerSecond: 10000, Burst: 10000,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return &env{T: t, Client: client, server: server, admin: server.AdminHandler(), clock: clock}
}

// applicant is who files, under one key.
type applicant struct {
	filing.Filing
	email string
}

func applicantOf(tag string) applicant {
	email := "cloud+" + tag + "@acme.example.cn"
	return applicant{email: email, Filing: filing.Filing{
		Key:   filing.Key(v1alpha1.RegionNingxia, v1alpha1.EmailAddress(email)),
		Owner: "owner-of-" + tag,
	}}
}

// submission is a fit dossier; change may make it another, or unfit.
func (a applicant) submission(change ...func(*dossier.Dossier)) filing.Submission {
	d := &dossier.Dossier{
		Region:   v1alpha1.RegionNingxia,
		IDNumber: "11010519491231002X",
		Spec: v1alpha1.Dossier{
			Account: v1alpha1.Account{Email: v1alpha1.EmailAddress(a.email), Username: "acmechina"},
			Company: v1alpha1.Company{
				LegalName: "爱客科技（上海）有限公司", UnifiedSocialCreditCode: "91310000MA1K35Y38P",
				Address: v1alpha1.Address{Province: "上海市", City: "上海市", Street: "世纪大道100号", PostalCode: "200120"},
			},
			Contact: v1alpha1.Contact{Name: "王小明", Email: v1alpha1.EmailAddress(a.email), Mobile: "+8613800138000"},
			SecurityAdministrator: v1alpha1.SecurityAdministrator{
				Name: "李娜", Email: "lina@acme.example.cn", Mobile: "+8613900139000",
				Identification: v1alpha1.Identification{Type: v1alpha1.IdentificationResidentIdentityCard},
			},
			Documents:         v1alpha1.Documents{BusinessCertificate: v1alpha1.BusinessCertificate{Type: v1alpha1.CertificateBusinessLicense}},
			CustomerAgreement: v1alpha1.AgreementAccepted,
		},
		Documents: []dossier.Document{
			document(dossier.RoleBusinessCertificate, "spec.dossier.documents.businessCertificate.files[0]", []byte("%PDF-1.7 certificate")),
			document(dossier.RoleIdentification, "spec.dossier.documents.identification.files[0]", []byte("\x89PNG\r\n\x1a\nfront")),
		},
	}
	for _, f := range change {
		f(d)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%#v %q", d.Spec, d.IDNumber))
	return filing.Submission{Dossier: d, Digest: "v1:test:" + hex.EncodeToString(sum[:]), Password: "first-users-passw0rd"}
}

func document(role dossier.Role, path string, content []byte) dossier.Document {
	return dossier.Document{Role: role, Path: path, Parts: [][]byte{content}}
}

func renamed(d *dossier.Dossier) {
	d.Spec.Company.LegalName = "爱客科技（上海）股份有限公司"
}

func (e *env) ctx() context.Context {
	e.Helper()
	ctx, cancel := context.WithTimeout(e.Context(), 30*time.Second)
	e.Cleanup(cancel)
	return ctx
}

// file files and wants it taken.
func (e *env) file(a applicant, n int32, change ...func(*dossier.Dossier)) *lifecycle.Attempt {
	e.Helper()
	outcome, err := e.File(e.ctx(), a.Filing, n, a.submission(change...))
	return e.attempt(outcome, err)
}

// attempt wants an outcome to be an attempt.
func (e *env) attempt(outcome *lifecycle.Outcome, err error) *lifecycle.Attempt {
	e.Helper()
	if err != nil || outcome.Attempt == nil {
		e.Fatalf("outcome %+v, %v; want an attempt", outcome, err)
	}
	return outcome.Attempt
}

// wantRefusal wants an outcome to be this no.
func (e *env) wantRefusal(outcome *lifecycle.Outcome, err error, reason lifecycle.RefusalReason) *lifecycle.Refusal {
	e.Helper()
	if err != nil || outcome.Refusal == nil || outcome.Refusal.Reason != reason {
		e.Fatalf("outcome %+v, %v; want refusal %s", outcome, err, reason)
	}
	return outcome.Refusal
}

// wantState wants attempt n to stand here, and returns it.
func (e *env) wantState(a applicant, n int32, state lifecycle.State) *lifecycle.Attempt {
	e.Helper()
	got, err := e.Attempt(e.ctx(), a.Filing, n)
	if err != nil || got == nil || got.State != state {
		e.Fatalf("attempt %d is %+v, %v; want it %s", n, got, err, state)
	}
	return got
}

// paces lets time go by.
func (e *env) paces(n int) { e.clock.Step(time.Duration(n) * pace) }

// respond answers a challenge. The digest names the answer.
func (e *env) respond(a applicant, n int32, id string, kind v1alpha1.ChallengeType, text string) (*lifecycle.Outcome, error) {
	e.Helper()
	return e.Answer(e.ctx(), a.Filing, n, filing.Answer{ChallengeID: id, Type: kind, Digest: digestOf(id, text), Text: text})
}

func digestOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:])
}

// completeSignUp answers the challenges of a verified attempt.
func (e *env) completeSignUp(a applicant, n int32) *lifecycle.Attempt {
	e.Helper()
	e.attempt(e.respond(a, n, fmt.Sprintf("phone-code-%d", n), v1alpha1.ChallengePhoneCode, registrar.PhoneCode))
	return e.attempt(e.respond(a, n, fmt.Sprintf("support-plan-%d", n), v1alpha1.ChallengeSupportPlan, "Business"))
}

// open lists the types of open challenges.
func open(a *lifecycle.Attempt) string {
	var types []string
	for _, c := range a.Challenges {
		types = append(types, string(c.Type))
	}
	slices.Sort(types)
	return strings.Join(types, " ")
}

// control makes a request of the admin API.
func (e *env) control(method, path, body string) *httptest.ResponseRecorder {
	e.Helper()
	answer := httptest.NewRecorder()
	e.admin.ServeHTTP(answer, httptest.NewRequestWithContext(e.ctx(), method, path, bytes.NewBufferString(body)))
	return answer
}

func (e *env) counters() registrar.Counters {
	e.Helper()
	counters, err := e.server.Counters()
	if err != nil {
		e.Fatal(err)
	}
	return counters
}
