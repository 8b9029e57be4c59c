// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package form is the registrar's sign-up form: its fields in order, each by its path
// in a registration, with its name in both languages. What a field means and what may
// stand in it is the API's to say.
package form

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Words is one thing in both languages.
type Words struct {
	English string `json:"english"`
	Chinese string `json:"chinese"`
}

// Section is one page of the form.
type Section struct {
	Words
	Fields []Field
}

// Field is one field of the form.
type Field struct {
	Words
	// Path in a registration, e.g. spec.dossier.company.legalName.
	Path string
	// Kind says where its value comes from.
	Kind Kind
	// Choices are the words of each value, where the form has a list to choose from.
	Choices map[string]Words
}

// Kind says where a field's value comes from.
type Kind string

const (
	// Text, the zero value, stands in the registration itself.
	Text Kind = ""
	// Secret stands in a Secret that the path names.
	Secret Kind = "Secret"
	// Files are scans in Secrets that the path names.
	Files Kind = "Files"
)

// Sections returns the form in its order: the account, then the company, the contact,
// the information security administrator with their scans, and the invoices (tutorial,
// steps 1 to 4).
func Sections() []Section { return sections }

var sections = []Section{
	{Words{"Account", "账户"}, []Field{
		{Words: Words{"Region", "区域"}, Path: "spec.region", Choices: map[string]Words{
			"cn-north-1":     {"Beijing, operated by Sinnet", "北京区域（光环新网运营）"},
			"cn-northwest-1": {"Ningxia, operated by NWCD", "宁夏区域（西云数据运营）"},
		}},
		{Words: Words{"E-mail address of the account", "账户电子邮件地址"}, Path: "spec.dossier.account.email"},
		{Words: Words{"User name", "用户名"}, Path: "spec.dossier.account.username"},
	}},
	{Words{"Company", "公司"}, []Field{
		{Words: Words{"Legal name", "公司名称"}, Path: "spec.dossier.company.legalName"},
		{Words: Words{"Unified social credit code", "统一社会信用代码"}, Path: "spec.dossier.company.unifiedSocialCreditCode"},
		{Words: Words{"Province", "省"}, Path: "spec.dossier.company.address.province"},
		{Words: Words{"City", "市"}, Path: "spec.dossier.company.address.city"},
		{Words: Words{"District", "区/县"}, Path: "spec.dossier.company.address.district"},
		{Words: Words{"Street address", "街道地址"}, Path: "spec.dossier.company.address.street"},
		{Words: Words{"Postal code", "邮政编码"}, Path: "spec.dossier.company.address.postalCode"},
		{Words: Words{"Type of certificate", "证件类型"}, Path: "spec.dossier.documents.businessCertificate.type", Choices: certificateTypes},
		{Words: Words{"Certificate valid until", "证件有效期至"}, Path: "spec.dossier.documents.businessCertificate.expiryDate"},
		{Words: Words{"Scan of the business certificate", "企业证件扫描件"}, Path: "spec.dossier.documents.businessCertificate.files", Kind: Files},
	}},
	{Words{"Contact", "联系人"}, []Field{
		{Words: Words{"Contact's name", "联系人姓名"}, Path: "spec.dossier.contact.name"},
		{Words: Words{"Contact's e-mail address", "联系人电子邮件"}, Path: "spec.dossier.contact.email"},
		{Words: Words{"Contact's mobile", "联系人手机号码"}, Path: "spec.dossier.contact.mobile"},
	}},
	{Words{"Information security administrator", "信息安全管理员"}, []Field{
		{Words: Words{"Administrator's name", "管理员姓名"}, Path: "spec.dossier.securityAdministrator.name"},
		{Words: Words{"Administrator's e-mail address", "管理员电子邮件"}, Path: "spec.dossier.securityAdministrator.email"},
		{Words: Words{"Administrator's mobile", "管理员手机号码"}, Path: "spec.dossier.securityAdministrator.mobile"},
		{Words: Words{"Administrator's landline", "管理员固定电话"}, Path: "spec.dossier.securityAdministrator.landline"},
		{Words: Words{"Speaks Chinese with the regulator", "能以中文与监管机构沟通"}, Path: "spec.dossier.securityAdministrator.chineseProficiency",
			Choices: map[string]Words{"Attested": {"Attested", "已确认"}}},
		{Words: Words{"Type of ID", "身份证件类型"}, Path: "spec.dossier.securityAdministrator.identification.type", Choices: identificationTypes},
		{Words: Words{"Number of the ID", "身份证件号码"}, Path: "spec.dossier.securityAdministrator.identification.numberFrom", Kind: Secret},
		{Words: Words{"Scan of the ID", "身份证件扫描件"}, Path: "spec.dossier.documents.identification.files", Kind: Files},
	}},
	{Words{"Invoices and agreement", "发票与协议"}, []Field{
		{Words: Words{"Fapiao", "发票类型"}, Path: "spec.dossier.fapiao.type", Choices: map[string]Words{
			"None":       {"No fapiao", "不需要发票"},
			"Ordinary":   {"Ordinary VAT fapiao", "增值税普通发票"},
			"SpecialVAT": {"Special VAT fapiao", "增值税专用发票"},
		}},
		{Words: Words{"Taxpayer's registered address", "税务登记地址"}, Path: "spec.dossier.fapiao.specialVAT.registeredAddress"},
		{Words: Words{"Taxpayer's registered phone", "税务登记电话"}, Path: "spec.dossier.fapiao.specialVAT.registeredPhone"},
		{Words: Words{"Bank and branch", "开户银行"}, Path: "spec.dossier.fapiao.specialVAT.bankName"},
		{Words: Words{"Bank account number", "银行账号"}, Path: "spec.dossier.fapiao.specialVAT.bankAccountNumber"},
		{Words: Words{"Customer agreement", "客户协议"}, Path: "spec.dossier.customerAgreement",
			Choices: map[string]Words{"Accepted": {"Accepted", "已接受"}}},
	}},
}

// The types of certificates (FAQ Q5).
var certificateTypes = map[string]Words{
	"BusinessLicense":                     {"Business License", "营业执照"},
	"InstitutionLegalPersonCertificate":   {"Certificate of Legal Person of Institution", "事业单位法人证书"},
	"UnifiedSocialCreditCodeCertificate":  {"Certificate of Unified Social Credit Code", "统一社会信用代码证书"},
	"PrivateNonEnterpriseUnitCertificate": {"Registration Certificate for Private Non-Enterprise Units", "民办非企业单位登记证书"},
	"LawFirmPracticeLicense":              {"Practice License of Law Firm", "律师事务所执业许可证"},
	"RepresentativeOfficeCertificate":     {"Registration Certificate of Resident Representative Offices of Foreign Enterprises", "外国企业常驻代表机构登记证"},
	"Others":                              {"Others", "其他"},
}

// The types of IDs (FAQ Q8).
var identificationTypes = map[string]Words{
	"ResidentIdentityCard":              {"PRC Identity Card", "居民身份证"},
	"Passport":                          {"Passport", "护照"},
	"MainlandTravelPermitHongKongMacao": {"Mainland Travel Permit for Hong Kong and Macao Residents", "港澳居民来往内地通行证"},
	"MainlandTravelPermitTaiwan":        {"Mainland Travel Permit for Taiwan Residents", "台湾居民来往大陆通行证"},
}

// besides are what a requirement may name that is no field of the form.
var besides = []Field{
	{Words: Words{"Registrar", "注册机构"}, Path: "spec.registrarRef"},
	{Words: Words{"Documents asked for by the reviewer", "审核人员要求的补充材料"}, Path: "spec.supplementaryDocuments"},
	{Words: Words{"Password of the first user", "首个用户的密码"}, Path: "spec.passwordFrom"},
	{Words: Words{"Support plan", "支持计划"}, Path: "spec.supportPlan"},
	{Words: Words{"Verification codes", "验证码"}, Path: "spec.verificationCodesSecretRef"},
	{Words: Words{"Resubmission", "重新提交"}, Path: "spec.resubmitAfterAttempt"},
	{Words: Words{"Withdrawal", "撤回申请"}, Path: "spec.withdrawAttempt"},
}

var fileOf = regexp.MustCompile(`\.files\[(\d+)\]`)

// NameOf returns what the field or file at path is called, and not found for a path
// that leads nowhere in the form.
func NameOf(path string) (name Words, found bool) {
	best := ""
	each(func(f Field) {
		if len(f.Path) > len(best) && within(path, f.Path) {
			best, name = f.Path, f.Words
		}
	})
	if best == "" {
		return Words{}, false
	}
	if file := fileOf.FindStringSubmatch(path); file != nil {
		n, _ := strconv.Atoi(file[1]) // digits, by the pattern; of a number beyond all bounds the greatest
		name.English += fmt.Sprintf(", file %d", n+1)
		name.Chinese += fmt.Sprintf("，第%d个文件", n+1)
	}
	return name, true
}

func each(do func(Field)) {
	for _, section := range sections {
		for _, field := range section.Fields {
			do(field)
		}
	}
	for _, field := range besides {
		do(field)
	}
}

// within tells whether path is that of the field, or leads into it.
func within(path, field string) bool {
	rest, begins := strings.CutPrefix(path, field)
	return begins && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
