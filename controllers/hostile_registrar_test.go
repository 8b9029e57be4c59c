// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/controllers"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
)

// impatience is how long the operator waits for a hostile registrar.
const impatience = time.Second

// brisk is a pacing that does not grow, because a hostile registrar is asked often.
var brisk = lifecycle.Pacing{
	PollMin: 60 * time.Millisecond, PollMax: 60 * time.Millisecond,
	MissingMin: 60 * time.Millisecond, MissingMax: 60 * time.Millisecond,
}

// hostility answers instead of the registrar, of whose answer it may make use.
type hostility func(w http.ResponseWriter, req *http.Request, honest *httptest.ResponseRecorder)

// hostileRegistrar stands in front of the reference gateway, and spoils the answers to
// one operation at a time.
type hostileRegistrar struct {
	https  *httptest.Server
	honest http.Handler
	// elsewhere is where redirects lead. It is trusted, so that only following none
	// keeps the token from it.
	elsewhere, plainElsewhere *httptest.Server
	certificates              certificates

	mu        sync.Mutex
	operation string
	spoil     hostility
	presented tls.Certificate
	spoiled   int
	// lured are the requests that came elsewhere.
	lured int
}

// hostileWorld is a running world whose registrar can turn hostile.
func hostileWorld(ctx context.Context) (*world, *hostileRegistrar) {
	GinkgoHelper()
	w := newWorld(ctx)
	h := startHostile(w.gateway.watched(w.gateway.server.Handler()))
	w.makeToken(ctx, func(s *corev1.Secret) { s.Data[v1alpha1.GatewayHostKey] = []byte(h.host()) })
	w.makeRegistrar(ctx, func(r *v1alpha1.Registrar) {
		r.Spec.Gateway.URL, r.Spec.Gateway.CABundle = h.https.URL, h.certificates.ca
	})
	w.startOperator(withPacing(brisk), func(r *controllers.RegistrationReconciler) {
		r.Registrars.Timeout, r.Registrars.OpenFor = impatience, impatience
	})
	w.registrarIs(ctx, metav1.ConditionTrue)
	return w, h
}

func startHostile(honest http.Handler) *hostileRegistrar {
	GinkgoHelper()
	h := &hostileRegistrar{honest: honest, certificates: makeCertificates()}
	h.presented = h.certificates.good
	lure := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.lured++
	})
	h.elsewhere, h.plainElsewhere = h.serveTLS(lure), httptest.NewServer(lure)
	h.https = h.serveTLS(h)
	DeferCleanup(func() {
		for _, server := range []*httptest.Server{h.https, h.elsewhere, h.plainElsewhere} {
			server.CloseClientConnections()
			server.Close()
		}
		Expect(h.lured).To(BeZero(), "the operator followed a redirect")
	})
	return h
}

// serveTLS makes each request shake hands anew, so that a certificate counts at once.
func (h *hostileRegistrar) serveTLS(handler http.Handler) *httptest.Server {
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{h.presented}}, nil
	}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.SetKeepAlivesEnabled(false)
	server.StartTLS()
	return server
}

func (h *hostileRegistrar) host() string { return strings.TrimPrefix(h.https.URL, "https://") }

// ServeHTTP asks the registrar only what changes nothing: a spoiled filing has not arrived.
func (h *hostileRegistrar) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	h.mu.Lock()
	spoil := h.spoil
	if operationOf(req) != h.operation {
		spoil = nil
	}
	if spoil != nil {
		h.spoiled++
	}
	h.mu.Unlock()
	if spoil == nil {
		h.honest.ServeHTTP(w, req)
		return
	}
	honest := httptest.NewRecorder()
	if req.Method == http.MethodGet {
		h.honest.ServeHTTP(honest, req)
	} else {
		_, _ = io.Copy(io.Discard, req.Body)
		_, _ = honest.WriteString(plainAttempt)
	}
	spoil(w, req, honest)
}

// plainAttempt is what an effect would be answered with.
const plainAttempt = `{"number":1,"state":"underReview","revision":9,"filedTime":"2026-09-30T01:00:00Z"}`

// operationOf names an operation as the contract does.
func operationOf(req *http.Request) string {
	path := strings.Trim(strings.TrimPrefix(req.URL.Path, "/v1/"), "/")
	switch {
	case path == "status":
		return "getStatus"
	case strings.HasSuffix(path, "/resend"):
		return "resendChallenge"
	case strings.Contains(path, "/answers/"):
		return "answerChallenge"
	case req.Method == http.MethodDelete:
		return "withdrawAttempt"
	case req.Method == http.MethodPut:
		return "fileAttempt"
	case strings.Contains(path, "/attempts/"):
		return "getAttempt"
	default:
		return "getRegistration"
	}
}

// turn has an operation answered with a hostility from now on; behave ends it.
func (h *hostileRegistrar) turn(operation string, spoil hostility) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operation, h.spoil = operation, spoil
}

func (h *hostileRegistrar) behave() { h.turn("", nil) }

func (h *hostileRegistrar) present(certificate tls.Certificate) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.presented = certificate
}

func (h *hostileRegistrar) answersSpoiled() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.spoiled
}

// endures waits until so many answers are spoiled with this hostility. Passes end within
// bounds, whatever the registrar does.
func (h *hostileRegistrar) endures(operation string, one hostileAnswer, answers int) {
	GinkgoHelper()
	h.turn(operation, one.answer)
	before := h.answersSpoiled()
	Eventually(h.answersSpoiled).WithTimeout(5*impatience).Should(BeNumerically(">=", before+answers), one.name)
}
