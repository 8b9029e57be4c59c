// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// front stands before the API server, so that a spec may keep an operator from it and
// leave it to all others.
type front struct {
	*httptest.Server
	kubeconfig string
	// inTheWay answers instead of the API server, or lets pass.
	inTheWay atomic.Pointer[func(http.ResponseWriter, *http.Request) (answered bool)]

	mu      sync.Mutex
	written []write
}

// write is a request that would change something, and its answer.
type write struct {
	method, path string
	status       int
}

func startFront() *front {
	GinkgoHelper()
	target, _, err := rest.DefaultServerUrlFor(plane.Config())
	Expect(err).NotTo(HaveOccurred())
	transport, err := rest.TransportFor(rest.AnonymousClientConfig(plane.Config()))
	Expect(err).NotTo(HaveOccurred())
	f := &front{}
	f.lets(func(http.ResponseWriter, *http.Request) bool { return false })
	proxy := &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: f.remember,
		Transport:      transport,
		FlushInterval:  -1, // watches
		ErrorLog:       log.New(io.Discard, "", 0),
	}
	f.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !(*f.inTheWay.Load())(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	DeferCleanup(func() {
		f.CloseClientConnections()
		f.Close()
	})
	f.kubeconfig = filepath.Join(GinkgoT().TempDir(), "kubeconfig")
	config, err := clientcmd.LoadFromFile(operatorKubeconfig)
	Expect(err).NotTo(HaveOccurred())
	for _, cluster := range config.Clusters {
		cluster.Server, cluster.CertificateAuthorityData = f.URL, pemOf(f.Certificate())
	}
	Expect(clientcmd.WriteToFile(*config, f.kubeconfig)).To(Succeed())
	return f
}

func (f *front) lets(inTheWay func(http.ResponseWriter, *http.Request) bool) {
	f.inTheWay.Store(&inTheWay)
}

// away has the API server gone, for those behind it.
func (f *front) away() {
	f.lets(func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) })
	f.CloseClientConnections()
}

func (f *front) back() { f.lets(func(http.ResponseWriter, *http.Request) bool { return false }) }

// holds keeps requests for a resource waiting until they are released.
func (f *front) holds(resource string) (release func()) {
	released := make(chan struct{})
	f.lets(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/"+resource) {
			select {
			case <-released:
			case <-r.Context().Done():
			}
		}
		return false
	})
	return func() { close(released) }
}

func (f *front) remember(response *http.Response) error {
	if response.Request.Method != http.MethodGet {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.written = append(f.written, write{response.Request.Method, response.Request.URL.Path, response.StatusCode})
	}
	return nil
}

// writes are those so far.
func (f *front) writes() []write {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]write(nil), f.written...)
}

// startOperator starts one behind the front. What it says when the API server is away
// is no part of the logs that have to be without errors.
func (f *front) startOperator(arguments ...string) *operator {
	GinkgoHelper()
	arguments = append([]string{"--kubeconfig", f.kubeconfig, "--health-probe-bind-address", "127.0.0.1:0"}, arguments...)
	return &operator{launch("manager", nil, slices.Concat(arguments, watched(), quick)...)}
}
