// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"log"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/chinaaccount/china-account-operator/test/registrar"
)

const (
	gatewayToken = "test-token-of-the-gateway"
	// hold is how long a gateway that does not answer keeps a request.
	hold = 200 * time.Millisecond
)

// gateway is a reference gateway over TLS.
type gateway struct {
	server *registrar.Server
	https  *httptest.Server
	admin  http.Handler
	ca     []byte
	cancel context.CancelFunc

	mu      sync.Mutex
	seen    func(*http.Request)
	instead func(http.ResponseWriter, *http.Request) bool
}

// startGateway starts one whose scenarios go on when a spec says so, and not by time.
func startGateway() *gateway {
	GinkgoHelper()
	server, err := registrar.New(registrar.Config{
		StorePath: filepath.Join(GinkgoT().TempDir(), "store"), Token: gatewayToken, Step: time.Hour, Hold: hold,
	})
	Expect(err).NotTo(HaveOccurred())
	certificate, ca, err := server.Certificate("")
	Expect(err).NotTo(HaveOccurred())
	g := &gateway{server: server, admin: server.AdminHandler(), ca: ca}
	g.https = httptest.NewUnstartedServer(g.watched(server.Handler()))
	g.https.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	g.https.Config.ErrorLog = log.New(GinkgoWriter, "gateway: ", 0)
	g.https.StartTLS()
	ctx, cancel := context.WithCancel(context.Background())
	g.cancel = cancel
	go server.Run(ctx)
	return g
}

func (g *gateway) stop() {
	GinkgoHelper()
	g.cancel()
	g.https.CloseClientConnections()
	g.https.Close()
	Expect(g.server.Close()).To(Succeed())
}

func (g *gateway) url() string  { return g.https.URL }
func (g *gateway) host() string { return strings.TrimPrefix(g.https.URL, "https://") }

// watched shows each request to the spec before the registrar sees it.
func (g *gateway) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		g.mu.Lock()
		seen, instead := g.seen, g.instead
		g.mu.Unlock()
		if seen != nil {
			seen(req)
		}
		if instead != nil && instead(w, req) {
			return
		}
		next.ServeHTTP(w, req)
	})
}

// onRequest has f called before each request is answered.
func (g *gateway) onRequest(f func(*http.Request)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen = f
}

// answersInstead has f answer in the registrar's place, where it returns true.
func (g *gateway) answersInstead(f func(http.ResponseWriter, *http.Request) bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.instead = f
}

// tellsNothing makes it one that has neither a listing nor changes.
func (g *gateway) tellsNothing() {
	g.answersInstead(func(w http.ResponseWriter, req *http.Request) bool {
		if isNews(req) {
			http.NotFound(w, req)
		}
		return isNews(req)
	})
}

func isNews(req *http.Request) bool {
	return req.URL.Path == "/v1/registrations" || isChanges(req)
}

func isChanges(req *http.Request) bool { return req.URL.Path == "/v1/changes" }

func isFiling(req *http.Request) bool {
	return req.Method == http.MethodPut && !strings.Contains(req.URL.Path, "/challenges/")
}

func (g *gateway) counters() registrar.Counters {
	GinkgoHelper()
	counters, err := g.server.Counters()
	Expect(err).NotTo(HaveOccurred())
	return counters
}

// requests is how many requests of an operation came so far.
func (g *gateway) requests(operation string) func() int {
	return func() int { return g.counters().Requests[operation] }
}

// moreRequests waits for n further requests of an operation.
func (g *gateway) moreRequests(operation string, n int) {
	GinkgoHelper()
	before := g.requests(operation)()
	Eventually(g.requests(operation)).Should(BeNumerically(">=", before+n))
}

// faults switches these on and all others off.
func (g *gateway) faults(faults ...registrar.Fault) {
	GinkgoHelper()
	if faults == nil {
		faults = []registrar.Fault{}
	}
	g.ask(http.MethodPut, "/faults", faults)
}

// force puts the newest attempt of a key into a state.
func (g *gateway) force(key string, state registrar.ForcedState) {
	GinkgoHelper()
	g.ask(http.MethodPost, "/registrations/"+key+"/state", state)
}

// step takes the next step of a key's scenario.
func (g *gateway) step(key string) {
	GinkgoHelper()
	g.ask(http.MethodPost, "/registrations/"+key+"/step", nil)
}

// standing is how the registrar itself sees a key.
func (g *gateway) standing(key string) registrar.Standing {
	GinkgoHelper()
	var standing registrar.Standing
	Expect(json.Unmarshal(g.ask(http.MethodGet, "/registrations/"+key, nil), &standing)).To(Succeed())
	return standing
}

func (g *gateway) ask(method, path string, body any) []byte {
	GinkgoHelper()
	encoded, err := json.Marshal(body)
	Expect(err).NotTo(HaveOccurred())
	answer := httptest.NewRecorder()
	g.admin.ServeHTTP(answer, httptest.NewRequest(method, path, bytes.NewReader(encoded)))
	Expect(answer.Code).To(Equal(http.StatusOK), answer.Body.String())
	return answer.Body.Bytes()
}
