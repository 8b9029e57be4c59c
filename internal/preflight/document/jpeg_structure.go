// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// Markers of ITU-T T.81, table B.1.
const (
	markerTEM   = 0x01
	markerSOF0  = 0xc0 // baseline
	markerSOF1  = 0xc1 // extended sequential
	markerSOF2  = 0xc2 // progressive
	markerDHT   = 0xc4
	markerJPG   = 0xc8
	markerDAC   = 0xcc
	markerSOF15 = 0xcf
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerSOI   = 0xd8
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerDRI   = 0xdd
)

var errJPEGStructure = errors.New("not the structure of a JPEG")

// jpegStructure is what a JPEG's markers tell, without decoding it.
type jpegStructure struct {
	frame         byte // the marker of its frame, 0 before it
	precision     int
	width, height int
	components    []jpegComponent
	// blocks of 8 × 8 samples, of all components, as often as a scan goes over them: the
	// work of decoding.
	blocks int64
	scans  int
	// restarts: its data can be taken up again where some of it is lost.
	restarts bool
	// end is the offset behind the image.
	end int64
}

type jpegComponent struct {
	id   byte
	h, v int64
}

// ordinary: what common programs show, which is Huffman-coded with 8 bits a sample.
func (s *jpegStructure) ordinary() bool {
	return s.precision == 8 && (s.frame == markerSOF0 || s.frame == markerSOF1 || s.frame == markerSOF2)
}

// samples of all components, by their sampling factors.
func (s *jpegStructure) samples() int64 {
	var hMax, vMax int64 = 1, 1
	for _, c := range s.components {
		hMax, vMax = max(hMax, c.h), max(vMax, c.v)
	}
	var n int64
	for _, c := range s.components {
		n += ceil(int64(s.width)*c.h, hMax) * ceil(int64(s.height)*c.v, vMax)
	}
	return n
}

// memory that image/jpeg takes to decode it, in bytes: a byte a sample, four more for
// the coefficients of a progressive one, and four a pixel to turn what is not
// YCbCr into colours.
func (s *jpegStructure) memory() int64 {
	n := s.samples()
	if s.frame == markerSOF2 {
		n *= 5
	}
	if len(s.components) == 4 {
		n += 4 * int64(s.width) * int64(s.height)
	}
	return n
}

func ceil(a, b int64) int64 { return (a + b - 1) / b }

// readJPEGStructure reads a JPEG's markers from the start of the image to its end.
// io.ErrUnexpectedEOF is a file that ends before.
func readJPEGStructure(content Content) (*jpegStructure, error) {
	s := &jpegStructure{}
	r := &jpegReader{Reader: bufio.NewReaderSize(reader(content), 64<<10)}
	if first, err := r.word(); err != nil || first != 0xff00|markerSOI {
		return nil, errors.Join(err, errJPEGStructure)
	}
	for {
		marker, err := r.marker()
		if err != nil {
			return nil, err
		}
		if marker == markerEOI {
			s.end = r.offset
			break
		}
		if err := s.segment(r, marker); err != nil {
			return nil, err
		}
	}
	if s.frame == 0 || s.blocks == 0 {
		return nil, errJPEGStructure
	}
	return s, nil
}

// segment reads what follows a marker.
func (s *jpegStructure) segment(r *jpegReader, marker byte) error {
	if isAlone(marker) {
		return nil
	}
	length, err := r.word()
	if err != nil {
		return err
	}
	if length < 2 {
		return errJPEGStructure
	}
	switch {
	case isFrame(marker):
		return s.readFrame(r, marker, length-2)
	case marker == markerSOS:
		return s.readScan(r, length-2)
	case marker == markerDRI:
		return s.readRestartInterval(r, length-2)
	default:
		return r.skip(length - 2)
	}
}

// isAlone: markers without a segment.
func isAlone(marker byte) bool {
	return marker == markerTEM || marker >= markerRST0 && marker <= markerSOI
}

func isFrame(marker byte) bool {
	return marker >= markerSOF0 && marker <= markerSOF15 && marker != markerDHT && marker != markerJPG && marker != markerDAC
}

func (s *jpegStructure) readFrame(r *jpegReader, marker byte, length int) error {
	const fixed, perComponent = 6, 3
	segment, err := r.take(length)
	if err != nil {
		return err
	}
	if s.frame != 0 || length < fixed || length != fixed+perComponent*int(segment[5]) {
		return errJPEGStructure
	}
	s.frame, s.precision = marker, int(segment[0])
	s.height, s.width = int(binary.BigEndian.Uint16(segment[1:])), int(binary.BigEndian.Uint16(segment[3:]))
	for c := segment[fixed:]; len(c) > 0; c = c[perComponent:] {
		s.components = append(s.components, jpegComponent{id: c[0], h: int64(c[1] >> 4), v: int64(c[1] & 0xf)})
	}
	return nil
}

func (s *jpegStructure) readRestartInterval(r *jpegReader, length int) error {
	segment, err := r.take(length)
	if err != nil {
		return err
	}
	if length != 2 {
		return errJPEGStructure
	}
	s.restarts = s.restarts || binary.BigEndian.Uint16(segment) > 0
	return nil
}

// readScan counts the blocks of the components that the scan names, and passes
// over its data.
func (s *jpegStructure) readScan(r *jpegReader, length int) error {
	segment, err := r.take(length)
	if err != nil {
		return err
	}
	if s.frame == 0 || length < 1 || length < 1+2*int(segment[0]) {
		return errJPEGStructure
	}
	s.scans++
	all := s.samples()
	for i := range int(segment[0]) {
		for _, c := range s.components {
			if c.id == segment[1+2*i] {
				s.blocks += ceil(all, 64*int64(len(s.components)))
			}
		}
	}
	return r.skipEntropyCoded()
}

// jpegReader counts what was read.
type jpegReader struct {
	*bufio.Reader
	offset int64
}

func (r *jpegReader) take(n int) ([]byte, error) {
	buffer := make([]byte, n)
	read, err := io.ReadFull(r.Reader, buffer)
	r.offset += int64(read)
	return buffer, atEOF(err)
}

func (r *jpegReader) skip(n int) error {
	skipped, err := r.Discard(n)
	r.offset += int64(skipped)
	return atEOF(err)
}

func (r *jpegReader) word() (int, error) {
	b, err := r.take(2)
	return int(binary.BigEndian.Uint16(b)), err
}

// marker reads the next one. What stands before it is passed over, as all decoders do.
func (r *jpegReader) marker() (byte, error) {
	if err := r.skipEntropyCoded(); err != nil {
		return 0, err
	}
	b, err := r.take(2)
	return b[1], err
}

// skipEntropyCoded passes over data up to the next marker that is not of the data
// itself: 0xff and neither 0, a fill byte, nor a restart.
func (r *jpegReader) skipEntropyCoded() error {
	for {
		if err := r.skipTo0xff(); err != nil {
			return err
		}
		next, err := r.Peek(2)
		if err != nil {
			return atEOF(err)
		}
		switch code := next[1]; {
		case code == 0xff:
			err = r.skip(1)
		case code == 0, code >= markerRST0 && code <= markerRST7:
			err = r.skip(2)
		default:
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *jpegReader) skipTo0xff() error {
	for {
		skipped, err := r.ReadSlice(0xff)
		r.offset += int64(len(skipped))
		switch {
		case err == nil:
			r.offset--
			return r.UnreadByte()
		case !errors.Is(err, bufio.ErrBufferFull):
			return atEOF(err)
		}
	}
}

// atEOF: whatever was to be read, the file should not have ended here.
func atEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
