// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// leaks are the ways that a value of some length can leak, by a word of the encoding
// that a find of it names, if there is only one.
var leaks = []struct {
	encoding string
	leak     func(value string) string
}{
	{"as it is", func(v string) string { return v }},
	{"in another case", swapCase},
	{"in another form of Unicode", width.Widen.String},
	{"in another form of Unicode", width.Narrow.String},
	{"in another form of Unicode", norm.NFC.String},
	{"in another form of Unicode", norm.NFD.String},
	{"in another form of Unicode", norm.NFKC.String},
	{"base64", base64Of(base64.StdEncoding, 0)},
	{"base64", base64Of(base64.StdEncoding, 1)},
	{"base64", base64Of(base64.StdEncoding, 2)},
	{"base64", base64Of(base64.URLEncoding, 1)},
	{"base64", base64Of(base64.RawStdEncoding, 2)},
	{"base64", base64Of(base64.RawURLEncoding, 1000)},
	{"base64", func(v string) string { return wrapped(base64Of(base64.StdEncoding, 50)(v), "\n") }},
	{"base64", func(v string) string { return wrapped(base64Of(base64.StdEncoding, 51)(v), "\r\n  ") }},
	{"base64", func(v string) string { return inJSON(wrapped(base64Of(base64.StdEncoding, 52)(v), "\n")) }},
	{"base64", func(v string) string { return "k/" + base64Of(base64.StdEncoding, 0)(v) }},
	{"base64", func(v string) string { return "id/" + base64Of(base64.StdEncoding, 0)(v) }},
	{"base64", func(v string) string { return "key/" + base64Of(base64.StdEncoding, 0)(v) }},
	{"base64", func(v string) string { return base64Of(base64.StdEncoding, 1)(base64Of(base64.StdEncoding, 2)(v)) }},
	{"base64", func(v string) string { return base64Of(base64.StdEncoding, 1)(unitsOf(v, `\u%04x`)) }},
	{"base64", func(v string) string { return url.QueryEscape(base64Of(base64.StdEncoding, 7)(v)) }},
	{"hexadecimal", func(v string) string { return hex.EncodeToString([]byte(v)) }},
	{"hexadecimal", func(v string) string { return fmt.Sprintf("%X", v) }},
	{"hexadecimal", func(v string) string { return strings.ReplaceAll(fmt.Sprintf("% x", v), " ", ":") }},
	{"hexadecimal", func(v string) string { return fmt.Sprintf("% X", v) }},
	{"hexadecimal", func(v string) string { return "f" + hex.EncodeToString([]byte(v)) }},
	{"", func(v string) string { return "\n" + hex.Dump([]byte("a body: "+v)) }},
	{"", func(v string) string { return inJSON(hex.Dump([]byte(`{"number":` + v + "}"))) }},
	{"escaped", func(v string) string { return bytesOf(v, "%%%02X") }},
	{"escaped", func(v string) string { return bytesOf(v, "%%%02x") }},
	{"", func(v string) string { return bytesOf(v, "%%25%02X") }},
	{"escaped", func(v string) string { return "?q=" + url.QueryEscape("it is: ") + bytesOf(v, "%%%02X") + "+&r=1" }},
	{"escaped", func(v string) string { return unitsOf(v, `%%u%04x`) }},
	{"escaped", func(v string) string { return unitsOf(v, `\u%04X`) }},
	{"escaped", func(v string) string { return unitsOf(v, `\u%04x`) }},
	{"escaped", func(v string) string { return unitsOf(v, `\\u%04x`) }},
	{"escaped", func(v string) string { return unitsOf(v, `\\\\u%04x`) }},
	{"escaped", func(v string) string { return bytesOf(v, `\x%02x`) }},
	{"escaped", func(v string) string { return bytesOf(v, `\%03o`) }},
	{"escaped", func(v string) string { return bytesOf(v, `\\x%02X`) }},
	{"escaped", func(v string) string { return runesOf(v, `\U%08x`) }},
	{"escaped", func(v string) string { return runesOf(v, `&#%d;`) }},
	{"escaped", func(v string) string { return runesOf(v, `&#x%x;`) }},
	{"escaped", func(v string) string { return runesOf(v, `&#X%X;`) }},
	{"escaped", func(v string) string { return runesOf(v, `&amp;#%d;`) }},
	{"escaped", func(v string) string { return inJSON(inJSON(unitsOf(v, `\u%04x`))) }},
	{"bytes in numbers", func(v string) string { return fmt.Sprintf("%v", []byte(v)) }},
	{"bytes in numbers", func(v string) string { return fmt.Sprintf("%#v", []byte(v)) }},
	{"bytes in numbers", func(v string) string { return strings.ReplaceAll(fmt.Sprintf("%v", []byte(v)), " ", ", ") }},
	{"escaped", func(v string) string { return bytesOf(v, "=%02X") }},
	{"escaped", func(v string) string { return bytesOf(v, "=%02X=\r\n") }},
	{"UTF-16LE", func(v string) string {
		return inUTF16(v, func(u uint16) []byte { return []byte{byte(u), byte(u >> 8)} })
	}},
	{"UTF-16BE", func(v string) string {
		return inUTF16(v, func(u uint16) []byte { return []byte{byte(u >> 8), byte(u)} })
	}},
	{"set apart", apart(" ")},
	{"set apart", apart("-")},
	{"set apart", apart(".")},
	{"set apart", apart("\n")},
	{"set apart", apart(`", "`)},
	{"set apart", apart(",")},
	{"set apart", apart("'")},
	{"set apart", apart("\u200b")},
	{"reversed", reversed},
	{"MD5", func(v string) string { return fmt.Sprintf("%x", md5.Sum([]byte(v))) }},
	{"SHA-1", func(v string) string { return fmt.Sprintf("%X", sha1.Sum([]byte(v))) }},
	{"SHA-256", func(v string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(v))) }},
	{"SHA-256", func(v string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(v+"\n"))) }},
	{"SHA-384", func(v string) string { return fmt.Sprintf("%x", sha512.Sum384([]byte(v))) }},
	{"SHA-512", func(v string) string { return fmt.Sprintf("%x", sha512.Sum512([]byte(v))) }},
	{"SHA-256", func(v string) string {
		sum := sha256.Sum256([]byte(v))
		return base64.StdEncoding.EncodeToString(sum[:])
	}},
	{"MD5", func(v string) string { sum := md5.Sum([]byte(v)); return base64.RawURLEncoding.EncodeToString(sum[:]) }},
}

func TestAPlantedLeakIsFoundInEveryEncoding(t *testing.T) {
	checker := newChecker(t)
	before, after := noise(400), noise(300)
	for i, leak := range leaks {
		t.Run(fmt.Sprintf("%s, %d", leak.encoding, i), func(t *testing.T) {
			for _, mark := range long {
				planted := leak.leak(mark.Value)
				finds := checker.Search([]byte(before + planted + after))
				g := NewWithT(t)
				g.Expect(finds).To(ContainElement(HaveField("Mark", mark.Name)), "%s", planted)
				for _, find := range finds {
					g.Expect(find.Mark).To(Equal(mark.Name), "%s", find)
					g.Expect(find.Offset).To(And(BeNumerically(">=", len(before)-2), BeNumerically("<", len(before+planted))), "%s", find)
					if find.Encoding == "as it is" && planted == mark.Value {
						g.Expect(find.length).To(Equal(len(mark.Value)), "%s", find)
					}
				}
				if !strings.EqualFold(norm.NFC.String(planted), norm.NFC.String(mark.Value)) && planted != width.Widen.String(mark.Value) {
					g.Expect(finds).To(ContainElement(HaveField("Encoding", ContainSubstring(leak.encoding))), "%s", planted)
				}
			}
		})
	}
}

func TestChineseTextIsFoundInItsOwnCharsets(t *testing.T) {
	checker := newChecker(t)
	for _, value := range []string{legalName, person} {
		for name, leak := range map[string]func(string) string{
			"raw":     inGB18030,
			"percent": func(v string) string { return bytesOf(inGB18030(v), "%%%02X") },
			"base64":  func(v string) string { return base64Of(base64.StdEncoding, 1)(inGB18030(v)) },
		} {
			g := NewWithT(t)
			g.Expect(checker.Search([]byte(noise(500)+leak(value)+noise(500)))).To(
				ConsistOf(HaveField("Encoding", ContainSubstring("GB18030"))), name)
		}
	}
}

func TestAMarkIsFoundAcrossTwoLinesOfALog(t *testing.T) {
	checker := newChecker(t)
	for _, mark := range []Mark{{"id number", idNumber}, {"mobile", mobile}, {"legal name", legalName}, {"scan", scanBytes}} {
		runes := []rune(mark.Value)
		for cut := 1; cut < len(runes); cut++ {
			leak := fmt.Sprintf(`{"ts":"2026-11-24T08:27:20.123Z","msg":"it is %s","attempt":1}
{"ts":"2026-11-24T08:27:20.124Z","msg":"%s","name":"acme"}
`, string(runes[:cut]), string(runes[cut:]))
			g := NewWithT(t)
			g.Expect(checker.Search([]byte(noise(900)+"\n"+leak+noise(900)))).To(
				And(ContainElement(HaveField("Encoding", "split across two lines")), HaveEach(HaveField("Mark", mark.Name))), "%s", leak)
		}
	}
}

func TestWhatClientGoLogsOfABodyIsRead(t *testing.T) {
	dump := hex.Dump([]byte("k8s\x00\n\x0c\n\x02v1 " + scanBytes + "\x1a\x00"))
	NewWithT(t).Expect(newChecker(t).Search([]byte(`{"msg":"Response Body","body":` + inJSON(dump) + `}`))).To(
		ConsistOf(And(HaveField("Mark", "scan"), HaveField("Encoding", ContainSubstring("hex dump")))))
}

func TestALeakIsFoundWhereverItStandsInALongText(t *testing.T) {
	g := NewWithT(t)
	checker := newChecker(t)
	checker.piece, checker.overlap = 20_000, 5_000
	content := []byte(noise(30_000))
	for _, at := range []int{0, 15_000 - 9, 20_000 - 9, 30_000 - len(idNumber)} {
		planted := append([]byte(nil), content...)
		copy(planted[at:], idNumber)
		g.Expect(checker.Search(planted)).To(ConsistOf(And(HaveField("Mark", "id number"), HaveField("Offset", at))))
	}
}

func TestAFindDoesNotRepeatWhatItFound(t *testing.T) {
	checker := newChecker(t)
	for _, leak := range leaks {
		for i, mark := range long {
			near := long[(i+1)%len(long)].Value
			for _, find := range checker.Search([]byte(near + " " + leak.leak(mark.Value) + " " + phoneCode)) {
				NewWithT(t).Expect(checker.Search([]byte(find.Excerpt))).To(BeEmpty(), "%s", find)
			}
		}
	}
}
