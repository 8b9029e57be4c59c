// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"regexp"
	"strings"
)

// operations are the contract's, by the pattern that they are routed by.
var operations = map[string]string{
	"GET /v1/status":                                    "getStatus",
	"GET /v1/registrations":                             "listRegistrations",
	"GET /v1/changes":                                   "listChanges",
	"GET /v1/registrations/{key}":                       "getRegistration",
	"GET /v1/registrations/{key}/attempts/{attempt}":    "getAttempt",
	"PUT /v1/registrations/{key}/attempts/{attempt}":    "fileAttempt",
	"DELETE /v1/registrations/{key}/attempts/{attempt}": "withdrawAttempt",
	"PUT /v1/registrations/{key}/attempts/{attempt}/challenges/{challenge}/answers/{answer}": "answerChallenge",
	"POST /v1/registrations/{key}/attempts/{attempt}/challenges/{challenge}/resend":          "resendChallenge",
}

// noOperation is a request for a path that the contract does not have.
const noOperation = "none"

func operationOf(mux *http.ServeMux, req *http.Request) string {
	_, pattern := mux.Handler(req)
	if operation, ok := operations[pattern]; ok {
		return operation
	}
	return noOperation
}

// keyOf returns the filing's key in a request's path; empty if it has none.
func keyOf(req *http.Request) string {
	rest, ok := strings.CutPrefix(req.URL.Path, "/v1/registrations/")
	if !ok {
		return ""
	}
	key, _, _ := strings.Cut(rest, "/")
	return key
}

// authorized lets only the bearer of the token through.
func (s *Server) authorized(next http.Handler) http.Handler {
	want := sha256.Sum256([]byte("Bearer " + s.config.Token))
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		got := sha256.Sum256([]byte(req.Header.Get("Authorization")))
		if subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			drain(req)
			errUnauthorized.write(w)
			return
		}
		next.ServeHTTP(w, req)
	})
}

// The forms that the contract gives keys and owners.
var (
	keyForm   = regexp.MustCompile(`^[0-9a-f]{64}$`)
	ownerForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9:._=-]{0,127}$`)
)

// wellFormed refuses keys and owners that are none, so that no handler stores them.
func wellFormed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		key := keyOf(req)
		if key != "" && (!keyForm.MatchString(key) || !ownerForm.MatchString(req.Header.Get("X-Filing-Owner"))) {
			drain(req)
			malformed("The key or the owner is absent or out of form.").write(w)
			return
		}
		next.ServeHTTP(w, req)
	})
}

// observed counts and logs requests.
func (s *Server) observed(mux *http.ServeMux, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		operation, began := operationOf(mux, req), s.config.Clock.Now()
		s.counted.request(operation)
		seen := &seenStatus{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			s.config.Log.Info("Request", "operation", operation, "key", short(keyOf(req)),
				"status", seen.status, "duration", s.config.Clock.Since(began))
		}()
		next.ServeHTTP(seen, req)
	})
}

// seenStatus remembers the status of an answer.
type seenStatus struct {
	http.ResponseWriter
	status int
}

func (s *seenStatus) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}
