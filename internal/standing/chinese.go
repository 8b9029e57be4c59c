// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package standing

import "github.com/chinaaccount/china-account-operator/api/v1alpha1"

// InChinese is what a requirement or finding of that code asks for. Codes are open: an
// unknown one has only its own message.
func InChinese(code string) (text string, known bool) {
	text, known = chinese[code]
	return text, known
}

// IsKnown tells whether a code is one of the operator's, and not one that a registrar made up.
func IsKnown(code string) bool {
	_, known := chinese[code]
	return known
}

// chinese are sentences of their own and say less than the messages do, which are
// shown with them. A test holds it complete.
var chinese = map[string]string{
	// Of the flow.
	v1alpha1.RequirementEmailCode:                 "请输入发送到注册邮箱的 6 位验证码。",
	v1alpha1.RequirementPhoneCode:                 "请输入联系人手机收到的 4 位短信验证码。",
	v1alpha1.RequirementSupportPlan:               "请选择支持计划。",
	v1alpha1.RequirementDocuments:                 "审核人员要求补充材料。",
	v1alpha1.RequirementChallenge:                 "注册机构要求的内容无法由本版本的操作器处理，请致电注册机构。",
	v1alpha1.RequirementResubmission:              "请更正所列问题，然后重新提交。",
	v1alpha1.RequirementDossierUnchanged:          "申请材料与被驳回时完全相同，再次提交将得到同样的结果。",
	v1alpha1.RequirementFileByHand:                "由代办人手工提交申请并报告结果。",
	v1alpha1.RequirementWithdrawByHand:            "由代办人手工撤回申请并报告结果。",
	v1alpha1.RequirementWithdrawalRequested:       "已要求撤回即将提交的申请；如需提交，请取消撤回。",
	v1alpha1.RequirementWithdrawalRefused:         "注册机构不接受撤回。",
	v1alpha1.RequirementFirstContact:              "注册机构将在 1 个工作日内与联系人联系。",
	v1alpha1.RequirementDecision:                  "等待注册机构在 2 个工作日内给出结果。",
	v1alpha1.RequirementEmailAlreadyFiled:         "该电子邮件地址已被其他申请使用，请换用其他地址。",
	v1alpha1.RequirementRegistrarNotFound:         "找不到所引用的 Registrar。",
	v1alpha1.RequirementRegistrarNotReady:         "所引用的 Registrar 尚未就绪。",
	v1alpha1.RequirementRegistrarNotUsable:        "所引用的 Registrar 不能用于该区域或命名空间。",
	v1alpha1.RequirementRegistrarUnreachable:      "暂时无法联系注册机构，将自动重试。",
	v1alpha1.RequirementRegistrarContradiction:    "注册机构的答复前后矛盾，申请已暂停处理，请致电注册机构。",
	v1alpha1.RequirementInstallationKeyMissing:    "操作器的安装密钥丢失，须由管理员从备份恢复。",
	v1alpha1.RequirementSecretNotFound:            "找不到所引用的 Secret、其标签或其中的键。",
	v1alpha1.RequirementSignInSecretNameTaken:     "登录 Secret 的名称已被占用。",
	v1alpha1.RequirementCodeMalformed:             "验证码的位数不正确。",
	v1alpha1.RequirementContentRefused:            "注册机构不接受目前的申请内容，请修改后再提交。",
	v1alpha1.RequirementAccountConfigMapNameTaken: "账户 ConfigMap 的名称已被占用。",
	v1alpha1.RequirementDocumentsNoLongerNeeded:   "账户已激活，含个人信息的 Secret 不再需要，请删除。",
	v1alpha1.RequirementCertificateRenewalDue:     "企业证件即将到期或已过期，请更新证件及其有效期。",
	v1alpha1.RequirementClaimStale:                "认领之后材料有变；如尚未提交，请释放后重新认领。",
	v1alpha1.FindingWithdrawn:                     "申请已撤回。",
	v1alpha1.FindingSignUpExpired:                 "未在期限内完成注册。",

	// Of preflight, in the order of the form.
	"CreditCodeMalformed":               "统一社会信用代码应为 18 位数字和大写字母（不含 I、O、S、V、Z）。",
	"CreditCodeAuthorityUnknown":        "统一社会信用代码的前两位无效，请与证件核对。",
	"CreditCodeRegionUnknown":           "统一社会信用代码的第 3 至 8 位不是有效的行政区划。",
	"CreditCodeOrganisationCheckFailed": "统一社会信用代码中的组织机构代码校验不通过，请与证件逐位核对。",
	"CreditCodeCheckFailed":             "统一社会信用代码的校验位不符，请与证件逐位核对。",
	"CreditCodeCheckWaived":             "统一社会信用代码的校验位不符，且已放弃校验，请确认与证件一致。",
	"ProvinceUnknown":                   "省份应为 31 个省级行政区之一的全称。",
	"PostalCodeMalformed":               "邮政编码应为 6 位数字。",
	"EmailMalformed":                    "电子邮件地址格式不正确。",
	"EmailOfFreeProvider":               "这是免费邮箱，建议使用公司邮箱。",
	"ContactEmailDiffers":               "联系人的邮箱应与账户邮箱相同。",
	"MobileMalformed":                   "应为中国大陆手机号码，格式如 +8613800138000。",
	"LandlineMalformed":                 "固定电话格式不正确；没有固定电话时请留空。",
	"ChineseProficiencyNotAttested":     "信息安全管理员须能用中文与监管机构沟通，请确认。",
	"IdentificationNumberMissing":       "缺少信息安全管理员的证件号码。",
	"IdentificationTypeNotAccepted":     "不接受这种证件类型。",
	"IdentificationTypeMismatch":        "证件类型与证件号码不符。",
	"ResidentIDMalformed":               "居民身份证号码应为 17 位数字加一位校验码。",
	"ResidentIDVoid":                    "15 位身份证号码已于 2013 年停用，请使用 18 位号码。",
	"ResidentIDRegionUnknown":           "身份证号码的前两位不是有效的省份代码。",
	"ResidentIDBirthDateInvalid":        "身份证号码中的出生日期无效。",
	"ResidentIDBirthDateInFuture":       "身份证号码中的出生日期晚于今天。",
	"ResidentIDCheckFailed":             "身份证号码的校验码不符，请与证件逐位核对。",
	"ResidencePermitNotAccepted":        "不接受港澳台居民居住证，请使用来往内地（大陆）通行证或护照。",
	"PermanentResidenceNotAccepted":     "不接受外国人永久居留身份证，请使用护照。",
	"HongKongMacaoPermitMalformed":      "港澳居民来往内地通行证号码格式不正确。",
	"OutboundPermitNotAccepted":         "不接受往来港澳通行证，请使用居民身份证。",
	"TaiwanPermitMalformed":             "台湾居民来往大陆通行证号码应为 8 位数字。",
	"PassportMalformed":                 "护照号码应为 5 至 20 位数字和字母。",
	"PassportUnusual":                   "护照号码与中国护照的格式不同，请核对。",
	"ExpiryDateInvalid":                 "有效期应为真实日期（YYYY-MM-DD）；长期有效时请留空。",
	"CertificateExpired":                "企业证件已过期。",
	"CertificateExpiresSoon":            "企业证件将在 30 天内到期。",
	"CertificateTypeUnlikely":           "证件类型与统一社会信用代码的开头不常同时出现，请核对。",
	"DocumentMissing":                   "缺少文件。",
	"DocumentUnreadable":                "无法读取文件。",
	"DocumentEmpty":                     "文件为空。",
	"DocumentTooLarge":                  "文件须小于 10 MB。",
	"DocumentLarge":                     "文件超过 5 MB，建议缩小。",
	"DocumentFormatNotAccepted":         "只接受 jpg、jpeg、bmp、png 和 pdf 格式。",
	"DocumentIsHEIC":                    "这是 HEIC 照片，请另存为 jpg。",
	"DocumentIsWebP":                    "这是 WebP 图片，请另存为 jpg 或 png。",
	"DocumentIsGIF":                     "这是 GIF 图片，请另存为 png。",
	"DocumentIsTIFF":                    "这是 TIFF 扫描件，请另存为 pdf、jpg 或 png。",
	"DocumentIsOffice":                  "这是 Office 文档，请导出为 pdf。",
	"DocumentIsArchive":                 "这是压缩包，请解压后逐个提供其中的文件。",
	"DocumentPolyglot":                  "文件同时属于两种格式，请重新保存。",
	"DocumentTruncated":                 "文件不完整，请重新复制，并检查各分段及其顺序。",
	"DocumentDamaged":                   "文件已损坏，请重新扫描或导出。",
	"DocumentBlank":                     "文件上看不到内容，请重新扫描。",
	"DocumentExpandsTooFar":             "文件解压后过大，请重新打印为 pdf 或重新扫描。",
	"DocumentTooManyPixels":             "图片像素过多，请以 300 dpi 重新扫描。",
	"DocumentTooFewPixels":              "图片像素过少，无法辨认，请以 300 dpi 重新扫描。",
	"DocumentFewPixels":                 "图片像素偏少，可能不够清晰。",
	"DocumentVariantNotAccepted":        "常用软件无法显示这种图片，请另存为普通的 jpg 或 png。",
	"DocumentNotDecoded":                "未能查看图片内容，请确认其清晰可见。",
	"DocumentEncrypted":                 "PDF 受密码或权限保护，请重新打印为不受保护的 pdf。",
	"DocumentWithoutPages":              "PDF 没有页面。",
	"DocumentXFAForm":                   "PDF 是 XFA 表单，请重新打印为普通 pdf。",
	"IdentificationSideMissing":         "证件须提供正反两面。",
	"FapiaoDetailMissing":               "缺少增值税专用发票所需的信息。",
	"FapiaoPhoneMalformed":              "税务登记电话应为半角数字和连字符。",
	"FapiaoBankAccountMalformed":        "银行账号应为 6 至 32 位半角数字。",
}
