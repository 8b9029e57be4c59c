// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package page_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/dossier/page"
	sample "github.com/chinaaccount/china-account-operator/test/page"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// namesIn are the names in a folder, hidden ones too.
func namesIn(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// writers are the two ways to write a filing.
var writers = map[string]func(string, page.Filing) error{"folder": page.WriteFolder, "zip": page.WriteZip}

func TestAFolderHasThePageAndTheScansAsTheFormWantsThem(t *testing.T) {
	filing := sample.Filing(t)
	folder := written(t, filing)
	want := []string{"1-business-certificate-1.pdf", "2-identification-1.jpg", "2-identification-2.jpg", "index.html"}
	if diff := cmp.Diff(want, namesIn(t, folder)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for i, document := range filing.Dossier.Documents {
		if !bytes.Equal(readFile(t, folder, want[i]), slices.Concat(document.Parts...)) {
			t.Errorf("%s is not the document, byte for byte", want[i])
		}
	}
}

func TestWhatIsWrittenIsItsOwnersAlone(t *testing.T) {
	folder := written(t, sample.Filing(t))
	modeOf := func(path string) fs.FileMode {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode()
	}
	if mode := modeOf(folder); mode != fs.ModeDir|0o700 {
		t.Errorf("the folder has mode %s", mode)
	}
	for _, name := range namesIn(t, folder) {
		if mode := modeOf(filepath.Join(folder, name)); mode != 0o600 {
			t.Errorf("%s has mode %s", name, mode)
		}
	}
	archive := filepath.Join(t.TempDir(), "dossier.zip")
	if err := page.WriteZip(archive, sample.Filing(t)); err != nil {
		t.Fatal(err)
	}
	if mode := modeOf(archive); mode != 0o600 {
		t.Errorf("the archive has mode %s", mode)
	}
}

func TestAZipHasWhatTheFolderHas(t *testing.T) {
	filing := sample.Filing(t)
	folder, path := written(t, filing), filepath.Join(t.TempDir(), "dossier.zip")
	if err := page.WriteZip(path, filing); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var names []string
	for _, file := range archive.File {
		names = append(names, file.Name)
		opened, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(opened)
		if err != nil || !bytes.Equal(content, readFile(t, folder, file.Name)) {
			t.Errorf("%s is not the folder's: %v", file.Name, err)
		}
		if file.Mode() != 0o600 {
			t.Errorf("%s has mode %s", file.Name, file.Mode())
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff(namesIn(t, folder), names); diff != "" {
		t.Errorf("files (-folder +zip):\n%s", diff)
	}
	if names := namesIn(t, filepath.Dir(path)); len(names) != 1 {
		t.Errorf("beside the archive is left: %s", names)
	}
}

func TestALargeScanOfManySecretsIsWrittenByteForByte(t *testing.T) {
	const size, part = 9_900_000, 1_000_000
	content := make([]byte, size)
	noise := rand.NewChaCha8([32]byte{})
	_, _ = noise.Read(content)
	copy(content, "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	filing := sample.Filing(t)
	filing.Dossier.Documents[0].Parts = slices.Collect(slices.Chunk(content, part))
	folder := written(t, filing)
	if !bytes.Equal(readFile(t, folder, "1-business-certificate-1.png"), content) {
		t.Error("it is not, or not whole")
	}
	if words, _ := fieldOf(t, parsed(t, filing), "spec.dossier.documents.businessCertificate.files"); !strings.Contains(words, "PNG, 9.9 MB") {
		t.Errorf("the page says %q", words)
	}
	if index := readFile(t, folder, "index.html"); len(index) > 100_000 {
		t.Errorf("the page has %d bytes: the scans should be beside it", len(index))
	}
}

func TestNothingThatExistsIsWrittenOver(t *testing.T) {
	for writes, write := range writers {
		for what, place := range map[string]func(string) error{
			"a file":                 func(path string) error { return os.WriteFile(path, []byte("kept"), 0o600) },
			"an empty folder":        func(path string) error { return os.Mkdir(path, 0o750) },
			"a link to nowhere":      func(path string) error { return os.Symlink("nowhere", path) },
			"a folder and its files": func(path string) error { return page.WriteFolder(path, sample.Filing(t)) },
		} {
			t.Run(writes+" over "+what, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "dossier")
				if err := place(path); err != nil {
					t.Fatal(err)
				}
				before, err := os.Lstat(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := write(path, sample.Filing(t)); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), "name one that does not") {
					t.Errorf("got %v", err)
				}
				after, err := os.Lstat(path)
				if err != nil || !os.SameFile(before, after) || !after.ModTime().Equal(before.ModTime()) {
					t.Errorf("it is another now: %v", err)
				}
				if names := namesIn(t, filepath.Dir(path)); len(names) != 1 {
					t.Errorf("left: %s", names)
				}
			})
		}
	}
}

func TestWhatCannotBeWrittenLeavesNothingAndSaysWhyWithoutAValue(t *testing.T) {
	for want, spoil := range map[string]func(*page.Filing){
		"there is no dossier": func(f *page.Filing) { f.Dossier = nil },
		"is not whole, 1 Secrets or keys": func(f *page.Filing) {
			f.Dossier.Missing = []dossier.Missing{{Path: "spec.dossier.documents.identification.files[0].parts[0]"}}
		},
		"identification.files[1]: it is none of jpg, png, bmp and pdf": func(f *page.Filing) {
			f.Dossier.Documents[2].Parts = [][]byte{[]byte("GIF89a secret")}
		},
		"the form has no place for it": func(f *page.Filing) { f.Dossier.Documents[0].Role = dossier.RoleSupplementary },
		"show spec.dossier.contact.name: it holds a character that no web page carries": func(f *page.Filing) {
			f.Dossier.Spec.Contact.Name = "secret\r"
		},
		"show spec.dossier.securityAdministrator.identification.numberFrom": func(f *page.Filing) { f.Dossier.IDNumber = "secret\xff" },
		"show spec.dossier.company.address.street":                          func(f *page.Filing) { f.Dossier.Spec.Company.Address.Street = "secret\x00" },
	} {
		for writes, write := range writers {
			t.Run(writes+": "+want, func(t *testing.T) {
				filing, folder := sample.Filing(t), t.TempDir()
				spoil(&filing)
				err := write(filepath.Join(folder, "dossier"), filing)
				if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "attempt 1 of team-a/acme") || strings.Contains(err.Error(), "secret") {
					t.Errorf("got %v", err)
				}
				if names := namesIn(t, folder); len(names) != 0 {
					t.Errorf("left: %s", names)
				}
			})
		}
	}
}

func TestAPlaceThatIsNotThereIsAnError(t *testing.T) {
	for writes, write := range writers {
		if err := write(filepath.Join(t.TempDir(), "nowhere", "dossier"), sample.Filing(t)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: got %v", writes, err)
		}
	}
	path := filepath.Join(t.TempDir(), "dossier") + string(filepath.Separator)
	if err := page.WriteFolder(path, sample.Filing(t)); err != nil {
		t.Errorf("a folder named with a slash: %v", err)
	}
}
