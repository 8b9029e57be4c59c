// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var (
	intent    = fields{"key": strings.Repeat("0a", 32), "owner": strings.Repeat("0b", 32), "attempt": 1}
	filed     = with(intent, fields{"filedTime": "2026-09-30T01:00:00Z", "digest": "v1:k1:00", "registrarRef": "default"})
	activated = fields{"id": "123456789012", "activatedTime": "2026-10-09T01:00:00Z"}
)

func with(base, more fields) fields {
	sum := fields{}
	for _, part := range []fields{base, more} {
		for name, value := range part {
			sum[name] = value
		}
	}
	return sum
}

// standing is one stretch of a life, as the operator writes it.
type standing struct {
	name   string
	status fields
}

// life goes through every phase, and through both ways in which the lock closes.
var life = []standing{
	{"seen first", fields{"observedGeneration": 1}},
	{"Pending, open", fields{"phase": "Pending", "dossierLock": "Open", "awaiting": "Applicant"}},
	{"Pending, with an open intent", fields{"dossierLock": "Locked", "filing": intent}},
	{"Submitted", fields{"phase": "Submitted", "filing": filed, "awaiting": "Registrar"}},
	{"UnderReview", fields{"phase": "UnderReview"}},
	{"Rejected", fields{"phase": "Rejected", "dossierLock": "Open", "rejection": fields{"findings": []any{fields{"code": "NameMismatch"}}}}},
	{"Rejected, with an open intent", fields{"dossierLock": "Locked", "filing": with(intent, fields{"attempt": 2})}},
	{"Submitted again", fields{"phase": "Submitted", "filing": with(filed, fields{"attempt": 2}), "rejection": nil}},
	{"Verified", fields{"phase": "Verified"}},
	{"Active", fields{"phase": "Active", "dossierLock": "Open", "account": activated}},
}

// reach creates the object and brings it to a phase by the shortest way.
func reach(ctx context.Context, o object, phase v1alpha1.RegistrationPhase) object {
	GinkgoHelper()
	o = created(ctx, o)
	if phase == "" {
		return o
	}
	Expect(writeStatus(ctx, o, fields{"phase": v1alpha1.PhasePending})).To(Succeed())
	Expect(writeStatus(ctx, o, fields{"phase": phase})).To(Succeed())
	return o
}

// locked creates the object and records an intent to file it.
func locked(ctx context.Context, o object) object {
	GinkgoHelper()
	o = reach(ctx, o, v1alpha1.PhasePending)
	Expect(writeStatus(ctx, o, fields{"dossierLock": v1alpha1.DossierLocked})).To(Succeed())
	return o
}
