// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/preflight/identity"
)

// ValueKind is a kind of value that can be judged by itself.
type ValueKind string

const (
	// ValueCreditCode is a unified social credit code.
	ValueCreditCode ValueKind = "uscc"
	// ValueResidentID is the number of a PRC resident identity card.
	ValueResidentID ValueKind = "resident-id"
	// ValueHongKongMacaoPermit is the number of a Mainland Travel Permit for Hong Kong
	// and Macao Residents.
	ValueHongKongMacaoPermit ValueKind = "hk-macao-permit"
	// ValueTaiwanPermit is the number of a Mainland Travel Permit for Taiwan Residents.
	ValueTaiwanPermit ValueKind = "taiwan-permit"
	// ValuePassport is the number of a passport.
	ValuePassport ValueKind = "passport"
	// ValueMobile is a mainland mobile number.
	ValueMobile ValueKind = "mobile"
	// ValuePostalCode is a mainland postal code.
	ValuePostalCode ValueKind = "postal-code"
)

// ValueKinds returns all kinds.
func ValueKinds() []ValueKind {
	return []ValueKind{
		ValueCreditCode, ValueResidentID, ValueHongKongMacaoPermit, ValueTaiwanPermit, ValuePassport, ValueMobile, ValuePostalCode,
	}
}

// Value is one value that is judged by itself.
type Value struct {
	Kind ValueKind
	// Text as it stands in spec or in a Secret. What stands in a Secret is
	// normalised first, as when it is filed; what stands in spec is not.
	Text string
	// CheckWaived lifts a credit code's mod-31 check.
	CheckWaived bool
}

// CheckValue judges one value by the rules of its kind. now decides which birth dates
// are in the future. The findings have no path. A kind that is not of ValueKinds
// has none.
func CheckValue(v Value, now time.Time) []Finding {
	if idType, ok := idTypes[v.Kind]; ok {
		return idNumberRules[idType](identity.Normalize(v.Text), now, "")
	}
	switch v.Kind {
	case ValueCreditCode:
		return checkCreditCode(v.Text, v.CheckWaived, "")
	case ValueMobile:
		return checkMobile(v.Text, "")
	case ValuePostalCode:
		return checkPostalCode(v.Text, "")
	default:
		return nil
	}
}

// idTypes are the kinds that stand in Secrets.
var idTypes = map[ValueKind]v1alpha1.IdentificationType{
	ValueResidentID:          v1alpha1.IdentificationResidentIdentityCard,
	ValueHongKongMacaoPermit: v1alpha1.IdentificationHongKongMacao,
	ValueTaiwanPermit:        v1alpha1.IdentificationTaiwan,
	ValuePassport:            v1alpha1.IdentificationPassport,
}
