// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"

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
	// elector is the name of the elector's logger.
	elector = "leaderelection"
)

// newLogger returns the operator's logger, set as its flags say.
func newLogger(flags *zap.Options) logr.Logger {
	return zap.New(zap.UseFlagOptions(flags), zap.RawZapOpts(uberzap.WrapCore(func(core zapcore.Core) zapcore.Core {
		return endingCore{core}
	})))
}

// endingCore tells what an orderly end does to the lease as what it is. Now and then
// controller-runtime logs that it is given up as an error (kubernetes-sigs/controller-runtime#3535),
// and client-go that a request for it broke off; whoever is alerted on errors would be called
// for each rollout. A lease that is lost unasked ends the operator with an error of its own.
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
	if told := ofTheLease(entry, fields); told != "" {
		entry.Level, entry.Message, entry.Stack, fields = zapcore.InfoLevel, told, "", nil
		if !c.Enabled(entry.Level) {
			return nil
		}
	}
	return c.Core.Write(entry, fields)
}

// ofTheLease is what an error says of the lease at an orderly end, or nothing. Nothing else
// cancels the elector's requests: a renewal that takes too long exceeds its deadline.
func ofTheLease(entry zapcore.Entry, fields []zapcore.Field) string {
	if entry.Level < zapcore.ErrorLevel {
		return ""
	}
	for _, field := range fields {
		err, isError := field.Interface.(error)
		switch {
		case !isError:
			continue
		case entry.Message == afterStop && err.Error() == leaseGone:
			return "Gave the lease up"
		case entry.LoggerName == elector && errors.Is(err, context.Canceled):
			return "Ended while asking for the lease"
		}
	}
	return ""
}
