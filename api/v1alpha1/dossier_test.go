// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// values are what one kind of field takes and what it refuses, and how it says so.
type values struct {
	kind    string
	fields  []string
	taken   []string
	refused []string
	cure    string
}

const longLabel = "a-very-long-local-part-that-nobody-has-but-somebody-might"

var dossierValues = []values{
	{
		kind:   "e-mail address",
		fields: []string{emailField, "spec.dossier.contact.email", "spec.dossier.securityAdministrator.email"},
		taken: []string{
			"cloud@acme.example.cn", "cloud+review@acme.example.cn", "Cloud.Team@ACME.example.CN", "a@b.cn", "o'brien@acme.example.cn",
			"1234567@qq.example.com", "cloud_ops-1@acme-1.example.cn", "x@xn--fiqs8s.cn", longLabel + "@acme.example.cn",
		},
		refused: []string{
			"cloud@acme", "cloud.acme.example.cn", "@acme.example.cn", "cloud@", "cloud@@acme.example.cn", "cloud@acme@example.cn",
			" cloud@acme.example.cn", "cloud@acme.example.cn ", "cloud @acme.example.cn", "cloud@acme.example.cn\n",
			"cloud＠acme.example.cn", "cloud@acme。example.cn", "云@acme.example.cn", "cloud@acme..cn", "cloud@-acme.cn", "cloud@acme-.cn",
			".cloud@acme.example.cn", "cloud.@acme.example.cn", "cl..oud@acme.example.cn", "cloud@acme.c", "cloud@127.0.0.1",
			"Cloud <cloud@acme.example.cn>", "mailto:cloud@acme.example.cn", "cloud@acme.example.cn,it@acme.example.cn",
		},
		cure: "must be an e-mail address such as cloud@acme.example.cn, without spaces",
	},
	{
		kind:   "mobile number",
		fields: []string{"spec.dossier.contact.mobile", "spec.dossier.securityAdministrator.mobile"},
		taken:  []string{"+8613800138000", "+8613523333233", "+8614899230918", "+8619912345678"},
		refused: []string{
			"", "13800138000", "+86 13800138000", "+86-13800138000", "8613800138000", "008613800138000", "+8612038389438",
			"+85291234567", "+861380013800", "+86138001380000", "＋8613800138000", "+86１３８００１３８０００", "+861012345678", "+8613800138000\n",
		},
		cure: "must be a mainland mobile number in E.164: +86 and 11 digits from 13 to 19, without spaces, e.g. +8613800138000",
	},
	{
		kind:   "landline number",
		fields: []string{"spec.dossier.securityAdministrator.landline"},
		taken:  []string{"+861012345678", "+862112345678", "+8675512345678", "+867711234567", "+8675512345678-801", "+8613800138000"},
		refused: []string{
			"", "010-12345678", "01012345678", "+8601012345678", "+86 10 12345678", "+86101234567", "+8610123456789", "+85212345678",
			"+8675512345678-", "+8675512345678-1234567", "+8675512345678转801", "+8612345678901",
		},
		cure: "must be +86, the area code without its 0, and the number, e.g. +861012345678 or +8675512345678-801",
	},
	{
		kind:    "postal code",
		fields:  []string{"spec.dossier.company.address.postalCode"},
		taken:   []string{"100101", "750000", "200120", "010000", "518000", "830000", "850000"},
		refused: []string{"", "999999", "000000", "10010", "1001011", "２００１２０", "200 120", "200120 ", "SW1A1A"},
		cure:    "must be a mainland postal code of 6 digits, e.g. 200120",
	},
	{
		kind:    "province",
		fields:  []string{"spec.dossier.company.address.province"},
		taken:   provinces,
		refused: []string{"", "上海", "广东", "香港特别行政区", "澳门特别行政区", "台湾省", "Shanghai", "上海市 ", "广西省"},
		cure:    "must be one of the 31 provinces of the mainland in full, e.g. 北京市, 广东省, 内蒙古自治区; only mainland entities may register (FAQ Q3)",
	},
	{
		kind:    "user name",
		fields:  []string{"spec.dossier.account.username"},
		taken:   []string{"a", "acmechina", "Acme.China_1+2=3,4@5-6", strings.Repeat("a", 64)},
		refused: []string{"acme china", "acme/china", "爱客", "acme:china", "acme\n", "ａｃｍｅ", "acme'china"},
		cure:    "a user name has only letters, digits and _+=,.@-",
	},
	{
		kind:   "legal name",
		fields: []string{"spec.dossier.company.legalName"},
		taken: []string{
			"爱客科技（上海）有限公司", "爱客科技(上海)有限公司", "Acme (Shanghai) Co., Ltd.", "爱客", "𠮷野家（中国）有限公司", "北京大学　附属医院", strings.Repeat("爱", 200),
		},
		refused: []string{
			" 爱客科技有限公司", "爱客科技有限公司 ", "　爱客科技有限公司", "爱客科技有限公司　", "\u00a0爱客科技有限公司", "爱客科技\n有限公司", "爱客科技\r有限公司",
			"爱客科技\u2028有限公司", "爱客科技\t有限公司", "爱客科技有限公司\n", "\ufeff爱客科技有限公司", "爱客\u200b科技有限公司", "  ",
		},
		cure: "must not begin or end with a space, nor have line breaks, tabs or invisible characters: copy the name exactly as on the certificate",
	},
	{
		kind:   "expiry date",
		fields: []string{"spec.dossier.documents.businessCertificate.expiryDate"},
		taken:  []string{"2045-06-30", "2028-02-29", "2000-02-29", "2019-12-31", "9999-12-31"},
		refused: []string{
			"", "长期", "2045-02-30", "2027-02-29", "2100-02-29", "2045-04-31", "2045-13-01", "2045-00-10", "2045-01-00", "2045-6-30", "2045/06/30",
			"20450630", "30-06-2045", "2045-06", "２０４５-06-30", "2045-06-3\n",
		},
		cure: "must be a date of the calendar as YYYY-MM-DD in quotes; leave the field out for a long-term certificate (长期)",
	},
	{
		kind: "key of a Secret",
		fields: []string{
			"spec.dossier.securityAdministrator.identification.numberFrom.secretKeyRef.key",
			"spec.dossier.documents.businessCertificate.files[0].parts[1].secretKeyRef.key",
			"spec.dossier.documents.identification.files[1].parts[0].secretKeyRef.key",
			"spec.supplementaryDocuments[0].files[0].parts[0].secretKeyRef.key", "spec.passwordFrom.secretKeyRef.key",
		},
		taken:   []string{"number", "license.pdf", ".dockerconfigjson", "FRONT_1-2.jpg", "a", strings.Repeat("k", 253)},
		refused: []string{"license pdf", "dir/license.pdf", "执照.pdf", ".", "..", "..license.pdf", "license.pdf\n"},
		cure:    "a Secret's key has only letters, digits, '-', '_' and '.', and does not begin with '..'",
	},
	{
		kind: "name of a Secret",
		fields: []string{
			"spec.dossier.securityAdministrator.identification.numberFrom.secretKeyRef.name",
			"spec.dossier.documents.businessCertificate.files[0].parts[1].secretKeyRef.name",
			"spec.dossier.documents.identification.files[1].parts[0].secretKeyRef.name",
			"spec.supplementaryDocuments[0].files[0].parts[0].secretKeyRef.name", "spec.passwordFrom.secretKeyRef.name",
			"spec.verificationCodesSecretRef.name",
		},
		taken:   []string{"a", "acme-documents", "acme.documents.2", strings.Repeat("n", 253)},
		refused: []string{"Acme", "acme_documents", "acme documents", "other/acme", "-acme", "acme.", "acme..documents", "执照"},
		cure:    "no Secret can have this name: lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit",
	},
	{
		kind:    "registrar's name",
		fields:  []string{"spec.registrarRef.name"},
		taken:   []string{"default", "sinnet.by-hand"},
		refused: []string{"Default", "by_hand", "other/default"},
		cure:    "no Registrar can have this name: lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit",
	},
	{
		kind:    "phone on a special VAT invoice",
		fields:  []string{"spec.dossier.fapiao.specialVAT.registeredPhone"},
		taken:   []string{"021-12345678", "+862112345678", "12345"},
		refused: []string{"", "021 12345678", "021-1234转5", "－021"},
		cure:    "must be digits and hyphens, e.g. 021-12345678",
	},
	{
		kind:    "bank account on a special VAT invoice",
		fields:  []string{"spec.dossier.fapiao.specialVAT.bankAccountNumber"},
		taken:   []string{"6217001234567890", "123456", strings.Repeat("1", 32)},
		refused: []string{"", "6217 0012 3456 7890", "12345", "CN6217001234567890", strings.Repeat("1", 33)},
		cure:    "must be 6 to 32 digits, without spaces",
	},
}

// provinces are the 31 of the mainland by GB/T 2260.
var provinces = strings.Fields(`
	北京市 天津市 河北省 山西省 内蒙古自治区 辽宁省 吉林省 黑龙江省 上海市 江苏省 浙江省 安徽省 福建省 江西省 山东省 河南省
	湖北省 湖南省 广东省 广西壮族自治区 海南省 重庆市 四川省 贵州省 云南省 西藏自治区 陕西省 甘肃省 青海省 宁夏回族自治区 新疆维吾尔自治区`)

var _ = Describe("A dossier's", func() {
	for _, rule := range dossierValues {
		for _, field := range rule.fields {
			It(fmt.Sprintf("%s takes what can be right, at %s", rule.kind, field), func(ctx SpecContext) {
				for _, value := range rule.taken {
					Expect(wouldCreate(ctx, fullRegistration(set(field, value)))).To(Succeed(), "%q", value)
				}
			})
			It(fmt.Sprintf("%s refuses what cannot, and says the cure, at %s", rule.kind, field), func(ctx SpecContext) {
				for _, value := range rule.refused {
					Expect(wouldCreate(ctx, fullRegistration(set(field, value)))).To(
						beRefusedAlsoFor(field, invalid, rule.cure), "%q", value)
				}
			})
		}
	}

	It("provinces are 31", func() { Expect(provinces).To(HaveLen(31)) })
})

var _ = Describe("A dossier", func() {
	DescribeTable("is refused without what every filing has", func(ctx SpecContext, field string) {
		Expect(wouldCreate(ctx, fullRegistration(without(field)))).To(beRefusedFor(field, required, "Required value"))
	},
		Entry(nil, "spec.region"), Entry(nil, "spec.dossier"), Entry(nil, "spec.dossier.account"), Entry(nil, emailField),
		Entry(nil, "spec.dossier.account.username"), Entry(nil, "spec.dossier.company"), Entry(nil, codeField),
		Entry(nil, "spec.dossier.company.legalName"), Entry(nil, "spec.dossier.company.address"),
		Entry(nil, "spec.dossier.company.address.province"), Entry(nil, "spec.dossier.company.address.city"),
		Entry(nil, "spec.dossier.company.address.street"), Entry(nil, "spec.dossier.company.address.postalCode"),
		Entry(nil, "spec.dossier.contact"), Entry(nil, "spec.dossier.contact.mobile"), Entry(nil, "spec.dossier.securityAdministrator"),
		Entry(nil, "spec.dossier.securityAdministrator.identification.numberFrom"), Entry(nil, "spec.dossier.documents"),
		Entry(nil, "spec.dossier.documents.businessCertificate.files"), Entry(nil, "spec.dossier.documents.identification"),
		Entry(nil, "spec.dossier.customerAgreement"),
	)

	DescribeTable("is refused for a word that is not on the list", func(ctx SpecContext, field, value string) {
		Expect(wouldCreate(ctx, fullRegistration(set(field, value)))).To(beRefusedFor(field, enum, "supported values"))
	},
		Entry("a Region of the global partition", "spec.region", "ap-east-1"),
		Entry("a customer agreement that is not accepted", "spec.dossier.customerAgreement", "Declined"),
		Entry("a residence permit (FAQ Q8)", "spec.dossier.securityAdministrator.identification.type", "ResidencePermit"),
		Entry("Chinese that is only fair", "spec.dossier.securityAdministrator.chineseProficiency", "Fair"),
		Entry("a certificate of no type", "spec.dossier.documents.businessCertificate.type", "TaxRegistration"),
		Entry("an invoice of another kind", "spec.dossier.fapiao.type", "Proforma"),
		Entry("a support plan that is not offered", "spec.supportPlan", "Platinum"),
		Entry("a deletion policy that closes accounts", "spec.deletionPolicy", "Close"),
	)

	DescribeTable("takes every word on the list", func(ctx SpecContext, field string, listed ...string) {
		for _, value := range listed {
			Expect(wouldCreate(ctx, fullRegistration(set(field, value)))).To(Succeed(), value)
		}
	},
		Entry("both Regions", "spec.region", "cn-north-1", "cn-northwest-1"),
		Entry("the four IDs (FAQ Q8)", "spec.dossier.securityAdministrator.identification.type",
			"ResidentIdentityCard", "Passport", "MainlandTravelPermitHongKongMacao", "MainlandTravelPermitTaiwan"),
		Entry("the certificates (FAQ Q5)", "spec.dossier.documents.businessCertificate.type",
			"BusinessLicense", "InstitutionLegalPersonCertificate", "UnifiedSocialCreditCodeCertificate",
			"PrivateNonEnterpriseUnitCertificate", "LawFirmPracticeLicense", "RepresentativeOfficeCertificate", "Others"),
		Entry("the support plans (FAQ Q10)", "spec.supportPlan", "Basic", "Developer", "Business", "Enterprise"),
		Entry("both deletion policies", "spec.deletionPolicy", "Retain", "Withdraw"),
	)

	DescribeTable("is refused beyond its bounds", func(ctx SpecContext, field string, value any, text string) {
		Expect(wouldCreate(ctx, fullRegistration(set(field, value)))).To(beRefusedAlsoFor(field, invalid, text))
	},
		Entry("a legal name of one character", "spec.dossier.company.legalName", "爱", "at least 2 chars"),
		Entry("an empty user name", "spec.dossier.account.username", "", "at least 1 chars"),
		Entry("no files", "spec.dossier.documents.identification.files", []any{}, "at least 1 items"),
		Entry("a file without parts", "spec.dossier.documents.identification.files[0].parts", []any{}, "at least 1 items"),
		Entry("resubmission after attempt 0", "spec.resubmitAfterAttempt", 0, "greater than or equal to 1"),
		Entry("withdrawal of attempt 0", "spec.withdrawAttempt", 0, "greater than or equal to 1"),
		Entry("resubmission after an attempt that int32 cannot hold", "spec.resubmitAfterAttempt", 3_000_000_000, "less than or equal to 2147483647"),
		Entry("withdrawal of an attempt that int32 cannot hold", "spec.withdrawAttempt", 3_000_000_000, "less than or equal to 2147483647"),
		Entry("no supplementary file", "spec.supplementaryDocuments[0].files", []any{}, "at least 1 items"),
	)

	DescribeTable("is refused where a text is too long", func(ctx SpecContext, field string, limit int) {
		Expect(wouldCreate(ctx, fullRegistration(set(field, strings.Repeat("1", limit+1))))).To(
			beRefusedFor(field, tooLong, fmt.Sprintf("may not be more than %d", limit)))
	},
		Entry(nil, "spec.dossier.company.legalName", 200), Entry(nil, "spec.dossier.account.username", 64),
		Entry(nil, emailField, 254), Entry(nil, codeField, 64), Entry(nil, "spec.dossier.company.address.street", 256),
		Entry(nil, "spec.dossier.contact.name", 64),
	)

	It("answers a challenge once", func(ctx SpecContext) {
		twice := repeat(get(full, "spec.supplementaryDocuments[0]"), 2)
		Expect(wouldCreate(ctx, fullRegistration(set("spec.supplementaryDocuments", twice)))).To(
			beRefusedFor("spec.supplementaryDocuments[1]", duplicate, "documents-1"))
	})
})

var _ = Describe("A fapiao preference", func() {
	const unionCure = "specialVAT is required for type SpecialVAT, and has no place with another type"
	details := get(full, specialVATField)

	DescribeTable("goes with its details", func(ctx SpecContext, kind string, given any, fits bool) {
		preference := fields{"type": kind}
		if given != nil {
			preference["specialVAT"] = given
		}
		answer := wouldCreate(ctx, registration(set("spec.dossier.fapiao", preference)))
		if fits {
			Expect(answer).To(Succeed())
			return
		}
		Expect(answer).To(beRefusedFor(specialVATField, invalid, unionCure))
	},
		Entry("none", "None", nil, true), Entry("ordinary", "Ordinary", nil, true), Entry("special, with them", "SpecialVAT", details, true),
		Entry("special, without them", "SpecialVAT", nil, false), Entry("none, with them", "None", details, false),
		Entry("ordinary, with them", "Ordinary", details, false),
	)

	It("names its type, and all of the details", func(ctx SpecContext) {
		Expect(wouldCreate(ctx, registration(set("spec.dossier.fapiao", fields{})))).To(
			beRefusedFor("spec.dossier.fapiao.type", required, "Required value"))
		for name := range details.(map[string]any) {
			field := specialVATField + "." + name
			Expect(wouldCreate(ctx, fullRegistration(without(field)))).To(beRefusedFor(field, required, "Required value"))
		}
	})
})
