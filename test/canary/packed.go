// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"bytes"
	"encoding/hex"
	"regexp"
	"strconv"
)

// unpack returns all that a layer could be read as.
func unpack(l *layer) []*layer {
	var inner []*layer
	for _, peel := range []func(*layer) *layer{unescape, fromBase64, fromHex, fromNumbers, fromHexDump} {
		if out := peel(l); out != nil && len(out.bytes) > 0 {
			inner = append(inner, out)
		}
	}
	return inner
}

// take returns an empty layer for pieces of which most are encoded by chance alone.
func (l *layer) take(encoding string) *layer {
	out := l.inner(encoding)
	out.taken = true
	return out
}

// sextets are the values of base64's characters, of both alphabets; 64 for all others.
var sextets = func() (table [256]byte) {
	for i := range table {
		table[i] = 64
	}
	for i, r := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" {
		table[r] = byte(i)
	}
	table['-'], table['_'] = table['+'], table['/']
	return table
}()

// fromBase64 decodes all that could be base64, at each of the four places where its
// groups could begin, so that it does not matter what stands before. Line breaks are
// no part of it.
//
//go:norace
func fromBase64(l *layer) *layer {
	const fewest = (longEnough*8 + 5) / 6 // characters
	out := l.take("base64, ").reserve(2 * len(l.bytes))
	var run []int32
	for i := 0; i <= len(l.bytes); i++ {
		if i < len(l.bytes) && sextets[l.bytes[i]] < 64 {
			run = append(run, int32(i))
			continue
		}
		if next := afterLineBreak(l.bytes, i); next > i {
			i = next - 1
			continue
		}
		if len(run) >= fewest {
			for start := range 4 {
				out.addBase64(run[min(start, len(run)):])
			}
		}
		run = run[:0]
	}
	return out
}

// afterLineBreak skips a line break and the next line's indentation.
func afterLineBreak(content []byte, i int) int {
	if i >= len(content) || content[i] != '\n' && content[i] != '\r' {
		return i
	}
	for i < len(content) && bytes.IndexByte([]byte("\r\n\t "), content[i]) >= 0 {
		i++
	}
	return i
}

//go:norace
func (l *layer) addBase64(run []int32) {
	var group, bits uint32
	for _, i := range run {
		group, bits = group<<6|uint32(sextets[l.outer.bytes[i]]), bits+6
		if bits >= 8 {
			bits -= 8
			l.bytes = append(l.bytes, byte(group>>bits))
			l.from = append(l.from, i)
		}
	}
	if len(run) > 0 {
		l.add(int(run[len(run)-1]), '\n')
	}
}

// fromHex decodes all that could be hexadecimal, whatever sets its digits apart.
//
//go:norace
func fromHex(l *layer) *layer {
	f := fold(l)
	out := f.take("hexadecimal, ")
	begin := 0
	for i := 0; i <= len(f.bytes); i++ {
		if i < len(f.bytes) && isHex(f.bytes[i]) {
			continue
		}
		if i-begin >= 2*longEnough {
			out.addHex(begin, i)
			out.addHex(begin+1, i)
		}
		begin = i + 1
	}
	return out
}

func isHex(b byte) bool { return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' }

//go:norace
func (l *layer) addHex(begin, end int) {
	for ; begin+1 < end; begin += 2 {
		var b [1]byte
		if _, err := hex.Decode(b[:], l.outer.bytes[begin:begin+2]); err == nil {
			l.add(begin, b[0])
		}
	}
	l.add(begin-1, '\n')
}

// fewestNumbers in a row are taken for bytes.
const fewestNumbers = 4

// fromNumbers reads rows of numbers as bytes, as Go prints them: [49 49], {0x31, 0x31}.
//
//go:norace
func fromNumbers(l *layer) *layer {
	out := l.inner("bytes in numbers, ")
	var row []byte
	var from []int32
	flush := func() {
		if len(row) >= fewestNumbers {
			out.bytes, out.from = append(append(out.bytes, row...), '\n'), append(append(out.from, from...), from[len(from)-1])
		}
		row, from = row[:0], from[:0]
	}
	for i := 0; i < len(l.bytes); {
		value, length := byteNumber(l.bytes[i:])
		if length == 0 {
			flush()
			i++
			continue
		}
		row, from = append(row, value), append(from, int32(i))
		i += length
		if i < len(l.bytes) && !isBetween(l.bytes[i]) {
			flush()
		}
		for i < len(l.bytes) && isBetween(l.bytes[i]) {
			i++
		}
	}
	flush()
	return out
}

// byteNumber reads a number from 0 to 255 in decimal or, with 0x, in hexadecimal.
//
//go:norace
func byteNumber(rest []byte) (value byte, length int) {
	if rest[0] < '0' || rest[0] > '9' {
		return 0, 0
	}
	base, prefix := 10, 0
	if len(rest) > 2 && rest[0] == '0' && (rest[1] == 'x' || rest[1] == 'X') {
		base, prefix = 16, 2
	}
	length = prefix
	for length < len(rest) && length < prefix+3 && (rest[length] >= '0' && rest[length] <= '9' || base == 16 && isHex(rest[length]|0x20)) {
		length++
	}
	parsed, err := strconv.ParseUint(string(rest[prefix:length]), base, 8)
	if err != nil {
		return 0, 0
	}
	return byte(parsed), length
}

// isBetween says that it may stand between two numbers.
func isBetween(b byte) bool { return b == ' ' || b == ',' || b == '\n' || b == '\t' || b == '\r' }

// dumped is a line of a hex dump, as client-go logs a body.
var dumped = regexp.MustCompile(`[0-9a-f]{8} {1,2}((?:[0-9a-f]{2} {1,2}){1,16}) *\|`)

func fromHexDump(l *layer) *layer {
	if !bytes.Contains(l.bytes, []byte("  |")) {
		return nil
	}
	out := l.inner("hex dump, ")
	for _, place := range dumped.FindAllSubmatchIndex(l.bytes, -1) {
		for i := place[2]; i+1 < place[3]; i++ {
			var b [1]byte
			if _, err := hex.Decode(b[:], l.bytes[i:i+2]); err == nil {
				out.add(i, b[0])
				i++
			}
		}
	}
	return out
}
