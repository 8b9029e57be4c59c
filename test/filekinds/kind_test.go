// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"slices"

	"github.com/chinaaccount/china-account-operator/internal/preflight/document"
)

// kind is one row of the page's tables.
type kind struct {
	// name as the page shows it.
	name string
	// make is how its file is made. The last step leaves one file named "out", of
	// whatever suffix.
	make []step
	// ways in which that file is then spoilt or altered; each is a file of its own.
	ways []way
	// format that it is of by content, empty where it is none of the accepted.
	format document.Format
	// want are the codes of all findings, in alphabetical order.
	want []string
}

// way alters a finished file.
type way struct {
	name string
	edit func([]byte) []byte
}

// section is one table of the page.
type section struct {
	title string
	kinds []kind
}

func sections() []section {
	return []section{
		{"JPEG", jpegKinds()},
		{"PNG", pngKinds()},
		{"BMP", bmpKinds()},
		{"PDF", pdfKinds()},
		{"Size in bytes", sizeKinds()},
		{"Size in pixels", pixelKinds()},
		{"Other formats", otherKinds()},
		{"Protected, or not to be seen everywhere", refusedKinds()},
		{"Cut off or damaged", brokenKinds()},
		{"Broken on the way", mishandledKinds()},
		{"Blank", blankKinds()},
		{"Two formats in one file", polyglotKinds()},
	}
}

func accepted(format document.Format, name string, steps ...step) kind {
	return kind{name: name, format: format, make: steps}
}

// found is a kind with a finding. Whether that refuses it, its rule says.
func found(code string, format document.Format, name string, steps ...step) kind {
	return kind{name: name, format: format, make: steps, want: []string{code}}
}

// and adds a finding.
func (k kind) and(code string) kind {
	k.want = append(k.want, code)
	slices.Sort(k.want)
	return k
}

// in makes several files of a kind, one for each way.
func (k kind) in(ways ...way) kind {
	k.ways = ways
	return k
}

// files are the names of a kind's files, and the edits that end in each.
func (k kind) files() []way {
	if len(k.ways) == 0 {
		return []way{{name: k.name, edit: func(content []byte) []byte { return content }}}
	}
	files := make([]way, 0, len(k.ways))
	for _, w := range k.ways {
		files = append(files, way{k.name + ", " + w.name, w.edit})
	}
	return files
}

// tools are the programs that a kind needs, those of the files that it is made from
// included, in the order in which they are first used.
func (k kind) tools() []string { return toolsOf(k.make) }

func toolsOf(steps []step) []string {
	var tools []string
	for _, s := range steps {
		for _, name := range s.uses {
			tools = append(tools, toolsOf(sharedFiles()[name])...)
		}
		tools = append(tools, s.tools...)
	}
	return firsts(tools)
}

// firsts drops what was there before.
func firsts(names []string) []string {
	var once []string
	for _, name := range names {
		if !slices.Contains(once, name) {
			once = append(once, name)
		}
	}
	return once
}
