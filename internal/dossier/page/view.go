// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/form"
	"github.com/chinaaccount/china-account-operator/internal/region"
)

// view is what the template shows.
type view struct {
	unprinted
	Filing      Filing
	Operator    region.Operator
	SupportMail string
	Claimed     string
	// Key under which the browser remembers the ticks. The time tells apart the claims
	// of one name in two clusters.
	Key      string
	Sections []section
	Checks   []check
	// Report and Release are the commands for afterwards.
	Report, Release copied
}

type section struct {
	unprinted
	form.Words
	Fields []field
}

type field struct {
	unprinted
	form.Words
	Path string
	// Values to copy: one, or a mobile's two ways of writing.
	Values []copied
	// Choice is what to choose, where the form has a list.
	Choice *form.Words
	// Empty says what to do where there is no value.
	Empty *form.Words
	// Note is what to know of the value.
	Note  *form.Words
	Scans []scan
}

// copied is a text with its button.
type copied struct {
	unprinted
	// ID of the text's element, and Name of that which says what it is.
	ID, Name string
	Text     string
	// Copy is what the button says.
	Copy form.Words
}

// The paths of fields that are shown in a way of their own.
const (
	pathExpiryDate  = "spec.dossier.documents.businessCertificate.expiryDate"
	pathLandline    = "spec.dossier.securityAdministrator.landline"
	pathAdminMobile = "spec.dossier.securityAdministrator.mobile"
	pathSpecialVAT  = "spec.dossier.fapiao.specialVAT."
)

var (
	leaveEmpty = form.Words{English: "Leave empty", Chinese: "留空"}
	longTerm   = form.Words{English: "Long-term: it does not expire", Chinese: "长期"}
	standsIn   = form.Words{English: "There is no landline: the mobile stands in.", Chinese: "无固定电话，以手机号码代替。"}
	hidden     = form.Words{
		English: "It has characters that cannot be seen: copy it, do not retype it.",
		Chinese: "含有不可见字符：请复制，勿手工输入。",
	}
	copyValue  = form.Words{English: "Copy", Chinese: "复制"}
	copyWhole  = form.Words{English: "Copy with +86", Chinese: "复制（含+86）"}
	copyDigits = form.Words{English: "Copy 11 digits", Chinese: "复制11位号码"}
)

// viewOf is the page's content; scans are those of the dossier.
func viewOf(f Filing, scans []scan) (*view, error) {
	values, err := valuesOf(f.Dossier)
	if err != nil {
		return nil, err
	}
	v := &view{
		Filing: f, Operator: region.OperatorOf(f.Dossier.Region), SupportMail: region.SupportMail,
		Claimed: f.ClaimedTime.In(china).Format("2006-01-02 15:04 GMT+8"),
		Key:     fmt.Sprintf("china-account dossier %s/%s %s", f.Namespace, f.Claim, f.ClaimedTime.UTC().Format(time.RFC3339)),
		Checks:  checks,
		Report:  copiedAs("report", fmt.Sprintf("kubectl china-account report %s submitted -n %s", f.Name, f.Namespace), copyValue),
		Release: copiedAs("release", fmt.Sprintf("kubectl china-account release %s -n %s", f.Name, f.Namespace), copyValue),
	}
	for _, s := range form.Sections() {
		shown := section{Words: s.Words}
		for _, asked := range s.Fields {
			if answer, ok := answerOf(asked, values, scans); ok {
				shown.Fields = append(shown.Fields, answer)
			}
		}
		v.Sections = append(v.Sections, shown)
	}
	return v, nil
}

// The registrars' hours; China has one time and no summer time.
var china = time.FixedZone("GMT+8", 8*60*60)

// valuesOf returns the dossier's texts by the paths of the form.
func valuesOf(d *dossier.Dossier) (map[string]string, error) {
	spec, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&d.Spec)
	if err != nil {
		return nil, errors.New("read the dossier's fields: it does not convert") // the error might hold a value
	}
	object := map[string]any{"spec": map[string]any{"region": string(d.Region), "dossier": spec}}
	values := map[string]string{}
	for _, s := range form.Sections() {
		for _, asked := range s.Fields {
			text, _, _ := unstructured.NestedString(object, strings.Split(asked.Path, ".")...) // no text: of another kind
			if asked.Kind == form.Secret {
				text = d.IDNumber // the one Secret of the form
			}
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\r") {
				return nil, fmt.Errorf("show %s: it holds a character that no web page carries (NUL, CR, or not UTF-8); release the claim and have it typed anew", asked.Path)
			}
			values[asked.Path] = text
		}
	}
	return values, nil
}

// answerOf returns what to enter into a field, and false where the field is not asked for.
func answerOf(asked form.Field, values map[string]string, scans []scan) (field, bool) {
	answer, text := field{Words: asked.Words, Path: asked.Path}, values[asked.Path]
	choice, chosen := asked.Choices[text]
	switch {
	case asked.Kind == form.Files:
		answer.Scans = within(asked.Path, scans)
	case chosen:
		answer.Choice = &choice
	case text != "":
		answer.Values = waysToWrite(asked.Path, text)
		answer.Note = noteOn(text)
	case strings.HasPrefix(asked.Path, pathSpecialVAT): // asked for one kind of fapiao alone
		return field{}, false
	case asked.Path == pathExpiryDate:
		answer.Choice = &longTerm
	case asked.Path == pathLandline:
		answer.Values, answer.Note = waysToWrite(asked.Path, values[pathAdminMobile]), &standsIn
	default:
		answer.Empty = &leaveEmpty
	}
	return answer, true
}

// within returns the scans of a field.
func within(path string, scans []scan) []scan {
	var of []scan
	for _, s := range scans {
		if strings.HasPrefix(s.Path, path+"[") {
			of = append(of, s)
		}
	}
	return of
}

var mobile = regexp.MustCompile(`^\+86(1[3-9][0-9]{9})$`)

// waysToWrite are the text, and of a mobile its digits too: most forms of the mainland
// take a number without the country's.
func waysToWrite(path, text string) []copied {
	if digits := mobile.FindStringSubmatch(text); digits != nil {
		short := copiedAs(path, digits[1], copyDigits)
		short.ID += ":digits"
		return []copied{copiedAs(path, text, copyWhole), short}
	}
	return []copied{copiedAs(path, text, copyValue)}
}

func copiedAs(id, text string, button form.Words) copied {
	return copied{ID: "value:" + id, Name: "name:" + id, Text: text, Copy: button}
}

// noteOn warns of what an agent would not see, and so not type.
func noteOn(text string) *form.Words {
	isHidden := func(r rune) bool {
		return r != ' ' && (unicode.In(r, unicode.C, unicode.Z) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r))
	}
	if strings.ContainsFunc(text, isHidden) || strings.TrimSpace(text) != text {
		return &hidden
	}
	return nil
}
