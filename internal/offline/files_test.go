// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/chinaaccount/china-account-operator/internal/offline"
	"github.com/chinaaccount/china-account-operator/test/scans"
)

func TestFileIsJudgedByItsContent(t *testing.T) {
	for name, test := range map[string]struct {
		path, format, code string
	}{
		"a picture":          {write(t, "a.pdf", string(scans.Sample())), "png", ""},
		"a PDF":              {write(t, "a.png", string(scans.PDF("SAMPLE"))), "pdf", ""},
		"text":               {write(t, "a.jpg", "This is text, whatever it is called."), "", "DocumentFormatNotAccepted"},
		"nothing":            {write(t, "b.jpg", ""), "", "DocumentEmpty"},
		"too much":           {write(t, "c.pdf", "%PDF-1.7\n"+strings.Repeat("x", 10_000_000)), "pdf", "DocumentTooLarge"},
		"a file of a kernel": {"/proc/self/status", "", "DocumentFormatNotAccepted"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat(test.path); err != nil {
				t.Skip(err)
			}
			verdict, err := offline.JudgeFile(test.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if verdict.Path != test.path || string(verdict.Format) != test.format || verdict.Valid != (test.code == "") {
				t.Errorf("verdict %+v", verdict)
			}
			if test.code != "" && verdict.Findings[0].Code != test.code {
				t.Errorf("findings %v, want %s", told(verdict.Findings), test.code)
			}
		})
	}
}

func TestStandardInputIsOneFile(t *testing.T) {
	verdict, err := offline.JudgeFile(offline.Stdin, bytes.NewReader(scans.PDF("SAMPLE")))
	if err != nil || !verdict.Valid || verdict.Path != "-" || verdict.Format != "pdf" {
		t.Errorf("verdict %+v, error %v", verdict, err)
	}
}

func TestPipeIsReadNoFurtherThanItIsTooLarge(t *testing.T) {
	verdict, err := offline.JudgeFile(offline.Stdin, endless{})
	if err != nil || verdict.Valid || verdict.Findings[0].Code != "DocumentTooLarge" {
		t.Errorf("verdict %+v, error %v", verdict, err)
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	go func() { _ = os.WriteFile(pipe, scans.PDF("SAMPLE"), 0o600) }()
	if verdict, err := offline.JudgeFile(pipe, nil); err != nil || !verdict.Valid {
		t.Errorf("verdict %+v, error %v", verdict, err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte("x"), len(p))), nil }

func TestFileThatCannotBeReadSaysWhy(t *testing.T) {
	locked := write(t, "locked.pdf", "x")
	if err := os.Chmod(locked, 0); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ path, says string }{
		"absent":        {filepath.Join(t.TempDir(), "absent.pdf"), "no such file"},
		"a folder":      {t.TempDir(), "folder"},
		"not for you":   {locked, "may not be read"},
		"below no file": {locked + "/x", "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			verdict, err := offline.JudgeFile(test.path, nil)
			if err == nil && os.Geteuid() == 0 {
				t.Skip("root may read it")
			}
			if err == nil || verdict.Valid || verdict.Format != "" || verdict.Path != test.path {
				t.Fatalf("verdict %+v, error %v", verdict, err)
			}
			if f := verdict.Findings[0]; f.Code != "DocumentUnreadable" || !strings.Contains(f.Message, test.says) || strings.Contains(f.Message, test.path) {
				t.Errorf("finding %+v", f)
			}
		})
	}
}

func TestOneFileIsOpenAtATime(t *testing.T) {
	path := write(t, "a.pdf", string(scans.PDF("SAMPLE")))
	before := openFiles(t)
	for range 100 {
		if _, err := offline.JudgeFile(path, nil); err != nil {
			t.Fatal(err)
		}
	}
	if after := openFiles(t); after > before+5 {
		t.Errorf("%d files are open, %d were", after, before)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := fs.ReadDir(os.DirFS("/proc/self"), "fd")
	if err != nil {
		t.Skip(err)
	}
	return len(entries)
}
