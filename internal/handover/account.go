// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package handover

import (
	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/region"
)

// Account returns the ConfigMap's content for an active registration, with every key:
// what is not known is empty, because Flux leaves a variable that is absent as it stands.
func Account(reg *v1alpha1.ChinaAccountRegistration) map[string]string {
	account := v1alpha1.AccountStatus{}
	if reg.Status.Account != nil {
		account = *reg.Status.Account
	}
	operator := region.OperatorOf(reg.Spec.Region)
	return map[string]string{
		v1alpha1.AccountIDKey:          account.ID,
		v1alpha1.AccountPartitionKey:   region.Partition,
		v1alpha1.AccountRegionKey:      string(reg.Spec.Region),
		v1alpha1.AccountARNPrefixKey:   "arn:" + region.Partition,
		v1alpha1.AccountConsoleURLKey:  region.ConsoleURL,
		v1alpha1.AccountSignInURLKey:   account.SignInURL,
		v1alpha1.AccountUserNameKey:    reg.Spec.Dossier.Account.Username,
		v1alpha1.AccountOperatorKey:    operator.Name,
		v1alpha1.AccountHotlineKey:     operator.Hotline,
		v1alpha1.AccountSupportPlanKey: string(reg.Spec.SupportPlan),
	}
}
