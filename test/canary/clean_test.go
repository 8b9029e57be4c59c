// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestWhatHoldsNoMarkIsClean(t *testing.T) {
	checker := newChecker(t)
	for name, content := range map[string][]byte{
		"the generated CRDs":   files(t, "config/crd/bases", ".yaml"),
		"the documentation":    files(t, "docs/decisions", ".md"),
		"modules and sums":     files(t, ".", ".sum"),
		"a log":                []byte(noise(50_000)),
		"random base64":        []byte(base64.StdEncoding.EncodeToString(random(50_000))),
		"random hexadecimal":   []byte(hex.EncodeToString(random(50_000))),
		"random bytes":         random(50_000),
		"the numbers in order": numbers(),
	} {
		NewWithT(t).Expect(content).NotTo(BeEmpty(), name)
		NewWithT(t).Expect(checker.Search(content)).To(BeEmpty(), name)
	}
}

// files are those of a folder of the project, or a folder below it.
func files(t *testing.T, folder, suffix string) []byte {
	t.Helper()
	g := NewWithT(t)
	paths, err := fs.Glob(os.DirFS(filepath.Join("..", "..", filepath.FromSlash(folder))), "*"+suffix)
	g.Expect(err).NotTo(HaveOccurred())
	var content []byte
	for _, path := range paths {
		one, err := os.ReadFile(filepath.Join("..", "..", folder, path))
		g.Expect(err).NotTo(HaveOccurred())
		content = append(content, one...)
	}
	return content
}

func random(length int) []byte {
	source := rand.NewChaCha8([32]byte{1})
	content := make([]byte, length)
	_, _ = source.Read(content)
	return content
}

// numbers are all of up to 6 digits that a short mark is not, joined to others.
func numbers() []byte {
	var b bytes.Buffer
	for i := range 5_000 {
		fmt.Fprintf(&b, "%d.%d-", i, i)
	}
	return b.Bytes()
}

func TestAShortMarkCountsAsAWordOfItsOwn(t *testing.T) {
	checker := newChecker(t)
	for _, code := range []Mark{{"e-mail code", emailCode}, {"phone code", phoneCode}} {
		base64Code := base64.StdEncoding.EncodeToString([]byte(code.Value))
		for _, leak := range []string{
			"the code %s is wrong", "%s", "(%s)", "code=%s", "code: %s.", `{"code":"%s"}`, `{"code":%s}`, `{\"code\":\"%s\"}`,
			"?code=%s&more", "验证码%s无效", `"data":{"phone-code":"` + base64Code + `"}` + strings.Repeat("%.0s", 1),
			base64.StdEncoding.EncodeToString([]byte(`{"type":"phoneCode","text":"`+code.Value+`"}`)) + "%.0s",
			hex.EncodeToString([]byte(code.Value)) + "%.0s", fmt.Sprintf("%v", []byte("code\x12\x06"+code.Value)) + "%.0s",
			hex.Dump([]byte("code\x12\x06"+code.Value)) + "%.0s",
			unitsOf(code.Value, `\u%04x`) + "%.0s", bytesOf(code.Value, "%%%%%02x") + "%.0s", bytesOf(code.Value, "&#%d;") + "%.0s",
		} {
			text := fmt.Sprintf(leak, code.Value)
			NewWithT(t).Expect(checker.Search([]byte(noise(200)+"\n"+text+"\n"+noise(200)))).To(ConsistOf(HaveField("Mark", code.Name)), "%s", text)
		}
	}
}

func TestAShortMarkDoesNotCountInOtherNumbers(t *testing.T) {
	checker := newChecker(t)
	for _, code := range []string{emailCode, phoneCode} {
		for _, clean := range []string{
			"1%s", "%s0", "0.%s", "%s.5", "x%s", "%sms", "2026-11-24T08:27:20.%sZ", "127.0.0.1:%s", `"resourceVersion":"%s"`,
			"?resourceVersion=%s&watch=true", "\\\"resourceVersion\\\":\\\"%s\\\"", "controller.go:%s", "goroutine %s [running]", "00c4aef0-1d15-%s-9c3e-8a0b",
			"E1124 08:27:00.123456   %s reflector.go:227] failed", "SAMPLE_%s", `"observedGeneration":%s`,
		} {
			text := fmt.Sprintf(clean, code)
			NewWithT(t).Expect(checker.Search([]byte(text))).To(BeEmpty(), text)
		}
		chance := base64.StdEncoding.EncodeToString([]byte("\x92\x01\x81 " + code + " \xfe\x00\x81"))
		NewWithT(t).Expect(checker.Search([]byte(chance))).To(BeEmpty(), "decoded by chance")
	}
}

func TestAShortMarkIsJudgedByAllThatStandsAroundIt(t *testing.T) {
	g := NewWithT(t)
	checker := newChecker(t)
	checker.piece, checker.overlap = 3_000, 1_000
	for pad := range 600 {
		text := func(what string) []byte {
			return []byte(noise(2_600) + `\"` + strings.Repeat(" ", pad) + fmt.Sprintf(what, phoneCode) + strings.Repeat(" ", 1_500) + `\"` + noise(2_000))
		}
		g.Expect(checker.Search(text("00c4aef0-1d15-4f2e-%s-8a0b00c4aef0"))).To(BeEmpty(), "%d", pad)
		g.Expect(checker.Search(text("code %s is wrong"))).To(ConsistOf(HaveField("Mark", "phone code")), "%d", pad)
	}
}

func TestTheDigestOfAShortMarkIsFound(t *testing.T) {
	checker := newChecker(t)
	digested := slices.Collect(func(yield func(string) bool) {
		for _, leak := range leaks {
			if digests[leak.encoding] != 0 && !yield(leak.leak(phoneCode)) {
				return
			}
		}
	})
	NewWithT(t).Expect(digested).To(HaveLen(8))
	for _, leak := range digested {
		NewWithT(t).Expect(checker.Search([]byte("digest: "+leak))).To(ConsistOf(HaveField("Mark", "phone code")), leak)
	}
}

func TestAMarkThatIsInEveryTextIsRefused(t *testing.T) {
	_, err := New(Mark{"digits", "123"})
	NewWithT(t).Expect(err).To(MatchError(And(ContainSubstring("digits"), Not(ContainSubstring("123")))))
}

// BenchmarkSearch searches a log of 8 MiB for 10 marks.
func BenchmarkSearch(b *testing.B) {
	checker, err := New(marks...)
	NewWithT(b).Expect(err).NotTo(HaveOccurred())
	content := []byte(noise(8 << 20))
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		checker.Search(content)
	}
}
