// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
)

// The users of this part have the shipped roles in the world's namespace, and no more.
const (
	applicant = "applicant:wang"
	agent     = "agent:li"
	viewer    = "viewer:zhao"
)

// What the API server may say to a try.
const (
	allowed   = http.StatusOK
	forbidden = http.StatusForbidden
	invalid   = http.StatusUnprocessableEntity
)

var _ = Describe("Between those who share a registration", Ordered, ContinueOnFailure, func() {
	var (
		w     *world
		users map[string]client.WithWatch
		// refused counts, by user and answer, what the audit log must hold.
		refused = map[string]map[int]int{}
	)

	BeforeAll(func(ctx SpecContext) {
		w = newWorld(ctx)
		users = map[string]client.WithWatch{
			applicant:    w.user(ctx, applicant, "china-account-registration-editor"),
			agent:        w.user(ctx, agent, "china-account-filing-agent"),
			viewer:       w.user(ctx, viewer, "china-account-registration-viewer"),
			operatorUser: clientOf(operatorKubeconfig),
		}
		w.operator = startOperator()
		for name, data := range sampleSecrets() {
			w.makeSecret(ctx, name, data)
		}
	})

	It("an applicant applies, an agent files and reports, and the operator alone writes how it stands", func(ctx SpecContext) {
		reg := w.registration("acme", "by-hand")
		reg.Spec.RegistrarRef.Name, reg.Spec.DeletionPolicy = byHand, v1alpha1.DeletionWithdraw
		Expect(users[applicant].Create(ctx, reg)).To(Succeed())
		reg = w.eventually(ctx, "acme", inPhase(pending), requires(v1alpha1.RequirementFileByHand), HaveField("Status.Awaiting", v1alpha1.PartyAgent))
		report := w.report(reg, "claim", v1alpha1.ReportClaimed)
		Expect(users[agent].Create(ctx, report)).To(Succeed())
		w.eventually(ctx, "acme", inPhase(pending), locked(), HaveField("Status.Filing.ClaimName", "claim"), HaveField("Finalizers", ConsistOf(v1alpha1.WithdrawFinalizer)))
		report = w.report(reg, "filed", v1alpha1.ReportSubmitted)
		report.Spec.ClaimName = "claim"
		Expect(users[agent].Create(ctx, report)).To(Succeed())
		reg = w.eventually(ctx, "acme", through(pending, submitted))

		Expect(reg.Generation).To(Equal(int64(1)), "nobody changed what the applicant asked for")
		Expect(reg.ManagedFields).To(ContainElement(HaveField("Manager", "manager")))
		for _, written := range reg.ManagedFields {
			switch {
			case written.Manager == "manager" && written.Subresource == "status":
				Expect(written.FieldsV1.GetRawString()).To(HavePrefix(`{"f:status":`))
			case written.Manager == "manager":
				Expect(written.FieldsV1.GetRawString()).To(MatchJSON(
					`{"f:metadata":{"f:finalizers":{".":{},"v:\"` + v1alpha1.WithdrawFinalizer + `\"":{}}}}`))
			}
		}
	})

	DescribeTable("the API server decides", func(ctx SpecContext, user string, answer int, attempt func(*world) try) {
		err := attempt(w)(ctx, users[user])
		if answer == allowed {
			Expect(err).NotTo(HaveOccurred())
			return
		}
		Expect(answerOf(err)).To(Equal(answer), "%v", err)
		if refused[user] == nil {
			refused[user] = map[int]int{}
		}
		refused[user][answer]++
	},
		func(user string, answer int, attempt func(*world) try) string { return user },

		Entry("an applicant edits a registration", applicant, allowed, registration(patches(`{"spec":{"suspend":true}}`))),
		Entry("an applicant makes another", applicant, allowed, func(w *world) try { return creates(w.registration("bohai", "by-hand")) }),
		Entry("and deletes it", applicant, allowed, func(w *world) try { return deletes(w.named(&v1alpha1.ChinaAccountRegistration{}, "bohai")) }),
		Entry("but patches no status", applicant, forbidden, registration(patchesStatus(`{"status":{"phase":"Active"}}`))),
		Entry("nor updates one", applicant, forbidden, registration(updatesStatus)),
		Entry("nor applies one", applicant, forbidden, registration(appliesStatus(`"status":{"phase":"Active"}`))),
		Entry("nor slips one in with an edit", applicant, allowed, registration(patches(`{"spec":{"suspend":false},"status":{"phase":"Active"}}`))),
		Entry("nor changes what is filed", applicant, invalid, registration(patches(`{"spec":{"dossier":{"company":{"legalName":"另一家公司"}}}}`))),
		Entry("nor reports on its own registration", applicant, forbidden, reports(applicant)),
		Entry("nor does so as an agent", applicant, forbidden, reports(agent)),
		Entry("nor judges a report", applicant, forbidden, report(patchesStatus(`{"status":{"digest":"x"}}`))),
		Entry("nor changes one", applicant, forbidden, report(patches(`{"spec":{"attempt":2}}`))),
		Entry("nor deletes one", applicant, forbidden, report(deletes)),
		Entry("nor makes a Registrar", applicant, forbidden, func(w *world) try { return creates(manualRegistrar("own")) }),
		Entry("nor changes one", applicant, forbidden, registrarOf(patches(`{"spec":{"gateway":{"url":"https://evil.example"}}}`))),
		Entry("nor says that one is ready", applicant, forbidden, registrarOf(patchesStatus(`{"status":{"observedGeneration":1}}`))),
		Entry("nor makes a gateway's token", applicant, forbidden, func(w *world) try { return creates(tokenSecret("own", "evil.example")) }),
		Entry("nor reads Secrets by this role", applicant, forbidden, secret(reads)),
		Entry("nor lists them", applicant, forbidden, func(w *world) try { return lists(&corev1.SecretList{}, w.namespace) }),
		Entry("nor registers in another namespace", applicant, forbidden, func(w *world) try { return creates(elsewhere(w.registration("acme", "by-hand"))) }),

		Entry("an agent reads registrations", agent, allowed, registration(reads)),
		Entry("and reports", agent, allowed, report(reads)),
		Entry("and reports in its own name", agent, allowed, reports(agent)),
		Entry("but not in another's", agent, forbidden, reports(viewer)),
		Entry("nor as the operator", agent, forbidden, reports(operatorUser)),
		Entry("nor in another namespace", agent, forbidden, func(w *world) try { return creates(elsewhere(w.reportBy("elsewhere", agent))) }),
		Entry("nor changes a report", agent, forbidden, report(patches(`{"spec":{"attempt":2}}`))),
		Entry("nor replaces one", agent, forbidden, report(updates)),
		Entry("nor deletes one", agent, forbidden, report(deletes)),
		Entry("nor all", agent, forbidden, deletesAll(&v1alpha1.FilingReport{})),
		Entry("nor accepts its own", agent, forbidden, report(patchesStatus(`{"status":{"digest":"x"}}`))),
		Entry("nor applies that", agent, forbidden, report(appliesStatus(`"status":{"digest":"x"}`))),
		Entry("nor writes a registration's status", agent, forbidden, registration(patchesStatus(`{"status":{"phase":"Active"}}`))),
		Entry("nor updates it", agent, forbidden, registration(updatesStatus)),
		Entry("nor changes a registration", agent, forbidden, registration(patches(`{"spec":{"suspend":true}}`))),
		Entry("nor its annotations", agent, forbidden, registration(patches(`{"metadata":{"annotations":{"a":"b"}}}`))),
		Entry("nor makes one", agent, forbidden, func(w *world) try { return creates(w.registration("own", "by-hand")) }),
		Entry("nor deletes one", agent, forbidden, registration(deletes)),
		Entry("nor makes a Registrar", agent, forbidden, func(w *world) try { return creates(manualRegistrar("own")) }),
		Entry("nor reads the Secrets of a dossier that nobody granted", agent, forbidden, secret(reads)),
		Entry("nor lists them", agent, forbidden, func(w *world) try { return lists(&corev1.SecretList{}, w.namespace) }),

		Entry("a viewer reads registrations", viewer, allowed, registration(reads)),
		Entry("and reports", viewer, allowed, report(reads)),
		Entry("but reports nothing", viewer, forbidden, reports(viewer)),
		Entry("nor changes a registration", viewer, forbidden, registration(patches(`{"spec":{"suspend":true}}`))),
		Entry("nor its status", viewer, forbidden, registration(patchesStatus(`{"status":{"phase":"Active"}}`))),
		Entry("nor a report's", viewer, forbidden, report(patchesStatus(`{"status":{"digest":"x"}}`))),
		Entry("nor deletes one", viewer, forbidden, registration(deletes)),
		Entry("nor reads a Secret", viewer, forbidden, secret(reads)),

		Entry("the operator reads a Secret by name", operatorUser, allowed, secret(reads)),
		Entry("but lists none", operatorUser, forbidden, func(w *world) try { return lists(&corev1.SecretList{}, w.namespace) }),
		Entry("nor those of its own namespace", operatorUser, forbidden, func(*world) try { return lists(&corev1.SecretList{}, systemNamespace) }),
		Entry("nor watches any", operatorUser, forbidden, func(w *world) try { return watches(&corev1.SecretList{}, w.namespace) }),
		Entry("nor changes one", operatorUser, forbidden, secret(patches(`{"data":{}}`))),
		Entry("nor replaces one", operatorUser, forbidden, secret(updates)),
		Entry("nor deletes one", operatorUser, forbidden, secret(deletes)),
		Entry("nor the key", operatorUser, forbidden, func(*world) try { return deletes(installationKey()) }),
		Entry("nor makes a registration", operatorUser, forbidden, func(w *world) try { return creates(w.registration("own", "by-hand")) }),
		Entry("nor replaces one", operatorUser, forbidden, registration(updates)),
		Entry("nor deletes one", operatorUser, forbidden, registration(deletes)),
		Entry("nor changes what is filed, for all its right to patch", operatorUser, invalid, registration(patches(`{"spec":{"dossier":{"company":{"legalName":"另一家公司"}}}}`))),
		Entry("nor jumps back in the phases", operatorUser, invalid, registration(patchesStatus(`{"status":{"phase":"Pending"}}`))),
		Entry("nor replaces a status, where it patches", operatorUser, forbidden, registration(updatesStatus)),
		Entry("nor reports", operatorUser, forbidden, reports(operatorUser)),
		Entry("nor changes a report", operatorUser, forbidden, report(patches(`{"spec":{"attempt":2}}`))),
		Entry("nor deletes one", operatorUser, forbidden, report(deletes)),
		Entry("nor makes a Registrar", operatorUser, forbidden, func(*world) try { return creates(manualRegistrar("own")) }),
		Entry("nor changes one", operatorUser, forbidden, registrarOf(patches(`{"spec":{"regions":["cn-north-1"]}}`))),
		Entry("it may read its lease", operatorUser, allowed, lease(operatorName, looksFor)),
		Entry("but no other", operatorUser, forbidden, lease("another", reads)),
		Entry("nor lists them", operatorUser, forbidden, func(*world) try { return lists(&coordinationv1.LeaseList{}, systemNamespace) }),
		Entry("nor updates another", operatorUser, forbidden, lease("another", updates)),
		Entry("nor deletes its own", operatorUser, forbidden, lease(operatorName, deletes)),
		Entry("nor makes one elsewhere", operatorUser, forbidden, func(w *world) try {
			return creates(&coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: operatorName}})
		}),
		Entry("but it lists ConfigMaps, among which those of accounts are", operatorUser, allowed, func(w *world) try { return lists(&corev1.ConfigMapList{}, w.namespace) }),
		Entry("and deletes none", operatorUser, forbidden, func(w *world) try { return deletes(w.named(&corev1.ConfigMap{}, "any")) }),
		Entry("nor patches one", operatorUser, forbidden, func(w *world) try { return patches(`{"data":{"a":"b"}}`)(w.named(&corev1.ConfigMap{}, "any")) }),
		Entry("nor gives itself rights", operatorUser, forbidden, func(*world) try {
			return creates(&rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "own"}})
		}),
	)

	It("and the audit log holds each refusal, by the user's name", func(ctx SpecContext) {
		for user, answers := range refused {
			for answer, count := range answers {
				Eventually(func(g Gomega) {
					requests, err := audited(func(r request) bool {
						return r.User.Username == user && r.ResponseStatus.Code == answer && r.Stage == "ResponseComplete"
					})
					g.Expect(err).NotTo(HaveOccurred())
					g.Expect(requests).To(HaveLen(count), "%s was answered %d", user, answer)
				}).Should(Succeed())
			}
		}
		w.eventually(ctx, "acme", through(pending, submitted), HaveField("Status.Filing.ClaimName", "claim"))
	})
})

// byHand is the Registrar that config/ installs.
const byHand = "default"

func (w *world) report(reg *v1alpha1.ChinaAccountRegistration, name string, kind v1alpha1.FilingReportType) *v1alpha1.FilingReport {
	GinkgoHelper()
	report := w.reportBy(name, agent)
	report.Spec.RegistrationRef.Name, report.Spec.Type, report.Spec.FilingKey = reg.Name, kind, keyOf(reg)
	return report
}

// reportBy is a report on no filing that there is.
func (w *world) reportBy(name, user string) *v1alpha1.FilingReport {
	return &v1alpha1.FilingReport{
		ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: name},
		Spec: v1alpha1.FilingReportSpec{
			RegistrationRef: v1alpha1.RegistrationReference{Name: "unknown"}, FilingKey: noKey,
			Attempt: 1, Type: v1alpha1.ReportClaimed, ReportedBy: user,
		},
	}
}

func manualRegistrar(name string) *v1alpha1.Registrar {
	return &v1alpha1.Registrar{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: v1alpha1.RegistrarSpec{Type: v1alpha1.RegistrarManual}}
}

// tokenSecret holds the gateway's token, for a host.
func tokenSecret(name, host string) *corev1.Secret {
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: name},
		Type:       v1alpha1.GatewayTokenSecretType,
		Data:       map[string][]byte{v1alpha1.GatewayTokenKey: []byte(gatewayToken), v1alpha1.GatewayHostKey: []byte(host)},
	}
}

func installationKey() *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: dossier.InstallationKeySecretName}}
}

// user has a shipped role in the world's namespace.
func (w *world) user(ctx context.Context, name, role string) client.WithWatch {
	GinkgoHelper()
	Expect(admin.Create(ctx, &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: role + "-" + name},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: name}},
	})).To(Succeed())
	kubeconfig, err := plane.UserKubeconfig(name)
	Expect(err).NotTo(HaveOccurred())
	return clientOf(kubeconfig)
}
