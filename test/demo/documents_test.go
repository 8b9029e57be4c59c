// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"image"
	"slices"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/chinaaccount/china-account-operator/internal/preflight/document"
)

// secretLimit is what a Secret may hold, in bytes, all keys together.
const secretLimit = 1 << 20

func TestTheSamplesAreScansThatARegistrarWouldTake(t *testing.T) {
	g := NewWithT(t)
	drawn, err := drawDocuments()
	g.Expect(err).NotTo(HaveOccurred())
	large := slices.Concat(drawn.largeParts...)
	for name, content := range map[string][]byte{
		"front": drawn.identity["front.png"], "back": drawn.identity["back.png"],
		"license": drawn.certificates["license.png"], "a sharper license": drawn.sharper, "a large license": large,
	} {
		g.Expect(document.Inspect(bytes.NewReader(content)).Problems).To(BeEmpty(), name)
		picture, _, err := image.DecodeConfig(bytes.NewReader(content))
		g.Expect(err).NotTo(HaveOccurred(), name)
		g.Expect(min(picture.Width, picture.Height)).To(BeNumerically(">=", 800), "pixels of %s", name)
	}
	for name, content := range map[string][]byte{"license": drawn.certificates["license.pdf"], "letter": drawn.letter} {
		result := document.Inspect(bytes.NewReader(content))
		g.Expect(result).To(Equal(document.Result{Format: document.FormatPDF}), name)
	}
}

func TestASampleIsTooLargeForOneSecretAndItsPartsAreNot(t *testing.T) {
	g := NewWithT(t)
	drawn, err := drawDocuments()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(len(slices.Concat(drawn.largeParts...))).To(BeNumerically(">", secretLimit))
	for _, part := range drawn.largeParts {
		g.Expect(len(part)).To(BeNumerically("<", secretLimit))
	}
}
