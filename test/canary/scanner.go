// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package canary

import "bytes"

// needle is one thing to look for.
type needle struct {
	mark string
	// value is the mark's; content is what stands for it.
	value    string
	content  []byte
	encoding string
	// word: it counts only where it stands alone.
	word bool
	// half is the whole folded value, where content is its first or second half.
	half   []byte
	second bool
}

// scanner looks for many needles in one pass. All have a prefix of 4 bytes.
type scanner struct {
	// filter says of a prefix's hash whether a needle may begin so.
	filter  [1 << 16 / 64]uint64
	needles map[uint32][]needle
	known   map[string]bool
}

const prefixLength = shortest

func newScanner() *scanner {
	return &scanner{needles: map[uint32][]needle{}, known: map[string]bool{}}
}

// add takes a needle, the first of those that are equal.
func (s *scanner) add(n needle) {
	id := n.mark + "\x00" + string(n.content)
	if len(n.content) < prefixLength || s.known[id] {
		return
	}
	s.known[id] = true
	var prefix uint32
	for _, b := range n.content[:prefixLength] {
		prefix = prefix<<8 | uint32(b)
	}
	s.needles[prefix] = append(s.needles[prefix], n)
	hash := hashOf(prefix)
	s.filter[hash/64] |= 1 << (hash % 64)
}

// hashOf spreads a prefix over 16 bits (Fibonacci hashing).
func hashOf(prefix uint32) uint32 { return prefix * 2654435769 >> 16 }

// scan, and what else reads every byte of a log, is kept from the race detector: it would
// take ten times as long, and nothing that is searched is written meanwhile.
//
//go:norace
func (s *scanner) scan(content []byte, found func(n needle, begin, end int)) {
	var prefix uint32
	for i, b := range content {
		prefix = prefix<<8 | uint32(b)
		hash := hashOf(prefix)
		if s.filter[hash/64]&(1<<(hash%64)) == 0 || i < prefixLength-1 {
			continue
		}
		begin := i - prefixLength + 1
		for _, n := range s.needles[prefix] {
			if bytes.HasPrefix(content[begin:], n.content) {
				found(n, begin, begin+len(n.content))
			}
		}
	}
}
