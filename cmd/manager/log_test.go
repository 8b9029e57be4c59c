// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"testing"

	"github.com/go-logr/logr"
	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
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
