// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// maxResponse bounds an answer's body. The largest, a rejection with all findings
// that are kept, is under 100 KiB.
const maxResponse = 1 << 20 // bytes

// call is one request that is ready to be sent.
type call struct {
	op      string
	timeout time.Duration
	request *http.Request
	err     error
	// forNews: a gateway may have no such path.
	forNews bool
}

// call names the operation and takes what the request's builder returned.
func (c *Client) call(op string, request *http.Request, err error) call {
	return call{op: op + " at " + c.host, timeout: c.config.Timeout, request: request, err: err}
}

// upload tells the request its length, so that it is not sent in chunks, and
// gives it the time that files need.
func (c *call) upload(body *body, timeout time.Duration) {
	c.timeout = timeout
	if c.request != nil {
		c.request.ContentLength = body.length
	}
}

// answer is what came back: JSON of a 200 or 201, or a problem that the contract
// gives a meaning.
type answer struct {
	op      string
	status  int
	body    []byte
	problem *contract.Problem
}

// exchange sends a request about a filing, unless the last ones were not answered.
func (c *Client) exchange(ctx context.Context, call call) (*answer, error) {
	got, err := c.circuit.Execute(func() (*answer, error) { return c.ask(ctx, call) })
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return nil, notAsked(call.op, c.config.OpenFor)
	}
	return got, err
}

// ask sends a request and returns an answer that is the contract's. Every request goes
// through here.
func (c *Client) ask(ctx context.Context, call call) (*answer, error) {
	if call.err != nil {
		return nil, local(call.op, errors.New("the request cannot be written"))
	}
	ctx, cancel := context.WithTimeout(ctx, call.timeout)
	defer cancel()
	if err := c.limiter.Wait(ctx); err != nil {
		return nil, &registrar.Error{Kind: lifecycle.TroubleWaiting, Op: call.op, Err: errors.New("too many requests of our own are waiting")}
	}
	call.request.Header.Set("Authorization", c.bearer)
	call.request.Header.Set("Accept", "application/json, application/problem+json")
	response, err := c.http.Do(call.request.WithContext(ctx))
	if err != nil {
		return nil, unanswered(call.op, call.timeout, err)
	}
	defer response.Body.Close() //nolint:errcheck // the body has been read, or is of no use
	if call.forNews && hasNoSuchPath(response.StatusCode) {
		return nil, registrar.ErrNoNews
	}
	if err := c.judgeStatus(call.op, response); err != nil {
		return nil, err
	}
	return read(call, response)
}

func hasNoSuchPath(status int) bool {
	return status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status == http.StatusNotImplemented
}

// read returns the body of an answer whose status has a meaning.
func read(call call, response *http.Response) (*answer, error) {
	got := &answer{op: call.op, status: response.StatusCode}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxResponse+1))
	if err != nil {
		return nil, unanswered(call.op, call.timeout, err)
	}
	if len(body) > maxResponse {
		return nil, got.invalid(fmt.Errorf("the answer is larger than %d bytes", maxResponse))
	}
	got.body = body
	mediaType, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil {
		return nil, got.invalid(fmt.Errorf("it answered %d without a content type", got.status))
	}
	succeeded := got.status == http.StatusOK || got.status == http.StatusCreated
	if succeeded && mediaType == "application/json" {
		return got, nil
	}
	if succeeded || mediaType != "application/problem+json" {
		return nil, got.noContract()
	}
	return got, got.readProblem()
}

// readProblem reads a problem whose code decides what the answer means.
func (a *answer) readProblem() error {
	var problem contract.Problem
	if err := a.decode(&problem); err != nil {
		return err
	}
	if a.status == http.StatusForbidden && problem.Code != codeOtherOwner {
		return forbidden(a.op)
	}
	if !meanings[a.status][problem.Code] {
		return a.invalid(fmt.Errorf("it answered %d with a code that the contract does not have there", a.status))
	}
	a.problem = &problem
	return nil
}

// unknown says that the registrar does not know what was asked for.
func (a *answer) unknown() bool {
	return a.problem != nil && a.problem.Code == codeUnknown
}

// decodeOwn is decode for reads, whose only refusal is another's key.
func (a *answer) decodeOwn(into any) error {
	if a.problem == nil {
		return a.decode(into)
	}
	if a.problem.Code == codeOtherOwner {
		return registrar.ErrOtherOwner
	}
	return a.noContract()
}

// decode reads the body. Fields that the contract does not know are ignored.
func (a *answer) decode(into any) error {
	err := json.Unmarshal(a.body, into)
	if err == nil {
		return nil
	}
	// The decoder's own words may quote the body.
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return a.invalid(fmt.Errorf("field %s of the answer has the wrong type", wrong.Field))
	}
	return a.invalid(errors.New("the answer is not the contract's JSON"))
}
