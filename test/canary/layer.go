// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// layer is a text, or what it reads as once something is peeled off.
type layer struct {
	bytes []byte
	// begin is where it begins in what is searched, if nothing is peeled off; else from
	// is where each byte began in the outer layer.
	begin int
	from  []int32
	outer *layer
	// seams are where something of the text is left out.
	seams []int
	// encoding is how it is packed into what is searched, from the inside out.
	encoding string
	// taken are pieces out of their surroundings, one a line, most of them by chance.
	taken bool
	// folded is made when it is first asked for.
	folded *layer
}

// offset is where a byte began in what is searched.
//
//go:norace
func (l *layer) offset(i int) int {
	for ; l.outer != nil; l = l.outer {
		i = int(l.from[i])
	}
	return l.begin + i
}

// inner returns an empty layer that is to be filled from this one.
func (l *layer) inner(encoding string) *layer {
	return &layer{outer: l, encoding: encoding + l.encoding, taken: l.taken}
}

// add adds bytes that stand in the outer layer from i on.
//
//go:norace
func (l *layer) add(i int, content ...byte) {
	for _, b := range content {
		l.bytes = append(l.bytes, b)
		l.from = append(l.from, int32(i))
	}
}

// copy adds bytes of the outer layer as they are.
//
//go:norace
func (l *layer) copy(begin, end int) {
	l.bytes = append(l.bytes, l.outer.bytes[begin:end]...)
	for i := begin; i < end; i++ {
		l.from = append(l.from, int32(i))
	}
}

// readable returns what a person, or another decoder, could read of pieces: the rest
// was decoded by chance.
//
//go:norace
func (l *layer) readable() *layer {
	if !l.taken {
		return l
	}
	out, begin := l.inner(""), 0
	for i := 0; i <= len(l.bytes); {
		if size := visible(l.bytes[i:]); size > 0 {
			i += size
			continue
		}
		if i-begin >= longEnough {
			out.copy(begin, min(i+1, len(l.bytes)))
		}
		i++
		begin = i
	}
	return out
}

// visible is how many bytes the first character has, 0 if it is none that is seen.
//
//go:norace
func visible(rest []byte) int {
	if len(rest) == 0 {
		return 0
	}
	if b := rest[0]; b < utf8.RuneSelf {
		if b >= ' ' && b <= '~' || b == '\t' || b == '\r' {
			return 1
		}
		return 0
	}
	r, size := utf8.DecodeRune(rest)
	if r == utf8.RuneError {
		return 0
	}
	return size
}

// reserve makes room for so many bytes in an empty layer.
func (l *layer) reserve(length int) *layer {
	l.bytes, l.from = make([]byte, 0, length), make([]int32, 0, length)
	return l
}

// bare is what ASCII is folded to: letters and digits, in lower case.
var bare = func() (table [utf8.RuneSelf]byte) {
	for b := range byte(utf8.RuneSelf) {
		if r := rune(b); unicode.IsLetter(r) || unicode.IsDigit(r) {
			table[b] = byte(unicode.ToLower(r))
		}
	}
	return table
}()

// fold returns a layer's letters and digits, without case, width, accents and whatever
// sets them apart.
//
//go:norace
func fold(l *layer) *layer {
	if l.folded != nil {
		return l.folded
	}
	f := l.inner("").reserve(len(l.bytes))
	l.folded = f
	for i := 0; i < len(l.bytes); {
		if b := l.bytes[i]; b < utf8.RuneSelf {
			if bare[b] != 0 {
				f.bytes = append(f.bytes, bare[b])
				f.from = append(f.from, int32(i))
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(l.bytes[i:])
		if r >= '一' && r <= '鿿' {
			f.add(i, l.bytes[i:i+size]...)
		} else if r != utf8.RuneError {
			f.add(i, foldRune(r)...)
		}
		i += size
	}
	return f
}

func foldRune(r rune) []byte {
	var folded []byte
	for _, part := range norm.NFKD.String(string(r)) {
		if unicode.IsLetter(part) || unicode.IsNumber(part) {
			folded = utf8.AppendRune(folded, unicode.ToLower(part))
		}
	}
	return folded
}

func foldString(s string) string {
	return string(fold(&layer{bytes: []byte(s)}).bytes)
}

// looks says how a folded find looks before it is folded.
func looks(f *layer, n needle, begin, end int) string {
	if n.encoding != "" {
		return n.encoding
	}
	l := f.outer
	first, last := f.from[begin], f.from[end-1]
	_, size := utf8.DecodeRune(l.bytes[last:])
	seen := string(l.bytes[first : int(last)+size])
	// What sets a mark apart is cut off at its ends.
	wanted := strings.TrimFunc(n.value, func(r rune) bool { return len(foldRune(r)) == 0 })
	switch {
	case seen == wanted:
		return "as it is"
	case strings.EqualFold(seen, wanted):
		return "in another case"
	case strings.EqualFold(norm.NFKC.String(seen), norm.NFKC.String(wanted)):
		return "in another form of Unicode"
	}
	return "set apart"
}
