// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

// maxRetryAfter bounds the pause that a gateway may ask for.
const maxRetryAfter = 24 * time.Hour

// judgeStatus returns an error for every status that says nothing about a filing.
func (c *Client) judgeStatus(op string, response *http.Response) error {
	status := response.StatusCode
	_, meant := meanings[status]
	switch {
	case status == http.StatusOK || status == http.StatusCreated:
		return nil
	case status == http.StatusForbidden && !isProblem(response):
		return forbidden(op)
	case meant:
		return nil
	case status == http.StatusUnauthorized:
		return refused(op, errors.New("it does not take our token: correct key token of the Registrar's Secret"))
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable && response.Header.Get("Retry-After") != "":
		return c.waiting(op, response)
	case status == http.StatusRequestTimeout || status >= http.StatusInternalServerError:
		return &registrar.Error{Kind: lifecycle.TroubleUnreachable, Op: op, Err: fmt.Errorf("it answered %d", status)}
	case status >= http.StatusMultipleChoices && status < http.StatusBadRequest:
		return invalid(op, fmt.Errorf("it answered %d: redirects are not followed", status))
	}
	return invalid(op, fmt.Errorf("it answered %d, which is not the contract's", status))
}

// waiting says that the gateway asked us to come back later.
func (c *Client) waiting(op string, response *http.Response) error {
	return &registrar.Error{
		Kind:  lifecycle.TroubleWaiting,
		Op:    op,
		After: c.retryAfter(response.Header.Get("Retry-After")),
		Err:   fmt.Errorf("it answered %d: come back later", response.StatusCode),
	}
}

// retryAfter reads seconds or an HTTP date (RFC 9110, 10.2.3); 0 if it is neither.
func (c *Client) retryAfter(value string) time.Duration {
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		return min(max(time.Duration(seconds)*time.Second, 0), maxRetryAfter)
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(date.Sub(c.config.Clock.Now()), 0), maxRetryAfter)
}

// unanswered says why no whole answer came. A cause's own words are kept only where
// they cannot quote what was sent or received; those of package url have the key.
func unanswered(op string, timeout time.Duration, err error) error {
	if address, ok := errors.AsType[addressError](err); ok {
		return refused(op, address)
	}
	if cause := tlsFailure(err); cause != nil {
		return refused(op, cause)
	}
	return &registrar.Error{Kind: lifecycle.TroubleUnreachable, Op: op, Err: connectionFailure(timeout, err)}
}

// tlsFailure returns the cause if the two ends cannot agree on TLS.
func tlsFailure(err error) error {
	if unverified, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return fmt.Errorf("its certificate does not verify; check the URL and caBundle: %w", certificateFailure(unverified.Err))
	}
	if alert, ok := errors.AsType[tls.AlertError](err); ok {
		return fmt.Errorf("it broke the TLS handshake off: %w", alert)
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok || errors.Is(err, http.ErrSchemeMismatch) {
		return errors.New("it does not speak TLS: check the URL's host and port")
	}
	return nil
}

// certificateFailure names the kind of failure; the library's own text may quote the certificate.
func certificateFailure(err error) error {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return errors.New("it is signed by an authority that is not trusted")
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return errors.New("it is for another host")
	}
	if bad, ok := errors.AsType[x509.CertificateInvalidError](err); ok && bad.Reason == x509.Expired {
		return errors.New("it has expired or is not valid yet")
	}
	return errors.New("it is not valid")
}

// connectionFailure names the kind of failure.
func connectionFailure(timeout time.Duration, err error) error {
	if errors.Is(err, context.Canceled) {
		return context.Canceled
	}
	if timed, ok := errors.AsType[net.Error](err); ok && timed.Timeout() {
		return fmt.Errorf("no whole answer within %s: %w", timeout, context.DeadlineExceeded)
	}
	if unresolved, ok := errors.AsType[*net.DNSError](err); ok {
		return fmt.Errorf("its name is not resolved: %w", unresolved)
	}
	if operation, ok := errors.AsType[*net.OpError](err); ok {
		return fmt.Errorf("no connection: %w", operation)
	}
	return errors.New("the connection broke off, or what came was no HTTP")
}

func forbidden(op string) error {
	return refused(op, errors.New("our token may not do this: ask the gateway's operator"))
}

func invalid(op string, err error) error {
	return &registrar.Error{Kind: lifecycle.TroubleInvalid, Op: op, Err: err}
}

// invalid says that the answer is not the contract's.
func (a *answer) invalid(err error) error { return invalid(a.op, err) }

// noContract is invalid without anything more to say.
func (a *answer) noContract() error {
	return a.invalid(fmt.Errorf("it answered %d with something that is not the contract's", a.status))
}

// local says that the request could not be made of what was given.
func local(op string, err error) error {
	return &registrar.Error{Kind: lifecycle.TroubleLocal, Op: op, Err: err}
}
