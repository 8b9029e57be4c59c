// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/test/scans"
)

const (
	goodCode = "91310000MA1K35Y38P"
	badCode  = "91310000MA1K35Y38Q"

	failedCheck = "the check character does not fit the other 17: compare the code with the certificate, character by character; if the certificate says exactly this, set creditCodeCheckCharacter: Waived"
	failedJSON  = `{"valid":false,"findings":[{"code":"CreditCodeCheckFailed","severity":"Error","path":"","message":"` + failedCheck + `","source":"GB 32100-2015"}]}` + "\n"
	goodJSON    = `{"valid":true,"findings":[]}` + "\n"
)

func TestOneValueIsJudged(t *testing.T) {
	plugin(t, "", "check", "id", "--kind", "uscc", goodCode).expect(t, 0, "valid\n")
	plugin(t, "", "check", "id", "--kind", "uscc", badCode).expect(t, 1, "not valid: CreditCodeCheckFailed: "+failedCheck+"\n")
	plugin(t, "", "check", "id", "--kind=uscc", "-o=json", goodCode).expect(t, 0, goodJSON)
	plugin(t, "", "check", "id", badCode, "-o", "json", "--kind", "uscc").expect(t, 1, failedJSON)
	plugin(t, "", "check", "id", "--kind", "uscc", "").expectFirst(t, 1, "not valid: CreditCodeMalformed: ")
}

func TestListOfValuesIsJudgedLineByLine(t *testing.T) {
	list := goodCode + "\n" + badCode + "\n" + goodCode
	plugin(t, list, "check", "id", "--kind", "uscc", "-").expect(t, 1,
		"line 1: valid\nline 2: not valid: CreditCodeCheckFailed: "+failedCheck+"\nline 3: valid\n")
	plugin(t, list, "check", "id", "--kind", "uscc", "-o", "json", "-").expect(t, 1, goodJSON+failedJSON+goodJSON)
	plugin(t, goodCode+"\n", "check", "id", "--kind", "uscc", "-").expect(t, 0, "line 1: valid\n")
	plugin(t, "", "check", "id", "--kind", "uscc", "-").expect(t, 0, "")
}

func TestWarningLeavesAValueValid(t *testing.T) {
	r := plugin(t, "", "check", "id", "--kind", "uscc", "--waive-check", badCode)
	r.expectFirst(t, 0, "valid: warning CreditCodeCheckWaived: ")
	r = plugin(t, "", "check", "id", "--kind", "passport", "-o", "json", "E12")
	r.expectFirst(t, 1, `{"valid":false,"findings":[{"code":"PassportMalformed","severity":"Error","path":"",`)
}

func TestValuesAreShownWhenThatIsAskedFor(t *testing.T) {
	plugin(t, goodCode+"\n", "check", "id", "--kind", "uscc", "--show-values", "-").expect(t, 0, "line 1: \""+goodCode+"\": valid\n")
	plugin(t, "", "check", "id", "--kind", "uscc", "--show-values", "-o", "json", goodCode).expect(t, 0, `{"value":"`+goodCode+`","valid":true,"findings":[]}`+"\n")
}

func TestValueThatBeginsWithAHyphenComesAfterTwo(t *testing.T) {
	plugin(t, "", "check", "id", "--kind", "uscc", "--", "-"+goodCode).expectFirst(t, 1, "not valid: CreditCodeMalformed")
	plugin(t, "", "check", "id", "--kind", "uscc", "-"+goodCode).expectUsage(t, "comes after --")
}

func TestWrongUsageOfCheckIDSaysWhatIsRight(t *testing.T) {
	const kinds = "uscc, resident-id, hk-macao-permit, taiwan-permit, passport, mobile, postal-code"
	for name, test := range map[string]struct {
		args []string
		says string
	}{
		"no kind":             {[]string{goodCode}, kinds},
		"another kind":        {[]string{"--kind", "id", goodCode}, kinds},
		"a value for a kind":  {[]string{"--kind", goodCode, "-"}, kinds},
		"no value":            {[]string{"--kind", "uscc"}, "one VALUE, or -"},
		"two values":          {[]string{"--kind", "uscc", goodCode, goodCode}, "got 2"},
		"another form":        {[]string{"--kind", "uscc", "-o", goodCode, "-"}, "--output: the only other form is json"},
		"a flag of no kind":   {[]string{"--kind", "mobile", "--waive-check", "-"}, "--waive-check is for --kind uscc alone"},
		"a flag there is not": {[]string{"--knd", "uscc", goodCode}, "there is no flag --knd"},
		"a value for a flag":  {[]string{"--" + goodCode}, "there is no such flag"},
		"a flag and no value": {[]string{goodCode, "--kind"}, "--kind needs a value"},
	} {
		t.Run(name, func(t *testing.T) {
			r := plugin(t, "", append([]string{"check", "id"}, test.args...)...)
			r.expectUsage(t, "error: ", test.says, "See 'kubectl china-account check id --help'.")
			if strings.Contains(r.stderr, goodCode) {
				t.Errorf("standard error %q repeats the value", r.stderr)
			}
		})
	}
}

func TestHelpRecommendsStandardInputForPersonalNumbers(t *testing.T) {
	r := plugin(t, "", "check", "id", "--help")
	for _, text := range []string{"process list", "after --", "uscc ", "postal-code ", "Exit codes:", "< number.txt"} {
		if !strings.Contains(r.stdout, text) {
			t.Errorf("the help lacks %q", text)
		}
	}
	if r.code != 0 || r.stderr != "" {
		t.Errorf("exit code %d, standard error %q", r.code, r.stderr)
	}
}

// expectFirst is expect with what is printed first.
func (r result) expectFirst(t *testing.T, code int, first string) {
	t.Helper()
	if !strings.HasPrefix(r.stdout, first) {
		t.Errorf("printed %q, want %q first", r.stdout, first)
		return
	}
	r.expect(t, code, r.stdout)
}

func TestFilesAreJudgedOneAfterAnother(t *testing.T) {
	good, bad := write(t, "a.pdf", string(scans.PDF("SAMPLE"))), write(t, "b.jpg", "GIF89a")
	isGIF := "this is a GIF image, and must be jpg, jpeg, bmp, png or pdf: save it as PNG (another name for the file does not help)"
	plugin(t, "", "check", "file", good).expect(t, 0, "OK  "+good+" (pdf)\n")
	plugin(t, "", "check", "file", good, bad, good).expect(t, 1,
		"OK  "+good+" (pdf)\nBAD "+bad+": DocumentIsGIF: "+isGIF+"\nOK  "+good+" (pdf)\n")
	plugin(t, "", "check", "file", "-o", "json", bad, good).expect(t, 1,
		`{"path":"`+bad+`","format":"","valid":false,"findings":[{"code":"DocumentIsGIF","severity":"Error","path":"","message":"`+isGIF+`","source":"FAQ Q4"}]}`+"\n"+
			`{"path":"`+good+`","format":"pdf","valid":true,"findings":[]}`+"\n")
	plugin(t, string(scans.PDF("SAMPLE")), "check", "file", "-").expect(t, 0, "OK  - (pdf)\n")
}

func TestFileThatCannotBeReadStopsNoOther(t *testing.T) {
	good, folder := write(t, "a.pdf", string(scans.PDF("SAMPLE"))), t.TempDir()
	r := plugin(t, "", "check", "file", "-o", "json", "absent.pdf", folder, good)
	r.expect(t, 2,
		`{"path":"absent.pdf","format":"","valid":false,"findings":[{"code":"DocumentUnreadable","severity":"Error","path":"","message":"there is no such file: compare the path","source":"file system"}]}`+"\n"+
			`{"path":"`+folder+`","format":"","valid":false,"findings":[{"code":"DocumentUnreadable","severity":"Error","path":"","message":"this is a folder: name the files in it","source":"file system"}]}`+"\n"+
			`{"path":"`+good+`","format":"pdf","valid":true,"findings":[]}`+"\n")
	for _, text := range []string{"error: check absent.pdf: no such file or directory\n", "error: check " + folder + ": is a directory\n", "see that they are there"} {
		if !strings.Contains(r.stderr, text) {
			t.Errorf("standard error %q lacks %q", r.stderr, text)
		}
	}
}

func TestPathsAreOneLineEach(t *testing.T) {
	path := write(t, "two\nlines\x1b[31m.pdf", string(scans.PDF("SAMPLE")))
	r := plugin(t, "", "check", "file", path)
	if strings.Count(r.stdout, "\n") != 1 || strings.Contains(r.stdout, "\x1b") {
		t.Errorf("printed %q", r.stdout)
	}
}

func TestNoFilesIsWrongUsage(t *testing.T) {
	plugin(t, "", "check", "file").expectUsage(t, "name the files to check", "Usage:", "check file PATH...")
	plugin(t, "", "check", "file", "-o", "yaml", "a.pdf").expectUsage(t, "the only other form is json")
}
