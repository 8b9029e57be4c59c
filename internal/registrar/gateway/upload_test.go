// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// part is a part of a multipart body as it came.
type part struct{ name, filename, content string }

func readParts(t *testing.T, req *http.Request) (parts []part) {
	t.Helper()
	reader, err := req.MultipartReader()
	if err != nil {
		t.Error(err)
		return nil
	}
	for {
		next, err := reader.NextPart()
		if err == io.EOF {
			return parts
		}
		if err != nil {
			t.Error(err)
			return nil
		}
		parts = append(parts, part{next.FormName(), next.FileName(), readAll(t, next)})
	}
}

func readAll(t *testing.T, p *multipart.Part) string {
	t.Helper()
	content, err := io.ReadAll(p)
	if err != nil {
		t.Error(err)
	}
	return string(content)
}

func sha256Of(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

func TestAFilingGoesOutPartByPart(t *testing.T) {
	certificate := dossier.Document{
		Role: dossier.RoleBusinessCertificate, Path: "spec.dossier.documents.businessCertificate.files[0]",
		Parts: [][]byte{[]byte("first half, "), []byte("second half")},
	}
	identification := dossier.Document{
		Role: dossier.RoleIdentification, Path: "spec.dossier.documents.identification.files[0]", Parts: [][]byte{[]byte("front")},
	}
	submission := testSubmission(certificate, identification)
	var parts []part
	client := serve(t, func(w http.ResponseWriter, req *http.Request) {
		if req.ContentLength <= 0 {
			t.Errorf("Content-Length is %d, want the body's", req.ContentLength)
		}
		parts = readParts(t, req)
		answering(201, jsonType, `{`+goodAttempt+`}`)(w, req)
	})
	outcome, err := client.File(testContext(t), testFiling, 1, submission)
	if err != nil || outcome.Attempt == nil || outcome.Attempt.State != lifecycle.StateUnderReview {
		t.Fatalf("File = %+v, %v", outcome, err)
	}

	var names []string
	for _, p := range parts {
		names = append(names, p.name)
	}
	if got := strings.Join(names, ","); got != "owner,digest,dossier,password,files,files" {
		t.Fatalf("parts are %q, not in the contract's order", got)
	}
	if parts[0].content != testFiling.Owner || parts[1].content != submission.Digest || parts[3].content != submission.Password {
		t.Errorf("owner, digest or password did not arrive")
	}
	if parts[4].content != "first half, second half" || parts[4].filename != "file-0" || parts[5].content != "front" {
		t.Errorf("files arrived as %q", parts[4:])
	}
	var wire contract.Dossier
	if err := json.Unmarshal([]byte(parts[2].content), &wire); err != nil {
		t.Fatal(err)
	}
	if wire.SecurityAdministrator.Identification.Number != submission.Dossier.IDNumber || wire.Region != contract.CnNorthwest1 {
		t.Errorf("dossier arrived as %+v", wire)
	}
	want := contract.File{
		Index: 0, Role: "businessCertificate", Path: certificate.Path,
		Size: int64(len("first half, second half")), Sha256: sha256Of("first half, second half"),
	}
	if len(wire.Files) != 2 || wire.Files[0] != want || wire.Files[1].Index != 1 {
		t.Errorf("files are described as %+v, want %+v first", wire.Files, want)
	}
	if strings.Contains(parts[2].content, "secretKeyRef") {
		t.Error("the dossier names Secrets")
	}
}

func TestDocumentsAreAMultipartAnswer(t *testing.T) {
	var parts []part
	client := serve(t, func(w http.ResponseWriter, req *http.Request) {
		if !strings.HasSuffix(req.URL.EscapedPath(), "/challenges/documents-1/answers/v1:0123:beef") {
			t.Errorf("answer went to %s", req.URL.EscapedPath())
		}
		parts = readParts(t, req)
		answering(200, jsonType, `{`+goodAttempt+`}`)(w, req)
	})
	_, err := client.Answer(testContext(t), testFiling, 1, registrar.Answer{
		ChallengeID: "documents-1", Type: "documents", Digest: "v1:0123:beef",
		Documents: []dossier.Document{{Role: dossier.RoleSupplementary, Path: "spec.supplementaryDocuments[0].files[0]", Parts: [][]byte{[]byte("letter")}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(parts) != 2 || parts[0].name != "answer" || parts[1].content != "letter" || !strings.Contains(parts[0].content, sha256Of("letter")) {
		t.Errorf("answer arrived as %q", parts)
	}
}

func TestACodeIsAJSONAnswer(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, req *http.Request) {
		var answer contract.TextAnswer
		if err := json.NewDecoder(req.Body).Decode(&answer); err != nil || answer.Text != "2468" || answer.Type != "phoneCode" {
			t.Errorf("answer arrived as %+v, %v", answer, err)
		}
		answering(200, jsonType, `{`+goodAttempt+`}`)(w, req)
	})
	if _, err := client.Answer(testContext(t), testFiling, 1, registrar.Answer{ChallengeID: "phone-code-1", Type: "phoneCode", Digest: "d", Text: "2468"}); err != nil {
		t.Error(err)
	}
}

func TestFilesAreReadWhereTheyAre(t *testing.T) {
	scan := bytes.Repeat([]byte("scan"), 2<<20) // 8 MiB
	submission := testSubmission(
		dossier.Document{Role: dossier.RoleBusinessCertificate, Parts: [][]byte{scan}},
		dossier.Document{Role: dossier.RoleIdentification, Parts: [][]byte{scan}})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	body, err := filingBody(testFiling, submission)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(struct{ io.Writer }{io.Discard}, body); err != nil || n != body.length {
		t.Fatalf("the body has %d bytes, and %d were said: %v", n, body.length, err)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
		t.Errorf("a body of %d bytes takes %d bytes of memory", body.length, took)
	}
}
