// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// pngSignature begins each PNG.
const pngSignature = "\x89PNG\r\n\x1a\n"

// pngChunks reads a PNG's chunks, and the data of its IDAT chunks as one.
type pngChunks struct {
	r      *bufio.Reader
	offset int64
	// kind of the chunk that was entered, and how much of its data is left.
	kind string
	left int64
	sum  uint32
	// trouble that ended the pixels, where it was not their end.
	trouble error
}

func newPNGChunks(r *bufio.Reader) *pngChunks { return &pngChunks{r: r} }

// readHeader reads the signature and the first chunk.
func (c *pngChunks) readHeader() (*pngPicture, error) {
	signature := make([]byte, len(pngSignature))
	if err := c.full(signature); err != nil {
		return nil, err
	}
	if err := c.enter(); err != nil {
		return nil, err
	}
	if string(signature) != pngSignature || c.kind != "IHDR" {
		return nil, errPNG
	}
	data, err := c.data()
	if err != nil {
		return nil, err
	}
	return parsePNGHeader(data)
}

// toPixels goes to the first IDAT chunk, and takes the palette on the way.
func (c *pngChunks) toPixels(p *pngPicture) error {
	for {
		if err := c.enter(); err != nil {
			return err
		}
		switch c.kind {
		case "IDAT":
			if p.color == pngPalette && len(p.palette) == 0 {
				return errPNG
			}
			return nil
		case "PLTE", "tRNS":
			data, err := c.data()
			if err != nil {
				return err
			}
			if c.kind == "tRNS" {
				p.setTransparency(data)
			} else if err := p.setPalette(data); err != nil && p.color == pngPalette {
				return err
			}
		case "IHDR", "IEND":
			return errPNG
		default:
			if err := c.pass(); err != nil {
				return err
			}
		}
	}
}

// toEnd passes over what follows the pixels, to the end of the IEND chunk.
func (c *pngChunks) toEnd() (int64, error) {
	for {
		if err := c.pass(); err != nil {
			return 0, err
		}
		if c.kind == "IEND" {
			return c.offset, nil
		}
		if err := c.enter(); err != nil {
			return 0, err
		}
	}
}

// Read reads the data of the IDAT chunks.
func (c *pngChunks) Read(p []byte) (int, error) {
	for c.left == 0 {
		if c.kind != "IDAT" {
			return 0, io.EOF
		}
		err := c.checkSum()
		if err == nil {
			err = c.enter()
		}
		if err != nil {
			c.trouble = err
			return 0, err
		}
	}
	if c.kind != "IDAT" {
		return 0, io.EOF
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left)])
	c.count(p[:n])
	if err = atEOF(err); err != nil {
		c.trouble = err
	}
	return n, err
}

// reason is why the pixels could not be read: the file's end, or their own.
func (c *pngChunks) reason(err error) error {
	if c.trouble != nil {
		return c.trouble
	}
	return errors.Join(errPNG, ignoreEOF(err))
}

// ignoreEOF: the pixels ended before the file did, so that it was not cut.
func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// enter reads the beginning of the next chunk.
func (c *pngChunks) enter() error {
	var header [8]byte
	if err := c.full(header[:]); err != nil {
		return err
	}
	length := binary.BigEndian.Uint32(header[:])
	if length > 1<<31-1 {
		return errPNG
	}
	c.kind, c.left = string(header[4:]), int64(length)
	c.sum = crc32.ChecksumIEEE(header[4:])
	return nil
}

// maxChunkData is what the chunks that are read whole may hold: 256 colours.
const maxChunkData = 3 * 256

// data reads a small chunk whole.
func (c *pngChunks) data() ([]byte, error) {
	if c.left > maxChunkData {
		return nil, errPNG
	}
	data := make([]byte, c.left)
	if _, err := io.ReadFull(c.r, data); err != nil {
		return nil, atEOF(err)
	}
	c.count(data)
	return data, c.checkSum()
}

// pass goes over the rest of a chunk. Only chunks that a picture needs must be right:
// their names begin with a capital.
func (c *pngChunks) pass() error {
	critical := c.kind[0] >= 'A' && c.kind[0] <= 'Z'
	for c.left > 0 {
		piece, err := c.r.Peek(int(min(c.left, 4096)))
		c.count(piece)
		if err != nil {
			return atEOF(err)
		}
		if _, err := c.r.Discard(len(piece)); err != nil {
			return atEOF(err)
		}
	}
	if err := c.checkSum(); err != nil && (critical || errors.Is(err, io.ErrUnexpectedEOF)) {
		return err
	}
	return nil
}

func (c *pngChunks) count(data []byte) {
	c.sum = crc32.Update(c.sum, crc32.IEEETable, data)
	c.left -= int64(len(data))
	c.offset += int64(len(data))
}

var errPNGChecksum = errors.New("a chunk's checksum does not fit")

func (c *pngChunks) checkSum() error {
	var sum [4]byte
	if err := c.full(sum[:]); err != nil {
		return err
	}
	if binary.BigEndian.Uint32(sum[:]) != c.sum {
		return errPNGChecksum
	}
	return nil
}

func (c *pngChunks) full(p []byte) error {
	n, err := io.ReadFull(c.r, p)
	c.offset += int64(n)
	return atEOF(err)
}
