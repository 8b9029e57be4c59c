// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestAHostileBeginningIsJudgedInNoTime gives the magic numbers of the formats that
// the library parses deepest, followed by what loops if anything does.
func TestAHostileBeginningIsJudgedInNoTime(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 1<<20)
	for i := range noise {
		noise[i] = byte(random.IntN(4))
	}
	for _, magic := range []string{
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "PK\x03\x04", "OggS", "\x1aE\xdf\xa3", "\x00\x00\x00\x08ftyp", "{\"a\":[", "<?xml ",
		"\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "\xff\xd8\xff\xff", "BM", "%PDF-1.7\n",
	} {
		for _, tail := range [][]byte{noise, make([]byte, 1<<20), bytes.Repeat([]byte(magic), 1<<17)} {
			cost := measure(func() { inspect(joined([]byte(magic), tail)) })
			// It takes less than a millisecond; only a hang takes seconds.
			if cost.took > 2*time.Second {
				t.Errorf("%q took %v", magic, cost.took)
			}
		}
	}
}

// cost of something: how long processors worked on it, which what else runs on the
// machine does not change, and by how much the heap grew meanwhile.
type cost struct {
	took   time.Duration
	memory uint64
}

// measure runs f, and looks at the heap all the time.
func measure(f func()) cost {
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	var peak atomic.Uint64
	done := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for ticker := time.NewTicker(2 * time.Millisecond); ; {
			select {
			case <-done:
				ticker.Stop()
				return
			case <-ticker.C:
				runtime.ReadMemStats(&now)
				peak.Store(max(peak.Load(), now.HeapInuse))
			}
		}
	}()
	start := worked()
	f()
	took := worked() - start
	close(done)
	<-stopped
	return cost{took, max(peak.Load(), before.HeapInuse) - before.HeapInuse}
}

// worked is how long processors worked for this process.
func worked() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// maxPatience for a bomb: 2 s, and what the race detector slows it down by.
func maxPatience() time.Duration {
	if raceDetector {
		return 20 * time.Second
	}
	return 2 * time.Second
}

func TestABombIsRefusedInLittleTimeAndMemory(t *testing.T) {
	skipWithRaceDetector(t)
	for name, bomb := range bombs() {
		t.Run(name, func(t *testing.T) {
			if len(bomb) >= MaxSize {
				t.Fatalf("the bomb has %d bytes, and is refused for its size", len(bomb))
			}
			var got Result
			cost := measure(func() { got = inspect(bomb) })
			t.Logf("%d bytes: %v in %v with %d MiB", len(bomb), got.Problems, cost.took, cost.memory>>20)
			switch {
			case len(got.Problems) == 0:
				t.Error("it is accepted")
			case cost.took > maxPatience():
				t.Errorf("it took %v", cost.took)
			case cost.memory > 128<<20:
				t.Errorf("it took %d MiB", cost.memory>>20)
			}
		})
	}
}

// bombs are small files that are much where they are opened.
func bombs() map[string][]byte {
	size := func(width, height int) string {
		return string([]byte{byte(width >> 24), byte(width >> 16), byte(width >> 8), byte(width), byte(height >> 24), byte(height >> 16), byte(height >> 8), byte(height)})
	}
	pngOf := func(header, pixels string, before ...[]byte) []byte {
		content := joined([]byte(pngSignature), pngChunk("IHDR", header))
		for _, chunk := range before {
			content = append(content, chunk...)
		}
		return joined(content, pngChunk("IDAT", pixels), pngChunk("IEND", ""))
	}
	// The largest that is decoded at all: 16 bits a sample, four samples a pixel.
	largest := deflated(7_745 * (1 + 8*7_745))
	scans := bytes.Repeat([]byte("\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00\x00"), 600_000)
	return map[string][]byte{
		"a PNG of 900 megapixels":                   pngOf(size(30_000, 30_000)+"\x08\x06\x00\x00\x00", deflated(30_000*100)),
		"a PNG of 60 megapixels, 8 bytes each":      pngOf(size(7_745, 7_745)+"\x10\x06\x00\x00\x00", largest),
		"a PNG whose row is 480 megabytes":          pngOf(size(60_000_000, 1)+"\x10\x06\x00\x00\x00", deflated(1<<20)),
		"a PNG with a profile that unpacks to much": pngOf(size(800, 800)+"\x08\x00\x00\x00\x00", deflated(800*801), pngChunk("iCCP", "p\x00\x00"+deflated(1<<28))),
		"a JPEG of 4 gigapixels":                    headers(0xffff, 0xffff)["jpeg"],
		"a JPEG of 60 megapixels and no data":       headers(7_745, 7_745)["jpeg"],
		"a JPEG with 600,000 scans": joined([]byte("\xff\xd8\xff\xc2\x00\x0b\x08\x1e\x41\x1e\x41\x01\x01\x11\x00"),
			scans, []byte("\xff\xd9")),
		"a bitmap of 900 megapixels": headers(30_000, 30_000)["bmp"],
	}
}

func TestTheLargestBitmapTakesAByteAPixel(t *testing.T) {
	var got Result
	cost := measure(func() { got = inspect(headers(7_745, 7_745)["bmp"]) })
	if len(got.Problems) > 0 || cost.took > maxPatience() || cost.memory > 128<<20 {
		t.Errorf("%v in %v with %d MiB", got.Problems, cost.took, cost.memory>>20)
	}
}
