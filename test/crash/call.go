// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"net/http"
	"strings"
)

// call is one request of the operator's, named so that the same one is found again in
// another run of the same life: how often status was written before, what is asked,
// and which of several it is.
type call struct {
	stage int
	what  string
	nth   int
}

func (c call) String() string {
	if c.nth == 1 {
		return fmt.Sprintf("%d: %s", c.stage, c.what)
	}
	return fmt.Sprintf("%d: %s (%d)", c.stage, c.what, c.nth)
}

// isPoint: what reads again in the same stage finds the same again, and polls do so
// for ever.
func (c call) isPoint() bool { return c.nth == 1 || c.writes() && c.nth == 2 }

// writes tells whether the call can have an effect.
func (c call) writes() bool {
	return !strings.HasPrefix(c.what, "GET ") && !strings.HasPrefix(c.what, "LIST ") && !strings.HasPrefix(c.what, "WATCH ")
}

// patches tells whether the call is held to a resourceVersion.
func (c call) patches() bool { return strings.HasPrefix(c.what, "PATCH ") }

const (
	statusWrite = "PATCH chinaaccountregistrations/status"
	eventWrite  = "POST events"
)

// nameAPI says what is asked of the API server: verb, resource, and which Secret.
func nameAPI(req *http.Request, life string) string {
	parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/")
	verb := req.Method
	switch parts[0] {
	case "api":
		parts = parts[min(2, len(parts)):]
	case "apis":
		parts = parts[min(3, len(parts)):]
	default:
		return verb + " " + req.URL.Path
	}
	if len(parts) == 0 {
		return verb + " " + req.URL.Path // discovery
	}
	if parts[0] == "namespaces" && len(parts) > 2 {
		parts = parts[2:]
	}
	resource, name := parts[0], ""
	if len(parts) > 1 {
		name = parts[1]
	}
	if len(parts) > 2 {
		resource += "/" + parts[2]
	}
	if verb == http.MethodGet && name == "" {
		verb = "LIST"
	}
	if req.URL.Query().Get("watch") != "" {
		verb = "WATCH"
	}
	if resource == "secrets" && name != "" {
		return verb + " secrets " + strings.TrimPrefix(name, life+"-")
	}
	return verb + " " + resource
}

// nameGateway says what is asked of the gateway, without the filing's key and the
// answer's digest.
func nameGateway(req *http.Request, _ string) string {
	parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/")
	for i := range parts {
		if i > 0 && (parts[i-1] == "registrations" || parts[i-1] == "answers") {
			parts[i] = "*"
		}
	}
	return req.Method + " gateway " + strings.Join(parts[1:], "/")
}
