// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"net/url"
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
		leadAndEnd(t, newLogger(&zap.Options{DestWriter: said}), onlyReplica(), func() {})
	}
	g.Eventually(said.Contents).Should(ContainSubstring("Gave the lease up"))
	g.Expect(said.Contents()).NotTo(ContainSubstring(`"level":"error"`))
}

func TestAnEndInTheMiddleOfARenewalLogsNoError(t *testing.T) {
	g := NewWithT(t)
	said := gbytes.NewBuffer()
	lease := &slowLease{*onlyReplica(), make(chan struct{}, 1)}
	leadAndEnd(t, newLogger(&zap.Options{DestWriter: said}), lease, func() { g.Eventually(lease.renewing).Should(Receive()) })
	g.Eventually(said.Contents).Should(ContainSubstring("Ended while asking for the lease"))
	g.Expect(said.Contents()).NotTo(ContainSubstring(`"level":"error"`))
	g.Expect(lease.shared.HolderIdentity).To(BeEmpty(), "it is given up nevertheless")
}

func onlyReplica() *replica {
	return &replica{name: "only", shared: &resourcelock.LeaderElectionRecord{}}
}

// slowLease is one whose renewal is under way until it is broken off.
type slowLease struct {
	replica
	renewing chan struct{}
}

func (l *slowLease) Get(ctx context.Context) (*resourcelock.LeaderElectionRecord, []byte, error) {
	if ctx.Err() != nil {
		return nil, nil, &url.Error{Op: "Get", URL: "https://api.example", Err: ctx.Err()}
	}
	return l.replica.Get(ctx)
}

func (l *slowLease) Update(ctx context.Context, record resourcelock.LeaderElectionRecord) error {
	if record.HolderIdentity == l.name && l.shared.HolderIdentity == l.name {
		l.renewing <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	}
	return l.replica.Update(ctx, record)
}

// leadAndEnd ends a manager that leads, after something.
func leadAndEnd(t *testing.T, log logr.Logger, lease resourcelock.Interface, after func()) {
	t.Helper()
	g := NewWithT(t)
	mgr, err := ctrl.NewManager(&rest.Config{Host: "http://127.0.0.1:1"}, ctrl.Options{
		Logger: log, Metrics: metricsserver.Options{BindAddress: "0"}, LeaderElection: true, LeaderElectionReleaseOnCancel: true,
		LeaderElectionResourceLockInterface: lease,
	})
	g.Expect(err).NotTo(HaveOccurred())
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- mgr.Start(ctx) }()
	g.Eventually(mgr.Elected()).Should(BeClosed())
	after()
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

func TestWhatIsNoErrorStaysAsItIs(t *testing.T) {
	g := NewWithT(t)
	entries := logged(t, func(log logr.Logger) { log.WithName(elector).Info("Failed to renew lease", "err", context.Canceled) })
	g.Expect(entries).To(ConsistOf(And(HaveKeyWithValue("msg", "Failed to renew lease"), HaveKeyWithValue("err", "context canceled"))))
}

func TestOtherErrorsStayErrors(t *testing.T) {
	g := NewWithT(t)
	other := logged(t, func(log logr.Logger) {
		log.Error(errors.New("the cache did not end"), afterStop)
		log.Error(errors.New(leaseGone), "The operator ended")
		log.WithName(elector).Error(context.DeadlineExceeded, "Error retrieving lease lock")
		log.Error(context.Canceled, "Reconciler error")
		log.V(1).Info("is not asked for")
	})
	g.Expect(other).To(HaveLen(4))
	for _, entry := range other {
		g.Expect(entry).To(And(HaveKeyWithValue("level", "error"), HaveKey("stacktrace")))
	}
	g.Expect(other[0]).To(HaveKeyWithValue("error", "the cache did not end"))
	g.Expect(other[1]).To(And(HaveKeyWithValue("error", leaseGone), HaveKeyWithValue("msg", "The operator ended")))
}
