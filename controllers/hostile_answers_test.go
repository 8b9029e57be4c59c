// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// hostileAnswer is one hostility, and what is said of it.
type hostileAnswer struct {
	name   string
	answer hostility
	says   string
}

// transportAnswers misuse HTTP. They fit any operation.
var transportAnswers = []hostileAnswer{
	{"a body without end", endless(`{"number":1,"x":"`, strings.Repeat("x", 64<<10)), "larger than 1048576 bytes"},
	{"headers without end", rawly("HTTP/1.1 200 OK\r\n", "X-More: "+strings.Repeat("x", 4<<10)+"\r\n"), "no HTTP"},
	{"interim answers without end", rawly("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), "no HTTP"},
	{"no HTTP", rawly("SSH-2.0-OpenSSH_9.7\r\n", ""), "no HTTP"},
	{"less than was promised", rawly("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{}", ""), "broke off"},
	{"more than was promised", promising(9), "not the contract's JSON"},
	{"no length at all", rawly("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"numb", ""), "not the contract's JSON"},
	{"a web page", text("text/html", "<!doctype html><script>alert(1)</script>"), "not the contract's"},
	{"a problem that is none", text("application/problem+json", `{"code":"unknown"}`), "not the contract's"},
	{"no content type", text("", plainAttempt), "without a content type"},
	{"a gzip bomb", packed, "not the contract's JSON"},
}

// redirectAnswers lead elsewhere.
func (h *hostileRegistrar) redirectAnswers() (answers []hostileAnswer) {
	for i, target := range []string{h.elsewhere.URL, h.plainElsewhere.URL, "https://169.254.169.254/latest/meta-data/", "file:///etc/passwd"} {
		status := []int{http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect}[i]
		answers = append(answers, hostileAnswer{fmt.Sprintf("%d to %s", status, target), redirecting(status, target), "redirects are not followed"})
	}
	return answers
}

// slowAnswer takes the operator's patience, which is all there is time for once.
var slowAnswer = hostileAnswer{"a body that drips", dripping, "no whole answer within"}

// contentAnswers are JSON of an attempt that is not the contract's.
var contentAnswers = []hostileAnswer{
	{"an account id of 11 digits", with("state", "active", "accountID", "12345678901"), "account id has not 12 digits"},
	{"an account id with letters", with("state", "active", "accountID", "12345678901a"), "account id has not 12 digits"},
	{"an account id in full width", with("state", "active", "accountID", "１２３４５６７８９０１２"), "account id has not 12 digits"},
	{"an account id with a line break", with("state", "active", "accountID", "123456789012\n"), "account id has not 12 digits"},
	{"no account", with("state", "active"), "no account id"},
	{"another attempt", with("number", 2), "it speaks of attempt 2"},
	{"no attempt", with("number", nil), "it speaks of attempt 0"},
	{"a number out of range", with("number", json.Number("99999999999")), "the wrong type"},
	{"a revision out of range", with("revision", json.Number("1e400")), "the wrong type"},
	{"a revision below none", with("revision", -7), "no revision"},
	{"no state", with("state", ""), "no state"},
	{"a state with NUL", with("state", "under\x00Review"), "no state"},
	{"a state that hides a number", with("state", "x"+idNumber), "no state"},
	{"filed at no time", with("filedTime", nil), "no filedTime"},
	{"filed in the year 1", with("filedTime", "0001-02-03T04:05:06Z"), "not within the years"},
	{"filed in the year 10000", with("filedTime", "9999-12-31T23:59:59-01:00"), "not within the years"},
	{"due in the year 9999", with("dueTime", "9999-12-31T23:59:59-01:00"), "not within the years"},
	{"a digest that is an ID's number", with("digest", idNumber), "digest is none"},
	{"a challenge id with slashes", with("challenges", challenge("../../status", "phoneCode")), "the id of its challenge 0"},
	{"a challenge id with a line break", with("challenges", challenge("a\nb", "phoneCode")), "the id of its challenge 0"},
	{"a challenge id that is a number", with("challenges", challenge(contactMobile[3:], "phoneCode")), "the id of its challenge 0"},
	{"a challenge id of 10 kB", with("challenges", challenge(strings.Repeat("a", 10_000), "phoneCode")), "the id of its challenge 0"},
	{"10,000 challenges", with("challenges", many(10_000, map[string]any{"id": "a", "type": "phoneCode"})), "more than 16"},
	{"words that are hard to clean", with("challenges", spoken(strings.Repeat("E12345678.", 100_000))), "longer than"},
	{"JSON 100,000 deep", nested(100_000), "not the contract's JSON"},
	{"a key twice", text("application/json", plainAttempt[:len(plainAttempt)-1]+`,"number":2}`), "it speaks of attempt 2"},
	{"invalid UTF-8", text("application/json", "{\"number\":1,\"state\":\"under\xffReview\"}"), "no state"},
	{"nothing", text("application/json", "null"), "it speaks of attempt 0"},
}

func challenge(id, kind string) []map[string]any { return []map[string]any{{"id": id, "type": kind}} }

func spoken(message string) []map[string]any {
	return []map[string]any{{"id": "a", "type": "phoneCode", "message": message}}
}

func many(n int, one map[string]any) []map[string]any {
	all := make([]map[string]any, n)
	for i := range all {
		all[i] = one
	}
	return all
}

// with changes fields of the attempt that the registrar tells of.
func with(fields ...any) hostility {
	return func(w http.ResponseWriter, _ *http.Request, honest *httptest.ResponseRecorder) {
		var told map[string]any
		_ = json.Unmarshal(honest.Body.Bytes(), &told)
		attempt := told
		if newest, ok := told["newest"].(map[string]any); ok {
			attempt = newest
		}
		for i := 0; i < len(fields); i += 2 {
			attempt[fields[i].(string)] = fields[i+1]
		}
		encoded, _ := json.Marshal(told)
		send(w, "application/json", encoded)
	}
}

func text(contentType, body string) hostility {
	return func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		send(w, contentType, []byte(body))
	}
}

func send(w http.ResponseWriter, contentType string, body []byte) {
	w.Header()["Content-Type"] = nil
	if contentType != "" {
		w.Header().Set("Content-Type", contentType)
	}
	_, _ = w.Write(body)
}

func nested(depth int) hostility {
	return text("application/json", `{"number":1,"x":`+strings.Repeat("[", depth)+strings.Repeat("]", depth)+`}`)
}

func problem(status int, code string) hostility {
	return func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"title":"","status":%d,"code":%q}`, status, code)
	}
}

// tenThousand findings are each as long as the contract has them.
func tenThousand(character string) []map[string]any {
	all := many(10_000, map[string]any{"code": "More"})
	for i := range v1alpha1.MaxRejectionFindings {
		all[i] = map[string]any{"code": fmt.Sprintf("Wrong%d", i), "path": "spec.dossier.company.legalName", "message": strings.Repeat(character, 1024)}
	}
	return all
}

func redirecting(status int, target string) hostility {
	return func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		w.Header().Set("Location", target)
		w.WriteHeader(status)
	}
}

// promising sends a whole answer, and promises only the first n bytes of it.
func promising(n int) hostility {
	head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", n)
	return rawly(head+plainAttempt, "")
}

// dripping sends a byte at a time, until nobody listens any more.
func dripping(w http.ResponseWriter, req *http.Request, _ *httptest.ResponseRecorder) {
	w.Header().Set("Content-Type", "application/json")
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(4 * impatience); time.Now().Before(end); {
		select {
		case <-req.Context().Done():
			panic(http.ErrAbortHandler) // or what came so far would be ended in good order
		case <-tick.C:
			_, _ = w.Write([]byte(" "))
			_ = http.NewResponseController(w).Flush()
		}
	}
}

// endless sends the same again and again, until nobody listens any more.
func endless(begin, more string) hostility {
	return func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		w.Header().Set("Content-Type", "application/json")
		_, err := w.Write([]byte(begin))
		for err == nil {
			_, err = w.Write([]byte(more))
		}
	}
}

// rawly sends bytes past HTTP, the last of them until nobody listens any more.
func rawly(begin, more string) hostility {
	return func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer func() { _ = conn.Close() }()
		_, err = conn.Write([]byte(begin))
		for err == nil && more != "" {
			_, err = conn.Write([]byte(more))
		}
	}
}

// bomb is 16 MiB when it is unpacked.
var bomb = sync.OnceValue(func() []byte {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	for range 16 {
		_, _ = w.Write(bytes.Repeat([]byte(" "), 1<<20))
	}
	_ = w.Close()
	return packed.Bytes()
})

func packed(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
	w.Header().Set("Content-Encoding", "gzip")
	send(w, "application/json", bomb())
}
