// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"github.com/chinaaccount/china-account-operator/internal/dossier/page"
	"github.com/chinaaccount/china-account-operator/internal/form"
)

var picture = flag.String("picture", "", "write a picture of the page into this file")

// toCopy is what each button of the page copies, by what it shows.
func toCopy(f page.Filing) map[string]string {
	const admin, vat = "value:spec.dossier.securityAdministrator.", "value:spec.dossier.fapiao.specialVAT."
	d, a := f.Dossier.Spec, f.Dossier.Spec.SecurityAdministrator
	return map[string]string{
		"value:report":  "kubectl china-account report " + f.Name + " submitted -n " + f.Namespace,
		"value:release": "kubectl china-account release " + f.Name + " -n " + f.Namespace,

		"value:spec.dossier.account.email":                            string(d.Account.Email),
		"value:spec.dossier.account.username":                         d.Account.Username,
		"value:spec.dossier.company.legalName":                        d.Company.LegalName,
		"value:spec.dossier.company.unifiedSocialCreditCode":          string(d.Company.UnifiedSocialCreditCode),
		"value:spec.dossier.company.address.province":                 d.Company.Address.Province,
		"value:spec.dossier.company.address.city":                     d.Company.Address.City,
		"value:spec.dossier.company.address.district":                 d.Company.Address.District,
		"value:spec.dossier.company.address.street":                   d.Company.Address.Street,
		"value:spec.dossier.company.address.postalCode":               d.Company.Address.PostalCode,
		"value:spec.dossier.documents.businessCertificate.expiryDate": d.Documents.BusinessCertificate.ExpiryDate,
		"value:spec.dossier.contact.name":                             d.Contact.Name,
		"value:spec.dossier.contact.email":                            string(d.Contact.Email),
		"value:spec.dossier.contact.mobile":                           string(d.Contact.Mobile),
		"value:spec.dossier.contact.mobile:digits":                    strings.TrimPrefix(string(d.Contact.Mobile), "+86"),
		admin + "name":                      a.Name,
		admin + "email":                     string(a.Email),
		admin + "mobile":                    string(a.Mobile),
		admin + "mobile:digits":             strings.TrimPrefix(string(a.Mobile), "+86"),
		admin + "landline":                  string(a.Landline),
		admin + "identification.numberFrom": f.Dossier.IDNumber,
		vat + "registeredAddress":           d.Fapiao.SpecialVAT.RegisteredAddress,
		vat + "registeredPhone":             d.Fapiao.SpecialVAT.RegisteredPhone,
		vat + "bankName":                    d.Fapiao.SpecialVAT.BankName,
		vat + "bankAccountNumber":           d.Fapiao.SpecialVAT.BankAccountNumber,
	}
}

// pressAll presses every button, as a person would, and returns what is on the clipboard
// then, by what the button copies.
func pressAll(s *tab) map[string]string {
	s.Helper()
	copied := map[string]string{}
	for _, button := range evaluated[[]string](s, `[...document.querySelectorAll("button")].map(button => button.dataset.copy)`) {
		copied[button] = evaluated[string](s, fmt.Sprintf(`(async () => {
			const button = document.querySelector('[data-copy="%s"]');
			button.click();
			for (let waits = 0; !button.classList.contains("copied"); waits++) {
				if (waits > 1000) return "nothing was copied";
				await new Promise(resolve => setTimeout(resolve, 5));
			}
			return (window.clipboard ?? navigator.clipboard).readText();
		})()`, button))
	}
	return copied
}

func TestEachButtonPutsExactlyItsValueOnTheClipboard(t *testing.T) {
	filing := hostile(Filing(t))
	if diff := cmp.Diff(toCopy(filing), pressAll(open(t, filing))); diff != "" {
		t.Errorf("on the clipboard (-want +got):\n%s", diff)
	}
}

func TestCopyingWorksWhereABrowserKeepsTheClipboardFromFiles(t *testing.T) {
	filing := hostile(Filing(t))
	shown := open(t, filing)
	evaluated[bool](shown, `window.clipboard = navigator.clipboard;
		Object.defineProperty(navigator, "clipboard", {value: undefined}); navigator.clipboard === undefined`)
	if diff := cmp.Diff(toCopy(filing), pressAll(shown)); diff != "" {
		t.Errorf("on the clipboard (-want +got):\n%s", diff)
	}
}

func TestWhereNothingCopiesTheValueIsSelectedForTheKeyboard(t *testing.T) {
	shown := open(t, Filing(t))
	got := evaluated[[]string](shown, `(async () => {
		Object.defineProperty(navigator, "clipboard", {value: undefined});
		document.execCommand = () => false;
		document.querySelector('[data-copy="value:spec.dossier.company.legalName"]').click();
		const status = document.getElementById("status");
		while (!status.textContent) await new Promise(resolve => setTimeout(resolve, 5));
		return [String(getSelection()), status.textContent];
	})()`)
	if got[0] != "爱客科技（上海）有限公司" || !strings.Contains(got[1], "Ctrl+C") {
		t.Errorf("selected %q, said %q", got[0], got[1])
	}
}

func TestAKeyboardIsEnoughToCopyAndToTick(t *testing.T) {
	shown := open(t, Filing(t))
	shown.do(
		chromedp.Focus(`[data-copy="value:spec.dossier.account.username"]`),
		chromedp.KeyEvent(kb.Enter),
	)
	evaluated[bool](shown, `(async () => {
		while (await navigator.clipboard.readText() !== "acmechina") await new Promise(resolve => setTimeout(resolve, 5));
		return true;
	})()`)
	shown.do(
		chromedp.KeyEvent(kb.Tab),
		chromedp.KeyEvent(" "),
	)
	got := evaluated[[]string](shown, `[
		document.activeElement.dataset.tick, String(document.activeElement.checked),
		document.getElementById("status").getAttribute("role"), getComputedStyle(document.activeElement).outlineStyle,
	]`)
	if diff := cmp.Diff([]string{"spec.dossier.account.username", "true", "status", "solid"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTicksSurviveAReloadAndNoValueIsRemembered(t *testing.T) {
	filing := Filing(t)
	filing.Claim = "acme-9-claimed"
	shown := open(t, filing)
	const state = `[document.getElementById("count").textContent, document.getElementById("progress").value,
		...[...document.querySelectorAll("input:checked")].map(box => box.dataset.tick)].map(String)`
	boxes := evaluated[int](shown, `localStorage.clear(); document.querySelectorAll("input").length`)
	before := evaluated[[]string](shown, state)
	shown.do(
		chromedp.Click(`[data-tick="spec.dossier.company.legalName"]`),
		chromedp.Click(`[data-tick="spec.dossier.documents.identification.files[1]"]`),
		chromedp.Click(`[data-tick="check/legible"]`),
		chromedp.Click(`[data-tick="spec.region"]`),
		chromedp.Click(`[data-tick="spec.region"]`), //nolint:gocritic // and takes it back
		chromedp.Reload(),
	)
	counted := func(n int) string { return fmt.Sprintf("%d of %d 已完成 %d/%d", n, boxes, n, boxes) }
	ticked := []string{"spec.dossier.company.legalName", "spec.dossier.documents.identification.files[1]", "check/legible"}
	if diff := cmp.Diff([]string{counted(0), "0"}, before); diff != "" {
		t.Errorf("before (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(append([]string{counted(3), "3"}, ticked...), evaluated[[]string](shown, state)); diff != "" {
		t.Errorf("after (-want +got):\n%s", diff)
	}
	remembered := evaluated[map[string]string](shown, `Object.fromEntries(Object.entries(localStorage))`)
	want, err := json.Marshal(ticked)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"china-account dossier team-a/acme-9-claimed 2026-03-02T01:30:00Z": string(want)}, remembered); diff != "" {
		t.Errorf("remembered (-want +got):\n%s", diff)
	}
	filing.Claim = "acme-10-claimed"
	if diff := cmp.Diff([]string{counted(0), "0"}, evaluated[[]string](open(t, filing), state)); diff != "" {
		t.Errorf("another claim (-want +got):\n%s", diff)
	}
}

// hostile is the filing with values that would leave their places if they could.
func hostile(f page.Filing) page.Filing {
	d := &f.Dossier.Spec
	d.Company.LegalName = `"'><img src=x onerror=alert(1)></bdi></div><script>alert(2)</script>`
	d.Company.Address.Street = "</style></script></title><!-- --><svg onload=alert(3)> &amp;lt; {{.}} ${1} `x`"
	d.Company.Address.City = "\u202egnp.exe \u2066abc\u2067 עברית"
	d.Company.Address.District = "🏭👩‍🔬 \t two  spaces\nand a line "
	d.Contact.Name = "javascript:alert(4)//\u2028" + strings.Repeat("W", 200)
	d.SecurityAdministrator.Name = "\u200b\ufeff\u0001𠮷\u0301"
	f.Dossier.IDNumber = "</textarea><a href=https://example.org/>"
	return f
}

func TestHostileValuesStayTextInTheirPlaces(t *testing.T) {
	const structure = `[...document.querySelectorAll("*")].map(element => element.tagName + element.getAttributeNames()).join("\n")`
	want := evaluated[string](open(t, Filing(t)), structure)
	filing := hostile(Filing(t))
	shown := open(t, filing) // dialogs and errors are complaints
	shown.do(chromedp.EmulateViewport(360, 800))
	// Each of these has something unseen, and a note that says so.
	got := evaluated[string](shown, `document.querySelectorAll(".note").forEach(note => note.remove()); `+structure)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the page's elements (-harmless +hostile):\n%s", diff)
	}
	values := evaluated[map[string]string](shown, `Object.fromEntries([...document.querySelectorAll("bdi[id]")].map(value => [value.id, value.textContent]))`)
	if diff := cmp.Diff(toCopy(filing), values); diff != "" {
		t.Errorf("the values (-want +got):\n%s", diff)
	}
	if styles := evaluated[[]string](shown, `[...new Set([...document.querySelectorAll("bdi")].map(value => getComputedStyle(value).unicodeBidi))]`); len(styles) != 1 || styles[0] != "isolate" {
		t.Errorf("the values' directions are not kept apart: %v", styles)
	}
	if width := evaluated[int](shown, `document.documentElement.scrollWidth`); width > 360 {
		t.Errorf("at 360 px the page is %d wide", width)
	}
}

func TestThePolicyLetsNothingRunOrLoadThatIsNotThePages(t *testing.T) {
	shown := openAnyhow(t, Filing(t))
	got := evaluated[map[string]bool](shown, `(async () => {
		const script = document.createElement("script");
		script.textContent = "window.ran = true";
		document.body.append(script);
		document.body.insertAdjacentHTML("beforeend", "<p id=styled style='color: rgb(1, 2, 3)' onclick='window.clicked = true'>");
		const styled = document.getElementById("styled");
		styled.click();
		const loads = address => new Promise(resolve => {
			const image = new Image();
			image.onload = () => resolve(true);
			image.onerror = () => resolve(false);
			image.src = address;
		});
		return {
			script: "ran" in window, handler: "clicked" in window, style: getComputedStyle(styled).color === "rgb(1, 2, 3)",
			fetch: await fetch("index.html").then(() => true, () => false),
			elsewhere: await loads("https://example.org/x.png"), data: await loads("data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="),
			beside: await loads("2-identification-1.jpg"),
		};
	})()`)
	want := map[string]bool{"script": false, "handler": false, "style": false, "fetch": false, "elsewhere": false, "data": false, "beside": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what goes (-want +got):\n%s", diff)
	}
	if complaints := strings.Join(shown.complained(), "\n"); !strings.Contains(complaints, "Loading the image 'https://example.org/x.png' violates") {
		t.Errorf("the browser says:\n%s", complaints)
	}
}

func TestScansAreSeenBesideTheirNames(t *testing.T) {
	shown := open(t, Filing(t))
	widths := evaluated[[]int](shown, `Promise.all([...document.images].map(async image => { await image.decode(); return image.naturalWidth; }))`)
	if diff := cmp.Diff([]int{1280, 1280}, widths); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestANarrowPageNeedsNoScrollingAside(t *testing.T) {
	shown := open(t, Filing(t))
	for _, width := range []int64{360, 500, 768, 1200} {
		shown.do(chromedp.EmulateViewport(width, 800))
		if got := evaluated[int64](shown, `document.documentElement.scrollWidth`); got > width {
			t.Errorf("at %d px the page is %d wide", width, got)
		}
	}
}

// plain is text without what printing changes: spaces, and which of several code points
// of one glyph it is.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(text))
}

func TestPrintingHasEveryFieldAndNoButton(t *testing.T) {
	filing := Filing(t)
	shown := open(t, filing)
	pdf, err := chromedp.Run(shown.ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPreferCSSPageSize()))
	if err != nil {
		t.Fatal(err)
	}
	_, err = exec.LookPath("pdftotext")
	need(t, err == nil, "pdftotext (poppler-utils)")
	command := exec.Command("pdftotext", "-", "-")
	command.Stdin = bytes.NewReader(pdf)
	printed, err := command.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	text := plain(string(printed))
	for what, value := range toCopy(filing) {
		if !strings.Contains(text, plain(value)) {
			t.Errorf("the value of %s is not printed", what)
		}
	}
	for _, section := range form.Sections() {
		for _, words := range append([]form.Field{{Words: section.Words}}, section.Fields...) {
			if !strings.Contains(text, plain(words.English)) || !strings.Contains(text, plain(words.Chinese)) {
				t.Errorf("%q, %q is not printed", words.English, words.Chinese)
			}
		}
	}
	for _, button := range []string{"Copy 11 digits", "复制11位号码"} {
		if strings.Contains(text, plain(button)) {
			t.Errorf("the button %q is printed", button)
		}
	}
}

func TestPicture(t *testing.T) {
	if *picture == "" {
		t.Skip("-picture names no file to write it into")
	}
	shown := open(t, Filing(t))
	shown.do(
		chromedp.EmulateViewport(1200, 1600),
		chromedp.Click(`[data-tick="spec.region"]`),
		chromedp.Click(`[data-tick="spec.dossier.account.email"]`),
	)
	evaluated[bool](shown, `scrollTo(0, 0); localStorage.clear(); true`)
	seen, err := chromedp.Run(shown.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(*picture, seen, 0o644); err != nil {
		t.Fatal(err)
	}
}
