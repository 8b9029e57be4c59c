// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package parts joins the parts of a file: a Secret holds 1 MiB, and a scan may have
// 10 MB.
package parts

import (
	"errors"
	"fmt"
	"io"
	"sort"
)

// Joined is the content of parts read one after another, without a copy of them.
type Joined struct {
	parts [][]byte
	// ends[i] is where part i ends in the whole.
	ends []int64
}

// Join returns the content of parts in that order. It keeps the parts; whoever
// changes them changes it.
func Join(parts [][]byte) *Joined {
	j := &Joined{parts: parts, ends: make([]int64, len(parts))}
	var end int64
	for i, part := range parts {
		end += int64(len(part))
		j.ends[i] = end
	}
	return j
}

// Size returns the joined length in bytes.
func (j *Joined) Size() int64 {
	if len(j.ends) == 0 {
		return 0
	}
	return j.ends[len(j.ends)-1]
}

// ReadAt is that of [io.ReaderAt].
func (j *Joined) ReadAt(p []byte, offset int64) (n int, err error) {
	if offset < 0 {
		return 0, fmt.Errorf("read %d parts at offset %d: %w", len(j.parts), offset, errNegativeOffset)
	}
	i := sort.Search(len(j.ends), func(i int) bool { return j.ends[i] > offset })
	for ; i < len(j.parts) && n < len(p); i++ {
		begin := j.ends[i] - int64(len(j.parts[i]))
		n += copy(p[n:], j.parts[i][offset+int64(n)-begin:])
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

var errNegativeOffset = errors.New("negative offset")
