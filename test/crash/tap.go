// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"
)

// tap lies between the operator and those it talks to. It names and counts the calls
// of one run, and breaks one of them.
type tap struct {
	mu   sync.Mutex
	life string
	// stage is how often status was written.
	stage int
	seen  map[call]bool
	count map[call]int
	// breaks is the point of this run; hit is closed when its call came.
	breaks *point
	hit    chan struct{}
	// lastWrite is when the last call that can have an effect came.
	lastWrite time.Time
	// do is what the run does at the point.
	do hooks

	frozen *sync.Cond
	frost  bool
}

// hooks are what a run does when its point is reached.
type hooks struct {
	kill func()
	// touch writes the object that a call is about.
	touch func(what string)
	// held is called while a call is held up, and returns when it may go on.
	held func()
}

func newTap() *tap {
	t := &tap{hit: make(chan struct{})}
	t.frozen = sync.NewCond(&t.mu)
	return t
}

// begin forgets the last run.
func (t *tap) begin(life string, breaks *point, do hooks) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.life, t.breaks, t.do = life, breaks, do
	t.stage, t.seen, t.count, t.hit = 0, map[call]bool{}, map[call]int{}, make(chan struct{})
	t.lastWrite = time.Now()
}

func (t *tap) lifeName() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.life
}

// asked is how often something was, in whatever stage.
func (t *tap) asked(what string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for c, times := range t.count {
		if c.what == what {
			n += times
		}
	}
	return n
}

// written is how often status was.
func (t *tap) written() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stage
}

// calls are those of the run so far.
func (t *tap) calls() []call {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := make([]call, 0, len(t.seen))
	for c := range t.seen {
		list = append(list, c)
	}
	return list
}

// quiet tells whether nothing was written for a while.
func (t *tap) quiet(pause time.Duration) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Since(t.lastWrite) > pause
}

// wasHit tells whether the run's point was reached.
func (t *tap) wasHit() bool {
	select {
	case <-t.hit:
		return true
	default:
		return false
	}
}

// note counts a call and returns what goes wrong at it.
func (t *tap) note(what string) (breakage, hooks) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := call{stage: t.stage, what: what}
	t.count[c]++
	if c.nth = t.count[c]; c.isPoint() {
		t.seen[c] = true
	}
	if c.writes() || what == lastOfStart {
		t.lastWrite = time.Now()
	}
	if t.breaks == nil || t.breaks.call != c {
		return none, t.do
	}
	b := t.breaks.breakage
	t.breaks = nil // once
	close(t.hit)
	return b, t.do
}

// wrote counts a written status.
func (t *tap) wrote() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stage++
}

// freeze holds back what watches tell, until thaw.
func (t *tap) freeze(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.frost = on
	t.frozen.Broadcast()
}

// server is a tap's door to one server.
type server struct {
	*httptest.Server
	// ca is the PEM of who vouches for it.
	ca []byte
}

// open serves what lies at target, which roots vouch for.
func (t *tap) open(target string, roots []byte, name func(*http.Request, string) string) (*server, error) {
	upstream, err := url.Parse(target)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", target, err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(roots) {
		return nil, fmt.Errorf("read the CA of %s: no certificate", target)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(upstream) },
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, MaxIdleConnsPerHost: 64},
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0),
		ErrorHandler:  func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		ModifyResponse: func(answer *http.Response) error {
			if answer.Request.URL.Query().Get("watch") != "" {
				answer.Body = &thawedBody{answer.Body, t}
			}
			return nil
		},
	}
	s := &server{Server: httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		t.pass(w, req, proxy, name(req, t.lifeName()))
	}))}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	s.ca = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	return s, nil
}

// pass hands a call on, or breaks it.
func (t *tap) pass(w http.ResponseWriter, req *http.Request, proxy http.Handler, what string) {
	b, do := t.note(what)
	switch {
	case b == killedBefore:
		do.kill()
		panic(http.ErrAbortHandler)
	case b.after():
		proxy.ServeHTTP(&lostAnswer{header: http.Header{}, at: do.kill}, req)
		panic(http.ErrAbortHandler)
	case b == answerLost:
		proxy.ServeHTTP(&lostAnswer{header: http.Header{}, at: func() {}}, req)
		panic(http.ErrAbortHandler)
	case b == conflict:
		do.touch(what)
	case b == staleCache:
		t.freeze(true)
		do.touch(what)
		time.AfterFunc(staleness, func() { t.freeze(false) })
	case b == secondLeader:
		do.held()
	}
	if what == statusWrite {
		w = &seenAnswer{w, t}
	}
	proxy.ServeHTTP(w, req)
}

// staleness is how long watches tell nothing.
const staleness = 400 * time.Millisecond

// lostAnswer is an answer that never arrives: by the time it begins, the call has had
// its effect.
type lostAnswer struct {
	header http.Header
	at     func()
}

func (l *lostAnswer) Header() http.Header         { return l.header }
func (l *lostAnswer) Write(b []byte) (int, error) { return len(b), nil }

func (l *lostAnswer) WriteHeader(status int) {
	if status < http.StatusOK {
		return // not yet the answer
	}
	l.at()
	panic(http.ErrAbortHandler)
}

// seenAnswer counts written statuses, before the operator hears that they are.
type seenAnswer struct {
	http.ResponseWriter
	tap *tap
}

func (s *seenAnswer) WriteHeader(status int) {
	if status == http.StatusOK {
		s.tap.wrote()
	}
	s.ResponseWriter.WriteHeader(status)
}

// thawedBody tells nothing while the tap is frozen.
type thawedBody struct {
	io.ReadCloser
	tap *tap
}

func (b *thawedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.tap.mu.Lock()
	for b.tap.frost {
		b.tap.frozen.Wait()
	}
	b.tap.mu.Unlock()
	return n, err
}

// host of an URL.
func host(address string) string { return strings.TrimPrefix(address, "https://") }
