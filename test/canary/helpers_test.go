// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	. "github.com/onsi/gomega"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Persons and companies are invented.
const (
	idNumber  = "11010519491231002X"
	mobile    = "13876501234"
	legalName = "金丝雀科技（上海）有限公司"
	scanBytes = "CANARY-BYTES-OF-A-SCAN"
	person    = "金小雀"
	emailCode = "246810"
	phoneCode = "2468"
)

var marks = append(long, Mark{"e-mail code", emailCode}, Mark{"phone code", phoneCode})

var long = []Mark{
	{"id number", idNumber}, {"mobile", mobile}, {"legal name", legalName}, {"person", person},
	{"password", `Zw7%q"Tk\9!vR2ü`}, {"scan", scanBytes}, {"e-mail address", "ca-nary+officer@acme.example.cn"},
	{"title", "𐐔eseret-リー-é-4711"}, // characters beyond 16 bits, with accents, and of several widths
}

func newChecker(t *testing.T) *Checker {
	t.Helper()
	checker, err := New(marks...)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return checker
}

// noise is some log, always the same, with every character that decoders stumble over.
func noise(length int) string {
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for b.Len() < length {
		fmt.Fprintf(&b, `{"level":"info","ts":"2026-11-24T08:27:%02d.%03dZ","msg":"100%% of \"x=%x&y=z\" in [1 2 3] {0x1}","uid":"%08x-%04x-%04x-%04x-%012x","名称":"公司\\n%c"}`+"\n",
			random.IntN(60), random.IntN(1000), random.Uint32(), random.Uint32(), random.IntN(1<<16), random.IntN(1<<16), random.IntN(1<<16),
			random.Int64N(1<<48), rune(0x4e00+random.IntN(20_000)))
	}
	return b.String()[:length]
}

// base64Of encodes a value that stands behind so many other bytes.
func base64Of(encoding *base64.Encoding, before int) func(string) string {
	return func(value string) string {
		return encoding.EncodeToString([]byte(strings.Repeat("<", before) + value + "> and so on"))
	}
}

// wrapped breaks a text into lines of 76 characters, as MIME does.
func wrapped(s, lineBreak string) string {
	var lines []string
	for line := range slices.Chunk([]byte(s), 76) {
		lines = append(lines, string(line))
	}
	return strings.Join(lines, lineBreak)
}

func inJSON(value string) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

func bytesOf(value, format string) string {
	var b strings.Builder
	for i := range len(value) {
		fmt.Fprintf(&b, format, value[i])
	}
	return b.String()
}

func unitsOf(value, format string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(value)) {
		fmt.Fprintf(&b, format, unit)
	}
	return b.String()
}

func runesOf(value, format string) string {
	var b strings.Builder
	for _, r := range value {
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}

func inUTF16(value string, order func(uint16) []byte) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(value)) {
		b.Write(order(unit))
	}
	return b.String()
}

func inGB18030(value string) string {
	encoded, err := simplifiedchinese.GB18030.NewEncoder().String(value)
	if err != nil {
		panic(err)
	}
	return encoded
}

// apart puts something between every two characters.
func apart(by string) func(string) string {
	return func(value string) string { return strings.Join(strings.Split(value, ""), by) }
}

func reversed(value string) string {
	runes := []rune(value)
	slices.Reverse(runes)
	return string(runes)
}

func swapCase(value string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, value)
}
