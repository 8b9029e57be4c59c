// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/go-logr/logr"
	uberzap "go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
)

const (
	// afterStop is what controller-runtime says of an error that comes once the manager
	// was asked to end.
	afterStop = "error received after stop sequence was engaged"
	// leaseGone is the error with which its elector ends, also where that is meant.
	leaseGone = "leader election lost"
)

// newLogger returns the operator's logger, set as its flags say.
func newLogger(flags *zap.Options) logr.Logger {
	return zap.New(zap.UseFlagOptions(flags), zap.RawZapOpts(uberzap.WrapCore(func(core zapcore.Core) zapcore.Core {
		return endingCore{core}
	})))
}

// endingCore tells that the lease was given up as what it is. Now and then controller-runtime
// logs it as an error at an orderly end (kubernetes-sigs/controller-runtime#3535), and whoever
// is alerted on errors would be called for each rollout. A lease that is lost unasked ends the
// operator with an error of its own.
type endingCore struct{ zapcore.Core }

// With implements zapcore.Core.
func (c endingCore) With(fields []zapcore.Field) zapcore.Core { return endingCore{c.Core.With(fields)} }

// Check implements zapcore.Core.
func (c endingCore) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if c.Enabled(entry.Level) {
		return checked.AddCore(entry, c)
	}
	return checked
}

// Write implements zapcore.Core.
func (c endingCore) Write(entry zapcore.Entry, fields []zapcore.Field) error {
	if entry.Message == afterStop && tellsOf(leaseGone, fields) {
		entry.Level, entry.Message, entry.Stack, fields = zapcore.InfoLevel, "Gave the lease up", "", nil
		if !c.Enabled(entry.Level) {
			return nil
		}
	}
	return c.Core.Write(entry, fields)
}

func tellsOf(words string, fields []zapcore.Field) bool {
	for _, field := range fields {
		if err, ok := field.Interface.(error); ok && err.Error() == words {
			return true
		}
	}
	return false
}
