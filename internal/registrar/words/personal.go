// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package words

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const removed = "[removed]"

var (
	// general is what reads as personal data whoever it belongs to: an e-mail
	// address; 11 digits and more, however they are set apart, which ID, mobile and
	// bank account numbers have; passports and permits.
	general = regexp.MustCompile(`[\p{L}0-9._%+'-]+@[\p{L}0-9-]+(\.[\p{L}0-9-]+)*` +
		`|\+?[0-9]([ ./()-]{0,2}[0-9]){10,}([ -]?[Xx]\b)?` +
		`|\b[A-Z]{1,2}[ -]?[0-9]{7,10}\b`)
	address = regexp.MustCompile(`[\p{L}0-9._%+'-]+@[\p{L}0-9-]+(\.[\p{L}0-9-]+)*`)
	digits  = regexp.MustCompile(`[0-9]+[Xx]?`)
	// numbered is a run of digits that has the form of a mobile number, or of a
	// resident identity card's number with its birth date (GB 11643-1999).
	numbered = regexp.MustCompile(`^((86)?1[3-9][0-9]{9}|[1-9][0-9]{5}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx])$`)
)

// redact replaces whatever reads as personal data, escaped or encoded too.
func (c Cleaner) redact(s string) string {
	if read := plain(unescaped(s)); c.redactPlain(read) != read {
		s = read
	}
	s = encoded.ReplaceAllStringFunc(s, func(word string) string {
		for _, read := range decoded(word) {
			if c.redactPlain(read) != read {
				return removed
			}
		}
		return word
	})
	return c.redactPlain(s)
}

func (c Cleaner) redactPlain(s string) string {
	return general.ReplaceAllString(c.values.replace(s), removed)
}

// identifier is redact for a registrar's own numbers, which may have many digits:
// it replaces only what has a person's number's form.
func (Cleaner) identifier(s string, values *known) string {
	s = address.ReplaceAllString(values.replace(s), removed)
	return digits.ReplaceAllStringFunc(s, func(run string) string {
		if numbered.MatchString(run) {
			return removed
		}
		return run
	})
}

// spelled is a pattern for a value, however it is set apart. A Latin name is looked
// for as a word, so that Li is not found in List.
func spelled(value string) string {
	runes := []rune(strings.ReplaceAll(value, " ", ""))
	var pattern strings.Builder
	if isASCIIWord(runes[0]) {
		pattern.WriteString(`\b`)
	}
	for i, r := range runes {
		if i > 0 {
			pattern.WriteString(`[ ·.,，、/_"'-]{0,3}`)
		}
		pattern.WriteString(regexp.QuoteMeta(string(r)))
	}
	if isASCIIWord(runes[len(runes)-1]) {
		pattern.WriteString(`\b`)
	}
	return pattern.String()
}

func isASCIIWord(r rune) bool {
	return r == '_' || r <= unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// personal returns what the object says of people, which a registrar might repeat.
// The company's name, code and address are public, and stay.
func personal(spec *v1alpha1.Dossier) []string {
	if spec == nil {
		return nil
	}
	values := []string{
		string(spec.Account.Email),
		spec.Contact.Name,
		string(spec.Contact.Email),
		string(spec.Contact.Mobile),
		spec.SecurityAdministrator.Name,
		string(spec.SecurityAdministrator.Email),
		string(spec.SecurityAdministrator.Mobile),
		string(spec.SecurityAdministrator.Landline),
	}
	if vat := spec.Fapiao.SpecialVAT; vat != nil {
		values = append(values, vat.RegisteredPhone, vat.BankAccountNumber)
	}
	return values
}
