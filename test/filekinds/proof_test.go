// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// shows proves that each of the texts is in the file.
func shows(texts ...string) step {
	return proof(func(content []byte) error {
		for _, text := range texts {
			if !bytes.Contains(content, []byte(text)) {
				return fmt.Errorf("there is no %q in it", text)
			}
		}
		return nil
	})
}

// lacks proves that none of the texts is in the file.
func lacks(texts ...string) step {
	return proof(func(content []byte) error {
		for _, text := range texts {
			if bytes.Contains(content, []byte(text)) {
				return fmt.Errorf("there is %q in it", text)
			}
		}
		return nil
	})
}

// begins proves how the file begins.
func begins(text string) step {
	return proof(func(content []byte) error {
		if !bytes.HasPrefix(content, []byte(text)) {
			return fmt.Errorf("it begins with %q", content[:min(len(content), 16)])
		}
		return nil
	})
}

// bytesLong proves how many bytes the file has.
func bytesLong(size int) step {
	return proof(func(content []byte) error {
		if len(content) != size {
			return fmt.Errorf("it has %d bytes", len(content))
		}
		return nil
	})
}

// frame proves which frame a JPEG has: the n of its SOFn marker, its size, and the
// sampling of its components, such as "2x2 1x1 1x1".
func frame(n byte, sampling string) step {
	return proof(func(content []byte) error {
		segment, err := jpegSegment(content, func(marker byte) bool {
			return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
		})
		if err != nil {
			return err
		}
		var factors []string
		for i := 8; i+2 < len(segment); i += 3 {
			factors = append(factors, fmt.Sprintf("%dx%d", segment[i+2]>>4, segment[i+2]&15))
		}
		if got := strings.Join(factors, " "); segment[0] != 0xc0+n || got != sampling {
			return fmt.Errorf("its frame is SOF%d of %s", segment[0]-0xc0, got)
		}
		return nil
	})
}

// adobe proves the transform that a JPEG's Adobe marker tells.
func adobe(transform byte) step {
	return proof(func(content []byte) error {
		segment, err := jpegSegment(content, func(marker byte) bool { return marker == 0xee })
		if err == nil && (len(segment) < 15 || segment[14] != transform) {
			err = fmt.Errorf("its Adobe marker is % x", segment)
		}
		return err
	})
}

// marker proves that a JPEG has that marker.
func marker(m byte) step {
	return proof(func(content []byte) error {
		_, err := jpegSegment(content, func(marker byte) bool { return marker == m })
		return err
	})
}

// jpegSegment is a JPEG's first segment, its marker first, whose marker is wanted.
func jpegSegment(content []byte, wanted func(marker byte) bool) ([]byte, error) {
	for at := 2; at+4 <= len(content) && content[at] == 0xff; {
		length := int(binary.BigEndian.Uint16(content[at+2:]))
		if wanted(content[at+1]) {
			return content[at+1 : at+2+length], nil
		}
		if content[at+1] == 0xda {
			break
		}
		at += 2 + length
	}
	return nil, errors.New("the JPEG has no such segment before its scan")
}

// PNG's colour types.
const (
	pngGrey, pngRGB, pngPalette, pngGreyAlpha, pngRGBA = 0, 2, 3, 4, 6
)

// header proves a PNG's bits, colour type and whether it is interlaced.
func header(bits, colour byte, interlaced bool) step {
	return proof(func(content []byte) error {
		const bitsAt, colourAt, interlaceAt = 24, 25, 28
		if content[bitsAt] != bits || content[colourAt] != colour || (content[interlaceAt] == 1) != interlaced {
			return fmt.Errorf("it has %d bits of colour type %d, interlace %d", content[bitsAt], content[colourAt], content[interlaceAt])
		}
		return nil
	})
}

// bitmap proves a BMP's header: its size, the bits of a pixel, and the compression.
func bitmap(size uint32, bits uint16, compression uint32) step {
	return proof(func(content []byte) error {
		gotSize := binary.LittleEndian.Uint32(content[14:])
		if gotSize == 12 {
			if got := binary.LittleEndian.Uint16(content[24:]); size != 12 || got != bits {
				return fmt.Errorf("its header has 12 bytes, and a pixel %d bits", got)
			}
			return nil
		}
		gotBits, gotCompression := binary.LittleEndian.Uint16(content[28:]), binary.LittleEndian.Uint32(content[30:])
		if gotSize != size || gotBits != bits || gotCompression != compression {
			return fmt.Errorf("its header has %d bytes, a pixel %d bits, compression %d", gotSize, gotBits, gotCompression)
		}
		return nil
	})
}
