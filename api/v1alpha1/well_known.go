// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import "slices"

const (
	// SendToRegistrarLabel must be "true" on every Secret that a registration
	// names, so that nobody can have another's Secret sent out.
	SendToRegistrarLabel = GroupName + "/send-to-registrar"

	// RefreshRequestedAtAnnotation asks for a look at once. Any new value does;
	// status.lastHandledRefreshRequest repeats it when the look is done.
	RefreshRequestedAtAnnotation = GroupName + "/refresh-requested-at"

	// ResendCodeRequestedAtAnnotation asks the registrar to send the open
	// verification code again. Any new value does;
	// status.lastHandledResendCodeRequest repeats it when it is done.
	ResendCodeRequestedAtAnnotation = GroupName + "/resend-code-requested-at"

	// FilingKeyAnnotation on a sign-in Secret names the filing whose password it holds.
	FilingKeyAnnotation = GroupName + "/filing-key"

	// WithdrawFinalizer keeps a registration with deletionPolicy Withdraw until
	// its open filing is withdrawn. It is present exactly while one is open.
	WithdrawFinalizer = GroupName + "/withdraw"

	// GatewayTokenSecretType is the type of the Secret that holds a gateway's token.
	GatewayTokenSecretType = GroupName + "/gateway-token"

	// GatewayTokenKey is the key of the bearer token in a gateway's Secret.
	GatewayTokenKey = "token"

	// GatewayHostKey is the key, in a gateway's Secret, of the host (host or
	// host:port) that the token may be sent to.
	GatewayHostKey = "host"

	// EmailCodeKey is the key of the 6-digit e-mail code in the codes Secret.
	EmailCodeKey = "email-code"

	// PhoneCodeKey is the key of the 4-digit SMS code in the codes Secret.
	PhoneCodeKey = "phone-code"

	// PasswordKey is the key of the first IAM user's password in the sign-in Secret.
	PasswordKey = "password"

	// UsernameKey is the key of the first IAM user's name in the sign-in Secret.
	UsernameKey = "username"

	// HolidaysConfigMapName is the ConfigMap, in the operator's namespace, whose years
	// of public holidays replace those that are compiled in, or are added.
	HolidaysConfigMapName = "china-account-holidays"

	// HolidaysKey is the key of the table in that ConfigMap.
	HolidaysKey = "holidays.yaml"

	// DefaultRegistrarName is the Registrar of registrations that name none.
	DefaultRegistrarName = "default"
)

// CodesSecretName returns the name of the Secret that verification codes are
// read from: spec.verificationCodesSecretRef, or NAME-codes.
func (r *ChinaAccountRegistration) CodesSecretName() string {
	if ref := r.Spec.VerificationCodesSecretRef; ref != nil {
		return ref.Name
	}
	return r.Name + "-codes"
}

// SignInSecretName returns the name of the Secret that holds a generated
// password: NAME-signin.
func (r *ChinaAccountRegistration) SignInSecretName() string {
	return r.Name + "-signin"
}

// DocumentSecretNames returns, in order, the names of the Secrets that hold scans and the
// ID's number: never the password's, whatever names it too.
func (r *ChinaAccountRegistration) DocumentSecretNames() []string {
	d := &r.Spec.Dossier
	names := []string{d.SecurityAdministrator.Identification.NumberFrom.SecretKeyRef.Name}
	files := slices.Concat(d.Documents.BusinessCertificate.Files, d.Documents.Identification.Files)
	for _, supplement := range r.Spec.SupplementaryDocuments {
		files = append(files, supplement.Files...)
	}
	for _, file := range files {
		for _, part := range file.Parts {
			names = append(names, part.SecretKeyRef.Name)
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool {
		password := r.Spec.PasswordFrom
		return name == r.SignInSecretName() || password != nil && name == password.SecretKeyRef.Name
	})
}
