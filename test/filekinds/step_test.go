// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// step is one thing done in a kind's own folder.
type step struct {
	// tools are the programs it runs.
	tools []string
	// uses are the shared files it reads.
	uses []string
	do   func(b *bench, folder string) error
}

var sharedName = regexp.MustCompile(`@[a-z0-9-]+`)

// run runs programs, without a shell. Words between spaces are arguments, a pair of
// single quotes is an empty one, | joins two programs, and > FILE ends the line. @name
// is a shared file, and {} the folder.
func run(line string) step {
	words := strings.Fields(line)
	s := step{do: func(b *bench, folder string) error { return b.pipeline(folder, words) }}
	for i, word := range words {
		if i == 0 || words[i-1] == "|" {
			s.tools = append(s.tools, word)
		}
		for _, name := range sharedName.FindAllString(word, -1) {
			s.uses = append(s.uses, name[1:])
		}
	}
	return s
}

// write writes a file by hand.
func write(name, text string) step {
	return step{do: func(_ *bench, folder string) error {
		return os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600)
	}}
}

// join writes the shared files (@name, or @name/file where it is a folder) and the
// texts, one behind the other, as out.
func join(parts ...string) step {
	s := step{}
	for _, part := range parts {
		if strings.HasPrefix(part, "@") {
			s.uses = append(s.uses, sharedName.FindString(part)[1:])
		}
	}
	s.do = func(b *bench, folder string) error {
		var whole bytes.Buffer
		for _, part := range parts {
			if !strings.HasPrefix(part, "@") {
				whole.WriteString(part)
				continue
			}
			content, err := b.content(part)
			if err != nil {
				return err
			}
			whole.Write(content)
		}
		return os.WriteFile(filepath.Join(folder, "out"), whole.Bytes(), 0o600)
	}
	return s
}

// named gives the finished file another name.
func named(name string) step {
	return step{do: func(_ *bench, folder string) error {
		path, err := outcomePath(folder)
		if err != nil {
			return err
		}
		return os.Rename(path, filepath.Join(folder, name))
	}}
}

// taken has a file of that name be the finished one.
func taken(name, as string) step {
	return step{do: func(_ *bench, folder string) error {
		return os.Rename(filepath.Join(folder, name), filepath.Join(folder, as))
	}}
}

// edit alters the finished file.
func edit(change func([]byte) []byte) step {
	return step{do: func(_ *bench, folder string) error {
		path, content, err := outcome(folder)
		if err != nil {
			return err
		}
		return os.WriteFile(path, change(content), 0o600)
	}}
}

// proof looks whether the finished file is what its kind says. A program that no
// longer makes it so would else leave a row that tells of another file.
func proof(look func([]byte) error) step {
	return step{do: func(_ *bench, folder string) error {
		_, content, err := outcome(folder)
		if err != nil {
			return err
		}
		return look(content)
	}}
}

// outcome is the file named out, of whatever suffix.
func outcome(folder string) (path string, content []byte, err error) {
	path, err = outcomePath(folder)
	if err != nil {
		return "", nil, err
	}
	content, err = os.ReadFile(path)
	return path, content, err
}

func outcomePath(folder string) (string, error) {
	plain := filepath.Join(folder, "out")
	if _, err := os.Stat(plain); err == nil {
		return plain, nil
	}
	found, err := filepath.Glob(plain + ".*")
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", errors.New("no step left a file named out")
	case len(found) > 1:
		return "", fmt.Errorf("there is more than one file named out: %q", found)
	}
	return found[0], nil
}
