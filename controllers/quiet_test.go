// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	testclock "k8s.io/utils/clock/testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
)

var _ = Describe("The operator, while nothing changes,", func() {
	It("writes no status, tells no event and reads no Secret under review", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		reg := w.reach(ctx, "acme", underReview)
		written, read := w.audited("patch", ""), w.audited("get", "secrets")
		Expect(written).NotTo(BeEmpty())
		Expect(read).NotTo(BeEmpty())
		told := len(w.events(ctx))

		w.gateway.moreRequests("getAttempt", 5)
		Expect(w.get(ctx, "acme").ResourceVersion).To(Equal(reg.ResourceVersion))
		Expect(w.audited("patch", "")).To(HaveLen(len(written)))
		Expect(w.audited("get", "secrets")).To(HaveLen(len(read)))
		Expect(w.events(ctx)).To(HaveLen(told))
	})

	It("reads the codes alone once a code is due", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", underReview)
		before := len(w.audited("get", "secrets"))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementPhoneCode))
		Eventually(func() []auditEntry { return w.audited("get", "secrets")[before:] }).Should(ContainElement(HaveField("ObjectRef.Name", "acme-codes")))
		Expect(w.audited("get", "secrets")[before:]).To(HaveEach(HaveField("ObjectRef.Name", "acme-codes")))
	})

	It("writes no status where a Secret stays missing", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.apply(ctx, "acme", "review")
		reg := w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementSecretNotFound))
		w.gateway.moreRequests("getRegistration", 4)
		Expect(w.get(ctx, "acme").ResourceVersion).To(Equal(reg.ResourceVersion))
	})

	It("neither lists nor watches Secrets, and changes and deletes none", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "immediate")
		w.eventually(ctx, "acme", inPhase(active))
		for _, verb := range []string{"list", "watch", "patch", "update", "delete"} {
			Expect(w.audited(verb, "secrets")).To(BeEmpty(), verb)
		}
	})
})

var _ = Describe("A look that is asked for", func() {
	It("is taken at once and echoed", func(ctx SpecContext) {
		w := newWorld(ctx)
		w.makeRegistrar(ctx)
		w.startOperator(withPacing(idle))
		w.registrarIs(ctx, metav1.ConditionTrue)
		w.applyWithSecrets(ctx, "acme", "review")
		w.eventually(ctx, "acme", inPhase(submitted))
		w.step(ctx, "acme")
		Expect(w.get(ctx, "acme")).To(inPhase(submitted), "nobody has looked yet")
		w.annotate(ctx, "acme", v1alpha1.RefreshRequestedAtAnnotation, "now")
		w.eventually(ctx, "acme", inPhase(underReview), handledRefresh("now"))
	})
})

var _ = Describe("A decision that is late", func() {
	It("is overdue, with the hotline to call", func(ctx SpecContext) {
		clock := testclock.NewFakePassiveClock(time.Now())
		w := newWorld(ctx)
		w.makeRegistrar(ctx)
		w.startOperator(withClock(clock))
		w.registrarIs(ctx, metav1.ConditionTrue)
		w.applyWithSecrets(ctx, "acme", "review")
		reg := w.reach(ctx, "acme", underReview)
		Expect(reg).To(has(v1alpha1.ConditionOverdue, metav1.ConditionFalse, v1alpha1.ReasonNotOverdue))

		clock.SetTime(reg.Status.Filing.DueTime.Add(time.Minute))
		reg = w.refresh(ctx, "acme")
		Expect(reg).To(And(inPhase(underReview), awaiting(v1alpha1.PartyRegistrar), has(v1alpha1.ConditionOverdue, metav1.ConditionTrue, v1alpha1.ReasonDecisionOverdue)))
		Expect(condition(reg.Status.Conditions, v1alpha1.ConditionOverdue).Message).To(And(ContainSubstring("NWCD"), ContainSubstring("1010 0966")))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(verified), has(v1alpha1.ConditionOverdue, metav1.ConditionFalse, v1alpha1.ReasonNotOverdue))
	})
})

var _ = Describe("The installation key", func() {
	It("is not made again while filings refer to it: they are followed, and nothing is filed until it is restored", func(ctx SpecContext) {
		w := newWorld(ctx)
		w.system = w.namespace + "-system"
		makeNamespace(ctx, w.system, nil)
		makeInstallationKey(ctx, w.system)
		w.makeRegistrar(ctx)
		w.startOperator()
		w.registrarIs(ctx, metav1.ConditionTrue)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", submitted)
		key := w.secret(ctx, w.system, dossier.InstallationKeySecretName)
		Expect(admin.Delete(ctx, key.DeepCopy())).To(Succeed())

		w.apply(ctx, "next", "immediate")
		w.eventually(ctx, "next", inPhase(pending), requiresCode(v1alpha1.RequirementInstallationKeyMissing), awaiting(v1alpha1.PartyNone),
			has(v1alpha1.ConditionReconciling, metav1.ConditionTrue, v1alpha1.RequirementInstallationKeyMissing))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview))
		Expect(w.gateway.counters().Filings).To(Equal(1))

		key.ResourceVersion, key.UID = "", ""
		Expect(admin.Create(ctx, key)).To(Succeed())
		w.eventually(ctx, "next", inPhase(active))
		w.step(ctx, "acme")
		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(active))
	})
})

// makeInstallationKey makes the key as the operator would, of its own rights, where
// nothing refers to one yet.
func makeInstallationKey(ctx context.Context, namespace string) {
	GinkgoHelper()
	keys := &dossier.KeyStore{Reader: operatorClient, Writer: operatorClient, Namespace: namespace}
	_, err := keys.Ensure(ctx, func(context.Context) (bool, error) { return false, nil })
	Expect(err).NotTo(HaveOccurred())
}

// auditEntry is what the API server wrote down of one request.
type auditEntry struct {
	Stage     string
	Verb      string
	User      struct{ Username string }
	ObjectRef struct {
		Resource, Namespace, Name, Subresource string
	}
}

// audited returns the operator's requests in this world; resource may be empty for all.
func (w *world) audited(verb, resource string) []auditEntry {
	GinkgoHelper()
	log, err := os.Open(auditLog)
	Expect(err).NotTo(HaveOccurred())
	defer func() { _ = log.Close() }()
	var entries []auditEntry
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e auditEntry
		if !bytes.Contains(lines.Bytes(), []byte(`"`+w.namespace+`"`)) {
			continue
		}
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue // the last line may be half written
		}
		ours := e.User.Username == operatorUser && e.ObjectRef.Namespace == w.namespace && e.Stage == "ResponseComplete"
		if ours && e.Verb == verb && (resource == "" || e.ObjectRef.Resource == resource) {
			entries = append(entries, e)
		}
	}
	Expect(lines.Err()).NotTo(HaveOccurred())
	return entries
}
