// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// writeBomb writes a PDF of a page whose content is packed twice. It lacks the
// cross-reference table, which qpdf adds.
func writeBomb(_ *bench, folder string) error {
	var once, twice bytes.Buffer
	for _, layer := range []struct {
		from io.Reader
		to   *bytes.Buffer
	}{{io.LimitReader(spaces{}, 512<<20), &once}, {&once, &twice}} {
		packer := zlib.NewWriter(layer.to)
		if _, err := io.Copy(packer, layer.from); err != nil {
			return err
		}
		if err := packer.Close(); err != nil {
			return err
		}
	}
	text := fmt.Sprintf(`%%PDF-1.7
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>> endobj
4 0 obj <</Length %d/Filter[/FlateDecode/FlateDecode]>> stream
%s
endstream endobj
trailer <</Root 1 0 R/Size 5>>
`, twice.Len(), twice.String())
	return os.WriteFile(filepath.Join(folder, "bomb.pdf"), []byte(text), 0o600)
}

type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
