// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

const (
	codeField      = "spec.dossier.company.unifiedSocialCreditCode"
	checkField     = "spec.dossier.company.creditCodeCheckCharacter"
	checkCure      = "if the certificate says exactly this, set creditCodeCheckCharacter: Waived"
	alphabetCure   = "must be 18 characters of 0-9 and A-Y without I, O, S, V and Z: upper case, half width, no spaces"
	authorityCure  = "compare the first two characters with the certificate"
	regionCure     = "characters 3 to 8 are no region of the mainland"
	orgCure        = "(characters 9 to 17) fails its own check"
	companysCode   = "91310000MA1K35Y38P"
	pilotCode      = "91350211M0000XUF46"
	oneOffCode     = "91310000MA1K35Y38Q"
	waivedByPolicy = "Waived"
)

// creditCode is a public example.
type creditCode struct {
	Code       string `json:"code"`
	RefusedFor string `json:"refusedFor"`
	Waivable   bool   `json:"waivable"`
}

func creditCodes() []creditCode {
	var codes []creditCode
	load("testdata/credit-codes.yaml", &codes)
	return codes
}

var _ = Describe("A unified social credit code", func() {
	for _, example := range creditCodes() {
		if example.RefusedFor == "" {
			It("is taken as it stands on the certificate: "+example.Code, func(ctx SpecContext) {
				created(ctx, registration(set(codeField, example.Code)))
				created(ctx, registration(set(codeField, example.Code), set(checkField, waivedByPolicy)))
			})
			continue
		}
		It("is refused for "+example.RefusedFor+": "+example.Code, func(ctx SpecContext) {
			_, err := create(ctx, registration(set(codeField, example.Code)))
			Expect(err).To(beRefusedAlsoFor(codeField, invalid, example.RefusedFor))
		})
		It("is judged by all but its check character where that is waived: "+example.Code, func(ctx SpecContext) {
			_, err := create(ctx, registration(set(codeField, example.Code), set(checkField, waivedByPolicy)))
			if example.Waivable {
				Expect(err).NotTo(HaveOccurred())
				return
			}
			Expect(err).To(beRefusedAlsoFor(codeField, invalid, example.RefusedFor))
		})
	}

	DescribeTable("is refused as users paste or mistype it", func(ctx SpecContext, code, cure string) {
		_, err := create(ctx, registration(set(codeField, code)))
		Expect(err).To(beRefusedFor(codeField, invalid, cure))
	},
		Entry("in lower case", "91310000ma1k35y38p", alphabetCure),
		Entry("in groups", "91310000 MA1K35Y3 8P", alphabetCure),
		Entry("with a space behind it", companysCode+" ", alphabetCure),
		Entry("with a line break behind it", companysCode+"\n", alphabetCure),
		Entry("in full-width characters", "９１３１００００ＭＡ１Ｋ３５Ｙ３８Ｐ", alphabetCure),
		Entry("with a Cyrillic А", "91310000MА1K35Y38P", alphabetCure),
		Entry("with the letter O for zero", "9131OOOOMA1K35Y38P", alphabetCure),
		Entry("one character short", "91310000MA1K35Y38", alphabetCure),
		Entry("one character long", companysCode+"P", alphabetCure),
		Entry("with another check character", oneOffCode, checkCure),
		Entry("with two digits of the region exchanged", "91130000MA1K35Y38P", checkCure),
	)

	It("is refused where it is empty, for that and for its characters", func(ctx SpecContext) {
		_, err := create(ctx, registration(set(codeField, "")))
		Expect(err).To(And(beRefusedAlsoFor(codeField, invalid, "at least 1 chars"), beRefusedAlsoFor(codeField, invalid, alphabetCure)))
	})

	DescribeTable("is refused for the part that cannot be", func(ctx SpecContext, code, cure string) {
		_, err := create(ctx, registration(set(codeField, code), set(checkField, waivedByPolicy)))
		Expect(err).To(beRefusedFor(codeField, invalid, cure))
	},
		Entry("an authority that there is not", "01310000MA1K35Y38P", authorityCure),
		Entry("a category that the authority does not have", "94310000MA1K35Y38P", authorityCure),
		Entry("a region code of Hong Kong", "91810000MA1K35Y38P", regionCure),
		Entry("a region of no province", "91160000MA1K35Y38P", regionCure),
		Entry("letters in the region", "9131A000MA1K35Y38P", regionCure),
		Entry("another national region than 100000", "91100001MA1K35Y38P", regionCure),
		Entry("a mistyped organisation code", "91310000MA1K35Y48P", orgCure),
		Entry("an organisation code whose check is a letter but X", "91310000MA1K35Y3AP", orgCure),
	)

	It("has every authority and category of the standard, and no other", func(ctx SpecContext) {
		categories := map[string]string{
			"1": "1239", "2": "19", "3": "123459", "4": "19", "5": "1239", "6": "129",
			"7": "129", "8": "19", "9": "123", "A": "19", "N": "1239", "Y": "1",
		}
		o := created(ctx, registration(set(checkField, waivedByPolicy)))
		for _, authority := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
			for _, category := range "0123459A" {
				code := string(authority) + string(category) + companysCode[2:]
				answer := wouldChange(ctx, o, set(codeField, code))
				if strings.ContainsRune(categories[string(authority)], category) {
					Expect(answer).To(Succeed(), code)
					continue
				}
				Expect(answer).To(beRefusedFor(codeField, invalid, authorityCure), code)
			}
		}
	})
})

var _ = Describe("The waiver of the check character", func() {
	It("is absent, Enforced or Waived", func(ctx SpecContext) {
		_, err := create(ctx, registration(set(checkField, "Off")))
		Expect(err).To(beRefusedFor(checkField, enum, `"Off"`))
	})

	It("is added for a legal code that fails, and cannot be taken from it", func(ctx SpecContext) {
		o := created(ctx, registration())
		Expect(change(ctx, o, set(codeField, pilotCode))).To(beRefusedFor(codeField, invalid, checkCure))
		Expect(change(ctx, o, set(codeField, pilotCode), set(checkField, waivedByPolicy))).To(Succeed())
		Expect(change(ctx, o, set(checkField, "Enforced"))).To(beRefusedFor(codeField, invalid, checkCure))
		Expect(change(ctx, o, without(checkField))).To(beRefusedFor(codeField, invalid, checkCure))
		Expect(change(ctx, o, without(checkField), set(codeField, companysCode))).To(Succeed())
	})
})
