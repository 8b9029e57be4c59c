// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"testing"
	"time"
)

// BenchmarkDossier judges a whole dossier, whose certificate and ID are A4 scans of 1 MB,
// beside the decoding of the same two scans in the same run. It fails where preflight
// takes more than one and a half times as long, and 20 ms.
func BenchmarkDossier(b *testing.B) {
	for name, encode := range map[string]func(io.Writer, image.Image) error{
		"jpeg": func(w io.Writer, picture image.Image) error {
			return jpeg.Encode(w, picture, &jpeg.Options{Quality: 90})
		},
		"png": png.Encode,
	} {
		b.Run(name, func(b *testing.B) { benchmarkDossier(b, encode) })
	}
}

func benchmarkDossier(b *testing.B, encode func(io.Writer, image.Image) error) {
	scan := scanOfAMegabyte(b, encode)
	m := goodMaterial()
	m.Documents = []Document{{Path: certificateFile, Content: bytes.NewReader(scan)}, {Path: frontFile, Content: bytes.NewReader(scan)}}
	m.Unread = []string{backFile}
	if findings := Check(m, now); len(findings) > 0 {
		b.Fatalf("the dossier is not good: %v", codesAndPaths(findings))
	}
	var judging, decoding time.Duration
	for b.Loop() {
		start := time.Now()
		Check(m, now)
		judged := time.Now()
		for range 2 {
			if _, _, err := image.Decode(bytes.NewReader(scan)); err != nil {
				b.Fatal(err)
			}
		}
		judging, decoding = judging+judged.Sub(start), decoding+time.Since(judged)
	}
	ratio := judging.Seconds() / decoding.Seconds()
	b.ReportMetric(float64(len(scan))/1e6, "MB/scan")
	b.ReportMetric(judging.Seconds()/float64(b.N)*1e3, "judging-ms")
	b.ReportMetric(decoding.Seconds()/float64(b.N)*1e3, "decoding-ms")
	b.ReportMetric(ratio, "ratio")
	if limit := decoding*3/2 + 20*time.Millisecond*time.Duration(b.N); judging > limit {
		b.Errorf("judging takes %.2f times as long as decoding", ratio)
	}
}

// scanOfAMegabyte is an A4 page at 200 dots per inch, as noisy as it takes.
func scanOfAMegabyte(b *testing.B, encode func(io.Writer, image.Image) error) []byte {
	b.Helper()
	for grain := 2; grain < 200; grain += 2 {
		noise := rand.New(rand.NewPCG(1, 2))
		picture := image.NewRGBA(image.Rect(0, 0, 1654, 2339))
		for y := range 2339 {
			for x := range 1654 {
				ink := uint8(255 - noise.IntN(grain)*(x/200%2))
				if (x/8+y/12)%7 == 0 && y%24 < 12 {
					ink /= 4
				}
				picture.SetRGBA(x, y, color.RGBA{R: ink, G: ink, B: ink, A: 255})
			}
		}
		var encoded bytes.Buffer
		if err := encode(&encoded, picture); err != nil {
			b.Fatal(err)
		}
		if encoded.Len() >= 1_000_000 {
			return encoded.Bytes()
		}
	}
	b.Fatal("no scan has a megabyte")
	return nil
}
