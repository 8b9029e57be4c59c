// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package handover

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func TestAnAccountIsTold(t *testing.T) {
	reg := &v1alpha1.ChinaAccountRegistration{}
	reg.Spec.Region = v1alpha1.RegionBeijing
	reg.Spec.SupportPlan = "Basic"
	reg.Spec.Dossier.Account = v1alpha1.Account{Email: "cloud@acme.example.cn", Username: "acmechina"}
	reg.Status.Account = &v1alpha1.AccountStatus{ID: "012345678901", SignInURL: "https://012345678901.signin.amazonaws.cn/console/"}
	want := map[string]string{
		"AWS_ACCOUNT_ID": "012345678901", "AWS_PARTITION": "aws-cn", "AWS_REGION": "cn-north-1", "AWS_ARN_PREFIX": "arn:aws-cn",
		"AWS_CONSOLE_URL": "https://console.amazonaws.cn/", "AWS_SIGN_IN_URL": "https://012345678901.signin.amazonaws.cn/console/",
		"AWS_USER_NAME": "acmechina", "AWS_OPERATOR": "Sinnet", "AWS_OPERATOR_HOTLINE": "1010 0766", "AWS_SUPPORT_PLAN": "Basic",
	}
	if diff := cmp.Diff(want, Account(reg)); diff != "" {
		t.Errorf("it is told otherwise (-want +got):\n%s", diff)
	}
}

// Of Flux's post-build substitution; a shell and envFrom take less than that.
var variable = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)

func TestEveryKeyIsTheNameOfAVariable(t *testing.T) {
	for key := range Account(&v1alpha1.ChinaAccountRegistration{}) {
		if !variable.MatchString(key) {
			t.Errorf("%s is no name of a variable", key)
		}
	}
}
