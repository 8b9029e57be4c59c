// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
	"github.com/chinaaccount/china-account-operator/internal/preflight/document"
)

// Stdin is the path that stands for standard input.
const Stdin = "-"

// FileVerdict is what is said of one file.
type FileVerdict struct {
	Path string `json:"path"`
	// Format is empty where it is none of the accepted.
	Format document.Format `json:"format"`
	Verdict
}

// JudgeFile judges the file at path as one that would be filed. A file that cannot be
// read has a verdict too, and the reason as an error.
func JudgeFile(path string, stdin io.Reader) (FileVerdict, error) {
	content, done, err := open(path, stdin)
	if err != nil {
		return FileVerdict{Path: path, Verdict: verdictOf([]preflight.Finding{unreadable(err)})}, err
	}
	defer done()
	format, found := preflight.CheckFile(preflight.Document{Content: content})
	return FileVerdict{Path: path, Format: format, Verdict: verdictOf(found)}, nil
}

// open returns the file's content, which is read where it lies if it can be.
func open(path string, stdin io.Reader) (content document.Content, done func(), err error) {
	if path == Stdin {
		content, err = held(stdin)
		return content, func() {}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	done = func() { _ = file.Close() }
	content, err = contentOf(file)
	if err != nil {
		done()
		return nil, nil, err
	}
	return content, done, nil
}

func contentOf(file *os.File) (document.Content, error) {
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, &fs.PathError{Op: "read", Path: file.Name(), Err: syscall.EISDIR}
	case info.Mode().IsRegular() && info.Size() > 0:
		return io.NewSectionReader(file, 0, info.Size()), nil
	default:
		// A pipe has no size, and neither do the files of some file systems.
		return held(file)
	}
}

// held reads content that cannot be read twice. What goes beyond the limit is left:
// the file is too large already.
func held(stream io.Reader) (document.Content, error) {
	content, err := io.ReadAll(io.LimitReader(stream, document.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	return bytes.NewReader(content), nil
}

func unreadable(err error) preflight.Finding {
	message := "the file cannot be read: see that it is there and whole"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		message = "there is no such file: compare the path"
	case errors.Is(err, fs.ErrPermission):
		message = "the file may not be read by you: change its mode, or read it as its owner"
	case errors.Is(err, syscall.EISDIR):
		message = "this is a folder: name the files in it"
	}
	return preflight.Finding{
		Code: preflight.CodeDocumentUnreadable, Severity: v1alpha1.SeverityError, Message: message, Source: "file system",
	}
}
