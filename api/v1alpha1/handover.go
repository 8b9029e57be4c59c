// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// Keys of the ConfigMap NAME-account, by which an active account is handed over. They
// are names that a shell, envFrom and Flux's variable substitution take.
const (
	// AccountIDKey: the 12 digits. In YAML they have to be quoted.
	AccountIDKey = "AWS_ACCOUNT_ID"
	// AccountPartitionKey: aws-cn.
	AccountPartitionKey = "AWS_PARTITION"
	// AccountRegionKey: the Region in which it was registered. That it serves the other
	// one is not promised.
	AccountRegionKey = "AWS_REGION"
	// AccountARNPrefixKey: what the account's ARNs begin with, arn:aws-cn.
	AccountARNPrefixKey = "AWS_ARN_PREFIX"
	// AccountConsoleURLKey: the console of the China Regions.
	AccountConsoleURLKey = "AWS_CONSOLE_URL"
	// AccountSignInURLKey: where the account's IAM users sign in.
	AccountSignInURLKey = "AWS_SIGN_IN_URL"
	// AccountUserNameKey: the first IAM user.
	AccountUserNameKey = "AWS_USER_NAME"
	// AccountOperatorKey: the Region's operator, Sinnet or NWCD.
	AccountOperatorKey = "AWS_OPERATOR"
	// AccountHotlineKey: the operator's hotline, 9:00 to 20:00 GMT+8, not on public holidays (FAQ Q1).
	AccountHotlineKey = "AWS_OPERATOR_HOTLINE"
	// AccountSupportPlanKey: spec.supportPlan; empty if it names none.
	AccountSupportPlanKey = "AWS_SUPPORT_PLAN"
)

// ManagedByLabel and ManagedByOperator are the label of what the operator keeps up to date.
const (
	ManagedByLabel    = "app.kubernetes.io/managed-by"
	ManagedByOperator = "china-account-operator"
)

// AccountConfigMapName returns the name of the ConfigMap that hands the account over:
// NAME-account.
func (r *ChinaAccountRegistration) AccountConfigMapName() string {
	return r.Name + "-account"
}
