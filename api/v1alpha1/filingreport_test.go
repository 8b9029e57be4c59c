// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var (
	filingKey = strings.Repeat("0123456789abcdef", 4)
	findings  = []any{fields{"code": "NameMismatch", "path": "spec.dossier.company.legalName", "message": "The name differs."}}
	smsCode   = []any{fields{"id": "phone-1", "type": "phoneCode"}}
)

// report returns a report of that type with what the type requires, edited.
func report(kind v1alpha1.FilingReportType, edits ...edit) object {
	o := &unstructured.Unstructured{Object: fields{
		"metadata": fields{"generateName": "report-", "namespace": "default"},
		"spec": fields{
			"registrationRef": fields{"name": "acme"}, "filingKey": filingKey, "attempt": int64(1),
			"type": string(kind), "reportedBy": "agent:li",
		},
	}}
	o.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("FilingReport"))
	if kind != v1alpha1.ReportClaimed {
		set("spec.claimName", "acme-claim")(o)
	}
	switch kind {
	case v1alpha1.ReportRejected:
		set("spec.findings", findings)(o)
	case v1alpha1.ReportActive:
		set("spec.accountID", "123456789012")(o)
	}
	return edited(o, edits...)
}

var reportTypes = []v1alpha1.FilingReportType{
	v1alpha1.ReportClaimed, v1alpha1.ReportReleased, v1alpha1.ReportSubmitted, v1alpha1.ReportUnderReview,
	v1alpha1.ReportRejected, v1alpha1.ReportVerified, v1alpha1.ReportActive, v1alpha1.ReportWithdrawn,
}

// belongsTo says with which types of report a field may stand.
var belongsTo = map[string]struct {
	value any
	types []v1alpha1.FilingReportType
	cure  string
}{
	"spec.findings":  {findings, []v1alpha1.FilingReportType{v1alpha1.ReportRejected}, "leave them out, or report type Rejected"},
	"spec.final":     {true, []v1alpha1.FilingReportType{v1alpha1.ReportRejected}, "leave it out, or report type Rejected"},
	"spec.accountID": {"123456789012", []v1alpha1.FilingReportType{v1alpha1.ReportActive}, "leave it out, or report type Active"},
	"spec.challenges": {smsCode, []v1alpha1.FilingReportType{
		v1alpha1.ReportSubmitted, v1alpha1.ReportUnderReview, v1alpha1.ReportVerified,
	}, "leave them out, or report type Submitted, UnderReview or Verified"},
	"spec.claimName": {"acme-claim", []v1alpha1.FilingReportType{
		v1alpha1.ReportReleased, v1alpha1.ReportSubmitted, v1alpha1.ReportUnderReview, v1alpha1.ReportRejected,
		v1alpha1.ReportVerified, v1alpha1.ReportActive, v1alpha1.ReportWithdrawn,
	}, "a claim names no other claim: leave it out"},
}

var _ = Describe("A filing report", func() {
	for _, kind := range reportTypes {
		It("is taken with what its type requires: "+string(kind), func(ctx SpecContext) {
			o := created(ctx, report(kind))
			Expect(get(current(ctx, o), "status")).To(Equal(fields{"observedGeneration": int64(-1)}))
		})

		It("may say its reference, its time, and that it is not final: "+string(kind), func(ctx SpecContext) {
			created(ctx, report(kind, set("spec.reference", "CN-2026-0001"),
				set("spec.reportedTime", "2026-10-09T01:00:00Z"), set("spec.final", false)))
		})

		for field, rule := range belongsTo {
			if slices.Contains(rule.types, kind) {
				It("may have "+field+" with type "+string(kind), func(ctx SpecContext) {
					created(ctx, report(kind, set(field, rule.value)))
				})
				continue
			}
			It("has no "+field+" with type "+string(kind), func(ctx SpecContext) {
				_, err := create(ctx, report(kind, set(field, rule.value)))
				Expect(err).To(beRefusedFor(field, forbidden, rule.cure))
			})
		}

		if kind != v1alpha1.ReportClaimed {
			It("names its claim with type "+string(kind), func(ctx SpecContext) {
				_, err := create(ctx, report(kind, without("spec.claimName")))
				Expect(err).To(beRefusedFor("spec.claimName", required, "the FilingReport of type Claimed that was accepted"))
			})
		}
	}

	It("may be a service account's, of the longest name", func(ctx SpecContext) {
		longest := "system:serviceaccount:" + strings.Repeat("n", 63) + ":" + strings.Repeat("a", 253)
		created(ctx, report(v1alpha1.ReportClaimed, set("spec.reportedBy", longest)))
	})

	It("of a rejection has findings", func(ctx SpecContext) {
		_, err := create(ctx, report(v1alpha1.ReportRejected, without("spec.findings")))
		Expect(err).To(beRefusedFor("spec.findings", required, "what did the registrar say?"))
		_, err = create(ctx, report(v1alpha1.ReportRejected, set("spec.findings", []any{})))
		Expect(err).To(beRefusedFor("spec.findings", invalid, "should have at least 1 items"))
	})

	It("of an activation has the account's id", func(ctx SpecContext) {
		_, err := create(ctx, report(v1alpha1.ReportActive, without("spec.accountID")))
		Expect(err).To(beRefusedFor("spec.accountID", required, "12-digit id"))
	})

	DescribeTable("is refused for a value that cannot be right", func(ctx SpecContext, kind v1alpha1.FilingReportType, field string, value any, reason metav1.CauseType, text string) {
		_, err := create(ctx, report(kind, set(field, value)))
		Expect(err).To(beRefusedAlsoFor(field, reason, text))
	},
		Entry("an id of 11 digits", v1alpha1.ReportActive, "spec.accountID", "12345678901", invalid, "an account id has 12 digits"),
		Entry("an id with hyphens", v1alpha1.ReportActive, "spec.accountID", "1234-5678-9012", invalid, "an account id has 12 digits"),
		Entry("a key in upper case", v1alpha1.ReportClaimed, "spec.filingKey", strings.Repeat("AB", 32), invalid, "64 hexadecimal digits that the requirement FileByHand states"),
		Entry("a key cut short", v1alpha1.ReportClaimed, "spec.filingKey", "ab", invalid, "64 hexadecimal digits"),
		Entry("attempt 0", v1alpha1.ReportClaimed, "spec.attempt", 0, invalid, "greater than or equal to 1"),
		Entry("an attempt that int32 cannot hold", v1alpha1.ReportClaimed, "spec.attempt", 3_000_000_000, invalid, "less than or equal to 2147483647"),
		Entry("a type of no filing", v1alpha1.ReportClaimed, "spec.type", "Approved", enum, `"Approved"`),
		Entry("nobody's report", v1alpha1.ReportClaimed, "spec.reportedBy", "", invalid, "at least 1 chars"),
		Entry("a finding's code in other words", v1alpha1.ReportRejected, "spec.findings[0].code", "name mismatch", invalid, "CamelCase, e.g. NameMismatch"),
		Entry("a registration that cannot be", v1alpha1.ReportClaimed, "spec.registrationRef.name", "Acme", invalid, "no registration can have this name"),
		Entry("a claim that cannot be", v1alpha1.ReportSubmitted, "spec.claimName", "acme/claim", invalid, "no FilingReport can have this name"),
		Entry("an empty reference to a claim", v1alpha1.ReportSubmitted, "spec.claimName", "", invalid, "at least 1 chars"),
	)

	DescribeTable("is refused without what every report has", func(ctx SpecContext, field string) {
		_, err := create(ctx, report(v1alpha1.ReportClaimed, without(field)))
		Expect(err).To(beRefusedFor(field, required, "Required value"))
	},
		Entry(nil, "spec.registrationRef"), Entry(nil, "spec.filingKey"), Entry(nil, "spec.attempt"),
		Entry(nil, "spec.type"), Entry(nil, "spec.reportedBy"),
	)

	It("knows four types of challenge", func(ctx SpecContext) {
		for _, kind := range []v1alpha1.ChallengeType{
			v1alpha1.ChallengeEmailCode, v1alpha1.ChallengePhoneCode, v1alpha1.ChallengeSupportPlan, v1alpha1.ChallengeDocuments,
		} {
			created(ctx, report(v1alpha1.ReportVerified, set("spec.challenges", []any{fields{"id": "1", "type": kind}})))
		}
		_, err := create(ctx, report(v1alpha1.ReportVerified, set("spec.challenges", []any{fields{"id": "1", "type": "fax"}})))
		Expect(err).To(beRefusedFor("spec.challenges[0].type", enum, `"fax"`))
	})

	It("lists a challenge once", func(ctx SpecContext) {
		_, err := create(ctx, report(v1alpha1.ReportVerified, set("spec.challenges", []any{smsCode[0], smsCode[0]})))
		Expect(err).To(beRefusedFor("spec.challenges[1]", duplicate, "phone-1"))
	})
})

var _ = Describe("A filing report that was made", func() {
	DescribeTable("never changes", func(ctx SpecContext, again edit) {
		o := created(ctx, report(v1alpha1.ReportRejected, set("spec.reference", "CN-2026-0001")))
		Expect(change(ctx, o, again)).To(beRefusedAlsoFor("spec", forbidden, "a report never changes: create another one"))
	},
		Entry("of another registration", set("spec.registrationRef.name", "other")),
		Entry("of another filing", set("spec.filingKey", strings.Repeat("f", 64))),
		Entry("of another attempt", set("spec.attempt", 2)),
		Entry("by another claim", set("spec.claimName", "another-claim")),
		Entry("of another reference", set("spec.reference", "CN-2026-0002")),
		Entry("without its reference", without("spec.reference")),
		Entry("with other findings", set("spec.findings[0].code", "DocumentNotReadable")),
		Entry("final after all", set("spec.final", true)),
		Entry("by another user", set("spec.reportedBy", "agent:wang")),
		Entry("at a time", set("spec.reportedTime", "2026-10-09T01:00:00Z")),
	)

	It("never becomes a report of another type", func(ctx SpecContext) {
		o := created(ctx, report(v1alpha1.ReportSubmitted))
		Expect(change(ctx, o, set("spec.type", "UnderReview"))).To(beRefusedFor("spec", forbidden, "create another one"))
	})

	It("is labelled, judged and deleted", func(ctx SpecContext) {
		o := created(ctx, report(v1alpha1.ReportActive))
		Expect(change(ctx, o, set("metadata.labels", fields{"team": "agents"}))).To(Succeed())
		Expect(writeStatus(ctx, o, fields{
			"observedGeneration": 1, "digest": "v1:k1:00",
			"secretVersions": []any{fields{"name": "acme-license-1", "uid": "8d0c", "resourceVersion": "41"}},
			"conditions": []any{fields{"type": "Accepted", "status": "True", "reason": "Recorded", "message": "",
				"lastTransitionTime": "2026-10-09T01:00:00Z"}},
		})).To(Succeed())
		Expect(change(ctx, o, without("status"))).To(Succeed())
		Expect(get(current(ctx, o), "status.digest")).To(Equal("v1:k1:00"))
		Expect(admin.Delete(ctx, o)).To(Succeed())
	})
})
