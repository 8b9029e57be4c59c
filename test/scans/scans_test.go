// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package scans

import (
	"bytes"
	"strconv"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

func TestThePlacesOfAPDFsObjectsAreWhereItsTableSays(t *testing.T) {
	g := NewWithT(t)
	content := PDF("Title")
	table := bytes.LastIndex(content, []byte("\nxref\n")) + 1
	g.Expect(string(content)).To(HaveSuffix("startxref\n" + strconv.Itoa(table) + "\n%%EOF\n"))
	entries := bytes.Split(content[table:], []byte("\n"))[3:]
	for i := range 5 {
		offset, err := strconv.Atoi(string(entries[i][:10]))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(string(content[offset:])).To(HavePrefix(strconv.Itoa(i+1) + " 0 obj\n"))
	}
}

func TestPreflightHasNothingToSayOfASample(t *testing.T) {
	g := NewWithT(t)
	for name, content := range map[string][]byte{"a scan": Sample(), "a PDF": PDF("Title")} {
		_, findings := preflight.CheckFile(preflight.Document{Content: bytes.NewReader(content)})
		g.Expect(findings).To(BeEmpty(), name)
	}
}
