// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"regexp"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
)

func TestWithoutFlagsTheOperatorIsSetUpForACluster(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("POD_NAMESPACE", "")
	o, err := parseOptions(nil, io.Discard)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(o.namespace).To(Equal(defaultNamespace))
	g.Expect(o.pacing).To(Equal(lifecycle.DefaultPacing()))
	g.Expect(o.lease).To(Equal(defaultLease()))
	g.Expect(o.leaderElect).To(BeFalse())
	g.Expect(o.metricsAddress).To(Equal("0"))
}

func TestThePodsNamespaceIsTheOperators(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("POD_NAMESPACE", "operators")
	o, err := parseOptions(nil, io.Discard)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(o.namespace).To(Equal("operators"))
	o, err = parseOptions([]string{"--namespace=elsewhere"}, io.Discard)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(o.namespace).To(Equal("elsewhere"), "a flag is stronger")
}

func TestEachFlagIsTaken(t *testing.T) {
	g := NewWithT(t)
	o, err := parseOptions([]string{
		"--concurrency=3", "--leader-elect", "--metrics-bind-address=:8080", "--metrics-secure", "--metrics-cert-dir=/certificate", "--health-probe-bind-address=0",
		"--leader-elect-lease-duration=4s", "--leader-elect-renew-deadline=3s", "--leader-elect-retry-period=1s",
		"--poll-min=1s", "--poll-max=2s", "--missing-min=3s", "--missing-max=4s",
		"--registrar-timeout=5s", "--registrar-qps=2.5", "--pprof-bind-address=127.0.0.1:6060", "--version",
	}, io.Discard)
	g.Expect(err).NotTo(HaveOccurred())
	o.zap = zap.Options{}
	g.Expect(*o).To(Equal(options{
		namespace: ownNamespace(), concurrency: 3, leaderElect: true, metricsAddress: ":8080", metricsSecure: true, metricsCertDir: "/certificate", probeAddress: "0",
		lease:   lease{duration: 4 * time.Second, renewDeadline: 3 * time.Second, retryPeriod: time.Second},
		pacing:  lifecycle.Pacing{PollMin: time.Second, PollMax: 2 * time.Second, MissingMin: 3 * time.Second, MissingMax: 4 * time.Second},
		timeout: 5 * time.Second, registrarQPS: 2.5, pprofAddress: "127.0.0.1:6060", selector: labels.Everything(), version: true,
	}))
}

func TestEachShareOfTheRegistrationsHasALeaseOfItsOwn(t *testing.T) {
	g := NewWithT(t)
	leases := map[string]bool{}
	for _, selector := range []string{"", "shard=a", "shard=b"} {
		o, err := parseOptions([]string{"--watch-label-selector=" + selector}, io.Discard)
		g.Expect(err).NotTo(HaveOccurred())
		leases[leaseOf(o.selector)] = true
	}
	g.Expect(leases).To(HaveLen(3))
	g.Expect(leases).To(HaveKey("china-account-operator"))
}

func TestWatchedNamespacesAreNamedOnceEach(t *testing.T) {
	g := NewWithT(t)
	o, err := parseOptions([]string{"--watch-namespaces=a, b,a"}, io.Discard)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(o.watched).To(Equal([]string{"a", "b"}))
	g.Expect(cachedNamespaces(o.watched)).To(And(HaveLen(2), HaveKey("a"), HaveKey("b")))
	g.Expect(cachedNamespaces(nil)).To(BeNil(), "all")
}

func TestWrongUseIsToldInOneSentenceThatNamesTheFlag(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		word string
	}{
		{"a flag that there is not", []string{"--poll-often"}, "poll-often"},
		{"an argument", []string{"start"}, "start"},
		{"no concurrency", []string{"--concurrency=0"}, "--concurrency"},
		{"a number that is none", []string{"--concurrency=many"}, "concurrency"},
		{"a log of what Secrets hold", []string{"--zap-log-level=8"}, "--zap-log-level"},
		{"no pause between polls", []string{"--poll-min=0s"}, "--poll-min"},
		{"polls whose longest pause is shorter", []string{"--poll-min=1m", "--poll-max=1s"}, "--poll-max"},
		{"no pause between looks", []string{"--missing-min=-1s"}, "--missing-min"},
		{"looks whose longest pause is shorter", []string{"--missing-min=1h"}, "--missing-max"},
		{"a gateway that is never asked", []string{"--registrar-qps=0"}, "--registrar-qps"},
		{"a namespace that can be none", []string{"--watch-namespaces=a,B"}, "watch-namespaces"},
		{"no namespace", []string{"--watch-namespaces="}, "watch-namespaces"},
		{"a selector that is none", []string{"--watch-label-selector=shard in a"}, "watch-label-selector"},
		{"a gateway that has no time", []string{"--registrar-timeout=0s"}, "--registrar-timeout"},
		{"a lease that is over before it is renewed", []string{"--leader-elect-lease-duration=5s"}, "--leader-elect-renew-deadline"},
		{"a lease that is tried too seldom", []string{"--leader-elect-retry-period=9s"}, "--leader-elect-retry-period"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			var out bytes.Buffer
			_, err := parseOptions(c.args, &out)
			g.Expect(err).To(HaveOccurred())
			g.Expect(exitCode(err)).To(Equal(2))
			g.Expect(out.String()).To(And(ContainSubstring(c.word), HaveSuffix("; see --help\n")))
			g.Expect(bytes.Count(out.Bytes(), []byte("\n"))).To(Equal(1))
		})
	}
}

func TestTheLogIsAsVerboseAsItMayBe(t *testing.T) {
	for _, level := range []string{"error", "info", "debug", "1", "7"} {
		_, err := parseOptions([]string{"--zap-log-level=" + level}, io.Discard)
		NewWithT(t).Expect(err).NotTo(HaveOccurred(), level)
	}
}

func TestHelpExplainsEveryFlag(t *testing.T) {
	g := NewWithT(t)
	var out bytes.Buffer
	_, err := parseOptions([]string{"--help"}, &out)
	g.Expect(errors.Is(err, flag.ErrHelp)).To(BeTrue())
	g.Expect(exitCode(err)).To(BeZero())
	for _, name := range []string{
		"kubeconfig", "namespace", "concurrency", "leader-elect", "metrics-bind-address", "metrics-secure", "metrics-cert-dir", "health-probe-bind-address",
		"poll-min", "poll-max", "missing-min", "missing-max", "registrar-timeout", "registrar-qps", "version", "zap-log-level",
	} {
		g.Expect(out.String()).To(MatchRegexp(`(?m)^  -` + regexp.QuoteMeta(name) + `\b.*\n    \t\S`))
	}
}
