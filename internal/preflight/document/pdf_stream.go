// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

var (
	// errNotText: what comes out of a stream's filters are pixels, or nobody knows.
	errNotText = errors.New("not to be unpacked")
	errFilter  = errors.New("not a filter")
)

// pdfFilter is one step of a stream's unpacking.
type pdfFilter struct {
	name       string
	parameters map[string]int
}

// shortFilterNames are allowed in inline images, and found elsewhere.
var shortFilterNames = map[string]string{
	"AHx": filter.ASCIIHex,
	"A85": filter.ASCII85,
	"LZW": filter.LZW,
	"Fl":  filter.Flate,
	"RL":  filter.RunLength,
	"CCF": filter.CCITTFax,
	"DCT": filter.DCT,
}

// filters returns a stream's filters in the order in which they are undone.
func (f *pdfFile) filters(d types.Dict) ([]pdfFilter, error) {
	names, err := f.list(d["Filter"])
	if err != nil {
		return nil, err
	}
	parameters, err := f.list(d["DecodeParms"])
	if err != nil {
		return nil, err
	}
	// Scanners use two at most.
	const most = 8
	if len(names) > most {
		return nil, pdfError(Expands)
	}
	filters := make([]pdfFilter, 0, len(names))
	for i, o := range names {
		if o, err = f.resolve(o); err != nil {
			return nil, err
		}
		name, ok := o.(types.Name)
		if !ok {
			return nil, errFilter
		}
		next := pdfFilter{name: name.Value(), parameters: map[string]int{}}
		if long, ok := shortFilterNames[next.name]; ok {
			next.name = long
		}
		if i < len(parameters) {
			if err := f.addParameters(next.parameters, parameters[i]); err != nil {
				return nil, err
			}
		}
		filters = append(filters, next)
	}
	return filters, nil
}

// list returns the elements of an array, or the one that stands for it.
func (f *pdfFile) list(o types.Object) (types.Array, error) {
	o, err := f.resolve(o)
	if err != nil || o == nil {
		return nil, err
	}
	if list, ok := o.(types.Array); ok {
		return list, nil
	}
	return types.Array{o}, nil
}

func (f *pdfFile) addParameters(parameters map[string]int, o types.Object) error {
	d, err := f.dict(o)
	if err != nil {
		return err
	}
	for key, value := range d {
		if value, err = f.resolve(value); err != nil {
			return err
		}
		if number, ok := value.(types.Integer); ok {
			parameters[key] = number.Value()
		}
	}
	return nil
}

// open returns a stream's data as it is unpacked, whatever it unpacks to; the reader
// ends with Expands where that is too much.
func (f *pdfFile) open(stream types.StreamDict) (io.Reader, error) {
	// What a stream costs, however small it is: the library's tables.
	const overhead = 16 << 10
	if err := spend(&f.budget.unpacked, overhead); err != nil {
		return nil, err
	}
	filters, err := f.filters(stream.Dict)
	if err != nil {
		return nil, err
	}
	var r io.Reader = &meter{bytes.NewReader(stream.Raw), &f.budget.unpacked}
	for _, next := range filters {
		if r, err = next.undo(r); err != nil {
			return nil, err
		}
		r = &meter{r, &f.budget.unpacked}
	}
	return r, nil
}

// undo undoes one filter.
func (p pdfFilter) undo(r io.Reader) (io.Reader, error) {
	switch p.name {
	case filter.Flate:
		if p.parameters["Predictor"] <= filter.PredictorNo {
			return zlib.NewReader(r)
		}
	case filter.ASCII85:
		data, err := atMost(r, maxPDFStage)
		if err != nil {
			return nil, err
		}
		// The library insists on the mark at the end, and that nothing follows it.
		text, _, _ := bytes.Cut(data, []byte("~"))
		r = io.MultiReader(bytes.NewReader(text), bytes.NewReader([]byte("~>")))
	case filter.LZW:
		if p.parameters["Predictor"] > filter.PredictorNo {
			return nil, errNotText // the library does not know it
		}
	case filter.ASCIIHex, filter.RunLength:
		data, err := atMost(r, maxPDFStage)
		if err != nil {
			return nil, err
		}
		r = bytes.NewReader(data)
	case "Crypt":
		return r, nil // the identity, as the file is not encrypted
	default:
		return nil, errNotText
	}
	step, err := filter.NewFilter(p.name, p.parameters, maxPDFStage)
	if err != nil {
		return nil, err
	}
	unpacked, err := step.Decode(r)
	if errors.Is(err, filter.ErrDecodeLimitExceeded) {
		return nil, pdfError(Expands)
	}
	return unpacked, err
}

// unpack returns all of a stream's data, of which there must not be much.
func (f *pdfFile) unpack(stream types.StreamDict) ([]byte, error) {
	r, err := f.open(stream)
	if err != nil {
		return nil, err
	}
	data, err := atMost(r, maxPDFStage)
	if isIncomplete(err) {
		err = nil
	}
	return data, err
}

// atMost reads r to its end, where that is not too far.
func atMost(r io.Reader, limit int64) ([]byte, error) {
	var data bytes.Buffer
	_, err := io.Copy(&data, &meter{r, &limit})
	return data.Bytes(), err
}

// isIncomplete tells whether an error of unpacking is one over which readers pass: what
// came before it is all that is needed.
func isIncomplete(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, zlib.ErrChecksum)
}

// meter takes what is read from what is left.
type meter struct {
	r    io.Reader
	left *int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if err := spend(m.left, n); err != nil {
		return 0, err
	}
	return n, err
}

// objectStreams are those that have been unpacked.
type objectStreams struct {
	byNumber map[int]objectStream
	size     int
}

// objectStream holds objects (ISO 32000-1, 7.5.7).
type objectStream struct {
	data    []byte
	objects []packedObject
}

type packedObject struct{ number, at int32 }

// objectStream returns an object stream, which is empty where it is not in the file.
func (f *pdfFile) objectStream(number int) (objectStream, error) {
	if known, ok := f.unpacked.byNumber[number]; ok {
		return known, nil
	}
	var unpacked objectStream
	if entry := f.table.entries[int32(number)]; entry.stream == 0 {
		o, err := f.load(number)
		if err != nil {
			return unpacked, err
		}
		if stream, ok := o.(types.StreamDict); ok {
			unpacked.data, err = f.unpack(stream)
			if isExpands(err) {
				return unpacked, err
			}
			unpacked.readObjects(stream.Dict)
		}
	}
	// Pages that belong together mostly stand together, so that few are needed again
	// after those that are kept no longer.
	const perObject, maxKept = 8, 2 * maxPDFStage
	size := len(unpacked.data) + perObject*len(unpacked.objects)
	if f.unpacked.size += size; f.unpacked.byNumber == nil || f.unpacked.size > maxKept {
		f.unpacked = objectStreams{byNumber: map[int]objectStream{}, size: size}
	}
	f.unpacked.byNumber[number] = unpacked
	return unpacked, nil
}

// readObjects reads the pairs of numbers and offsets at the beginning.
func (s *objectStream) readObjects(d types.Dict) {
	first, isFirst := d["First"].(types.Integer)
	count, isCount := d["N"].(types.Integer)
	if !isFirst || !isCount || first < 0 || first.Value() > len(s.data) {
		s.data = nil
		return
	}
	at := 0
	for range count.Value() {
		number, next, isNumber := pdfNumber(s.data, skipSpace(s.data, at))
		offset, next, isOffset := pdfNumber(s.data, skipSpace(s.data, next))
		if !isNumber || !isOffset || number > maxPDFNumber {
			return
		}
		at = next
		s.objects = append(s.objects, packedObject{int32(number), int32(min(first.Value()+offset, len(s.data)))})
	}
}

// loadPacked returns an object of an object stream.
func (f *pdfFile) loadPacked(number int, entry pdfEntry) (types.Object, error) {
	stream, err := f.objectStream(int(entry.stream))
	if err != nil || int(entry.at) >= len(stream.objects) {
		return nil, err
	}
	object := stream.objects[entry.at]
	if int(object.number) != number {
		return nil, nil
	}
	o, _, err := f.parse(stream.data[object.at:])
	return o, err
}
