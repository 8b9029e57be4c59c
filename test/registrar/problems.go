// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// problem is a no, in the contract's words.
type problem struct {
	status   int
	code     string
	detail   string
	findings []contract.Finding
}

// Error makes a problem fit to undo a transaction with.
func (p *problem) Error() string { return p.code }

var (
	errUnauthorized = &problem{status: http.StatusUnauthorized, code: "unauthorized", detail: "The token is absent or not taken."}
	errOtherOwner   = &problem{status: http.StatusForbidden, code: "otherOwner", detail: "The key is another owner's."}
	errUnknown      = &problem{status: http.StatusNotFound, code: "unknown", detail: "There is no such registration, attempt or challenge."}
	errNoSuchPath   = &problem{status: http.StatusNotFound, code: "noSuchPath", detail: "The contract has no such path."}
	errOtherContent = &problem{status: http.StatusConflict, code: "otherContent", detail: "This attempt is filed with other content."}
	errWrongAttempt = &problem{status: http.StatusConflict, code: "wrongAttempt", detail: "This attempt cannot be filed next."}
	errWrongState   = &problem{status: http.StatusConflict, code: "wrongState", detail: "The attempt's state does not allow it."}
	errClosed       = &problem{status: http.StatusConflict, code: "challengeClosed", detail: "The challenge was answered, has expired or has no tries left."}
	errWrongAnswer  = &problem{status: http.StatusUnprocessableEntity, code: "wrongAnswer", detail: "The answer is wrong."}
	errCursorGone   = &problem{status: http.StatusGone, code: "cursorExpired", detail: "The cursor is not known here: list again."}
	errPartMismatch = &problem{status: http.StatusBadRequest, code: "partMismatch", detail: "A part is not what the dossier says."}
	errKeyMismatch  = &problem{status: http.StatusBadRequest, code: "keyMismatch", detail: "The key is not that of the dossier's Region and e-mail."}
	errInternal     = &problem{status: http.StatusInternalServerError, code: "internal", detail: "The gateway failed."}
	errTooLarge     = &problem{status: http.StatusRequestEntityTooLarge, code: "tooLarge", detail: "The request is larger than a dossier may be."}
)

func malformed(detail string) *problem {
	return &problem{status: http.StatusBadRequest, code: "malformed", detail: detail}
}

func refusedContent(findings []contract.Finding) *problem {
	return &problem{status: http.StatusUnprocessableEntity, code: "content", detail: "The dossier was judged and not taken.", findings: findings}
}

func (p *problem) write(w http.ResponseWriter) {
	writeJSON(w, "application/problem+json", p.status, contract.Problem{
		Title: http.StatusText(p.status), Status: int32(p.status), Code: p.code, Detail: p.detail, Findings: p.findings,
	})
}

func writeJSON(w http.ResponseWriter, contentType string, status int, value any) {
	encoded, err := json.Marshal(value)
	if err != nil {
		http.Error(w, "the answer cannot be encoded", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	// Who does not read the answer asks again.
	_, _ = w.Write(append(encoded, '\n'))
}

// answer writes what was asked for, or the problem that stood in the way.
func (s *Server) answer(w http.ResponseWriter, status int, value any, err error) {
	if err == nil {
		writeJSON(w, "application/json", status, value)
		return
	}
	p, ok := errors.AsType[*problem](err)
	if !ok {
		s.config.Log.Error("A request failed", "error", err)
		p = errInternal
	}
	p.write(w)
}
