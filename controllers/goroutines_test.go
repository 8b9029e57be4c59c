// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"testing"

	"go.uber.org/goleak"
)

// ginkgos waits for signals as long as the process lives.
const ginkgos = "github.com/onsi/ginkgo/v2/internal/interrupt_handler.(*InterruptHandler).registerForInterrupts.func2"

// Operators come and go in the suite: whatever one starts has to end with it.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreTopFunction(ginkgos)) }
