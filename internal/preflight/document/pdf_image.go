// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image/jpeg"
	"io"
	"math"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// imageShows tells whether something can be seen on an image. Where that is not
// simple to know, it can.
func (p *pdfPages) imageShows(stream types.StreamDict) (bool, error) {
	width, height := p.f.size(stream.Dict)
	if width <= 0 || height <= 0 {
		return false, nil
	}
	if width > maxPDFImagePixels/height {
		return false, pdfError(Expands)
	}
	// One page that shows something is enough.
	if p.show || masks(stream.Dict) || len(stream.Raw) == 0 {
		return true, nil
	}
	filters, err := p.f.filters(stream.Dict)
	if err != nil || len(filters) != 1 {
		return true, onlyExpands(err)
	}
	switch filters[0].name {
	case filter.DCT:
		return p.jpegShows(stream.Raw)
	case filter.Flate:
		return p.rowsShow(stream, width, height, filters[0].parameters)
	default:
		return true, nil
	}
}

// onlyExpands drops other errors: an image that we cannot unpack others may show.
func onlyExpands(err error) error {
	if isExpands(err) {
		return err
	}
	return nil
}

// size of an image in pixels.
func (f *pdfFile) size(d types.Dict) (width, height int) {
	for key, side := range map[string]*int{"Width": &width, "Height": &height} {
		if o, err := f.resolve(d[key]); err == nil {
			number, _ := o.(types.Integer)
			*side = number.Value()
		}
	}
	return width, height
}

// masks tells whether an image of one colour may have a shape.
func masks(d types.Dict) bool {
	mask, _ := d["ImageMask"].(types.Boolean)
	return mask.Value() || d["SMask"] != nil || d["Mask"] != nil
}

// maxPDFImageMemory is how much decoding an image may take.
const maxPDFImageMemory = 64 << 20

// errBrokenImage: nobody shows it.
var errBrokenImage = errors.New("not an image")

func (p *pdfPages) jpegShows(raw []byte) (bool, error) {
	if !bytes.HasPrefix(raw, []byte{0xff, markerSOI}) {
		return false, errBrokenImage
	}
	structure, err := readJPEGStructure(bytes.NewReader(raw))
	// Other programs show what is cut as far as it goes.
	whole := err == nil
	if whole && int64(structure.width)*int64(structure.height) > maxPDFImagePixels {
		return false, pdfError(Expands)
	}
	const pixelsPerBlock = 64
	if !whole || !structure.ordinary() || structure.memory() > maxPDFImageMemory ||
		isExpands(spend(&p.f.budget.pixels, int(structure.blocks*pixelsPerBlock))) {
		return true, nil
	}
	seen, decoded := spanOfJPEG(raw)
	return !decoded || seen.shows(), nil
}

func spanOfJPEG(raw []byte) (seen span, decoded bool) {
	picture, err := jpeg.Decode(bytes.NewReader(raw))
	if err == nil {
		seen.addImage(picture)
	}
	return seen, err == nil
}

// rowsShow looks at the rows of an image that is packed as those of a PNG are.
func (p *pdfPages) rowsShow(stream types.StreamDict, width, height int, parameters map[string]int) (bool, error) {
	picture, ok := p.f.picture(stream.Dict, width, height)
	const maxRow = 1 << 20
	if !ok || width > maxRow || isExpands(spend(&p.f.budget.pixels, width*height)) {
		return true, nil
	}
	predictor, hasFilters := parameters["Predictor"], parameters["Predictor"] >= filter.PredictorNone
	if predictor == filter.PredictorTIFF || hasFilters && parameters["Columns"] != width {
		return true, nil
	}
	plain := stream
	plain.Dict = types.Dict{"Filter": types.Name(filter.Flate)}
	rows, err := p.f.open(plain)
	if err != nil {
		return true, onlyExpands(err)
	}
	seen, err := picture.lookAt(rows, hasFilters)
	return err != nil || seen.shows(), onlyExpands(err)
}

// pictureColors are the colour spaces that are looked at.
var pictureColors = map[types.Name]pngColor{
	"DeviceGray": pngGray, "CalGray": pngGray, "G": pngGray, "DeviceRGB": pngTrueColor, "CalRGB": pngTrueColor, "RGB": pngTrueColor,
}

// picture describes an image as a PNG would, if it can.
func (f *pdfFile) picture(d types.Dict, width, height int) (*pngPicture, bool) {
	space, err := f.list(d["ColorSpace"])
	if err != nil || len(space) == 0 {
		return nil, false
	}
	name, _ := space[0].(types.Name)
	color, ok := pictureColors[name]
	if name == "ICCBased" && len(space) > 1 {
		profile, err := f.resolve(space[1])
		stream, _ := profile.(types.StreamDict)
		components, _ := stream.Dict["N"].(types.Integer)
		color, ok = map[types.Integer]pngColor{1: pngGray, 3: pngTrueColor}[components]
		ok = ok && err == nil
	}
	bits, err := f.resolve(d["BitsPerComponent"])
	depth, _ := bits.(types.Integer)
	if !ok || err != nil || width > math.MaxInt32 || height > math.MaxInt32 || depth < 1 || depth > 16 {
		return nil, false
	}
	header := binary.BigEndian.AppendUint32(nil, uint32(width))
	header = binary.BigEndian.AppendUint32(header, uint32(height))
	picture, err := parsePNGHeader(append(header, byte(depth), byte(color), 0, 0, 0))
	return picture, err == nil
}

// lookAt reads rows until something shows.
func (p *pngPicture) lookAt(rows io.Reader, haveFilters bool) (seen span, err error) {
	rowSize := (p.width*p.bitsPerPixel() + 7) / 8
	row, above := make([]byte, rowSize), make([]byte, rowSize)
	var rowFilter [1]byte
	for y := 0; y < p.height && !seen.shows(); y++ {
		if haveFilters {
			if _, err := io.ReadFull(rows, rowFilter[:]); err != nil {
				return seen, err
			}
		}
		if _, err := io.ReadFull(rows, row); err != nil {
			return seen, err
		}
		if err := unfilter(rowFilter[0], row, above, max(1, p.bitsPerPixel()/8)); err != nil {
			return seen, err
		}
		if y == 0 || !bytes.Equal(row, above) {
			p.addRow(row, p.width, &seen)
		}
		row, above = above, row
	}
	return seen, nil
}
