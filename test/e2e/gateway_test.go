// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"

	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// gateway is one run after another of bin/registrar-gateway on one store.
type gateway struct {
	*gexec.Session
	dir       string
	arguments []string
	// address of the contract, kept from the first run on; admin is the URL of switches
	// and counters.
	address, admin string
}

var (
	servingContract = regexp.MustCompile(`msg="Serving the gateway contract" address=(\S+)`)
	servingAdmin    = regexp.MustCompile(`msg="Serving switches and counters" address=(\S+)`)
)

// startGateway starts one whose scenarios go on when a spec says so, and not by time.
// Further flags overrule its own.
func startGateway(arguments ...string) *gateway {
	GinkgoHelper()
	g := &gateway{dir: GinkgoT().TempDir(), address: "127.0.0.1:0", arguments: arguments}
	Expect(os.WriteFile(g.file("token"), []byte(gatewayToken), 0o600)).To(Succeed())
	g.start()
	return g
}

// start runs it, or runs it again where it was.
func (g *gateway) start() {
	GinkgoHelper()
	arguments := []string{
		"--listen", g.address, "--admin-listen", "127.0.0.1:0", "--store", g.file("store"),
		"--token-file", g.file("token"), "--ca-out", g.file("ca.pem"), "--step", "1h", "--hold", "1s",
	}
	g.Session = start("registrar-gateway", append(arguments, g.arguments...)...)
	g.address = tells(g.Session, servingContract)
	g.admin = "http://" + tells(g.Session, servingAdmin)
}

func (g *gateway) file(name string) string { return filepath.Join(g.dir, name) }

func (g *gateway) ca() []byte {
	GinkgoHelper()
	ca, err := os.ReadFile(g.file("ca.pem"))
	Expect(err).NotTo(HaveOccurred())
	return ca
}

func (g *gateway) counters() registrar.Counters {
	GinkgoHelper()
	var counters registrar.Counters
	Expect(json.Unmarshal(g.ask(http.MethodGet, "/counters", nil), &counters)).To(Succeed())
	return counters
}

// requests is how many requests of an operation this run has had.
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

// step takes the next step of a key's scenario.
func (g *gateway) step(key string) {
	GinkgoHelper()
	g.ask(http.MethodPost, "/registrations/"+key+"/step", nil)
}

func (g *gateway) ask(method, path string, body any) []byte {
	GinkgoHelper()
	encoded, err := json.Marshal(body)
	Expect(err).NotTo(HaveOccurred())
	request, err := http.NewRequest(method, g.admin+path, bytes.NewReader(encoded))
	Expect(err).NotTo(HaveOccurred())
	response, err := http.DefaultClient.Do(request)
	Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	Expect(err).NotTo(HaveOccurred())
	Expect(response).To(HaveHTTPStatus(http.StatusOK), string(answer))
	return answer
}
