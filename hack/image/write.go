// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	spdxjson "github.com/spdx/tools-golang/json"
)

// write replaces what an earlier run left in the folder.
func (m made) write(folder string, out io.Writer) error {
	oci := filepath.Join(folder, "oci")
	if err := os.RemoveAll(oci); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // what is published is for everybody
		return err
	}
	if _, err := layout.Write(oci, m.index); err != nil {
		return err
	}
	for _, one := range m.platforms {
		if err := one.write(folder); err != nil {
			return err
		}
	}
	digest, err := m.index.Digest()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s %s\n", oci, digest)
	return nil
}

// write leaves an archive that `docker load` takes, and the list of what is in it.
func (b built) write(folder string) error {
	stem := filepath.Join(folder, title+"-"+b.platform.OS+"-"+b.platform.Architecture)
	tag, err := name.NewTag(title + ":dev")
	if err != nil {
		return err
	}
	if err := tarball.WriteToFile(stem+".tar", tag, b.image); err != nil {
		return err
	}
	file, err := os.Create(stem + ".spdx.json")
	if err != nil {
		return err
	}
	if err := spdxjson.Write(b.contents, file, spdxjson.Indent("  "), spdxjson.EscapeHTML(false)); err != nil {
		return err
	}
	return file.Close()
}
