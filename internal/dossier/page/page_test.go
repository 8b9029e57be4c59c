// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package page_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier/page"
	"github.com/chinaaccount/china-account-operator/internal/form"
	sample "github.com/chinaaccount/china-account-operator/test/page"
)

var update = flag.Bool("update", false, "write testdata/outline.txt anew")

// written is the folder of the filing.
func written(t *testing.T, f page.Filing) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dossier")
	if err := page.WriteFolder(path, f); err != nil {
		t.Fatal(err)
	}
	return path
}

func readFile(t *testing.T, path ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// parsed is the filing's page as a browser reads it.
func parsed(t *testing.T, f page.Filing) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(readFile(t, written(t, f), "index.html")))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// all are the elements of those names, in the page's order; every one without names.
func all(root *html.Node, names ...string) []*html.Node {
	var found []*html.Node
	for node := range root.Descendants() {
		if node.Type == html.ElementNode && (len(names) == 0 || slices.Contains(names, node.Data)) {
			found = append(found, node)
		}
	}
	return found
}

func attribute(node *html.Node, key string) string {
	for _, a := range node.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func textOf(node *html.Node) string {
	var text strings.Builder
	for n := range node.Descendants() {
		if n.Type == html.TextNode {
			text.WriteString(n.Data)
		}
	}
	return text.String()
}

// valueOf is the element that shows the value of a path.
func valueOf(t *testing.T, root *html.Node, path string) string {
	t.Helper()
	for _, node := range all(root, "bdi") {
		if attribute(node, "id") == "value:"+path {
			return textOf(node)
		}
	}
	t.Fatalf("the page shows no value of %s", path)
	return ""
}

// fieldOf is the row of a path, in words.
func fieldOf(t *testing.T, root *html.Node, path string) (words string, found bool) {
	t.Helper()
	for _, node := range all(root, "div") {
		if attribute(node, "data-path") == path {
			return strings.Join(strings.Fields(textOf(node)), " "), true
		}
	}
	return "", false
}

// outline is what stands on the page, a line a thing.
func outline(root *html.Node) string {
	var lines strings.Builder
	for _, node := range all(root, "title", "h1", "h2", "dt", "dd", "li", "p", "div", "label") {
		class := attribute(node, "class")
		if node.Data == "div" && class != "name" && class != "value" {
			continue
		}
		if text := strings.Join(strings.Fields(textOf(node)), " "); text != "" {
			lines.WriteString(node.Data + ": " + text + "\n")
		}
	}
	return lines.String()
}

func TestThePageHasAllFieldsInTheOrderOfTheForm(t *testing.T) {
	got := outline(parsed(t, sample.Filing(t)))
	const golden = "testdata/outline.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(readFile(t, golden)), got); diff != "" {
		t.Errorf("the page is not as in %s (-want +got); if it should be so, run the test with -update:\n%s", golden, diff)
	}
}

func TestEachFieldOfTheFormIsAnswered(t *testing.T) {
	root := parsed(t, sample.Filing(t))
	for _, section := range form.Sections() {
		for _, field := range section.Fields {
			words, found := fieldOf(t, root, field.Path)
			if !found || strings.Contains(words, "Leave empty") {
				t.Errorf("%s: %q, of a dossier that has all", field.Path, words)
			}
		}
	}
}

func TestWhatADossierLacksIsSaidOrLeftOut(t *testing.T) {
	filing := sample.Filing(t)
	spec := &filing.Dossier.Spec
	spec.Documents.BusinessCertificate.ExpiryDate = ""
	spec.Company.Address.District = ""
	spec.SecurityAdministrator.Landline = ""
	spec.SecurityAdministrator.ChineseProficiency = ""
	spec.Fapiao = v1alpha1.Fapiao{Type: v1alpha1.FapiaoOrdinary}
	root := parsed(t, filing)
	const admin = "spec.dossier.securityAdministrator."
	for path, want := range map[string]string{
		"spec.dossier.documents.businessCertificate.expiryDate": "Long-term: it does not expire 长期",
		"spec.dossier.company.address.district":                 "Leave empty 留空",
		admin + "chineseProficiency":                            "Leave empty 留空",
		admin + "landline":                                      "the mobile stands in. 无固定电话，以手机号码代替。",
		"spec.dossier.fapiao.type":                              "Ordinary VAT fapiao 增值税普通发票",
	} {
		if words, found := fieldOf(t, root, path); !found || !strings.Contains(words, want) {
			t.Errorf("%s says %q, want %q in it", path, words, want)
		}
	}
	if mobile, digits := valueOf(t, root, admin+"landline"), valueOf(t, root, admin+"landline:digits"); mobile != "+8613900139000" || digits != "13900139000" {
		t.Errorf("in the landline's stead: %q and %q", mobile, digits)
	}
	for _, path := range []string{"registeredAddress", "registeredPhone", "bankName", "bankAccountNumber"} {
		if words, found := fieldOf(t, root, "spec.dossier.fapiao.specialVAT."+path); found {
			t.Errorf("without a special VAT fapiao the page has %q", words)
		}
	}
}

// hostile values would leave their places if they could.
var hostile = map[string]string{
	"quotes":                `"><img src=x onerror=alert(1)>'`,
	"end of script":         `</script><script>alert(1)</script>`,
	"end of style":          `</style></title></bdi><!-- <![CDATA[`,
	"right to left":         "\u202egnp.exe\u2066abc",
	"emoji":                 "🏭👩‍🔬",
	"entity":                "&amp;amp; &lt;b&gt; &#x3c;",
	"template":              "{{.}} ${x} `x`",
	"spaces":                " \t two  spaces\n",
	"beyond the BMP":        "𠮷\u0301",
	"separators, controls":  "\u2028\u2029\u0001\u007f",
	"address of a script":   "javascript:alert(1)",
	"what fills a template": "ZgotmplZ",
}

func TestHostileValuesAreTextAndNothingElse(t *testing.T) {
	harmless := len(all(parsed(t, sample.Filing(t))))
	for name, value := range hostile {
		t.Run(name, func(t *testing.T) {
			filing := sample.Filing(t)
			filing.Dossier.Spec.Company.LegalName = value
			filing.Dossier.IDNumber = value
			root := parsed(t, filing)
			for _, path := range []string{"spec.dossier.company.legalName", "spec.dossier.securityAdministrator.identification.numberFrom"} {
				if got := valueOf(t, root, path); got != value {
					t.Errorf("%s shows %q, want %q", path, got, value)
				}
			}
			notes := 0
			for _, node := range all(root, "p") {
				if attribute(node, "class") == "note" {
					notes++
				}
			}
			if got := len(all(root)); got != harmless+3*notes { // a note is a paragraph of two languages
				t.Errorf("the page has %d elements and %d notes, with harmless values %d", got, notes, harmless)
			}
		})
	}
}

func TestWhatIsNotSeenIsSaid(t *testing.T) {
	for value, unseen := range map[string]bool{
		"爱客科技（上海）有限公司": false, "A B & Co., Ltd.": false, "🏭": false,
		" x": true, "x\n": true, "a\u202eb": true, "a\u200bb": true, "a\u3000b": true, "a\u00a0b": true, "a\tb": true, "\u115f": true,
	} {
		filing := sample.Filing(t)
		filing.Dossier.Spec.Company.LegalName = value
		words, _ := fieldOf(t, parsed(t, filing), "spec.dossier.company.legalName")
		if got := strings.Contains(words, "cannot be seen"); got != unseen {
			t.Errorf("%q: noted %v, want %v", value, got, unseen)
		}
	}
}

func TestThePageRefersToNothingButTheFilesBesideIt(t *testing.T) {
	folder := written(t, sample.Filing(t))
	root, err := html.Parse(bytes.NewReader(readFile(t, folder, "index.html")))
	if err != nil {
		t.Fatal(err)
	}
	for _, node := range all(root) {
		for _, a := range node.Attr {
			switch {
			case slices.Contains([]string{"src", "href"}, a.Key):
				if _, err := os.Stat(filepath.Join(folder, filepath.Base(a.Val))); err != nil || filepath.Base(a.Val) != a.Val {
					t.Errorf("%s of %s leads to %s", a.Key, node.Data, a.Val)
				}
			case slices.Contains([]string{"srcset", "action", "formaction", "data", "poster", "background", "ping", "style"}, a.Key), strings.HasPrefix(a.Key, "on"):
				t.Errorf("%s has an attribute %s", node.Data, a.Key)
			}
		}
		if slices.Contains([]string{"link", "iframe", "object", "embed", "base", "form"}, node.Data) {
			t.Errorf("the page has an element %s", node.Data)
		}
	}
	for _, address := range []string{"http:", "https:", "//www", "@import", "url(", "data:"} {
		if bytes.Contains(readFile(t, folder, "index.html"), []byte(address)) {
			t.Errorf("the page has %s in it", address)
		}
	}
}

func TestThePolicyNamesThePagesOwnAssetsByTheirHashes(t *testing.T) {
	root := parsed(t, sample.Filing(t))
	var policy string
	for _, node := range all(root, "meta") {
		if attribute(node, "http-equiv") == "Content-Security-Policy" {
			policy = attribute(node, "content")
		}
	}
	want := "default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; img-src 'self' file:; base-uri 'none'; form-action 'none'"
	var hashes []any
	for _, name := range []string{"style", "script"} {
		nodes := all(root, name)
		asset := readFile(t, "assets/page."+map[string]string{"style": "css", "script": "js"}[name])
		if len(nodes) != 1 || textOf(nodes[0]) != string(asset) {
			t.Errorf("the page has %d of %s, or not the asset", len(nodes), name)
		}
		sum := sha256.Sum256(asset)
		hashes = append(hashes, base64.StdEncoding.EncodeToString(sum[:]))
	}
	if want = fmt.Sprintf(want, hashes...); policy != want {
		t.Errorf("the policy is\n%s, want\n%s", policy, want)
	}
}

func TestThePageSaysHowThePasswordIsSettledAndHasNone(t *testing.T) {
	root := parsed(t, sample.Filing(t))
	if text := textOf(root); !strings.Contains(text, "The password is not part of the dossier") || !strings.Contains(text, "密码不属于注册资料") {
		t.Error("the page does not say how the password is settled")
	}
	for _, node := range all(root, "input") {
		if kind := attribute(node, "type"); kind != "checkbox" {
			t.Errorf("the page has an input of type %q", kind)
		}
	}
	for _, node := range all(root, "div") {
		if path := attribute(node, "data-path"); strings.Contains(path, "password") {
			t.Errorf("the page has a field %s", path)
		}
	}
}
