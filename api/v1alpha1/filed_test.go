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

const (
	emailField   = "spec.dossier.account.email"
	filedCure    = "another address is another ChinaAccountRegistration"
	activeReason = "the account is active: its user name and the company's credit code stay"
)

// rejected has a filing on record and an open dossier.
func rejected(ctx context.Context, o object) object {
	GinkgoHelper()
	o = reach(ctx, o, v1alpha1.PhaseRejected)
	Expect(writeStatus(ctx, o, fields{"dossierLock": "Open", "filing": filed})).To(Succeed())
	return o
}

// active has an account, and an open dossier.
func active(ctx context.Context, o object) object {
	GinkgoHelper()
	o = reach(ctx, o, v1alpha1.PhaseActive)
	Expect(writeStatus(ctx, o, fields{"dossierLock": "Open", "filing": filed, "account": activated})).To(Succeed())
	return o
}

// staysOnceFiled tells whether a path is part of what a filing is known by.
func staysOnceFiled(v variation) bool {
	for _, path := range []string{emailField, "spec.region", "spec.registrarRef"} {
		if strings.HasPrefix(v.name, path) {
			return true
		}
	}
	return false
}

// staysOnceActive tells whether a path names the account that exists.
func staysOnceActive(v variation) bool {
	return strings.HasPrefix(v.name, "spec.dossier.account.username") ||
		strings.HasPrefix(v.name, "spec.dossier.company.unifiedSocialCreditCode")
}

var _ = Describe("Once a filing is recorded", func() {
	for _, path := range []string{"spec.dossier", "spec.region", "spec.registrarRef"} {
		for _, variation := range variations(path) {
			if staysOnceFiled(variation) {
				It("what it is known by stays, also in an open dossier: refused where "+variation.name, func(ctx SpecContext) {
					o := rejected(ctx, fullRegistration(variation.before...))
					Expect(change(ctx, o, variation.after...)).To(beRefusedFor(emailField, forbidden, filedCure))
				})
				continue
			}
			It("a rejected dossier is mended where "+variation.name, func(ctx SpecContext) {
				o := rejected(ctx, fullRegistration(variation.before...))
				Expect(change(ctx, o, variation.after...)).To(Succeed())
			})
		}
	}

	It("what it is known by stays in every later phase, and for an intent alone", func(ctx SpecContext) {
		o := created(ctx, registration())
		for _, at := range life {
			Expect(writeStatus(ctx, o, at.status)).To(Succeed(), at.name)
			moved := wouldChange(ctx, o, set(emailField, "it@other.example.cn"))
			if get(current(ctx, o), "status.filing") == nil {
				Expect(moved).To(Succeed(), at.name)
				continue
			}
			Expect(moved).To(beRefusedAlsoFor(emailField, forbidden, filedCure), at.name)
		}
	})

	It("it may be taken back: the registrar would not have it", func(ctx SpecContext) {
		o := rejected(ctx, registration())
		Expect(writeStatus(ctx, o, fields{"filing": nil})).To(Succeed())
		Expect(change(ctx, o, set(emailField, "it@other.example.cn"), set("spec.region", "cn-north-1"))).To(Succeed())
	})

	It("a locked dossier says both", func(ctx SpecContext) {
		o := locked(ctx, registration())
		Expect(writeStatus(ctx, o, fields{"filing": intent})).To(Succeed())
		moved := change(ctx, o, set("spec.region", "cn-north-1"))
		Expect(moved).To(beRefusedAlsoFor(dossierField, forbidden, lockedCure))
		Expect(moved).To(beRefusedAlsoFor(emailField, forbidden, filedCure))
	})
})

var _ = Describe("Once the account is active", func() {
	for _, variation := range variations("spec.dossier") {
		switch {
		case staysOnceFiled(variation):
			continue
		case staysOnceActive(variation):
			It("user name and credit code stay: refused where "+variation.name, func(ctx SpecContext) {
				o := active(ctx, fullRegistration(variation.before...))
				Expect(change(ctx, o, variation.after...)).To(beRefusedFor(dossierField, forbidden, activeReason))
			})
		default:
			It("a renewed dossier is kept where "+variation.name, func(ctx SpecContext) {
				o := active(ctx, fullRegistration(variation.before...))
				Expect(change(ctx, o, variation.after...)).To(Succeed())
			})
		}
	}

	It("the e-mail address, region and registrar stay too", func(ctx SpecContext) {
		o := active(ctx, registration())
		for _, moved := range []edit{set(emailField, "it@other.example.cn"), set("spec.region", "cn-north-1"), set("spec.registrarRef.name", "beijing")} {
			Expect(wouldChange(ctx, o, moved)).To(beRefusedFor(emailField, forbidden, filedCure))
		}
	})
})

var _ = Describe("What the registrar found wrong", func() {
	It("has codes in one style", func(ctx SpecContext) {
		o := reach(ctx, registration(), v1alpha1.PhaseRejected)
		for code, taken := range map[string]bool{"NameMismatch": true, "E42": true, "NAME_MISMATCH": false, "name mismatch": false, "名称不符": false} {
			err := writeStatus(ctx, o, fields{"rejection": fields{"findings": []any{fields{"code": code}}}})
			if taken {
				Expect(err).To(Succeed(), code)
				continue
			}
			Expect(err).To(beRefusedFor("status.rejection.findings[0].code", invalid, "a code is CamelCase, e.g. NameMismatch"), code)
		}
	})
})
