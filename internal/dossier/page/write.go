// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	pageName = "index.html"
	// What is personal is the agent's alone.
	fileMode = 0o600
)

// WriteFolder writes the page and its files into a new folder at path, which only its
// owner may read. It writes over nothing, and a failure leaves nothing behind.
func WriteFolder(path string, f Filing) error {
	if err := writeFolder(filepath.Clean(path), f); err != nil {
		return fmt.Errorf("write the dossier of %s into the folder %s: %w", f.describe(), path, err)
	}
	return nil
}

// WriteZip writes the same into an archive at path.
func WriteZip(path string, f Filing) error {
	if err := writeZip(filepath.Clean(path), f); err != nil {
		return fmt.Errorf("write the dossier of %s into the archive %s: %w", f.describe(), path, err)
	}
	return nil
}

// entry is one file of those to write.
type entry struct {
	name string
	open func() io.Reader
}

// entriesOf are the page and its scans.
func entriesOf(f Filing) ([]entry, error) {
	if f.Dossier == nil {
		return nil, errors.New("there is no dossier: load it first")
	}
	if missing := len(f.Dossier.Missing); missing > 0 {
		return nil, fmt.Errorf("the dossier is not whole, %d Secrets or keys of it cannot be read (the first at %s): release the claim and see the registration's requirements",
			missing, f.Dossier.Missing[0].Path)
	}
	scans, err := scansOf(f.Dossier)
	if err != nil {
		return nil, err
	}
	v, err := viewOf(f, scans)
	if err != nil {
		return nil, err
	}
	content, err := render(v)
	if err != nil {
		return nil, err
	}
	entries := []entry{{pageName, func() io.Reader { return bytes.NewReader(content) }}}
	for _, s := range scans {
		entries = append(entries, entry{s.Name, s.open})
	}
	return entries, nil
}

func writeFolder(path string, f Filing) error {
	if err := isFree(path); err != nil {
		return err
	}
	entries, err := entriesOf(f)
	if err != nil {
		return err
	}
	unfinished, err := os.MkdirTemp(filepath.Dir(path), ".dossier-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(unfinished) }() // gone by its name once it is finished
	for _, e := range entries {
		if err := writeFile(filepath.Join(unfinished, e.name), e); err != nil {
			return err
		}
	}
	// Renaming takes the place of a folder that is empty, and of nothing else.
	if err := isFree(path); err != nil {
		return err
	}
	return os.Rename(unfinished, path)
}

func writeFile(path string, e entry) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, e.open())
	return errors.Join(err, file.Close())
}

func writeZip(path string, f Filing) error {
	if err := isFree(path); err != nil {
		return err
	}
	entries, err := entriesOf(f)
	if err != nil {
		return err
	}
	unfinished, err := os.CreateTemp(filepath.Dir(path), ".dossier-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(unfinished.Name()) }()
	if err := errors.Join(pack(unfinished, entries, f.ClaimedTime), unfinished.Close()); err != nil {
		return err
	}
	// A second name is never given over what exists. Not all file systems have them.
	if err := os.Link(unfinished.Name(), path); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := isFree(path); err != nil {
		return err
	}
	return os.Rename(unfinished.Name(), path)
}

// pack writes the archive. The same filing makes the same one.
func pack(w io.Writer, entries []entry, modified time.Time) error {
	archive := zip.NewWriter(w)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: modified.UTC()}
		header.SetMode(fileMode)
		file, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := io.Copy(file, e.open()); err != nil {
			return err
		}
	}
	return archive.Close()
}

// isFree tells whether nothing is at path, nor a link that leads nowhere.
func isFree(path string) error {
	switch _, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	default:
		return fmt.Errorf("%w: name one that does not, or delete it if its filing is done", fs.ErrExist)
	}
}
