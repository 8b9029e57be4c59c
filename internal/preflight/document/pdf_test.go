// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
)

func TestAPDFOfAnyStructureOpens(t *testing.T) {
	objects := onePage(letters, "")
	plain := objects.withTable("1.4")
	lengthRef := onePage(letters, "", fmt.Sprint(len(letters)))
	lengthRef[3] = strings.Replace(lengthRef[3], fmt.Sprintf("/Length %d", len(letters)), "/Length 5 0 R", 1)
	for name, content := range map[string][]byte{
		"1.3":                         objects.withTable("1.3"),
		"2.0":                         objects.withTable("2.0"),
		"cross-reference stream":      objects.withStreams(""),
		"hybrid":                      hybrid(),
		"linearized":                  linearized(),
		"two revisions":               revised(),
		"a stream's length elsewhere": lengthRef.withTable("1.4"),
		"it, in an object stream":     lengthRef.withStreams(""),
		"lines of CR and LF":          onePage(strings.ReplaceAll(letters, " ", "\r\n"), "").withTable("1.4"),
	} {
		t.Run(name, func(t *testing.T) { problemsAre(t, content) })
	}
	for name, content := range map[string][]byte{
		"junk before the header":          joined([]byte("\n"), plain),
		"white space behind the end":      joined(plain, "\r\n\r\n \x00\x00"),
		"some bytes behind the end":       joined(plain, "\n--boundary--\n"),
		"zeros behind the end":            joined(plain, make([]byte, 5000)),
		"a comment behind the end":        joined(plain, "% made by a program\n"),
		"a start that is 1 too early":     bytes.Replace(plain, []byte("startxref\n"), []byte("startxref\n1"), 1),
		"offsets that are wrong":          bytes.Replace(plain, []byte("\n%\xe2\xe3\xcf\xd3\n"), []byte("\n%\xe2\xe3\xcf\xd3  \n"), 1),
		"a table that counts from 1":      bytes.Replace(plain, []byte("0 1\n"), []byte("1 1\n"), 1),
		"offsets, one too small":          shifted(plain, 1),
		"an object that is not of itself": bytes.Replace(plain, []byte("\n3 0 obj"), []byte("\n\n3 0 obj"), 1),
		"no word where a stream ends":     bytes.Replace(plain, []byte("\nendstream"), []byte("endstream"), 1),
		"a wrong length of a stream":      bytes.Replace(plain, []byte("/Length"), []byte("/Length 3 /L"), 1),
		"a packed object, repaired":       bytes.Replace(objects.withStreams(""), []byte("startxref\n"), []byte("startxref\n9"), 1),
	} {
		t.Run(name, func(t *testing.T) { problemsAre(t, content) })
	}
}

// shifted moves all offsets of a table.
func shifted(file []byte, by int) []byte {
	lines := strings.SplitAfter(string(file), "\n")
	for i, line := range lines {
		var offset int
		if strings.HasSuffix(line, " 00000 n \n") {
			fmt.Sscanf(strings.TrimLeft(line, "0"), "%d", &offset)
			lines[i] = fmt.Sprintf("%010d 00000 n \n", offset-by)
		}
	}
	return []byte(strings.Join(lines, ""))
}

func TestAPDFWithAPasswordIsRefused(t *testing.T) {
	encryption := "<</Filter /Standard /V 1 /R 2 /O (" + strings.Repeat("o", 32) + ") /U (" + strings.Repeat("u", 32) + ") /P -4>>"
	objects := onePage("\x8a\x01garbage", "", encryption)
	table := objects.revise([]byte("%PDF-1.4\n"), 1, "/Encrypt 5 0 R")
	for name, content := range map[string][]byte{
		"in the trailer":                    table,
		"in a cross-reference stream":       objects.withStreams("/Encrypt " + encryption),
		"in itself":                         objects.revise([]byte("%PDF-1.4\n"), 1, "/Encrypt "+encryption),
		"in an earlier revision":            objects.revise(table, 6, fmt.Sprintf("/Prev %d", bytes.LastIndex(table, []byte("xref\n0")))),
		"of a file that has to be repaired": bytes.Replace(table, []byte("startxref\n"), []byte("startxref\n9"), 1),
	} {
		t.Run(name, func(t *testing.T) { problemsAre(t, content, Encrypted) })
	}
	t.Run("none where the dictionary is missing", func(t *testing.T) {
		problemsAre(t, onePage(letters, "").revise([]byte("%PDF-1.4\n"), 1, "/Encrypt 9 0 R"))
	})
}

func TestAPDFThatIsCutAnywhereIsNotAccepted(t *testing.T) {
	embedded := onePage(letters, "", pdfStream("", string(onePage(letters, "").withTable("1.4"))))
	for name, content := range map[string][]byte{
		"table":         onePage(letters, "").withTable("1.4"),
		"stream":        onePage(letters, "").withStreams(""),
		"hybrid":        hybrid(),
		"linearized":    linearized(),
		"a PDF in it":   embedded.withTable("1.4"),
		"two revisions": revised(),
	} {
		t.Run(name, func(t *testing.T) {
			problemsAre(t, content)
			whole := len(content) - len("%%EOF\n")
			for size := len("%PDF-1.4"); size < whole-1; size++ {
				if got := inspect(content[:size]); !got.Has(Truncated) && !got.Has(Damaged) && !got.Has(Blank) {
					t.Errorf("cut to %d of %d bytes: got %v", size, len(content), got.Problems)
				}
			}
			for size := whole; size <= len(content); size++ {
				problemsAre(t, content[:size])
			}
		})
	}
	t.Run("overwritten from its middle on", func(t *testing.T) {
		content := onePage(letters, "").withTable("1.4")
		clear(content[len(content)/2:])
		problemsAre(t, content, Truncated)
	})
	t.Run("to the first page of a linearized file", func(t *testing.T) {
		content := linearized()
		problemsAre(t, content[:bytes.Index(content, []byte(pdfEOF))+len(pdfEOF)], Truncated)
	})
}

func TestAPDFOfWhichAPartIsMissingIsDamaged(t *testing.T) {
	objects := onePage(letters, "")
	overwritten := func(part string) []byte {
		content := objects.withTable("1.4")
		at := bytes.Index(content, []byte(part))
		clear(content[at : at+len(part)])
		return content
	}
	broken := onePage("", "")
	broken[3] = pdfStream("/Filter /FlateDecode", "no zlib at all")
	two := onePage(letters, "", "<</Type /Page /Contents 6 0 R>>")
	two[1] = "<</Kids [3 0 R 5 0 R]>>"
	for name, content := range map[string][]byte{
		"the catalog":                     overwritten("1 0 obj"),
		"the page tree":                   overwritten("2 0 obj"),
		"a page":                          overwritten("3 0 obj"),
		"a page's content":                overwritten("4 0 obj"),
		"the beginning of packed content": broken.withTable("1.4"),
		"one page's content of two":       two.withTable("1.4"),
		"all objects":                     []byte("%PDF-1.4\nstartxref\n0\n%%EOF"),
	} {
		t.Run(name, func(t *testing.T) { problemsAre(t, content, Damaged) })
	}
}

func TestAPDFHasPages(t *testing.T) {
	tree := func(nodes ...string) []byte {
		return append(pdfObjects{"<</Type /Catalog /Pages 2 0 R>>"}, nodes...).withTable("1.4")
	}
	deep := pdfObjects{"<</Type /Catalog /Pages 2 0 R>>"}
	for number := 3; number < 200; number++ {
		deep.add(fmt.Sprintf("<</Kids [%d 0 R]>>", number))
	}
	deep.add(fmt.Sprintf("<</Type /Page /Contents %d 0 R>>", len(deep)+2))
	deep.add(pdfStream("", letters))
	tests := map[string]struct {
		content []byte
		want    []Problem
	}{
		"no kids":                    {tree("<</Type /Pages /Kids [] /Count 0>>"), []Problem{NoPages}},
		"no kids, but a count":       {tree("<</Type /Pages /Kids [] /Count 1>>"), []Problem{NoPages}},
		"kids without kids":          {tree("<</Kids [3 0 R 4 0 R]>>", "<</Kids []>>", "<</Kids []>>"), []Problem{NoPages}},
		"a catalog without a tree":   {pdfObjects{"<</Type /Catalog>>"}.withTable("1.4"), []Problem{NoPages}},
		"a tree of 200 levels":       {deep.withTable("1.4"), nil},
		"a tree that is one page":    {tree("<</Type /Page /Contents 3 0 R>>", pdfStream("", letters)), nil},
		"no types":                   {tree("<</Kids [3 0 R]>>", "<</Contents 4 0 R>>", pdfStream("", letters)), nil},
		"a page that is there twice": {tree("<</Kids [3 0 R 3 0 R]>>", "<</Contents 4 0 R>>", pdfStream("", letters)), nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { problemsAre(t, test.content, test.want...) })
	}
}

func TestAPageShowsSomething(t *testing.T) {
	form := func(content string) string { return pdfStream("/Subtype /Form", content) }
	const resources = "/Resources <</XObject <</X 5 0 R /Y#31 6 0 R>>>>"
	tests := map[string]struct {
		objects pdfObjects
		shows   bool
	}{
		"text":                              {onePage("BT (a) Tj ET", ""), true},
		"text with kerning":                 {onePage("BT [(a) -120 (b)] TJ ET", ""), true},
		"text on the next line":             {onePage("BT (a) ' ET", ""), true},
		"text with spacing":                 {onePage("BT 1 2 (a) \" ET", ""), true},
		"text in hexadecimal":               {onePage("BT <0041> Tj ET", ""), true},
		"text in octal":                     {onePage(`BT (\101) Tj ET`, ""), true},
		"text in parentheses":               {onePage("BT (()) Tj ET", ""), true},
		"no text":                           {onePage("BT () Tj <> Tj [] TJ ET", ""), false},
		"spaces":                            {onePage(`BT ( \040 ) Tj <20 20 2> Tj [( ) 5 <0020>] TJ ET`, ""), false},
		"text in a comment":                 {onePage("BT % (a) Tj\n ET", ""), false},
		"text of marked content":            {onePage("/Span <</ActualText (a)>> BDC EMC", ""), false},
		"text that is invisible":            {onePage("BT 3 Tr (a) Tj ET", ""), false},
		"text that is visible again":        {onePage("q BT 3 Tr (a) Tj ET Q BT (a) Tj ET", ""), true},
		"a line":                            {onePage("0 0 m 9 9 l S", ""), true},
		"a rectangle":                       {onePage("0 0 9 9 re f*", ""), true},
		"a path that only clips":            {onePage("0 0 9 9 re W n", ""), false},
		"a shading":                         {onePage("/Sh0 sh", ""), true},
		"an image in the content":           {onePage("BI /W 1 /H 1 /BPC 1 ID \x00 EI", ""), true},
		"content in parts":                  {append(onePage("", "", pdfStream("", "BT (a)"), pdfStream("", "Tj")), "[5 0 R 6 0 R]").with(3, "/Contents 7 0 R"), true},
		"an image":                          {onePage("/X Do", resources, pdfStream("/Subtype /Image /Width 9 /Height 9 /Filter /JBIG2Decode", "?")), true},
		"an image of no size":               {onePage("/X Do", resources, pdfStream("/Subtype /Image /Width 0 /Height 9", "?")), false},
		"an image that is missing":          {onePage("/X Do", resources), false},
		"something without a name":          {onePage("Do", resources, form(letters)), false},
		"a form":                            {onePage("/X Do", resources, form(letters)), true},
		"a form with a name in hexadecimal": {onePage("/Y1 Do", resources, form(""), form(letters)), true},
		"a form in a form":                  {onePage("/X Do", resources, form("/Y1 Do"), form(letters)), true},
		"a form in itself":                  {onePage("/X Do", resources, form("/X Do /Y1 Do"), form("/X Do")), false},
		"an empty form":                     {onePage("/X Do", resources, form("q Q")), false},
		"a form that no page places":        {onePage("", resources, form(letters)), false},
		"resources of the tree":             {onePage("/X Do", "", form(letters)).with(2, resources), true},
		"no content":                        {onePage("", ""), false},
		"null for content":                  {onePage("", "").with(3, "/Contents null"), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { showsOrIsBlank(t, test.objects, test.shows) })
	}
}

// with adds entries to the dictionary of an object, instead of the content that it has.
func (p pdfObjects) with(number int, entries string) pdfObjects {
	changed := slices.Clone(p)
	body := p[number-1]
	if strings.Contains(entries, "/Contents") {
		body = strings.Replace(body, "/Contents 4 0 R", "", 1)
	}
	changed[number-1] = strings.Replace(body, "<<", "<<"+entries+" ", 1)
	return changed
}

func showsOrIsBlank(t *testing.T, objects pdfObjects, shows bool) {
	t.Helper()
	want := []Problem{Blank}
	if shows {
		want = nil
	}
	problemsAre(t, objects.withTable("1.4"), want...)
	problemsAre(t, objects.withStreams(""), want...)
}

func TestAPageShowsWhatIsLaidOverIt(t *testing.T) {
	stamp := func(entries string, appearances ...string) pdfObjects {
		return append(onePage("", "/Annots [5 0 R]", "<</Subtype /Stamp "+entries+">>"), appearances...)
	}
	shown, empty := pdfStream("/Subtype /Form", letters), pdfStream("/Subtype /Form", "/Tx BMC EMC")
	tests := map[string]struct {
		objects pdfObjects
		shows   bool
	}{
		"a stamp":                       {stamp("/AP <</N 6 0 R>> /F 4", shown), true},
		"a field that is not filled":    {stamp("/AP <</N 6 0 R>> /F 4", empty), false},
		"a stamp that is hidden":        {stamp("/AP <</N 6 0 R>> /F 2", shown), false},
		"a stamp that is not viewed":    {stamp("/AP <</N 6 0 R>> /F 32", shown), false},
		"a box that is ticked":          {stamp("/AP <</N <</On 6 0 R /Off 7 0 R>>>> /AS /On", shown, empty), true},
		"a box that is not":             {stamp("/AP <</N <</On 6 0 R /Off 7 0 R>>>> /AS /Off", shown, empty), false},
		"a link":                        {stamp("/A <</URI (https://example.com)>>"), false},
		"an annotation that is missing": {onePage("", "/Annots [9 0 R null 3]"), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { showsOrIsBlank(t, test.objects, test.shows) })
	}
}

func TestABlankPageBesideOneThatIsNotIsAccepted(t *testing.T) {
	for name, kids := range map[string]string{"before it": "[5 0 R 3 0 R]", "behind it": "[3 0 R 5 0 R]"} {
		t.Run(name, func(t *testing.T) {
			objects := onePage(letters, "", "<</Type /Page>>")
			objects[1] = "<</Type /Pages /Count 2 /Kids " + kids + ">>"
			problemsAre(t, objects.withTable("1.4"))
		})
	}
}

// scan is a page of one image.
func scan(dict, data string) pdfObjects {
	return onePage("q 595 0 0 842 0 0 cm /X Do Q", "/Resources <</XObject <</X 5 0 R>>>>", pdfStream("/Subtype /Image "+dict, data))
}

func TestAScanIsBlankWhereNothingCanBeSeenOnIt(t *testing.T) {
	const gray, bits, colors = "/BitsPerComponent 8 /ColorSpace /DeviceGray", "/BitsPerComponent 1 /ColorSpace /DeviceGray", "/BitsPerComponent 8 /ColorSpace /DeviceRGB"
	flat := func(width, height int, space string) string {
		return fmt.Sprintf("/Width %d /Height %d %s /Filter /FlateDecode ", width, height, space)
	}
	jpegOf := func(picture image.Image) string { return string(asJPEG(t, picture)) }
	const jpegImage = "/Width 820 /Height 820 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
	white := strings.Repeat("\xff", 100*100*3)
	dot := white[:5000] + "\x00" + white[5001:]
	rows := strings.Repeat("\x00"+white[:100], 100)
	tests := map[string]struct {
		dict, data string
		shows      bool
	}{
		"white":                    {flat(100, 100, gray), compressed([]byte(white)), false},
		"white, and a dot":         {flat(100, 100, gray), compressed([]byte(dot)), true},
		"white in colour":          {flat(100, 100, colors), compressed([]byte(white)), false},
		"a dot in colour":          {flat(100, 100, colors), compressed([]byte(dot)), true},
		"white in bits":            {flat(100, 100, bits), compressed([]byte(white)), false},
		"a dot in bits":            {flat(100, 100, bits), compressed([]byte(white[:500] + "\xfe" + white)), true},
		"white by a profile":       {flat(100, 100, "/BitsPerComponent 8 /ColorSpace [/ICCBased 4 0 R]"), compressed([]byte(white)), true},
		"white with row filters":   {flat(100, 100, gray) + "/DecodeParms <</Predictor 15 /Columns 100>>", compressed([]byte(rows)), false},
		"other columns":            {flat(100, 100, gray) + "/DecodeParms <</Predictor 15 /Columns 99>>", compressed([]byte(rows)), true},
		"white, but too short":     {flat(100, 1000, gray), compressed([]byte(white)), true},
		"white, with a shape":      {flat(100, 100, gray) + "/SMask 4 0 R", compressed([]byte(white)), true},
		"a shape":                  {flat(100, 100, gray) + "/ImageMask true", compressed([]byte(white)), true},
		"colours of another kind":  {flat(100, 100, "/ColorSpace /DeviceCMYK /BitsPerComponent 8"), compressed([]byte(white)), true},
		"a filter of another kind": {"/Width 9 /Height 9 /Filter /CCITTFaxDecode", "\xff", true},
		"a white JPEG":             {jpegImage, jpegOf(paper(820, 0xff, 0xff)), false},
		"a JPEG":                   {jpegImage, jpegOf(page(820, 820)), true},
		"a black JPEG":             {jpegImage, jpegOf(&uniform{color.Black}), false},
		"a JPEG that is none":      {jpegImage, "\xff\xd8", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { showsOrIsBlank(t, scan(test.dict, test.data), test.shows) })
	}
	t.Run("two, of which one is not", func(t *testing.T) {
		objects := append(scan(flat(100, 100, gray), compressed([]byte(white))), pdfStream("/Subtype /Image "+flat(100, 100, gray), compressed([]byte(dot))))
		objects[2] = strings.Replace(objects[2], "/X 5 0 R", "/X 5 0 R /Y 6 0 R", 1)
		objects[3] = pdfStream("", "/X Do /Y Do")
		problemsAre(t, objects.withTable("1.4"))
	})
}

func TestAScanWhosePictureNobodyShowsIsDamaged(t *testing.T) {
	dict := "/Width 820 /Height 820 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
	problemsAre(t, scan(dict, "SAMPLE"+string(legibleAs(t, FormatJPEG))[6:]).withTable("1.4"), Damaged)
}

// uniform is an image of one colour.
type uniform struct{ color.Color }

func (*uniform) ColorModel() color.Model   { return color.RGBAModel }
func (*uniform) Bounds() image.Rectangle   { return image.Rect(0, 0, 820, 820) }
func (u *uniform) At(int, int) color.Color { return u.Color }

func TestContentIsUnpacked(t *testing.T) {
	encode := func(name, data string) string {
		step, err := filter.NewFilter(name, map[string]int{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := step.Encode(strings.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		var encoded bytes.Buffer
		if _, err := encoded.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		return encoded.String()
	}
	for name, filters := range map[string][]string{
		"Flate": {filter.Flate}, "LZW": {filter.LZW}, "ASCII 85": {filter.ASCII85}, "hexadecimal": {filter.ASCIIHex}, "run lengths": {filter.RunLength},
		"two": {filter.ASCII85, filter.Flate}, "three": {filter.ASCIIHex, filter.LZW, filter.RunLength},
	} {
		t.Run(name, func(t *testing.T) {
			for content, shows := range map[string]bool{letters: true, "q 1 0 0 1 0 0 cm Q": false} {
				for _, name := range slices.Backward(filters) {
					content = encode(name, content)
				}
				objects := onePage("", "")
				objects[3] = pdfStream("/Filter [/"+strings.Join(filters, " /")+"]", content)
				showsOrIsBlank(t, objects, shows)
			}
		})
	}
	objects := onePage("", "")
	packed := compressed([]byte(letters))
	for name, stream := range map[string]string{
		"a wrong checksum":     pdfStream("/Filter /FlateDecode", packed[:len(packed)-1]+"?"),
		"no checksum":          pdfStream("/Filter /FlateDecode", packed[:len(packed)-4]),
		"a short name":         pdfStream("/Filter /Fl", packed),
		"no parameters":        pdfStream("/Filter [/FlateDecode] /DecodeParms [null]", packed),
		"no mark at its end":   pdfStream("/Filter /ASCII85Decode", strings.TrimSuffix(encode(filter.ASCII85, letters), "~>")),
		"spaces behind it":     pdfStream("/Filter /ASCII85Decode", encode(filter.ASCII85, letters)+" \n"),
		"a way not known":      pdfStream("/Filter /BrotliDecode", "?"),
		"LZW with row filters": pdfStream("/Filter /LZWDecode /DecodeParms <</Predictor 12>>", "?"),
	} {
		t.Run(name, func(t *testing.T) {
			objects[3] = stream
			problemsAre(t, objects.withTable("1.4"))
		})
	}
}

func TestAnXFAFormIsWarnedOf(t *testing.T) {
	objects := onePage(letters, "", "<</Fields [] /XFA [(template) 4 0 R]>>")
	problemsAre(t, objects.with(1, "/AcroForm 5 0 R").withTable("1.7"), XFAForm)
	plain := onePage(letters, "", "<</Fields []>>")
	problemsAre(t, plain.with(1, "/AcroForm 5 0 R").withTable("1.7"))
}

func TestAResultHoldsNothingOfAPDF(t *testing.T) {
	const secret = "11010519491231002X"
	for _, content := range [][]byte{
		onePage("("+secret+") Tj", "").withTable("1.4"),
		onePage("", "/"+secret+" ("+secret+")").withTable("1.4"),
		[]byte("%PDF-1.4 " + secret),
		onePage("", "").with(1, "/Pages ("+secret+")").withTable("1.4"),
	} {
		if got := fmt.Sprintf("%+v", inspect(content)); strings.Contains(got, secret) {
			t.Errorf("%s", got)
		}
	}
}
