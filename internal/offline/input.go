// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Sources say what to read.
type Sources struct {
	// Paths of files and folders of manifests, and Stdin, in kubectl's way.
	Paths []string
	// Recursive reads the folders in folders too.
	Recursive bool
	// Values are single keys of Secrets from files, as name/key=path.
	Values []string
	Stdin  io.Reader
}

// Input is what was read.
type Input struct {
	Registrations []Registration
	Secrets       *Secrets
}

// Registration is one as it stands in a file.
type Registration struct {
	// Origin is the file.
	Origin string
	Object map[string]any
	// repeated are fields that are there more than once.
	repeated []repeatedField
}

var errNoRegistration = errors.New("no ChinaAccountRegistration (registration.chinaaccount.dev) is among the files: name the file that holds it with -f")

// Read reads all sources. Kinds that it has no use for are left out; an error tells
// all that cannot be read, with the cures.
func Read(sources Sources) (*Input, error) {
	input := &Input{Secrets: &Secrets{}}
	var problems []error
	files, err := manifestFiles(sources)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if err := input.readFile(file, sources.Stdin); err != nil {
			problems = append(problems, err)
		}
	}
	for _, value := range sources.Values {
		if err := input.Secrets.readValue(value); err != nil {
			problems = append(problems, err)
		}
	}
	if len(problems) == 0 && len(input.Registrations) == 0 {
		problems = append(problems, errNoRegistration)
	}
	return input, errors.Join(problems...)
}

func (i *Input) readFile(path string, stdin io.Reader) error {
	origin := path
	read := func() ([]byte, error) { return os.ReadFile(path) }
	if path == Stdin {
		origin = "standard input"
		read = func() ([]byte, error) { return io.ReadAll(stdin) }
	}
	content, err := read()
	if err != nil {
		return unreadableInput(origin, err)
	}
	return i.add(origin, content)
}

// manifestFiles returns the files that paths mean, each once, in kubectl's order.
func manifestFiles(sources Sources) ([]string, error) {
	var files []string
	var problems []error
	for _, path := range sources.Paths {
		found, err := expand(path, sources.Recursive)
		if err != nil {
			problems = append(problems, err)
		}
		for _, file := range found {
			if !slices.Contains(files, file) {
				files = append(files, file)
			}
		}
	}
	return files, errors.Join(problems...)
}

// extensions are those of the files in a folder that kubectl reads.
var extensions = []string{".json", ".yaml", ".yml"}

// expand returns the files that path means: itself, those in a folder, or those that a
// pattern matches.
func expand(path string, recursive bool) ([]string, error) {
	switch {
	case path == "":
		return nil, errNoPath
	case path == Stdin:
		return []string{Stdin}, nil
	case strings.HasPrefix(path, "https://") || strings.HasPrefix(path, "http://"):
		return nil, fmt.Errorf("read -f %s: nothing is read from the network here: download it first", path)
	}
	roots := []string{filepath.Clean(path)}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if matches, err := filepath.Glob(path); err == nil && len(matches) > 0 {
			roots = matches
		}
	}
	var files []string
	for _, root := range roots {
		found, err := walk(root, recursive)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	return files, nil
}

var errNoPath = errors.New("read -f: the path is empty: name a file or a folder, or - for standard input")

func walk(root string, recursive bool) (files []string, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return unreadableInput(path, err)
		case entry.IsDir() && path != root && !recursive:
			return fs.SkipDir
		case entry.IsDir():
			return nil
		case path == root || slices.Contains(extensions, filepath.Ext(path)):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// unreadableInput says what was tried on what, and the cure.
func unreadableInput(path string, err error) error {
	cure := "see that it is there and whole"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		cure = "compare the path; - is standard input"
	case errors.Is(err, fs.ErrPermission):
		cure = "change its mode, or read it as its owner"
	}
	if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
		err = cause.Err
	}
	return fmt.Errorf("read %s: %w: %s", path, err, cure)
}
