// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"k8s.io/client-go/util/cert"

	"github.com/chinaaccount/china-account-operator/test/registrar"
)

var _ = Describe("Called from a shell", func() {
	DescribeTable("each program tells all of its flags", func(program, dash string, flags ...string) {
		help := run(program, "--help")
		Expect(help).To(gexec.Exit(0))
		for _, flag := range flags {
			described := regexp.MustCompile(`(?m)^ +(-h, )?` + dash + regexp.QuoteMeta(flag) + `\b.*\s+\S+`)
			Expect(said(help)).To(MatchRegexp(described.String()))
		}
		told := regexp.MustCompile(`(?m)^ +(-h, )?`+dash+`[a-z]`).FindAllString(said(help), -1)
		Expect(told).To(HaveLen(len(flags)), "a flag is told that no test knows: %s", said(help))
	},
		Entry(nil, "manager", "-",
			"kubeconfig", "namespace", "concurrency", "leader-elect", "leader-elect-lease-duration", "leader-elect-renew-deadline",
			"leader-elect-retry-period", "metrics-bind-address", "metrics-secure", "metrics-cert-dir", "health-probe-bind-address", "pprof-bind-address", "watch-label-selector", "watch-namespaces", "poll-min", "poll-max",
			"missing-min", "missing-max", "registrar-timeout", "registrar-qps", "version",
			"zap-devel", "zap-encoder", "zap-log-level", "zap-stacktrace-level", "zap-time-encoding"),
		Entry(nil, "registrar-gateway", "--",
			"listen", "store", "token-file", "tls-cert-file", "tls-private-key-file", "ca-out", "scenario", "step", "step-on-look", "code-ttl",
			"hold", "admin-listen", "help"),
	)

	DescribeTable("wrong use ends with 2 and one sentence that says what is wrong", func(program, sentence string, arguments ...string) {
		wrong := run(program, arguments...)
		Expect(wrong).To(gexec.Exit(2))
		Expect(said(wrong)).To(MatchRegexp(`\A[^\n]*` + sentence + `[^\n]*\n\z`))
	},
		Entry(nil, "manager", "not defined: -file.*--help", "--file"),
		Entry(nil, "manager", "takes flags only", "start"),
		Entry(nil, "manager", "--concurrency must be at least 1", "--concurrency", "0"),
		Entry(nil, "manager", "--poll-max not below", "--poll-min", "1m", "--poll-max", "1s"),
		Entry(nil, "manager", "--leader-elect-lease-duration must be above", "--leader-elect-lease-duration", "1s"),
		Entry(nil, "registrar-gateway", "unknown flag: --file", "--file"),
		Entry(nil, "registrar-gateway", "required flag.*store.*token-file"),
		Entry(nil, "registrar-gateway", "tls-cert-file tls-private-key-file", "--store", "s", "--token-file", "t", "--tls-cert-file", "c"),
	)

	DescribeTable("the operator that finds no API server ends and says what it tried", func(content, complaint string) {
		path := filepath.Join(GinkgoT().TempDir(), "kubeconfig")
		if content != "" {
			Expect(os.WriteFile(path, []byte(content), 0o600)).To(Succeed())
		}
		ended := run("manager", "--kubeconfig", path, "--health-probe-bind-address", "0")
		Expect(ended).To(gexec.Exit(1))
		Expect(said(ended)).To(And(ContainSubstring("The operator ended"), MatchRegexp(complaint)))
	},
		Entry("as the kubeconfig is absent", "", "kubeconfig: no such file or directory; name it with --kubeconfig"),
		Entry("as the kubeconfig is none", "hello", "error loading config file .*kubeconfig.*name it with --kubeconfig"),
		Entry("as nobody listens there", kubeconfigOfNobody(), `https://127\.0\.0\.1:\d+.*connection refused`),
	)

	It("the operator is ready once it has read what it watches", func(ctx SpecContext) {
		w := newWorld(ctx)
		w.operator = startOperator()
		Eventually(w.operator.probe("/readyz")).Should(HaveHTTPStatus(http.StatusOK))
		Expect(w.operator.probe("/healthz")()).To(HaveHTTPStatus(http.StatusOK))
	})

	It("the operator that may read nothing is alive and not ready", func() {
		kubeconfig, err := plane.UserKubeconfig("nobody")
		Expect(err).NotTo(HaveOccurred())
		o := &operator{launch("manager", nil, "--kubeconfig", kubeconfig, "--health-probe-bind-address", "127.0.0.1:0")}
		Eventually(o.probe("/healthz")).Should(HaveHTTPStatus(http.StatusOK))
		Consistently(o.probe("/readyz"), "2s").Should(HaveHTTPStatus(http.StatusInternalServerError))
		Expect(said(o.Session)).To(ContainSubstring("forbidden"))
	})

	It("the gateway follows the scenario that it is told, and prints its counters when it ends", func(ctx SpecContext) {
		w := runningWorld(ctx, "--scenario", "immediate")
		w.apply(ctx, w.registration("acme", "no-scenario"))
		w.eventually(ctx, "acme", through(pending, active))
		Eventually(w.gateway.Terminate(), "5s").Should(gexec.Exit(0))
		var counters registrar.Counters
		out := w.gateway.Out.Contents()
		Expect(json.Unmarshal(out, &counters)).To(Succeed(), string(out))
		Expect(counters).To(And(HaveField("Filings", 1), HaveField("DuplicateFilings", 0), HaveField("PreventableFilings", 0)))
		Expect(w.gateway.Err).To(gbytes.Say("Serving"))
	})

	It("the gateway serves with a certificate that it is given, to those who have the token", func(ctx SpecContext) {
		dir := GinkgoT().TempDir()
		path := func(name string) string { return filepath.Join(dir, name) }
		certificate, key, err := cert.GenerateSelfSignedCertKey("127.0.0.1", []net.IP{net.IPv4(127, 0, 0, 1)}, nil)
		Expect(err).NotTo(HaveOccurred())
		for name, content := range map[string][]byte{"crt": certificate, "key": key, "token": []byte(gatewayToken + "\n")} {
			Expect(os.WriteFile(path(name), content, 0o600)).To(Succeed())
		}
		serving := tells(start("registrar-gateway", "--listen", "127.0.0.1:0", "--store", path("store"), "--token-file", path("token"),
			"--tls-cert-file", path("crt"), "--tls-private-key-file", path("key")), servingContract)

		trusted := x509.NewCertPool()
		Expect(trusted.AppendCertsFromPEM(certificate)).To(BeTrue())
		visitor := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}}}
		for authorization, status := range map[string]int{"Bearer " + gatewayToken: http.StatusOK, "Bearer guessed": http.StatusUnauthorized} {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+serving+"/v1/status", nil)
			Expect(err).NotTo(HaveOccurred())
			request.Header.Set("Authorization", authorization)
			response, err := visitor.Do(request)
			Expect(err).NotTo(HaveOccurred())
			Expect(response).To(HaveHTTPStatus(status))
			Expect(response.Body.Close()).To(Succeed())
		}
	})
})

// kubeconfigOfNobody names an address at which nobody listens.
func kubeconfigOfNobody() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer listener.Close()
	config := clientcmdapi.NewConfig()
	config.Clusters["gone"] = &clientcmdapi.Cluster{Server: "https://" + listener.Addr().String()}
	config.Contexts["gone"] = &clientcmdapi.Context{Cluster: "gone"}
	config.CurrentContext = "gone"
	content, err := clientcmd.Write(*config)
	if err != nil {
		panic(err)
	}
	return string(content)
}
