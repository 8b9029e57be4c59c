// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// officeFile is one that LibreOffice makes.
type officeFile struct {
	name, source, filter string
	// options of the filter, as Basic's NAME, VALUE pairs.
	options string
}

var officeFiles = []officeFile{
	{"text.pdf", "text.txt", "writer_pdf_Export", ""},
	{"web.pdf", "web.html", "writer_pdf_Export", ""},
	{"flat.pdf", "flat.fodt", "writer_pdf_Export", ""},
	{"empty.pdf", "empty.txt", "writer_pdf_Export", ""},
	{"archive.pdf", "flat.fodt", "writer_pdf_Export", `"SelectPdfVersion", 2`},
	{"tagged.pdf", "flat.fodt", "writer_pdf_Export", `"PDFUACompliance", True`},
	{"secret.pdf", "flat.fodt", "writer_pdf_Export", `"EncryptFile", True, "DocumentOpenPassword", "sample"`},
	{"text.docx", "flat.fodt", "MS Word 2007 XML", ""},
	{"text.odt", "flat.fodt", "writer8", ""},
	{"text.doc", "flat.fodt", "MS Word 97", ""},
	{"text.rtf", "flat.fodt", "Rich Text Format", ""},
}

// office has LibreOffice make all of its files, in a folder named out. It takes
// seconds to start, whatever there is to do, and its command line knows but one
// format at a time: so it is told by a macro, in a profile of its own.
func office() []step {
	return []step{
		write("text.txt", "SAMPLE\nThis is not a business licence.\n"),
		write("web.html", htmlPage), write("flat.fodt", fodtPage), write("empty.txt", ""),
		{do: func(_ *bench, folder string) error { return writeMacro(folder) }},
		run("soffice -env:UserInstallation=file://{}/profile --headless --norestore macro:///Standard.Sample.Main"),
		{do: func(_ *bench, folder string) error {
			// It says nothing of what it could not do.
			complaint, err := os.ReadFile(filepath.Join(folder, "out", "complaint"))
			if err == nil {
				return fmt.Errorf("LibreOffice's macro: %s", complaint)
			}
			return nil
		}},
	}
}

func writeMacro(folder string) error {
	var calls strings.Builder
	for _, f := range officeFiles {
		fmt.Fprintf(&calls, "  Convert(%q, %q, %q, Array(%s))\n", f.source, f.name, f.filter, f.options)
	}
	module := strings.NewReplacer("CALLS", calls.String(), "FOLDER", folder).Replace(basicModule)
	for name, text := range map[string]string{
		"profile/user/registrymodifications.xcu": profileInUse,
		"profile/user/basic/script.xlc":          basicLibraries,
		"profile/user/basic/Standard/script.xlb": basicLibrary,
		"profile/user/basic/Standard/Sample.xba": module,
		"out/.folder":                            "",
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// profileInUse keeps LibreOffice from filling what it takes for a new profile with
// its own presets, an empty macro among them.
const profileInUse = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
`

const basicLibraries = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library"><library:library library:name="Standard" library:link="false"/></library:libraries>
`

const basicLibrary = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"><library:element library:name="Sample"/></library:library>
`

const basicModule = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Sample" script:language="StarBasic">
Function Properties(pairs)
  Dim all(UBound(pairs) \ 2) As New com.sun.star.beans.PropertyValue
  For i = 0 To UBound(all)
    all(i).Name = pairs(2 * i)
    all(i).Value = pairs(2 * i + 1)
  Next
  Properties = all
End Function
Sub Convert(source, target, filter, options)
  how = Array("Hidden", True)
  If Right(source, 5) = ".html" Then how = Array("Hidden", True, "FilterName", "HTML (StarWriter)")
  page = StarDesktop.loadComponentFromURL("file://FOLDER/" &amp; source, "_blank", 0, Properties(how))
  how = Array("FilterName", filter)
  If UBound(options) &gt; 0 Then how = Array("FilterName", filter, "FilterData", Properties(options))
  page.storeToURL("file://FOLDER/out/" &amp; target, Properties(how))
  page.close(True)
End Sub
Rem The whole.
Sub Main
  On Error Goto Failed
CALLS  StarDesktop.terminate()
  Exit Sub
Failed:
  Open "FOLDER/out/complaint" For Output As #1
  Print #1, Error
  Close #1
  StarDesktop.terminate()
End Sub
</script:module>
`
