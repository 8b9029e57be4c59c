// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"testing"

	"github.com/go-logr/logr"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

// logged returns the lines that a logger with these flags writes, without their time.
func logged(t *testing.T, say func(logr.Logger), flags ...string) []map[string]string {
	t.Helper()
	g := NewWithT(t)
	var written bytes.Buffer
	options := &zap.Options{DestWriter: &written}
	set := flag.NewFlagSet("", flag.ContinueOnError)
	options.BindFlags(set)
	g.Expect(set.Parse(flags)).To(Succeed())
	say(newLogger(options))
	var lines []map[string]string
	for line := range bytes.Lines(written.Bytes()) {
		var entry map[string]string
		g.Expect(json.Unmarshal(line, &entry)).To(Succeed(), string(line))
		g.Expect(entry).To(HaveKey("ts"))
		delete(entry, "ts")
		lines = append(lines, entry)
	}
	return lines
}

// TestAnOrderlyEndLogsNoError: whether a manager that ends logs the loss of its lease at all
// is decided by a race of its own, so that it ends often.
func TestAnOrderlyEndLogsNoError(t *testing.T) {
	g := NewWithT(t)
	said := gbytes.NewBuffer()
	for range 40 {
		leadAndEnd(t, newLogger(&zap.Options{DestWriter: said}))
	}
	g.Eventually(said.Contents).Should(ContainSubstring("Gave the lease up"))
	g.Expect(said.Contents()).NotTo(ContainSubstring(`"level":"error"`))
}

func leadAndEnd(t *testing.T, log logr.Logger) {
	t.Helper()
	g := NewWithT(t)
	mgr, err := ctrl.NewManager(&rest.Config{Host: "http://127.0.0.1:1"}, ctrl.Options{
		Logger: log, Metrics: metricsserver.Options{BindAddress: "0"}, LeaderElection: true, LeaderElectionReleaseOnCancel: true,
		LeaderElectionResourceLockInterface: &replica{name: "only", shared: &resourcelock.LeaderElectionRecord{}},
	})
	g.Expect(err).NotTo(HaveOccurred())
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- mgr.Start(ctx) }()
	g.Eventually(mgr.Elected()).Should(BeClosed())
	end()
	g.Eventually(ended).Should(Receive(Succeed()))
}

func TestALeaseGivenUpIsNoError(t *testing.T) {
	g := NewWithT(t)
	orderly := func(log logr.Logger) {
		log.WithName("manager").WithValues("replica", "a").Error(errors.New(leaseGone), afterStop)
	}
	g.Expect(logged(t, orderly)).To(ConsistOf(map[string]string{
		"level": "info", "logger": "manager", "msg": "Gave the lease up", "replica": "a",
	}))
	g.Expect(logged(t, orderly, "--zap-log-level=error")).To(BeEmpty())
}

func TestOtherErrorsStayErrors(t *testing.T) {
	g := NewWithT(t)
	other := logged(t, func(log logr.Logger) {
		log.Error(errors.New("the cache did not end"), afterStop)
		log.Error(errors.New(leaseGone), "The operator ended")
		log.V(1).Info("is not asked for")
	})
	g.Expect(other).To(HaveLen(2))
	for _, entry := range other {
		g.Expect(entry).To(And(HaveKeyWithValue("level", "error"), HaveKey("stacktrace")))
	}
	g.Expect(other[0]).To(HaveKeyWithValue("error", "the cache did not end"))
	g.Expect(other[1]).To(And(HaveKeyWithValue("error", leaseGone), HaveKeyWithValue("msg", "The operator ended")))
}
