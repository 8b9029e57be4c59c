// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
)

func TestAddressesThatOnlyNeighboursMayAskAreNotDialled(t *testing.T) {
	tests := map[string]struct {
		address string
		refused bool
	}{
		"public":                         {address: "203.0.113.7:443"},
		"private":                        {address: "10.0.0.7:443"},
		"loopback, where sidecars are":   {address: "127.0.0.1:443"},
		"IPv6 loopback":                  {address: "[::1]:443"},
		"link-local":                     {address: "169.254.169.254:443", refused: true},
		"link-local, mapped to IPv6":     {address: "[::ffff:169.254.169.254]:443", refused: true},
		"link-local through NAT64":       {address: "[64:ff9b::a9fe:a9fe]:443", refused: true},
		"IPv6 link-local":                {address: "[fe80::1%eth0]:443", refused: true},
		"unspecified":                    {address: "0.0.0.0:443", refused: true},
		"IPv6 unspecified":               {address: "[::]:443", refused: true},
		"multicast":                      {address: "224.0.0.1:443", refused: true},
		"IPv6 multicast":                 {address: "[ff02::1]:443", refused: true},
		"broadcast":                      {address: "255.255.255.255:443", refused: true},
		"Alibaba Cloud's metadata":       {address: "100.100.100.200:443", refused: true},
		"Amazon EC2's metadata by IPv6":  {address: "[fd00:ec2::254]:443", refused: true},
		"a name, which is dialled never": {address: "gateway.example.cn:443", refused: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if err := refuseAddress("tcp", test.address, nil); (err != nil) != test.refused {
				t.Errorf("refuseAddress(%s) = %v, want refused %v", test.address, err, test.refused)
			}
		})
	}
}

func TestARefusedAddressIsForAnAdministratorToMend(t *testing.T) {
	client, err := New(Config{URL: "https://169.254.169.254", Token: testToken, TokenHost: "169.254.169.254"})
	if err != nil {
		t.Fatal(err)
	}
	trouble := wantTrouble(t, client.Probe(testContext(t)), lifecycle.TroubleRefused)
	if !strings.Contains(trouble.Message, "link-local") {
		t.Errorf("message %q does not say why", trouble.Message)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		client := serve(t, func(w http.ResponseWriter, req *http.Request) { http.Redirect(w, req, other.URL, status) })
		wantTrouble(t, client.Probe(testContext(t)), lifecycle.TroubleInvalid)
	}
	if elsewhere.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

func TestWhoCannotBeTrustedIsNotTalkedTo(t *testing.T) {
	tests := map[string]struct {
		change func(*Config)
		why    string
	}{
		"an authority that is not trusted": {change: func(c *Config) { c.CABundle = nil }, why: "not trusted"},
		"a certificate for another host": {change: func(c *Config) {
			c.URL = strings.Replace(c.URL, "127.0.0.1", "localhost", 1)
			c.TokenHost = strings.Replace(c.TokenHost, "127.0.0.1", "localhost", 1)
		}, why: "another host"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			asked := false
			client := serve(t, func(http.ResponseWriter, *http.Request) { asked = true }, test.change)
			trouble := wantTrouble(t, client.Probe(testContext(t)), lifecycle.TroubleRefused)
			if !strings.Contains(trouble.Message, test.why) {
				t.Errorf("message %q does not say %q", trouble.Message, test.why)
			}
			if asked {
				t.Error("a request was sent")
			}
		})
	}
}

func TestAServerWithoutTLSIsForAnAdministratorToMend(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	host := strings.TrimPrefix(plain.URL, "http://")
	client, err := New(Config{URL: "https://" + host, Token: testToken, TokenHost: host})
	if err != nil {
		t.Fatal(err)
	}
	wantTrouble(t, client.Probe(testContext(t)), lifecycle.TroubleRefused)
}

func TestNoAnswerIsUnreachable(t *testing.T) {
	tests := map[string]func(t *testing.T) *Client{
		"nobody listens": func(t *testing.T) *Client {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			host := listener.Addr().String()
			_ = listener.Close()
			client, err := New(Config{URL: "https://" + host, Token: testToken, TokenHost: host})
			if err != nil {
				t.Fatal(err)
			}
			return client
		},
		"no answer in time": func(t *testing.T) *Client {
			return serve(t, func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() },
				func(c *Config) { c.Timeout = 50 * time.Millisecond })
		},
		"half an answer in time": func(t *testing.T) *Client {
			return serve(t, func(w http.ResponseWriter, req *http.Request) {
				answering(200, jsonType, `{"contract": "quoted`)(w, req)
				_ = http.NewResponseController(w).Flush()
				<-req.Context().Done()
			}, func(c *Config) { c.Timeout = 100 * time.Millisecond })
		},
		"it hangs up": func(t *testing.T) *Client {
			return serve(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
		},
		"what it speaks is no HTTP": func(t *testing.T) *Client {
			return serveRaw(t, "quoted nonsense\r\n\r\n")
		},
	}
	for name, client := range tests {
		t.Run(name, func(t *testing.T) {
			wantTrouble(t, client(t).Probe(testContext(t)), lifecycle.TroubleUnreachable)
		})
	}
}

// serveRaw answers a TLS connection with bytes.
func serveRaw(t *testing.T, answer string) *Client {
	t.Helper()
	client := serve(t, http.NotFound)
	var config tls.Config
	server := httptest.NewTLSServer(http.NotFoundHandler())
	config.Certificates = server.TLS.Certificates
	server.Close()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = conn.Write([]byte(answer))
			_ = conn.Close()
		}
	}()
	client.server = "https://" + listener.Addr().String() + "/"
	return client
}

func TestOurOwnLimitMakesRequestsWait(t *testing.T) {
	client := serve(t, answering(200, jsonType, `{"contract":"v1"}`), func(c *Config) {
		c.RequestsPerSecond, c.Burst = 0.001, 1
	})
	if err := client.Probe(testContext(t)); err != nil {
		t.Fatal(err)
	}
	wantTrouble(t, client.Probe(testContext(t)), lifecycle.TroubleWaiting)
}

func TestACancelledRequestSaysNothingOfTheGateway(t *testing.T) {
	ctx, cancel := context.WithCancel(testContext(t))
	client := serve(t, func(_ http.ResponseWriter, req *http.Request) {
		cancel()
		<-req.Context().Done()
	})
	trouble := wantTrouble(t, client.Probe(ctx), lifecycle.TroubleUnreachable)
	if !strings.Contains(trouble.Message, context.Canceled.Error()) {
		t.Errorf("message %q does not say that we cancelled", trouble.Message)
	}
}
