// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// Dossier is all that is filed. It is locked from the recorded intent to file
// until the registrar rejects or activates.
type Dossier struct {
	// account says how the new account is named: its e-mail address
	// and its first user.
	// +required
	Account Account `json:"account,omitzero"`
	// company is the legal entity that registers.
	// +required
	Company Company `json:"company,omitzero"`
	// contact is the person whom the registrar calls, and whose mobile
	// receives the SMS code.
	// +required
	Contact Contact `json:"contact,omitzero"`
	// securityAdministrator is the information security
	// administrator (信息安全管理员).
	// +required
	SecurityAdministrator SecurityAdministrator `json:"securityAdministrator,omitzero"`
	// documents are the scans that are filed.
	// +required
	Documents Documents `json:"documents,omitzero"`
	// fapiao says which invoices (发票) are wanted. Default: None.
	// +kubebuilder:default={"type":"None"}
	// +optional
	Fapiao Fapiao `json:"fapiao,omitzero"` //nolint:kubeapilinter // the API server sees to what it requires, and Go sends no empty one
	// customerAgreement must be Accepted: the applicant has read and accepts the
	// registrar's customer agreement.
	// +kubebuilder:validation:Enum=Accepted
	// +required
	CustomerAgreement CustomerAgreement `json:"customerAgreement,omitempty"`
}

// CustomerAgreement is the applicant's word on the registrar's customer agreement.
type CustomerAgreement string

// AgreementAccepted is the only answer that can be filed.
const AgreementAccepted CustomerAgreement = "Accepted"

// Account is the account that is asked for.
type Account struct {
	// email of the account. It must not be in use for any other account, in
	// China or elsewhere; a corporate address that several people read is best.
	// Together with the Region it is what a filing is known by: it cannot
	// change once filed.
	// Example: cloud@acme.example.cn
	// +required
	Email EmailAddress `json:"email,omitempty"`
	// username of the first IAM user (there is no root user in
	// the China Regions).
	// Example: acmechina
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule="self.matches('^[A-Za-z0-9_+=,.@-]+$')",message="a user name has only letters, digits and _+=,.@-"
	// +required
	Username string `json:"username,omitempty"`
}

// EmailAddress is an addr-spec of RFC 5322 without comments or quotes (a dot-atom
// before the @), in ASCII.
// +kubebuilder:validation:MinLength=6
// +kubebuilder:validation:MaxLength=254
// +kubebuilder:validation:XValidation:rule="self.matches('^[A-Za-z0-9!#$%&\\'*+/=?^_`{|}~-]+([.][A-Za-z0-9!#$%&\\'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?[.])+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])$')",message="must be an e-mail address such as cloud@acme.example.cn, without spaces"
type EmailAddress string

// MobileNumber is a mainland mobile number in E.164.
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=32
// +kubebuilder:validation:XValidation:rule="self.matches('^[+]861[3-9][0-9]{9}$')",message="must be a mainland mobile number in E.164: +86 and 11 digits from 13 to 19, without spaces, e.g. +8613800138000"
type MobileNumber string

// LandlineNumber is a mainland landline in E.164, or a mobile in its stead.
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=32
// +kubebuilder:validation:XValidation:rule="self.matches('^[+]86(1[3-9][0-9]{9}|10[0-9]{8}|[2-9][0-9]{8,10})(-[0-9]{1,6})?$')",message="must be +86, the area code without its 0, and the number, e.g. +861012345678 or +8675512345678-801"
type LandlineNumber string

// CheckCharacterPolicy says whether a credit code's check character must hold.
// +kubebuilder:validation:Enum=Enforced;Waived
type CheckCharacterPolicy string

const (
	// CheckCharacterEnforced refuses a code whose check character fails.
	CheckCharacterEnforced CheckCharacterPolicy = "Enforced"
	// CheckCharacterWaived lifts the mod-31 check alone, for the legal codes that
	// fail it (Fujian's pilot, organisation code M0…).
	CheckCharacterWaived CheckCharacterPolicy = "Waived"
)

// Company is the mainland legal entity that registers (FAQ Q3).
//
// The check character is the total of value × weight, zero mod 31 (GB 32100-2015).
// +kubebuilder:validation:XValidation:rule="(has(self.creditCodeCheckCharacter) && self.creditCodeCheckCharacter == 'Waived') || !self.unifiedSocialCreditCode.matches('^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$') || [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17].map(i, '0123456789ABCDEFGHJKLMNPQRTUWXY'.indexOf(self.unifiedSocialCreditCode.charAt(i)) * [1,3,9,27,19,26,16,17,20,29,25,13,8,24,10,30,28,1][i]).sum() % 31 == 0",message="the check character does not fit the other 17: compare the code with the certificate, character by character; if the certificate says exactly this, set creditCodeCheckCharacter: Waived",fieldPath=".unifiedSocialCreditCode"
type Company struct {
	// legalName exactly as on the certificate, brackets and all (公司名称).
	// Example: 爱客科技（上海）有限公司
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=200
	// +kubebuilder:validation:XValidation:rule="self.matches('^[^\\\\pZ\\\\p{Cc}\\\\p{Cf}]([^\\\\p{Zl}\\\\p{Zp}\\\\p{Cc}\\\\p{Cf}]*[^\\\\pZ\\\\p{Cc}\\\\p{Cf}])?$')",message="must not begin or end with a space, nor have line breaks, tabs or invisible characters: copy the name exactly as on the certificate"
	// +required
	LegalName string `json:"legalName,omitempty"`
	// unifiedSocialCreditCode is the 18 characters of GB 32100-2015 on the
	// certificate (统一社会信用代码), upper case, without spaces.
	// Example: 91310000MA1K35Y38P
	// +required
	UnifiedSocialCreditCode UnifiedSocialCreditCode `json:"unifiedSocialCreditCode,omitempty"`
	// creditCodeCheckCharacter should stay Enforced, the default. Waived accepts
	// a code whose last character fails the mod-31 check: a few genuine ones do.
	// Nothing else is waived.
	// +kubebuilder:default=Enforced
	// +optional
	CreditCodeCheckCharacter CheckCharacterPolicy `json:"creditCodeCheckCharacter,omitempty"`
	// address of the office (办公地址).
	// +required
	Address Address `json:"address,omitzero"`
}

// UnifiedSocialCreditCode is an entity's number by GB 32100-2015: authority,
// category, region (6 digits), organisation code (9, GB 11714), check character.
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=64
// +kubebuilder:validation:XValidation:rule="self.matches('^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$')",message="must be 18 characters of 0-9 and A-Y without I, O, S, V and Z: upper case, half width, no spaces"
// +kubebuilder:validation:XValidation:rule="!self.matches('^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$') || self.matches('^(1[1239]|2[19]|3[123459]|4[19]|5[1239]|6[129]|7[129]|8[19]|9[123]|A[19]|N[1239]|Y1)')",message="no authority registers this kind of entity: compare the first two characters with the certificate, e.g. 91 for a company"
// +kubebuilder:validation:XValidation:rule="!self.matches('^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$') || self.matches('^..(100000|(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])[0-9]{4})')",message="characters 3 to 8 are no region of the mainland: compare them with the certificate"
// +kubebuilder:validation:XValidation:rule="!self.matches('^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$') || '0123456789X'.indexOf(self.charAt(16)) == (11 - [0,1,2,3,4,5,6,7].map(i, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(self.charAt(i + 8)) * [3,7,9,10,5,8,4,2][i]).sum() % 11) % 11",message="the organisation code in it (characters 9 to 17) fails its own check: compare it with the certificate, character by character"
type UnifiedSocialCreditCode string

// Address is an office address on the mainland.
type Address struct {
	// province is one of the 31 of the mainland, in full (GB/T 2260).
	// Example: 上海市
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:XValidation:rule="self in ['北京市','天津市','河北省','山西省','内蒙古自治区','辽宁省','吉林省','黑龙江省','上海市','江苏省','浙江省','安徽省','福建省','江西省','山东省','河南省','湖北省','湖南省','广东省','广西壮族自治区','海南省','重庆市','四川省','贵州省','云南省','西藏自治区','陕西省','甘肃省','青海省','宁夏回族自治区','新疆维吾尔自治区']",message="must be one of the 31 provinces of the mainland in full, e.g. 北京市, 广东省, 内蒙古自治区; only mainland entities may register (FAQ Q3)"
	// +required
	Province string `json:"province,omitempty"`
	// city of the office. Example: 上海市
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +required
	City string `json:"city,omitempty"`
	// district of the city. Some cities have none. Example: 浦东新区
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +optional
	District string `json:"district,omitempty"`
	// street and number, building, room. Example: 世纪大道100号
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	// +required
	Street string `json:"street,omitempty"`
	// postalCode of 6 digits. Example: 200120
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:validation:XValidation:rule="self.matches('^(0[1-7]|1[0-356]|2[0-7]|3[0-6]|4[0-7]|5[1-7]|6[1-7]|7[0-5]|8[013-6])[0-9]{4}$')",message="must be a mainland postal code of 6 digits, e.g. 200120"
	// +required
	PostalCode string `json:"postalCode,omitempty"`
}

// Contact is the person whom the registrar calls and who receives the phone code.
type Contact struct {
	// name as the person is called. Example: 王小明
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +required
	Name string `json:"name,omitempty"`
	// email of the contact; should be the registration's.
	// +required
	Email EmailAddress `json:"email,omitempty"`
	// mobile number of the contact, which receives the 4-digit SMS code.
	// Example: +8613800138000
	// +required
	Mobile MobileNumber `json:"mobile,omitempty"`
}

// SecurityAdministrator is the information security administrator: someone with
// authority over network emergencies who can talk with the regulator in Chinese (FAQ Q6).
type SecurityAdministrator struct {
	// name exactly as on the ID. Example: 李安
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +required
	Name string `json:"name,omitempty"`
	// email of the administrator.
	// +required
	Email EmailAddress `json:"email,omitempty"`
	// mobile of the administrator. Example: +8613900139000
	// +required
	Mobile MobileNumber `json:"mobile,omitempty"`
	// landline of the administrator; the mobile stands in where there is none.
	// Example: +861012345678
	// +optional
	Landline LandlineNumber `json:"landline,omitempty"`
	// chineseProficiency Attested: the administrator can talk with the regulator
	// in Chinese (FAQ Q6). Absent is a warning.
	// +kubebuilder:validation:Enum=Attested
	// +optional
	ChineseProficiency ChineseProficiency `json:"chineseProficiency,omitempty"`
	// identification is the personal ID whose scan is filed.
	// +required
	Identification Identification `json:"identification,omitzero"`
}

// ChineseProficiency is the applicant's word on the administrator's Chinese.
type ChineseProficiency string

// ChineseProficiencyAttested means that the administrator can talk with the
// regulator in Chinese (FAQ Q6).
const ChineseProficiencyAttested ChineseProficiency = "Attested"

// IdentificationType is one of the four that are accepted; others are not (FAQ Q8).
// +kubebuilder:validation:Enum=ResidentIdentityCard;Passport;MainlandTravelPermitHongKongMacao;MainlandTravelPermitTaiwan
type IdentificationType string

const (
	// IdentificationResidentIdentityCard is the PRC resident identity card (居民身份证).
	IdentificationResidentIdentityCard IdentificationType = "ResidentIdentityCard"
	// IdentificationPassport is a passport (护照).
	IdentificationPassport IdentificationType = "Passport"
	// IdentificationHongKongMacao is the Mainland Travel Permit for Hong Kong and Macao Residents (港澳居民来往内地通行证).
	IdentificationHongKongMacao IdentificationType = "MainlandTravelPermitHongKongMacao"
	// IdentificationTaiwan is the Mainland Travel Permit for Taiwan Residents (台湾居民来往大陆通行证).
	IdentificationTaiwan IdentificationType = "MainlandTravelPermitTaiwan"
)

// Identification is a personal ID. Its number is never in clear.
type Identification struct {
	// type of the ID: a mainland identity card, a passport, or a mainland travel
	// permit (of Hong Kong and Macao residents, or of Taiwan residents).
	// +required
	Type IdentificationType `json:"type,omitempty"`
	// numberFrom takes the ID's number from a Secret; it is never written here.
	// +required
	NumberFrom SecretKeySource `json:"numberFrom,omitzero"`
}

// Documents are the scans that are filed. Each is a jpg, jpeg, bmp, png or pdf
// of less than 10 MB, clearly recognizable, of the latest version (FAQ Q4).
type Documents struct {
	// businessCertificate is the business registration certificate.
	// +required
	BusinessCertificate BusinessCertificate `json:"businessCertificate,omitzero"`
	// identification is the security administrator's ID: front
	// and back for a card.
	// +required
	Identification IdentificationDocument `json:"identification,omitzero"`
}

// BusinessCertificateType is one of the types that the registrars list (FAQ Q5).
// +kubebuilder:validation:Enum=BusinessLicense;InstitutionLegalPersonCertificate;UnifiedSocialCreditCodeCertificate;PrivateNonEnterpriseUnitCertificate;LawFirmPracticeLicense;RepresentativeOfficeCertificate;Others
type BusinessCertificateType string

const (
	// CertificateBusinessLicense is a Business License (营业执照).
	CertificateBusinessLicense BusinessCertificateType = "BusinessLicense"
	// CertificateInstitutionLegalPerson is a Certificate of Legal Person of Institution (事业单位法人证书).
	CertificateInstitutionLegalPerson BusinessCertificateType = "InstitutionLegalPersonCertificate"
	// CertificateUnifiedSocialCreditCode is a Certificate of Unified Social Credit Code (统一社会信用代码证书).
	CertificateUnifiedSocialCreditCode BusinessCertificateType = "UnifiedSocialCreditCodeCertificate"
	// CertificatePrivateNonEnterpriseUnit is a Registration Certificate for Private Non-Enterprise Units (民办非企业单位登记证书).
	CertificatePrivateNonEnterpriseUnit BusinessCertificateType = "PrivateNonEnterpriseUnitCertificate"
	// CertificateLawFirm is a Practice License of Law Firm (律师事务所执业许可证).
	CertificateLawFirm BusinessCertificateType = "LawFirmPracticeLicense"
	// CertificateRepresentativeOffice is a Registration Certificate of Resident Representative Offices of Foreign Enterprises (外国企业常驻代表机构登记证).
	CertificateRepresentativeOffice BusinessCertificateType = "RepresentativeOfficeCertificate"
	// CertificateOthers is any other certificate.
	CertificateOthers BusinessCertificateType = "Others"
)

// BusinessCertificate is the scanned certificate of the entity.
type BusinessCertificate struct {
	// type of the certificate: BusinessLicense for a company; otherwise
	// InstitutionLegalPersonCertificate, UnifiedSocialCreditCodeCertificate,
	// PrivateNonEnterpriseUnitCertificate, LawFirmPracticeLicense,
	// RepresentativeOfficeCertificate, or Others.
	// +required
	Type BusinessCertificateType `json:"type,omitempty"`
	// expiryDate on the certificate, YYYY-MM-DD in China's time zone. Absent for
	// a long-term one (长期).
	// Example: "2045-06-30"
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=10
	// +kubebuilder:validation:XValidation:rule="self.matches('^[0-9]{4}-[0-9]{2}-[0-9]{2}$') && !format.date().validate(self).hasValue()",message="must be a date of the calendar as YYYY-MM-DD in quotes; leave the field out for a long-term certificate (长期)"
	// +optional
	ExpiryDate string `json:"expiryDate,omitempty"`
	// files of the scan, in the order of its pages.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=5
	// +listType=atomic
	// +required
	Files []File `json:"files,omitempty"`
}

// IdentificationDocument is the scan of the security administrator's ID.
type IdentificationDocument struct {
	// files of the scan: front and back for a card, the data
	// page for a passport.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=4
	// +listType=atomic
	// +required
	Files []File `json:"files,omitempty"`
}

// FapiaoType is the kind of invoice that is wanted.
// +kubebuilder:validation:Enum=None;Ordinary;SpecialVAT
type FapiaoType string

const (
	// FapiaoNone asks for none.
	FapiaoNone FapiaoType = "None"
	// FapiaoOrdinary is an ordinary VAT invoice (增值税普通发票).
	FapiaoOrdinary FapiaoType = "Ordinary"
	// FapiaoSpecialVAT is a special VAT invoice (增值税专用发票).
	FapiaoSpecialVAT FapiaoType = "SpecialVAT"
)

// Fapiao is the invoice preference.
// +kubebuilder:validation:XValidation:rule="has(self.specialVAT) == (self.type == 'SpecialVAT')",message="specialVAT is required for type SpecialVAT, and has no place with another type",fieldPath=".specialVAT"
type Fapiao struct {
	// type of the invoice: None, Ordinary, or SpecialVAT,
	// which needs specialVAT.
	// +required
	Type FapiaoType `json:"type,omitempty"`
	// specialVAT are the details that a special VAT invoice shows. The
	// taxpayer's number is the company's credit code.
	// +optional
	SpecialVAT *SpecialVATDetails `json:"specialVAT,omitempty"`
}

// SpecialVATDetails are what a special VAT invoice shows besides name and number.
type SpecialVATDetails struct {
	// registeredAddress of the taxpayer, as the tax office has it.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	// +required
	RegisteredAddress string `json:"registeredAddress,omitempty"`
	// registeredPhone of the taxpayer, as the tax office has it.
	// Example: 021-12345678
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:XValidation:rule="self.matches('^[0-9+][0-9-]{4,30}$')",message="must be digits and hyphens, e.g. 021-12345678"
	// +required
	RegisteredPhone string `json:"registeredPhone,omitempty"`
	// bankName with its branch. Example: 中国银行上海分行
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +required
	BankName string `json:"bankName,omitempty"`
	// bankAccountNumber in digits only.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule="self.matches('^[0-9]{6,32}$')",message="must be 6 to 32 digits, without spaces"
	// +required
	BankAccountNumber string `json:"bankAccountNumber,omitempty"`
}
