// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long one line of programs may take. The longest takes a few
// seconds; a program that asks something would wait for ever.
const patience = 2 * time.Minute

// bench is where files are made.
type bench struct {
	ctx    context.Context
	folder string
	shared map[string]*sharedFile
}

// sharedFile is made when it is first used, once.
type sharedFile struct {
	once sync.Once
	path string
	err  error
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{ctx: t.Context(), folder: t.TempDir(), shared: map[string]*sharedFile{}}
	for name := range sharedFiles() {
		b.shared[name] = &sharedFile{}
	}
	return b
}

// build takes the steps in the folder and returns the path of the finished file.
func (b *bench) build(folder string, steps []step) (string, error) {
	for i, s := range steps {
		if err := s.do(b, folder); err != nil {
			return "", fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return outcomePath(folder)
}

// path of the shared file of that name.
func (b *bench) path(name string) (string, error) {
	file, ok := b.shared[name]
	if !ok {
		return "", fmt.Errorf("there is no shared file @%s", name)
	}
	file.once.Do(func() {
		folder := filepath.Join(b.folder, name)
		if file.err = os.Mkdir(folder, 0o700); file.err != nil {
			return
		}
		if file.path, file.err = b.build(folder, sharedFiles()[name]); file.err != nil {
			file.err = fmt.Errorf("make @%s: %w", name, file.err)
		}
	})
	return file.path, file.err
}

// content of the shared file @name, or of @name/file in it.
func (b *bench) content(word string) ([]byte, error) {
	name, file, _ := strings.Cut(word[1:], "/")
	path, err := b.path(name)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(path, file))
}

// pipeline runs one line of programs, as run describes.
func (b *bench) pipeline(folder string, words []string) error {
	words, err := b.fill(folder, words)
	if err != nil {
		return err
	}
	var target string
	if n := len(words); n > 2 && words[n-2] == ">" {
		words, target = words[:n-2], filepath.Join(folder, words[n-1])
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	var commands []*exec.Cmd
	for len(words) > 0 {
		var one []string
		one, words = cutWords(words)
		command := exec.CommandContext(ctx, toolPath(one[0]), one[1:]...)
		command.Dir = folder
		command.Env = environment(folder)
		// What a program has started may go on without it, and hold its output open.
		command.WaitDelay = 5 * time.Second
		commands = append(commands, command)
	}
	return runPiped(commands, target)
}

// fill puts in paths for @name and {}.
func (b *bench) fill(folder string, words []string) ([]string, error) {
	filled := make([]string, len(words))
	for i, word := range words {
		var failed error
		filled[i] = sharedName.ReplaceAllStringFunc(word, func(name string) string {
			path, err := b.path(name[1:])
			failed = errors.Join(failed, err)
			return path
		})
		if failed != nil {
			return nil, failed
		}
		filled[i] = strings.ReplaceAll(filled[i], "{}", folder)
		if word == "''" {
			filled[i] = ""
		}
	}
	return filled, nil
}

func cutWords(words []string) (first, rest []string) {
	for i, word := range words {
		if word == "|" {
			return words[:i], words[i+1:]
		}
	}
	return words, nil
}

// environment that says nothing of who runs the test, and lets a program leave
// nothing behind.
func environment(folder string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "TMPDIR=" + folder, "LC_ALL=C.UTF-8", "TZ=UTC",
		// Other kinds are made meanwhile.
		"MAGICK_THREAD_LIMIT=1", "OMP_NUM_THREADS=1",
	}
}

// runPiped runs commands, each reading what the one before wrote. The last one's
// output goes to the target, or nowhere.
func runPiped(commands []*exec.Cmd, target string) error {
	complaints := make([]bytes.Buffer, len(commands))
	last := commands[len(commands)-1]
	if target != "" {
		file, err := os.Create(target)
		if err != nil {
			return err
		}
		defer file.Close()
		last.Stdout = file
	} else {
		// Some programs complain where others answer.
		last.Stdout = &complaints[len(commands)-1]
	}
	var ours []io.Closer
	for i, command := range commands {
		command.Stderr = &complaints[i]
		if i == 0 {
			continue
		}
		read, written, err := os.Pipe()
		if err != nil {
			return err
		}
		command.Stdin, commands[i-1].Stdout = read, written
		ours = append(ours, read, written)
	}
	var failed error
	for _, command := range commands {
		failed = errors.Join(failed, command.Start())
	}
	// Each program holds its end now; with ours open none would see the other's.
	for _, end := range ours {
		end.Close()
	}
	for i, command := range commands {
		if command.Process == nil {
			continue
		}
		if err := command.Wait(); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w: %s", strings.Join(command.Args, " "), err, complaints[i].String()))
		}
	}
	return failed
}
