// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package scans

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"sync"

	"golang.org/x/image/draw"
)

// Sample returns a scan, as PNG, that preflight has nothing to say of. It has two
// colours, so that it is soon decoded. Whoever changes it changes a copy.
func Sample() []byte { return bytes.Clone(sample()) }

var sample = sync.OnceValue(func() []byte {
	page := image.NewRGBA(image.Rectangle{Max: PageSize})
	draw.Draw(page, page.Bounds(), image.White, image.Point{}, draw.Src)
	write(page, "SAMPLE, drawn by a test", 90, 80, 4, 0, color.Black)
	scanned := image.NewPaletted(page.Bounds(), color.Palette{color.White, color.Black})
	draw.Draw(scanned, scanned.Bounds(), page, image.Point{}, draw.Src)
	var content bytes.Buffer
	if err := png.Encode(&content, scanned); err != nil {
		panic(err) // memory takes any picture
	}
	return content.Bytes()
})
