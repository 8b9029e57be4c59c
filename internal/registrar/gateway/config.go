// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
	"k8s.io/utils/clock"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

const (
	defaultTimeout           = 30 * time.Second
	defaultUploadTimeout     = 5 * time.Minute
	defaultRequestsPerSecond = 50
	defaultBurst             = 100
	defaultOpenFor           = 15 * time.Second
)

// Config says how one gateway is reached.
type Config struct {
	// URL of the service: https, without user, query or fragment. A path is kept.
	URL string
	// Token is the bearer token. Space around it is dropped.
	Token string
	// TokenHost is the host, or host:port, that the token is bound to. Without a
	// port it is bound to 443. It must be the URL's.
	TokenHost string
	// CABundle is PEM certificates to trust instead of the system's. Empty: the system's.
	CABundle []byte
	// Timeout of a request without files; 0 is 30 s.
	Timeout time.Duration
	// UploadTimeout of a request with files; 0 is 5 min.
	UploadTimeout time.Duration
	// RequestsPerSecond that are sent at most, Burst at once; 0 is 50 and 100.
	RequestsPerSecond float64
	Burst             int
	// OpenFor is how long nothing is asked about filings after five requests in a row were
	// not answered; 0 is 15 s.
	OpenFor time.Duration
	// Clock that a Retry-After date is compared with; nil is the system's.
	Clock clock.PassiveClock
}

// withDefaults fills in what is zero.
func (c Config) withDefaults() Config {
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.UploadTimeout == 0 {
		c.UploadTimeout = defaultUploadTimeout
	}
	if c.RequestsPerSecond == 0 {
		c.RequestsPerSecond = defaultRequestsPerSecond
	}
	if c.Burst == 0 {
		c.Burst = defaultBurst
	}
	if c.OpenFor == 0 {
		c.OpenFor = defaultOpenFor
	}
	if c.Clock == nil {
		c.Clock = clock.RealClock{}
	}
	return c
}

// endpoint checks the URL and that the token may go there.
func (c Config) endpoint() (*url.URL, error) {
	u, err := url.Parse(c.URL)
	if err != nil {
		return nil, refused("read the gateway's URL", errors.New("it is no URL: write it like https://gateway.example.cn"))
	}
	op := "prepare requests to " + u.Host
	switch {
	case u.Scheme != "https" || u.Hostname() == "":
		return nil, refused(op, errors.New("the URL must begin with https:// and name a host"))
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, refused(op, errors.New("the URL must have no user, query or fragment"))
	case c.TokenHost == "":
		return nil, refused(op, errors.New("the token's Secret names no host that it may be sent to: set its key host"))
	case hostPort(c.TokenHost) != hostPort(u.Host):
		return nil, refused(op, fmt.Errorf("the token may be sent to %q only: set key host of its Secret to %q, or correct the URL", c.TokenHost, u.Host))
	}
	return u, nil
}

// bearer returns the value of the Authorization header.
func (c Config) bearer() (string, error) {
	token := strings.TrimSpace(c.Token)
	if token == "" || !httpguts.ValidHeaderFieldValue(token) {
		return "", refused("read the gateway's token", errors.New("it is empty or has control characters: correct key token of its Secret"))
	}
	return "Bearer " + token, nil
}

// roots returns the certificates to trust; nil is the system's.
func (c Config) roots() (*x509.CertPool, error) {
	if len(c.CABundle) == 0 {
		return nil, nil
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(c.CABundle) {
		return nil, refused("read the gateway's caBundle", errors.New("it holds no PEM certificate"))
	}
	return pool, nil
}

// hostPort normalises a host, or host:port, for comparison. 443 is https' own.
func hostPort(host string) string {
	host = strings.ToLower(strings.TrimSpace(host))
	if name, port, err := net.SplitHostPort(host); err == nil {
		return net.JoinHostPort(name, port)
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), "443")
}

func refused(op string, err error) error {
	return &registrar.Error{Kind: lifecycle.TroubleRefused, Op: op, Err: err}
}
