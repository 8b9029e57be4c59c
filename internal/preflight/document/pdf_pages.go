// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// pdfPages goes through a document's pages.
type pdfPages struct {
	f *pdfFile
	// count of the pages.
	count int
	// show tells that one of them at least shows something.
	show bool
	// broken tells that a page is missing or cannot be read.
	broken bool
	// seen are the numbers of the tree's nodes, and those of the streams that were
	// unpacked to their ends.
	seen, drained map[int]bool
	// placed tells of forms and images, by their numbers, whether they show something.
	placed map[int]bool
	// depth of forms in forms.
	depth int
}

func newPDFPages(f *pdfFile) *pdfPages {
	return &pdfPages{f: f, seen: map[int]bool{}, drained: map[int]bool{}, placed: map[int]bool{}}
}

// pdfNode is a node of the page tree that is still to be visited.
type pdfNode struct {
	o types.Object
	// resources of the node above.
	resources types.Object
}

// walk visits all pages below root in their order.
func (p *pdfPages) walk(root types.Object) error {
	p.again(p.seen, root)
	for next := []pdfNode{{o: root}}; len(next) > 0; {
		node := next[len(next)-1]
		next = next[:len(next)-1]
		if err := spend(&p.f.budget.nodes, 1); err != nil {
			return err
		}
		d, err := p.f.dict(node.o)
		if err != nil {
			return err
		}
		if d == nil {
			p.broken = true
			continue
		}
		if resources, ok := d["Resources"]; ok {
			node.resources = resources
		}
		kids, isNode := d["Kids"]
		if !isNode {
			p.count++
			if err := p.judgePage(d, node.resources); err != nil {
				return err
			}
			continue
		}
		list, err := p.f.list(kids)
		if err != nil {
			return err
		}
		if err := spend(&p.f.budget.steps, len(list)); err != nil {
			return err
		}
		for _, kid := range slices.Backward(list) {
			if !p.again(p.seen, kid) {
				next = append(next, pdfNode{kid, node.resources})
			}
		}
	}
	return nil
}

// again tells whether o is among the objects that were met before, and remembers it. A
// tree that leads back to where it came from ends there.
func (*pdfPages) again(before map[int]bool, o types.Object) bool {
	ref, ok := o.(types.IndirectRef)
	if !ok {
		return false
	}
	number := ref.ObjectNumber.Value()
	met := before[number]
	before[number] = true
	return met
}

// judgePage looks whether a page shows something: by its content or, as a form that
// is filled in or a stamp, by what is laid over it.
func (p *pdfPages) judgePage(page types.Dict, resources types.Object) error {
	content := &pdfContent{pages: p, resources: resources}
	if err := content.addStreams(page["Contents"]); err != nil {
		return err
	}
	if !content.shows {
		shows, err := p.annotationsShow(page["Annots"])
		if err != nil {
			return err
		}
		content.shows = shows
	}
	switch {
	case content.shows:
		p.show = true
	case content.broken:
		p.broken = true
	}
	return nil
}

// Flags of annotations (ISO 32000-1, table 165).
const (
	annotationHidden = 1 << 1
	annotationNoView = 1 << 5
)

func (p *pdfPages) annotationsShow(o types.Object) (bool, error) {
	annotations, err := p.f.list(o)
	if err != nil {
		return false, err
	}
	if err := spend(&p.f.budget.steps, len(annotations)); err != nil {
		return false, err
	}
	for _, o := range annotations {
		annotation, err := p.f.dict(o)
		if err != nil {
			return false, err
		}
		if flags, ok := annotation["F"].(types.Integer); ok && flags&(annotationHidden|annotationNoView) != 0 {
			continue
		}
		if shows, err := p.annotationShows(annotation); shows || err != nil {
			return shows, err
		}
	}
	return false, nil
}

// annotationShows looks at the appearance that an annotation has now: one of many if
// it has several states.
func (p *pdfPages) annotationShows(annotation types.Dict) (bool, error) {
	appearances, err := p.f.dict(annotation["AP"])
	if err != nil {
		return false, err
	}
	normal := appearances["N"]
	states, err := p.f.dict(normal)
	if err != nil {
		return false, err
	}
	if states != nil {
		state, _ := annotation["AS"].(types.Name)
		normal = states[state.Value()]
	}
	return p.formShows(normal, nil)
}

// formShows tells whether a form shows something. One that contains itself adds nothing
// to itself.
func (p *pdfPages) formShows(o, resources types.Object) (bool, error) {
	// Forms in forms are made by programs that place pages upon pages.
	const deepest = 32
	ref, ok := o.(types.IndirectRef)
	if !ok || p.depth >= deepest {
		return false, nil
	}
	number := ref.ObjectNumber.Value()
	if shows, known := p.placed[number]; known {
		return shows, nil
	}
	p.placed[number] = false
	p.depth++
	defer func() { p.depth-- }()

	o, err := p.f.resolve(o)
	if err != nil {
		return false, err
	}
	form, ok := o.(types.StreamDict)
	if !ok {
		return false, nil
	}
	if own, ok := form.Dict["Resources"]; ok {
		resources = own
	}
	content := &pdfContent{pages: p, resources: resources}
	if err := content.addStreams(ref); err != nil {
		return false, err
	}
	p.placed[number] = content.shows
	return content.shows, nil
}
