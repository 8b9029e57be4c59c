// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"fmt"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/form"
	"github.com/chinaaccount/china-account-operator/internal/region"
)

// Advice is one thing to do with an active account.
type Advice struct {
	// Do is what to do.
	Do form.Words `json:"do"`
	// Source of the advice: the tutorial, the strategy article or the documentation.
	Source string `json:"source"`
	Link   string `json:"link"`
}

const (
	sourceTutorial = "tutorial, step 7"
	sourceArticle  = "AWS Enterprise Strategy article"
	sourceDocs     = "AWS China documentation"
)

// Advise returns what to do with the account of an active registration, in order.
func Advise(reg *v1alpha1.ChinaAccountRegistration) []Advice {
	username := reg.Spec.Dossier.Account.Username
	signIn := region.ConsoleURL
	if account := reg.Status.Account; account != nil && account.SignInURL != "" {
		signIn = account.SignInURL
	}
	password := form.Words{
		English: "with the password that was settled with the agent",
		Chinese: "密码为与代办人约定的密码",
	}
	switch {
	case reg.Spec.PasswordFrom != nil:
		ref := reg.Spec.PasswordFrom.SecretKeyRef
		password = form.Words{
			English: fmt.Sprintf("with the password in key %s of the Secret %s", ref.Key, ref.Name),
			Chinese: fmt.Sprintf("密码在 Secret %s 的键 %s 中", ref.Name, ref.Key),
		}
	case reg.Status.Filing != nil && reg.Status.Filing.ClaimName == "":
		password = form.Words{
			English: fmt.Sprintf("with the password in the Secret %s", reg.SignInSecretName()),
			Chinese: fmt.Sprintf("密码在 Secret %s 中", reg.SignInSecretName()),
		}
	}
	return []Advice{
		{form.Words{
			English: fmt.Sprintf("Sign in as %s, %s. Forgotten: the sign-in page sends a link to the account's e-mail address.", username, password.English),
			Chinese: fmt.Sprintf("以用户 %s 登录，%s。如忘记密码，可在登录页面通过账户邮箱重置。", username, password.Chinese),
		}, sourceDocs, signIn},
		{form.Words{
			English: "Turn on MFA for this user: a virtual device, the only kind that the China Regions support.",
			Chinese: "为该用户启用 MFA（中国区域仅支持虚拟 MFA 设备）。",
		}, sourceTutorial, "https://docs.amazonaws.cn/en_us/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html"},
		{form.Words{
			English: "Create IAM users for those who work with the account. There is no root user; this one is an IAM user too.",
			Chinese: "为使用该账户的人员创建 IAM 用户。中国区域没有根用户，注册用户也是 IAM 用户。",
		}, sourceArticle, "https://docs.amazonaws.cn/en_us/aws/latest/userguide/iam.html"},
		{form.Words{
			English: "Set billing alarms. Bills are in CNY.",
			Chinese: "设置账单告警。账单以人民币计。",
		}, sourceTutorial, "https://docs.amazonaws.cn/en_us/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html"},
		{form.Words{
			English: "Complete the fapiao (tax) settings.",
			Chinese: "完善发票（税务）设置。",
		}, sourceTutorial, "https://www.amazonaws.cn/en/support/faqs/"},
		{form.Words{
			English: "Before public content is served: get an ICP recordal for a non-commercial site, an ICP licence for a commercial one.",
			Chinese: "在对公众提供内容之前：非经营性网站办理 ICP 备案，经营性网站办理 ICP 许可证。",
		}, sourceTutorial, "https://www.amazonaws.cn/en/support/icp/"},
	}
}
