// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

// quick has the operator look as often as a registrar that takes seconds asks for.
var quick = []string{"--poll-min", "200ms", "--poll-max", "500ms", "--missing-min", "200ms", "--missing-max", "500ms"}

// operator is one run of bin/manager.
type operator struct{ *gexec.Session }

// startOperator starts it as its service account, and waits until it works.
func startOperator(arguments ...string) *operator {
	GinkgoHelper()
	always := append([]string{"--kubeconfig", operatorKubeconfig, "--health-probe-bind-address", "127.0.0.1:0"}, watched()...)
	return &operator{start("manager", slices.Concat(always, arguments, quick)...)}
}

var servingProbes = regexp.MustCompile(`"name":"health probe","addr":"([^"]+)"`)

// probe asks for /healthz or /readyz; it is for Eventually and Consistently.
func (o *operator) probe(path string) func() (*http.Response, error) {
	GinkgoHelper()
	url := "http://" + tells(o.Session, servingProbes) + path
	return func() (*http.Response, error) {
		response, err := http.Get(url)
		if err == nil {
			err = response.Body.Close()
		}
		return response, err
	}
}

// leads tells whether the replica is the one that works.
func (o *operator) leads() bool { return strings.Contains(said(o.Session), "Starting workers") }

// stop asks it to end, politely.
func (o *operator) stop() {
	GinkgoHelper()
	Eventually(o.Terminate(), "5s").Should(gexec.Exit(0))
}
