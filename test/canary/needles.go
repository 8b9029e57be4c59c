// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"crypto"
	_ "crypto/md5"    // digests
	_ "crypto/sha1"   // digests
	_ "crypto/sha256" // digests
	_ "crypto/sha512" // digests
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

const (
	// longEnough is the fewest bytes of letters and digits that do not stand somewhere
	// by chance.
	longEnough = 8
	// halfEnough is the same of a half, whose other half is in the line beside it.
	halfEnough = 5
)

// add prepares all that a mark is looked for as.
func (c *Checker) add(mark Mark) {
	folded := foldString(mark.Value)
	n := needle{mark: mark.Name, value: mark.Value}
	c.addDigests(n)
	if len(folded) < longEnough {
		c.addWord(n)
		return
	}
	c.addFolded(n, folded)
	for name, code := range charsets {
		for _, spelling := range spellings(mark.Value) {
			if encoded, err := code.NewEncoder().String(spelling); err == nil && encoded != spelling {
				c.exact.add(n.as(name, encoded))
			}
		}
	}
}

// charsets are those, besides UTF-8, that Chinese and wide text comes in.
var charsets = map[string]encoding.Encoding{
	"GB18030 or GBK": simplifiedchinese.GB18030,
	"UTF-16LE":       unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"UTF-16BE":       unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
}

func (n needle) as(encoding, content string) needle {
	n.encoding, n.content = encoding, []byte(content)
	return n
}

// addFolded looks for letters and digits, forwards and backwards, and for halves.
func (c *Checker) addFolded(n needle, folded string) {
	c.folded.add(n.as("", folded))
	runes := []rune(folded)
	slices.Reverse(runes)
	if backwards := string(runes); backwards != folded {
		c.folded.add(n.as("reversed", backwards))
	}
	middle := len(folded) / 2
	for !utf8.RuneStart(folded[middle]) {
		middle--
	}
	if middle < halfEnough {
		return
	}
	first := n.as("split across two lines", folded[:middle])
	first.half = []byte(folded)
	second := n.as("split across two lines", folded[middle:])
	second.half, second.second = first.half, true
	c.folded.add(first)
	c.folded.add(second)
}

// addWord looks for a short mark as it is, and for what encodes it and nothing else.
func (c *Checker) addWord(n needle) {
	n.word = true
	c.exact.add(n.as("as it is", n.value))
	for _, content := range []string{n.value, n.value + "\n"} {
		b := []byte(content)
		c.exact.add(n.as("base64", base64.RawStdEncoding.EncodeToString(b)))
		c.exact.add(n.as("base64", base64.RawURLEncoding.EncodeToString(b)))
		c.exact.add(n.as("hexadecimal", hex.EncodeToString(b)))
		c.exact.add(n.as("hexadecimal", strings.ToUpper(hex.EncodeToString(b))))
	}
}

// addDigests looks for hashes without a key, which are found by trying all values.
func (c *Checker) addDigests(n needle) {
	for _, spelling := range spellings(n.value) {
		for _, content := range []string{spelling, spelling + "\n"} {
			for name, hash := range digests {
				sum := hash.New()
				sum.Write([]byte(content))
				c.exact.add(n.as(name, string(sum.Sum(nil))))
			}
		}
	}
}

var digests = map[string]crypto.Hash{
	"MD5": crypto.MD5, "SHA-1": crypto.SHA1, "SHA-224": crypto.SHA224, "SHA-256": crypto.SHA256, "SHA-384": crypto.SHA384, "SHA-512": crypto.SHA512,
}

// spellings are the forms of a value that encodings keep apart.
func spellings(value string) []string {
	return []string{value, strings.ToLower(value), strings.ToUpper(value), norm.NFC.String(value), norm.NFD.String(value)}
}
