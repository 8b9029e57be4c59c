// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package scans

import (
	"bytes"
	"sync"
)

// Sample returns a scan, as PNG, that preflight has nothing to say of. Whoever changes
// it changes a copy.
func Sample() []byte { return bytes.Clone(sample()) }

var sample = sync.OnceValue(func() []byte {
	content, err := Draw(PageSize, "SAMPLE", []string{"Drawn by a test"}, 0)
	if err != nil {
		panic(err) // memory takes any picture
	}
	return content
})
