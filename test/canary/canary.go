// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"unicode/utf8"
)

// Mark is a value that is found nowhere else, so that it is noticed where it does not
// belong.
type Mark struct{ Name, Value string }

// Find is where a mark was found, by name: the value itself is not repeated.
type Find struct {
	Mark, Encoding string
	// Offset of its first byte in what was searched.
	Offset  int
	Excerpt string

	length int
}

func (f Find) String() string {
	return fmt.Sprintf("%s, %s, at %d: %s", f.Mark, f.Encoding, f.Offset, f.Excerpt)
}

// shortest is the fewest bytes that a mark has: fewer are in every text.
const shortest = 4

// Checker looks for marks. It is safe for concurrent use.
type Checker struct {
	// folded are looked for in texts of bare letters and digits, exact in all others.
	folded, exact *scanner
	// Texts are searched in pieces, so that their layers fit into little memory. A piece
	// repeats the end of the one before: nothing that is searched for is longer.
	piece, overlap int
}

// New returns a checker of these marks.
func New(marks ...Mark) (*Checker, error) {
	c := &Checker{folded: newScanner(), exact: newScanner(), piece: 1 << 20, overlap: 64 << 10}
	for _, mark := range marks {
		if len(mark.Value) < shortest {
			return nil, fmt.Errorf("mark %s has less than %d bytes, which are in every text", mark.Name, shortest)
		}
		c.add(mark)
	}
	return c, nil
}

// Search returns the marks that a text holds, each once for each encoding.
func (c *Checker) Search(content []byte) []Find {
	finds := c.search(content)
	for i := range finds {
		finds[i].Excerpt = c.excerpt(content, finds[i])
	}
	return finds
}

func (c *Checker) search(content []byte) []Find {
	var pieces []*search
	var running sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for begin, end := 0, 0; begin == 0 || end < len(content); begin += c.piece - c.overlap {
		end = min(begin+c.piece, len(content))
		s, l := newSearch(c, content), &layer{bytes: content[begin:end], begin: begin}
		if begin > 0 {
			l.seams = append(l.seams, 0)
		}
		if end < len(content) {
			l.seams = append(l.seams, end-begin)
		}
		pieces = append(pieces, s)
		running.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			s.peel([]*layer{l}, 0)
		})
	}
	running.Wait()
	all := newSearch(c, content)
	for _, s := range pieces {
		for _, f := range s.finds {
			all.note(f)
		}
	}
	return all.finds
}

// maxDepth is how many layers are peeled off one another.
const maxDepth = 4

// search is one run over one text, or a piece of it.
type search struct {
	checker *Checker
	whole   []byte
	finds   []Find
	// seen holds mark and encoding of what was found, places where each mark was: outer
	// layers show again in the inner ones what they left as it was.
	seen   map[string]bool
	places map[string][]span
}

type span struct{ begin, end int }

func newSearch(c *Checker, whole []byte) *search {
	return &search{checker: c, whole: whole, seen: map[string]bool{}, places: map[string][]span{}}
}

// peel searches a layer and whatever comes out of it, the outermost first.
func (s *search) peel(layers []*layer, depth int) {
	for i, l := range layers {
		s.exactly(l)
		layers[i] = l.readable()
		s.folded(fold(layers[i]))
	}
	if depth == maxDepth {
		return
	}
	for _, l := range layers {
		s.peel(unpack(l), depth+1)
	}
}

// exactly searches a layer as it is.
func (s *search) exactly(l *layer) {
	s.checker.exact.scan(l.bytes, func(n needle, begin, end int) {
		if !n.word || isWord(l, begin, end) {
			s.found(l, n, begin, end, n.encoding)
		}
	})
}

// folded searches a layer of bare letters and digits.
func (s *search) folded(f *layer) {
	s.checker.folded.scan(f.bytes, func(n needle, begin, end int) {
		switch {
		case n.half == nil:
			s.found(f, n, begin, end, looks(f, n, begin, end))
		case s.acrossLines(f, n, begin, end):
			s.found(f, n, begin, end, n.encoding)
		}
	})
}

func (s *search) found(l *layer, n needle, begin, end int, encoding string) {
	from, last := l.offset(begin), l.offset(end-1)
	_, size := utf8.DecodeRune(s.whole[last:]) // of which a folded layer knows the beginning alone
	s.note(Find{Mark: n.mark, Encoding: l.encoding + encoding, Offset: from, length: last + size - from})
}

// note keeps a find, the first of its kind alone.
func (s *search) note(f Find) {
	kind, here := f.Mark+"\x00"+f.Encoding, span{f.Offset, f.Offset + f.length}
	overlaps := func(other span) bool { return here.begin < other.end && other.begin < here.end }
	if s.seen[kind] || slices.ContainsFunc(s.places[f.Mark], overlaps) {
		return
	}
	s.seen[kind] = true
	s.places[f.Mark] = append(s.places[f.Mark], here)
	s.finds = append(s.finds, f)
}

// excerptLength is how much of the surroundings an excerpt shows on each side.
const excerptLength = 24

// excerpt shows what stands around a find, unless a mark, or half of one, is there too.
func (c *Checker) excerpt(content []byte, f Find) string {
	end := f.Offset + f.length
	before, after := content[max(0, f.Offset-excerptLength):f.Offset], content[end:min(end+excerptLength, len(content))]
	for _, side := range []*[]byte{&before, &after} {
		if c.holdsPart(*side) {
			*side = nil
		}
	}
	return fmt.Sprintf("%q [%d bytes of %s] %q", before, f.length, f.Mark, after)
}

func (c *Checker) holdsPart(content []byte) bool {
	held := len(c.search(content)) > 0
	c.folded.scan(fold(&layer{bytes: content}).bytes, func(needle, int, int) { held = true })
	return held
}
