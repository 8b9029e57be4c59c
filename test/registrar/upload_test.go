// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// rawPart is a part of a request that the client would not write.
type rawPart struct{ name, content string }

// put sends parts as attempt 1 of an applicant, and returns status and code.
func (e *env) put(a applicant, parts []rawPart) (int, string) {
	e.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, p := range parts {
		part, err := w.CreateFormField(p.name)
		if err != nil {
			e.Fatal(err)
		}
		if _, err := part.Write([]byte(p.content)); err != nil {
			e.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		e.Fatal(err)
	}
	req := httptest.NewRequestWithContext(e.ctx(), http.MethodPut, "/v1/registrations/"+a.Key+"/attempts/1", &body)
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("X-Filing-Owner", a.Owner)
	req.Header.Set("Content-Type", w.FormDataContentType())
	answer := httptest.NewRecorder()
	e.server.Handler().ServeHTTP(answer, req)
	var problem contract.Problem
	if err := json.Unmarshal(answer.Body.Bytes(), &problem); err != nil {
		e.Fatalf("answer %d %q: %v", answer.Code, answer.Body, err)
	}
	return answer.Code, problem.Code
}

// goodParts are the parts of a fit filing.
func goodParts(t *testing.T, a applicant) []rawPart {
	t.Helper()
	certificate, identification := "%PDF-1.7", "\xff\xd8\xff"
	d := contract.Dossier{
		Region:  contract.CnNorthwest1,
		Account: contract.Account{Email: a.email, Username: "acmechina"},
		Company: contract.Company{LegalName: "爱客科技", UnifiedSocialCreditCode: "91310000MA1K35Y38P", Address: contract.Address{PostalCode: "200120"}},
		Contact: contract.Contact{Mobile: "+8613800138000"},
		SecurityAdministrator: contract.SecurityAdministrator{
			Mobile: "+8613900139000", Identification: contract.Identification{Type: "Passport", Number: "E12345678"},
		},
		CustomerAgreement: "Accepted",
		Files: []contract.File{
			described(0, "businessCertificate", certificate), described(1, "identification", identification),
		},
	}
	encoded, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return []rawPart{
		{"owner", a.Owner}, {"digest", "v1:test:1"}, {"dossier", string(encoded)}, {"password", "first-users-passw0rd"},
		{"files", certificate}, {"files", identification},
	}
}

func described(index int32, role, content string) contract.File {
	sum := sha256.Sum256([]byte(content))
	return contract.File{Index: index, Role: role, Size: int64(len(content)), Sha256: hex.EncodeToString(sum[:])}
}

func TestPartsThatAreNotTheContractsAreRefused(t *testing.T) {
	a := applicantOf("silent")
	tests := map[string]struct {
		change func([]rawPart) []rawPart
		status int
		code   string
	}{
		"as it should be": {status: 201, change: func(p []rawPart) []rawPart { return p }},
		"a file changed on its way": {status: 400, code: "partMismatch", change: func(p []rawPart) []rawPart {
			p[4].content = "%PDF-1.8"
			return p
		}},
		"a file cut short": {status: 400, code: "partMismatch", change: func(p []rawPart) []rawPart {
			p[4].content = "%PDF-1."
			return p
		}},
		"a file less": {status: 400, code: "malformed", change: func(p []rawPart) []rawPart { return p[:5] }},
		"a file more": {status: 400, code: "malformed", change: func(p []rawPart) []rawPart { return append(p, rawPart{"files", "%PDF-1.7"}) }},
		"parts out of order": {status: 400, code: "malformed", change: func(p []rawPart) []rawPart {
			p[0], p[1] = p[1], p[0]
			return p
		}},
		"another owner in the part": {status: 400, code: "malformed", change: func(p []rawPart) []rawPart {
			p[0].content = "somebody-else"
			return p
		}},
		"an empty password": {status: 400, code: "malformed", change: func(p []rawPart) []rawPart {
			p[3].content = ""
			return p
		}},
		"a dossier that is no JSON": {status: 400, code: "malformed", change: func(p []rawPart) []rawPart {
			p[2].content = "{"
			return p
		}},
		"files that are counted from 1": {status: 400, code: "malformed", change: func(p []rawPart) []rawPart {
			p[2].content = strings.ReplaceAll(p[2].content, `"index":0`, `"index":1`)
			return p
		}},
		"nothing": {status: 400, code: "malformed", change: func([]rawPart) []rawPart { return nil }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := start(t)
			status, code := e.put(a, test.change(goodParts(t, a)))
			if status != test.status || code != test.code {
				t.Errorf("answer %d %s, want %d %s", status, code, test.status, test.code)
			}
			filed := 0
			if test.status == 201 {
				filed = 1
			}
			if got := e.counters().Filings; got != filed {
				t.Errorf("%d filings, want %d", got, filed)
			}
		})
	}
}

func TestPathsThatAreNotTheContractsAreRefused(t *testing.T) {
	e := start(t)
	tests := map[string]struct {
		path, owner string
		status      int
		code        string
	}{
		"no such path":            {path: "/v2/registrations", status: 404, code: "noSuchPath"},
		"a key that is none":      {path: "/v1/registrations/ABC", owner: "o", status: 400, code: "malformed"},
		"nobody asks":             {path: "/v1/registrations/" + applicantOf("x").Key, status: 400, code: "malformed"},
		"an owner that is none":   {path: "/v1/registrations/" + applicantOf("x").Key, owner: "a b", status: 400, code: "malformed"},
		"an attempt that is none": {path: "/v1/registrations/" + applicantOf("x").Key + "/attempts/one", owner: "o", status: 400, code: "malformed"},
		"an unknown key":          {path: "/v1/registrations/" + applicantOf("x").Key, owner: "o", status: 404, code: "unknown"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			req := httptest.NewRequestWithContext(e.ctx(), http.MethodGet, test.path, http.NoBody)
			req.Header.Set("Authorization", "Bearer "+token)
			if test.owner != "" {
				req.Header.Set("X-Filing-Owner", test.owner)
			}
			answer := httptest.NewRecorder()
			e.server.Handler().ServeHTTP(answer, req)
			var problem contract.Problem
			if err := json.Unmarshal(answer.Body.Bytes(), &problem); err != nil {
				t.Fatal(err)
			}
			if answer.Code != test.status || problem.Code != test.code {
				t.Errorf("answer %d %s, want %d %s", answer.Code, problem.Code, test.status, test.code)
			}
		})
	}
}
