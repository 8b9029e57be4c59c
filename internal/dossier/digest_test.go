// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// The digests of a whole and of the barest dossier under a key of 32 bytes of 7. They
// stand in the status of registrations and at registrars: a change of these values
// makes every recorded filing look changed. If the canonical form must change,
// digestVersion changes with it.
const (
	goldenWhole     = "v1:1c2691a8e39c2349:82b01ebb5f2d8f5f82729cd04a2cf594cb0d6662d19ee0cfdfb4b3e463c74372"
	goldenBare      = "v1:1c2691a8e39c2349:d18bc195fc53c0517be95b8a2f34ed834f175a6b2811958052238712f1f96249"
	goldenOwner     = "064f0c2373d1b422f55cbb17afd863285b1b91fec1dc5a9e737e38fbcf2ad7e2"
	goldenAnswer    = "243b13d76f05481ddac9333a9df3cfeb78f9803c8a25881dac846a7e2c5cd14e"
	goldenDocuments = "8d61c19b8f753836a68594b909a11438892e6a506f07ef3d8e5269049a8b3931"
)

func TestDigestsNeverChangeSilently(t *testing.T) {
	key := testKey(t, 7)
	d := loaded(t)
	bare := &Dossier{Region: v1alpha1.RegionBeijing}
	for name, pair := range map[string][2]string{
		"whole dossier": {key.Digest(d), goldenWhole},
		"bare dossier":  {key.Digest(bare), goldenBare},
		"owner":         {key.Owner(namespace, "acme"), goldenOwner},
		"answer":        {key.AnswerDigest("phone-1", "0042"), goldenAnswer},
		"documents":     {key.DocumentsDigest("documents-1", d.Documents), goldenDocuments},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: got %s, want %s", name, pair[0], pair[1])
		}
	}
}

// TestTheCanonicalFormIsAsDocumented makes the bare dossier's digest by hand from
// the words of Digest's documentation.
func TestTheCanonicalFormIsAsDocumented(t *testing.T) {
	mac := hmac.New(sha256.New, testKey(t, 7).secret())
	for _, s := range []string{
		"china-account-operator/dossier/v1",
		"region", "cn-north-1",
		"company.creditCodeCheckCharacter", "Enforced",
		"fapiao.type", "None",
		"identification", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", // SHA-256 of hello
	} {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(s))))
		mac.Write([]byte(s))
	}
	d := &Dossier{
		Region:    v1alpha1.RegionBeijing,
		Documents: []Document{{Role: RoleIdentification, Parts: [][]byte{[]byte("hel"), []byte("lo")}}},
	}
	if got, want := testKey(t, 7).Digest(d), hex.EncodeToString(mac.Sum(nil)); !strings.HasSuffix(got, ":"+want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDigestsFitTheirPlacesInTheAPI(t *testing.T) {
	key, d := testKey(t, 7), loaded(t)
	if got := key.Digest(d); !regexp.MustCompile("^v1:[0-9a-f]{16}:[0-9a-f]{64}$").MatchString(got) {
		t.Errorf("digest %s", got)
	}
	hex64 := regexp.MustCompile("^[0-9a-f]{64}$")
	for _, got := range []string{key.Owner(namespace, "acme"), key.AnswerDigest("a", "b"), key.DocumentsDigest("a", d.Documents)} {
		if !hex64.MatchString(got) {
			t.Errorf("%s is not 64 hexadecimal digits", got)
		}
	}
}

// TestEveryFieldThatIsFiledIsPartOfTheDigest walks the type, so that a field that is
// added to the dossier cannot be forgotten in the canonical form.
func TestEveryFieldThatIsFiledIsPartOfTheDigest(t *testing.T) {
	key := testKey(t, 7)
	d := loaded(t)
	before := key.Digest(d)
	changed := 0
	eachString(reflect.ValueOf(&d.Spec).Elem(), "spec.dossier", func(field reflect.Value, path string) {
		old := field.String()
		field.SetString(old + "*")
		defer field.SetString(old)
		changed++
		// Which Secret it comes from is not what it is.
		isReference := strings.Contains(path, "SecretKeyRef")
		if same := key.Digest(d) == before; same != isReference {
			t.Errorf("%s changed: the digest stays %t, want %t", path, same, isReference)
		}
	})
	if changed < 30 {
		t.Errorf("only %d fields were found", changed)
	}
	if key.Digest(d) != before {
		t.Error("the digest of the same content differs")
	}
}

// eachString visits the strings below v; any other kind of leaf fails the test,
// because it would go unseen.
func eachString(v reflect.Value, path string, visit func(reflect.Value, string)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			eachString(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachString(v.Index(i), path, visit)
		}
	case reflect.Pointer:
		eachString(v.Elem(), path, visit)
	case reflect.String:
		visit(v, path)
	default:
		panic(path + " is a " + v.Kind().String())
	}
}

func TestWhatElseIsFiledIsPartOfTheDigest(t *testing.T) {
	key := testKey(t, 7)
	before := key.Digest(loaded(t))
	for name, change := range map[string]func(*Dossier){
		"the Region":         func(d *Dossier) { d.Region = v1alpha1.RegionBeijing },
		"the ID number":      func(d *Dossier) { d.IDNumber = "110105200002290013" },
		"a byte of a file":   func(d *Dossier) { d.Documents[0].Parts[1][0] ^= 1 },
		"a file's role":      func(d *Dossier) { d.Documents[1].Role = RoleBusinessCertificate },
		"the order of files": func(d *Dossier) { slices.Reverse(d.Documents) },
		"a file less":        func(d *Dossier) { d.Documents = d.Documents[:2] },
		"no VAT details":     func(d *Dossier) { d.Spec.Fapiao.SpecialVAT = nil },
	} {
		d := loaded(t)
		change(d)
		if key.Digest(d) == before {
			t.Errorf("%s changed, the digest did not", name)
		}
	}
}

func TestWhatIsNotContentIsNotPartOfTheDigest(t *testing.T) {
	key := testKey(t, 7)
	before := key.Digest(loaded(t))
	for name, change := range map[string]func(*Dossier){
		"versions":               func(d *Dossier) { d.Versions = nil },
		"a path":                 func(d *Dossier) { d.Documents[0].Path = "elsewhere" },
		"an empty part":          func(d *Dossier) { d.Documents[0].Parts = append(d.Documents[0].Parts, nil) },
		"a default in its place": func(d *Dossier) { d.Spec.Company.CreditCodeCheckCharacter = "" },
	} {
		d := loaded(t)
		change(d)
		if key.Digest(d) != before {
			t.Errorf("%s changed, and the digest with it", name)
		}
	}
}

func TestSplittingAFileDoesNotChangeItsDigest(t *testing.T) {
	key := testKey(t, 7)
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.SliceOf(rapid.Byte()).Draw(t, "content")
		one := Document{Role: RoleIdentification, Parts: [][]byte{whole}}
		many := Document{Role: RoleIdentification, Parts: split(t, whole)}
		if key.Digest(&Dossier{Documents: []Document{one}}) != key.Digest(&Dossier{Documents: []Document{many}}) {
			t.Fatal("the dossier's digest")
		}
		if key.DocumentsDigest("c", []Document{one}) != key.DocumentsDigest("c", []Document{many}) {
			t.Fatal("the answer's digest")
		}
	})
}

func split(t *rapid.T, whole []byte) [][]byte {
	var parts [][]byte
	for len(whole) > 0 {
		n := rapid.IntRange(0, len(whole)).Draw(t, "part")
		parts, whole = append(parts, whole[:n]), whole[n:]
		if len(parts) > 15 {
			break
		}
	}
	return append(parts, whole)
}

func TestDifferentContentHasDifferentDigests(t *testing.T) {
	key := testKey(t, 7)
	rapid.Check(t, func(t *rapid.T) {
		first, second := drawDossier(t, "first"), drawDossier(t, "second")
		same := reflect.DeepEqual(first, second)
		if got := key.Digest(first) == key.Digest(second); got != same {
			t.Fatalf("same content %t, same digest %t", same, got)
		}
	})
}

// drawDossier draws from few letters, so that fields run into each other if
// anything lets them.
func drawDossier(t *rapid.T, label string) *Dossier {
	word := rapid.StringOfN(rapid.SampledFrom([]rune("ab")), 0, 2, -1)
	d := &Dossier{IDNumber: word.Draw(t, label+" number")}
	d.Spec.Contact.Name = word.Draw(t, label+" name")
	d.Spec.Company.Address.City = word.Draw(t, label+" city")
	d.Spec.Company.Address.District = word.Draw(t, label+" district")
	for range rapid.IntRange(0, 3).Draw(t, label+" files") {
		d.Documents = append(d.Documents, Document{
			Role:  rapid.SampledFrom([]Role{RoleBusinessCertificate, RoleIdentification}).Draw(t, label+" role"),
			Parts: [][]byte{[]byte(word.Draw(t, label+" content"))},
		})
	}
	return d
}

func TestOwnersAndAnswersAreTold(t *testing.T) {
	key, other := testKey(t, 7), testKey(t, 8)
	all := map[string]string{
		"owner":                             key.Owner("a", "bc"),
		"owner, split elsewhere":            key.Owner("ab", "c"),
		"owner, other installation":         other.Owner("a", "bc"),
		"answer of the same words":          key.AnswerDigest("a", "bc"),
		"answer of another challenge":       key.AnswerDigest("ab", "c"),
		"answer, other installation":        other.AnswerDigest("a", "bc"),
		"documents":                         key.DocumentsDigest("a", []Document{{Parts: [][]byte{[]byte("bc")}}}),
		"documents, two":                    key.DocumentsDigest("a", []Document{{Parts: [][]byte{[]byte("b")}}, {Parts: [][]byte{[]byte("c")}}}),
		"documents of another challenge":    key.DocumentsDigest("b", []Document{{Parts: [][]byte{[]byte("bc")}}}),
		"documents, none":                   key.DocumentsDigest("a", nil),
		"answer that is the hash of a file": key.AnswerDigest("a", Document{Parts: [][]byte{[]byte("bc")}}.contentHash()),
	}
	seen := map[string]string{}
	for name, digest := range all {
		if twin, ok := seen[digest]; ok {
			t.Errorf("%q and %q have one digest", name, twin)
		}
		seen[digest] = name
	}
}
