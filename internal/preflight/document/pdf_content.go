// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bufio"
	"errors"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// pdfContent is the content of a page or a form, as far as it has been read.
type pdfContent struct {
	pages     *pdfPages
	resources types.Object
	// xobjects are what it may place, once that is known.
	xobjects types.Dict
	lexer    pdfLexer
	// shows tells that something has been painted.
	shows bool
	// broken tells that some of it cannot be read.
	broken bool

	// hidden tells that text is painted invisibly, as that which was recognized in a
	// scan; saved are the states in which it will be so again.
	hidden bool
	saved  []bool
}

// addStreams reads the stream or the streams that o is.
func (c *pdfContent) addStreams(o types.Object) error {
	if o == nil {
		return nil
	}
	content, err := c.pages.f.resolve(o)
	if err != nil {
		return err
	}
	streams, ok := content.(types.Array)
	if !ok {
		streams = types.Array{o}
	}
	if err := spend(&c.pages.f.budget.steps, len(streams)); err != nil {
		return err
	}
	for _, o := range streams {
		content, err := c.pages.f.resolve(o)
		if err != nil {
			return err
		}
		stream, ok := content.(types.StreamDict)
		if !ok {
			c.broken = true
			continue
		}
		if err := c.addStream(stream, o); err != nil {
			return err
		}
	}
	return nil
}

// addStream reads one stream, until something shows; it is unpacked to its end all
// the same, once, to know how much that is.
func (c *pdfContent) addStream(stream types.StreamDict, o types.Object) error {
	if len(stream.Raw) == 0 {
		return nil
	}
	data, err := c.pages.f.open(stream)
	if errors.Is(err, errNotText) {
		// Others may be able to unpack it.
		c.shows = true
		return nil
	}
	if err == nil && !c.shows {
		err = c.read(&meter{data, &c.pages.f.budget.lexed})
	}
	if err == nil && !c.pages.again(c.pages.drained, o) {
		_, err = io.Copy(io.Discard, data)
	}
	switch {
	case isExpands(err):
		return err
	case err != nil && !isIncomplete(err):
		c.broken = true
	}
	return nil
}

// painting are the operators that paint (ISO 32000-1, annex A), but for those that
// show text or place something.
var painting = map[string]bool{
	"S": true, "s": true, "f": true, "F": true, "f*": true, "B": true, "B*": true, "b": true, "b*": true, "sh": true,
	"BI": true,
}

// Ways of painting text that leave nothing to be seen (ISO 32000-1, table 106).
const (
	textInvisible = 3
	textClips     = 7
)

// read reads content until something shows.
func (c *pdfContent) read(r io.Reader) error {
	c.lexer.r = bufio.NewReader(r)
	for !c.shows {
		operator, err := c.lexer.next()
		if err != nil {
			return ignoreEOF(err)
		}
		operands := c.lexer.pdfOperands
		c.lexer.pdfOperands = pdfOperands{}
		if err := c.apply(operator, operands); err != nil {
			return err
		}
	}
	return nil
}

func (c *pdfContent) apply(operator string, operands pdfOperands) error {
	// Programs that do not restore what they saved save it no more than some times.
	const deepest = 1 << 10
	switch operator {
	case "Tj", "TJ", "'", "\"":
		c.shows = operands.glyphs && !c.hidden
	case "Tr":
		c.hidden = operands.number == textInvisible || operands.number == textClips
	case "q":
		if len(c.saved) < deepest {
			c.saved = append(c.saved, c.hidden)
		}
	case "Q":
		if last := len(c.saved) - 1; last >= 0 {
			c.hidden, c.saved = c.saved[last], c.saved[:last]
		}
	case "Do":
		shows, err := c.placeShows(operands.name)
		c.shows = shows
		return err
	default:
		c.shows = painting[operator]
	}
	return nil
}

// placeShows tells whether something shows that is placed by its name.
func (c *pdfContent) placeShows(name string) (bool, error) {
	f := c.pages.f
	if err := spend(&f.budget.steps, 1); err != nil {
		return false, err
	}
	if c.xobjects == nil {
		resources, err := f.dict(c.resources)
		if err != nil {
			return false, err
		}
		if c.xobjects, err = f.dict(resources["XObject"]); err != nil {
			return false, err
		}
		if c.xobjects == nil {
			c.xobjects = types.Dict{}
		}
	}
	ref, ok := c.xobjects[name].(types.IndirectRef)
	if !ok {
		return false, nil
	}
	number := ref.ObjectNumber.Value()
	if shows, known := c.pages.placed[number]; known {
		return shows, nil
	}
	o, err := f.resolve(ref)
	if err != nil {
		return false, err
	}
	stream, _ := o.(types.StreamDict)
	kind, _ := stream.Dict["Subtype"].(types.Name)
	if kind == "Form" {
		return c.pages.formShows(ref, c.resources)
	}
	shows := false
	if kind == "Image" {
		shows, err = c.pages.imageShows(stream)
	}
	if errors.Is(err, errBrokenImage) {
		c.broken, err = true, nil
	}
	c.pages.placed[number] = shows
	return shows, err
}
