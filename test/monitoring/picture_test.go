// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"bytes"
	"context"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	. "github.com/onsi/gomega"
)

// maxPicture keeps the repository small.
const maxPicture = 300 << 10 // bytes

func (w *world) answered(t *testing.T) *Answered {
	t.Helper()
	answered, err := Ask(t.Context(), w.Prometheus, readDashboard(t), Everything(), w.began, time.Now())
	w.Expect(err).NotTo(HaveOccurred())
	return answered
}

func TestThePictureHasEveryPanelWithItsData(t *testing.T) {
	w := livedWorld(t)
	answered := w.answered(t)
	page, height := answered.Page()
	w.Expect(height).To(BeNumerically(">", 2000))
	w.Expect(page).NotTo(ContainSubstring("No data"))
	w.Expect(page).NotTo(ContainSubstring("{{"), "each series has the labels that its legend names")
	for _, panel := range answered.Panels {
		w.Expect(page).To(ContainSubstring(">" + panel.Title + "<"))
	}
	empty := &Answered{Dashboard: answered.Dashboard, From: answered.From, To: answered.To}
	page, _ = empty.Page()
	w.Expect(strings.Count(page, "No data")).To(BeNumerically(">", 20), "it would be seen")
}

func TestPictureOfTheDashboard(t *testing.T) {
	if !*update {
		t.Skip("-update draws it")
	}
	w := livedWorld(t)
	page, height := w.answered(t).Page()
	seen := smaller(t, screenshot(t, page, height))
	w.Expect(len(seen)).To(BeNumerically("<", maxPicture))
	w.Expect(os.WriteFile(inProject(t, "docs", "dashboard.png"), seen, 0o644)).To(Succeed())
}

// smaller is the same picture, packed better than a browser has the time for.
func smaller(t *testing.T, picture []byte) []byte {
	t.Helper()
	decoded, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&packed, decoded); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func screenshot(t *testing.T, page string, height int) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "dashboard.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(need(t, "chromium", "hack/chromium.sh")), chromedp.DisableGPU, chromedp.WSURLReadTimeout(patience))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium has no sandbox for root
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	ctx, closeTab := chromedp.NewContext(allocator)
	defer closeTab()
	address := url.URL{Scheme: "file", Path: file}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(pageWidth+gap, int64(height)), chromedp.Navigate(address.String())); err != nil {
		t.Fatal(err)
	}
	seen, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	return seen
}
