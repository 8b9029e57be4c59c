// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package page

import "github.com/chinaaccount/china-account-operator/internal/form"

// check is something to look at before the form is sent.
type check struct {
	form.Words
	// ID by which the page remembers its tick.
	ID string
}

// checks are the reasons for which the registrars turn filings down that no program
// sees (FAQ Q3 to Q8, and the nearest published list of such reasons).
var checks = []check{
	{form.Words{
		English: "The legal name equals the one on the certificate, character by character, brackets included.",
		Chinese: "公司名称与证件逐字一致，包括括号。",
	}, "name"},
	{form.Words{
		English: "The credit code equals the one on the certificate, all 18 characters.",
		Chinese: "统一社会信用代码与证件上的18位完全一致。",
	}, "code"},
	{form.Words{
		English: "The type of certificate is that of the scan, and the entity is one of the mainland.",
		Chinese: "证件类型与扫描件相符，且主体为中国大陆法人或机构。",
	}, "type"},
	{form.Words{
		English: "The certificate is the latest version, has not expired and does not soon; one just issued may not be in the registry yet.",
		Chinese: "证件为最新版本，未过期且非即将到期；新近签发的证件可能尚未录入登记系统。",
	}, "current"},
	{form.Words{
		English: "Every scan is legible and whole: borders and seals are on it, nothing is covered, no watermark.",
		Chinese: "每份扫描件清晰完整：边框与印章齐全，无遮挡，无水印。",
	}, "legible"},
	{form.Words{
		English: "Of an identity card or permit both front and back are uploaded, of a passport the page with the photograph.",
		Chinese: "身份证或通行证已上传正反两面，护照已上传照片页。",
	}, "sides"},
	{form.Words{
		English: "The administrator's name and number equal those on the ID, and the ID has not expired.",
		Chinese: "管理员姓名、证件号码与身份证件一致，且身份证件未过期。",
	}, "administrator"},
	{form.Words{
		English: "Contact and administrator can be reached on these mobiles: the registrar calls within one business day.",
		Chinese: "联系人与管理员的手机可接通：注册机构将在1个工作日内联系。",
	}, "reachable"},
	{form.Words{
		English: "The e-mail address is in use for no other account.",
		Chinese: "该电子邮件地址未用于任何其他账户。",
	}, "email"},
	{form.Words{
		English: "The password was told in person, and is written nowhere.",
		Chinese: "密码已当面告知，未写在任何地方。",
	}, "secret"},
}
