// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"context"
	"time"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/lives"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// Namespaces: one team files through the gateway, the other by hand.
const (
	retail    = "retail"
	logistics = "logistics"
)

// longAgo is when the overdue one was filed: more business days ago than a review takes
// in any month.
const longAgo = 20 * 24 * time.Hour

// stop is where a registration's life stands still.
type stop struct {
	namespace, name, life string
	// at is its phase there, requiring what is due of it.
	at        v1alpha1.RegistrationPhase
	requiring string
	// change is made to what is applied.
	change func(client.Object)
}

// stops has a registration in each phase, for each of the dashboard's panels.
var stops = []stop{
	{retail, "shop", "immediate", v1alpha1.PhaseActive, "", expiresSoon},
	{retail, "store", "review", v1alpha1.PhaseActive, "", nil},
	{retail, "kiosk", "corrected", v1alpha1.PhaseRejected, "NameMismatch", nil},
	{retail, "stall", "refused", v1alpha1.PhaseRejected, "", nil},
	{retail, "depot", "review", v1alpha1.PhaseUnderReview, "", nil},
	{retail, "mall", "review", v1alpha1.PhaseVerified, v1alpha1.RequirementPhoneCode, nil},
	{retail, "market", "locked", v1alpha1.PhaseSubmitted, "", nil},
	{retail, "bakery", "late-scan", v1alpha1.PhasePending, v1alpha1.RequirementSecretNotFound, nil},
	{retail, "tailor", "not-taken", v1alpha1.PhasePending, "CompanyNotFound", nil},
	{logistics, "harbour", "by-hand", v1alpha1.PhasePending, v1alpha1.RequirementFileByHand, inBeijing},
	{logistics, "airport", "by-hand", v1alpha1.PhaseSubmitted, v1alpha1.RequirementDecision, filedLongAgo},
	{logistics, "rail", "by-hand", v1alpha1.PhaseActive, "", nil},
}

func expiresSoon(object client.Object) {
	if reg, is := object.(*v1alpha1.ChinaAccountRegistration); is {
		reg.Spec.Dossier.Documents.BusinessCertificate.ExpiryDate = time.Now().AddDate(0, 0, 20).Format(time.DateOnly)
	}
}

func inBeijing(object client.Object) {
	if reg, is := object.(*v1alpha1.ChinaAccountRegistration); is {
		reg.Spec.Region = v1alpha1.RegionBeijing
	}
}

func filedLongAgo(object client.Object) {
	if report, is := object.(*v1alpha1.FilingReport); is && report.Spec.Type == v1alpha1.ReportSubmitted {
		report.Spec.ReportedTime = &metav1.Time{Time: time.Now().Add(-longAgo)}
	}
}

// changing makes a change to whatever is created.
type changing struct {
	client.Client
	change func(client.Object)
}

func (c changing) Create(ctx context.Context, object client.Object, options ...client.CreateOption) error {
	if c.change != nil {
		c.change(object)
	}
	return c.Client.Create(ctx, object, options...)
}

// live brings every registration to its stop, through trouble with the gateway and a
// change of the leader.
func (w *world) live() {
	ctx := context.Background()
	began := time.Now()
	for _, namespace := range []string{retail, logistics} {
		w.Expect(w.MakeNamespace(ctx, namespace)).To(Succeed())
	}
	w.Eventually(w.value(`china_account_registrar_ready{registrar="gateway"}`)).Should(Equal(1.0))
	w.pause()
	w.Expect(w.Gateway.Faults(ctx, registrar.Fault{Kind: registrar.Fault500, Operations: []string{"fileAttempt"}, Count: 2})).To(Succeed())
	for i, s := range stops {
		w.reach(ctx, s)
		if i == len(stops)/2 {
			w.changeLeader()
		}
		w.pause()
	}
	w.Eventually(w.value(`sum(china_account_registrations)`)).Should(BeEquivalentTo(len(stops)))
	w.loseGateway()
	w.Eventually(w.value(`china_account_registrar_ready{registrar="gateway"}`)).Should(Equal(1.0))
	w.Eventually(w.value(`count(up{job="` + job + `"} == 1)`)).Should(Equal(2.0))
	w.pause()
	w.began = began
}

// pause is for the picture, whose lines would be too short.
func (w *world) pause() {
	if *update {
		time.Sleep(12 * time.Second)
	}
}

// reach has a registration's people and its registrar act until it is at its stop.
func (w *world) reach(ctx context.Context, s stop) {
	people := lives.NewPeople(lives.Cast{Life: life(s.life), Namespace: s.namespace, Name: s.name, Registrar: registrarOf(s)}, changing{w.Onlooker, s.change})
	w.Expect(people.Begin(ctx)).To(Succeed())
	w.Eventually(func(g Gomega) {
		reg := &v1alpha1.ChinaAccountRegistration{}
		g.Expect(w.Onlooker.Get(ctx, client.ObjectKey{Namespace: s.namespace, Name: s.name}, reg)).To(Succeed())
		if s.isReached(reg) {
			return
		}
		g.Expect(people.Act(ctx, reg)).To(Succeed())
		if standing, err := w.Gateway.Standing(ctx, people.Key()); err == nil && standing.NextStepTime != nil {
			g.Expect(w.Gateway.Step(ctx, people.Key())).To(Succeed())
		}
		g.Expect(s.isReached(reg)).To(BeTrue(), s.name+": "+lives.Describe(reg))
	}).Should(Succeed())
}

func (s stop) isReached(reg *v1alpha1.ChinaAccountRegistration) bool {
	if s.requiring == "" {
		return reg.Status.Phase == s.at
	}
	for _, q := range reg.Status.Requirements {
		if q.Code == s.requiring {
			return reg.Status.Phase == s.at
		}
	}
	return false
}

func life(name string) lives.Life {
	for _, l := range lives.All() {
		if l.Name == name {
			return l
		}
	}
	panic("there is no life " + name)
}

func registrarOf(s stop) string {
	if s.namespace == logistics {
		return "default"
	}
	return ground.GatewayName
}

// changeLeader has the leader end, which gives the lease back, and starts it again: it
// waits for the lease then.
func (w *world) changeLeader() {
	w.Eventually(w.value(`sum(leader_election_master_status{job="` + job + `"})`)).Should(Equal(1.0))
	leader, other := w.replicas[0], w.replicas[1]
	if w.leads(other) {
		leader, other = other, leader
	}
	w.Expect(leader.Stop()).To(Succeed())
	w.Eventually(w.value(`leader_election_master_status{instance="` + other.address + `"}`)).Should(Equal(1.0))
	w.startReplica(leader)
	w.Eventually(w.value(`leader_election_master_status{instance="` + leader.address + `"}`)).Should(Equal(0.0))
}

// loseGateway stops the gateway until its alert waits, and starts it again.
func (w *world) loseGateway() {
	w.Expect(w.Gateway.Stop()).To(Succeed())
	w.Eventually(w.value(`china_account_registrar_ready{registrar="gateway"}`)).Should(Equal(0.0))
	w.Eventually(w.state("ChinaAccountRegistrarUnreachable")).Should(Equal("pending"))
	w.pause()
	w.Expect(w.Gateway.Restart()).To(Succeed())
}

func (w *world) leads(r *replica) bool {
	found, err := w.At(context.Background(), `leader_election_master_status{instance="`+r.address+`"} == 1`, time.Now())
	w.Expect(err).NotTo(HaveOccurred())
	return len(found) == 1
}
