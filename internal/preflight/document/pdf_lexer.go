// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bufio"
	"bytes"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// pdfLexer reads operators, one stream of a page's content after another: the operands
// of an operator may stand in the stream before.
type pdfLexer struct {
	r *bufio.Reader
	pdfOperands
	token [maxPDFToken]byte
}

// pdfOperands is what is of interest among the operands that have been read: the last
// name, the last number, and whether a string has a glyph that is not a space.
type pdfOperands struct {
	name   string
	number float64
	glyphs bool
}

// maxPDFToken in bytes: a name has 127 (ISO 32000-1, annex C). More is read, and
// not kept.
const maxPDFToken = 128

// next returns the next operator.
func (l *pdfLexer) next() (string, error) {
	for {
		c, err := l.r.ReadByte()
		if err != nil {
			return "", err
		}
		switch {
		case isPDFSpace(c):
		case c == '%':
			err = l.skipLine()
		case c == '(':
			err = l.readString()
		case c == '<':
			err = l.readHexString()
		case c == '/':
			err = l.readName()
		case isPDFDelimiter(c):
		default:
			var operator string
			if operator, err = l.readRegular(c); operator != "" {
				return operator, err
			}
		}
		if err != nil {
			return "", err
		}
	}
}

func isPDFDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func (l *pdfLexer) skipLine() error {
	for {
		c, err := l.r.ReadByte()
		if err != nil || c == '\n' || c == '\r' {
			return err
		}
	}
}

// readString reads a string, behind its first parenthesis.
func (l *pdfLexer) readString() error {
	for open := 1; open > 0; {
		c, err := l.r.ReadByte()
		if err != nil {
			return err
		}
		switch c {
		case '(':
			open++
			l.glyphs = true
		case ')':
			open--
			l.glyphs = l.glyphs || open > 0
		case '\\':
			err = l.readEscape()
		default:
			l.addGlyph(c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readEscape reads what stands behind a backslash (ISO 32000-1, table 3).
func (l *pdfLexer) readEscape() error {
	c, err := l.r.ReadByte()
	if err != nil {
		return err
	}
	switch {
	case bytes.IndexByte([]byte("nrtbf\n\r"), c) >= 0:
		return nil
	case c < '0' || c > '7':
		l.addGlyph(c)
		return nil
	}
	const mostDigits = 3
	code := c - '0'
	for range mostDigits - 1 {
		if c, err = l.r.ReadByte(); err != nil {
			return err
		}
		if c < '0' || c > '7' {
			err = l.r.UnreadByte()
			break
		}
		code = code<<3 | (c - '0')
	}
	l.addGlyph(code)
	return err
}

// readHexString reads a string in hexadecimal digits, or the beginning of a dictionary,
// behind its first bracket.
func (l *pdfLexer) readHexString() error {
	var code, digits byte
	for {
		c, err := l.r.ReadByte()
		if err != nil {
			return err
		}
		if c == '<' || c == '>' {
			// The last digit may be missing, and is a zero then.
			if digits == 1 {
				l.addGlyph(code << 4)
			}
			return nil
		}
		digit, err := strconv.ParseUint(string(rune(c)), 16, 4)
		if err != nil {
			continue
		}
		code = code<<4 | byte(digit)
		if digits++; digits == 2 {
			l.addGlyph(code)
			code, digits = 0, 0
		}
	}
}

// addGlyph adds a code of a string. What a code stands for is the font's to say; but
// these are spaces in nearly all.
func (l *pdfLexer) addGlyph(code byte) { l.glyphs = l.glyphs || !isPDFSpace(code) }

func (l *pdfLexer) readName() error {
	token, err := l.readToken(0)
	if name, malformed := types.DecodeName(string(token)); malformed == nil {
		l.name = name
	}
	return err
}

// readRegular reads a number, for which it returns nothing, or an operator.
func (l *pdfLexer) readRegular(first byte) (string, error) {
	l.token[0] = first
	token, err := l.readToken(1)
	if isDigit(first) || first == '+' || first == '-' || first == '.' {
		l.number, _ = strconv.ParseFloat(string(token), 64)
		return "", err
	}
	return string(token), err
}

// readToken reads on to where a token ends of which n bytes are known.
func (l *pdfLexer) readToken(n int) ([]byte, error) {
	for {
		c, err := l.r.ReadByte()
		if err != nil {
			// It ends with the content.
			return l.token[:n], ignoreEOF(err)
		}
		if isPDFSpace(c) || isPDFDelimiter(c) {
			return l.token[:n], l.r.UnreadByte()
		}
		if n < len(l.token) {
			l.token[n] = c
			n++
		}
	}
}
