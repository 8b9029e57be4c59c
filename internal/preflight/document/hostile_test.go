// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"
)

// TestAHostileBeginningIsJudgedInNoTime gives the magic numbers of the formats that
// the library parses deepest, followed by what loops if anything does.
func TestAHostileBeginningIsJudgedInNoTime(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 1<<20)
	for i := range noise {
		noise[i] = byte(random.IntN(4))
	}
	for _, magic := range []string{
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "PK\x03\x04", "OggS", "\x1aE\xdf\xa3", "\x00\x00\x00\x08ftyp", "{\"a\":[", "<?xml ", "\x89PNG\r\n\x1a\n",
	} {
		for _, tail := range [][]byte{noise, make([]byte, 1<<20), bytes.Repeat([]byte(magic), 1<<17)} {
			content := append([]byte(magic), tail...)
			start := time.Now()
			Inspect(bytes.NewReader(content), int64(len(content)))
			// It takes less than a millisecond; only a hang takes seconds.
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("%q took %v", magic, took)
			}
		}
	}
}
