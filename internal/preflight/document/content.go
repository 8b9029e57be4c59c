// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"errors"
	"io"
)

// Content is a file's bytes, wherever they are: a file on disk, a Secret, several
// Secrets joined. [bytes.Reader], [strings.Reader] and [io.SectionReader] are some.
type Content interface {
	io.ReaderAt
	// Size of the whole in bytes.
	Size() int64
}

// reader reads content from the start.
func reader(content Content) *io.SectionReader {
	return io.NewSectionReader(content, 0, content.Size())
}

// readAt returns up to n bytes at offset, fewer where the content ends.
func readAt(content Content, offset, n int64) ([]byte, error) {
	n = min(n, content.Size()-offset)
	if n <= 0 {
		return nil, nil
	}
	buffer := make([]byte, n)
	read, err := content.ReadAt(buffer, offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return buffer[:read], nil
}
