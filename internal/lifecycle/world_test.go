// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
)

const (
	ourOwner = "owner-of-acme"
	digestA  = "v1:k1:aaaa"
	digestB  = "v1:k1:bbbb"
	// digestOtherKey is the same content under another installation key.
	digestOtherKey = "v1:k2:aaaa"
	pathOfScan     = "spec.dossier.documents.businessCertificate.files[0]"
)

var filingKey = "5a" + strings.Repeat("0f", 31)

// monday is Monday 28 September 2026, 10:00 in Shanghai, three days before the
// National Day holiday.
var monday = time.Date(2026, 9, 28, 10, 0, 0, 0, businessday.Shanghai)

// world is one registration and all that surrounds it: it does for Decide what
// the controllers do, and every call of it may be made to fail.
type world struct {
	now       time.Time
	reg       *v1alpha1.ChinaAccountRegistration
	gone      bool
	registrar *registrarModel
	object    RegistrarState
	dossier   DossierState
	answers   map[string]AnswerState
	keyLost   bool
	reports   []v1alpha1.FilingReport
	// refused is the digest of content of which the operator heard that the registrar
	// would not take it, and nobody asked for a refresh since.
	refused string
	// reported counts the reports there ever were.
	reported int
	// handedOver is what the account's ConfigMap says; nameTaken: another's has its name.
	handedOver v1alpha1.AccountStatus
	nameTaken  bool
	// held are the Secrets with documents, unfit what preflight finds in the certificate.
	held  []string
	unfit []Finding
}

func newWorld(changes ...func(*world)) *world {
	w := &world{
		now: monday, registrar: &registrarModel{}, dossier: DossierState{Digest: digestA}, answers: map[string]AnswerState{},
		object: RegistrarState{Found: true, Type: v1alpha1.RegistrarGateway, Ready: true, ServesRegion: true, AllowsNamespace: true},
	}
	w.create("uid-1")
	for _, change := range changes {
		change(w)
	}
	return w
}

func byHandWorld(changes ...func(*world)) *world {
	w := newWorld(func(w *world) { w.object.Type = v1alpha1.RegistrarManual })
	for _, change := range changes {
		change(w)
	}
	return w
}

// create applies the object's YAML, for the first time or again.
func (w *world) create(uid string) {
	w.gone = false
	w.reg = &v1alpha1.ChinaAccountRegistration{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "acme", Name: "acme", UID: types.UID(uid), Generation: 1, CreationTimestamp: metav1.NewTime(w.now),
		},
		Spec: v1alpha1.ChinaAccountRegistrationSpec{
			Region:         v1alpha1.RegionNingxia,
			RegistrarRef:   v1alpha1.RegistrarReference{Name: "default"},
			DeletionPolicy: v1alpha1.DeletionRetain,
		},
	}
	w.reg.Status.ObservedGeneration = -1
}

// edit changes spec as an applicant does.
func (w *world) edit(change func(*v1alpha1.ChinaAccountRegistrationSpec)) {
	change(&w.reg.Spec)
	w.reg.Generation++
}

// clone shares what a pass or an event replaces and does not change in place.
func (w *world) clone() *world {
	c := *w
	reg := *w.reg
	c.reg = &reg
	c.registrar = w.registrar.clone()
	c.reports = slices.Clone(w.reports)
	return &c
}

func (w *world) byHand() bool { return w.object.Type == v1alpha1.RegistrarManual }

// observe reads what Needs names, and nothing else.
func (w *world) observe() Observation {
	need := Needs(w.reg, w.now)
	o := Observation{
		Now: w.now, Calendar: businessday.Default(), Pacing: DefaultPacing(), Registration: w.reg,
		Key: filingKey, Owner: ourOwner, Registrar: w.object,
	}
	if w.keyLost {
		o.Owner = ""
	}
	if w.object.Found && (w.byHand() || len(w.reports) > 0) {
		o.View.Reports = slices.Clone(w.reports)
	}
	if w.object.Found && w.object.Ready && !w.byHand() {
		w.look(&o, need)
	}
	if need.Dossier && !o.Joins() {
		d := w.dossier
		if w.keyLost {
			d.Digest = ""
		}
		o.Dossier = &d
	}
	o.Answers = w.observeAnswers(&o, need)
	w.observeActive(&o, need)
	return o
}

func (w *world) observeActive(o *Observation, need Need) {
	if need.HandOver {
		o.HandOver = HandOverDue
		if !w.nameTaken && w.handedOver.ID == w.reg.Status.Account.ID {
			o.HandOver = HandOverDone
		}
	}
	if need.Held {
		o.Held = &HeldState{Secrets: w.held, CertificateChecked: need.Certificate}
		if need.Certificate {
			o.Held.Findings = w.unfit
		}
	}
}

func (w *world) look(o *Observation, need Need) {
	asker := o.Owner
	if w.reg.Status.Filing != nil {
		asker = w.reg.Status.Filing.Owner
	}
	switch {
	case asker == "":
	case w.registrar.owner != "" && w.registrar.owner != asker:
		o.View.OtherOwner = true
	default:
		if need.Newest {
			o.View.Newest = w.registrar.newest()
		}
		o.View.Current = w.registrar.attempt(need.Current)
		if o.View.Current == nil {
			o.View.Previous = w.registrar.attempt(need.Previous)
		}
	}
}

// observeAnswers reads the Secrets of codes only where a requirement in status asks.
func (w *world) observeAnswers(o *Observation, need Need) map[string]AnswerState {
	ready := map[string]AnswerState{}
	for _, c := range w.openChallenges(o) {
		switch {
		case slices.Contains(need.Codes, c.Type), c.Type == v1alpha1.ChallengeDocuments && need.Supplements,
			c.Type == v1alpha1.ChallengeSupportPlan:
			if a, ok := w.answers[c.ID]; ok {
				ready[c.ID] = a
			}
		}
	}
	return ready
}

func (w *world) openChallenges(o *Observation) []Challenge {
	if o.View.Current != nil {
		return o.View.Current.Challenges
	}
	var open []Challenge
	for _, r := range w.reports {
		for _, c := range r.Spec.Challenges {
			open = append(open, Challenge{ID: c.ID, Type: c.Type})
		}
	}
	return open
}

// fault is what goes wrong in a pass.
type fault string

const (
	noFault fault = ""
	// lookFails: the registrar cannot be asked.
	lookFails fault = "the look fails"
	// requestLost: the effect never arrives.
	requestLost fault = "the request is lost"
	// requestLate: the effect arrives after the operator gave up on it.
	requestLate fault = "the request arrives late"
	// answerLost: the effect took place, and the operator does not hear so.
	answerLost fault = "the answer is lost"
	// crash: the effect took place, and the operator dies before it records anything.
	crash fault = "the operator crashes before it records"
	// verdictsLost: the operator dies between status and the verdicts on reports.
	verdictsLost fault = "the operator crashes before its verdicts"
)

// step is what one pass did.
type step struct {
	observed Observation
	// planned is the decision before the effect, final the one that was recorded.
	planned, final Decision
	outcome        *Outcome
}

// pass observes, decides, acts and records, once.
func (w *world) pass(f fault) step {
	o := w.observe()
	if f == lookFails {
		o.View = View{Reports: o.View.Reports, Trouble: outage()}
	}
	s := step{observed: o, planned: Decide(o)}
	s.final = s.planned
	if s.planned.Effect.Kind != EffectNone {
		o.Outcome = w.act(s.planned.Effect, f)
		s.outcome = o.Outcome
		s.final = Decide(o)
	}
	if f != crash {
		w.remember(s)
		w.record(s.final, f)
	}
	return s
}

// remember what the operator heard. A registrar that has the filing after all took
// its content.
func (w *world) remember(s step) {
	if len(s.final.Status.History) > len(s.observed.Registration.Status.History) || s.outcome != nil && s.outcome.Effect.Kind == EffectFile {
		w.refused = ""
	}
	if s.outcome != nil && s.outcome.Refusal != nil && s.outcome.Refusal.Reason == RefusedContent {
		w.refused = s.outcome.Effect.Digest
	}
}

func outage() *Trouble {
	return &Trouble{Kind: TroubleUnreachable, Message: "GET attempt 1 at gateway.example.cn: no answer within 30s"}
}

func (w *world) act(e Effect, f fault) *Outcome {
	lost := &Outcome{Effect: e, Trouble: outage()}
	switch {
	case e.Kind == EffectHandOver:
		return w.handOver(e, f)
	case f == requestLost:
		return lost
	case f == requestLate && e.Kind == EffectFile && !w.byHand():
		w.registrar.late = &e
		return lost
	}
	var out *Outcome
	if w.byHand() {
		out = w.takeClaim(e)
	} else {
		out = w.registrar.carryOut(w.now, w.reg.Status.Filing.Owner, e)
	}
	if f == answerLost || f == requestLate {
		return lost
	}
	return out
}

// handOver writes the ConfigMap, for which no registrar is needed.
func (w *world) handOver(e Effect, f fault) *Outcome {
	switch {
	case f == requestLost:
		return &Outcome{Effect: e, Trouble: &Trouble{Kind: TroubleLocal, Message: "create ConfigMap acme/acme-account: no answer"}}
	case w.nameTaken:
		return &Outcome{Effect: e, Refusal: &Refusal{Reason: RefusedNameTaken}}
	}
	w.handedOver = *w.reg.Status.Account
	return &Outcome{Effect: e}
}

// takeClaim writes the digest into the agent's claim, and accepts it.
func (w *world) takeClaim(e Effect) *Outcome {
	for i := range w.reports {
		if w.reports[i].Name == e.ClaimName {
			w.reports[i].Status.Digest = e.Digest
			w.judge(Verdict{Name: e.ClaimName, Accepted: true, Reason: v1alpha1.ReportReasonAccepted})
		}
	}
	return &Outcome{Effect: e}
}

func (w *world) judge(v Verdict) {
	for i := range w.reports {
		if w.reports[i].Name == v.Name {
			c := condition(v1alpha1.ConditionAccepted, v.Accepted, v.Reason, v.Message)
			meta.SetStatusCondition(&w.reports[i].Status.Conditions, c)
		}
	}
}

func (w *world) record(d Decision, f fault) {
	w.reg.Status = d.Status
	if f != verdictsLost {
		for _, v := range d.Verdicts {
			w.judge(v)
		}
	}
	w.reg.Finalizers = nil
	if d.Finalizer {
		w.reg.Finalizers = []string{v1alpha1.WithdrawFinalizer}
	}
	w.gone = !w.reg.DeletionTimestamp.IsZero() && !d.Finalizer
}

// delete is kubectl delete.
func (w *world) delete() {
	now := metav1.NewTime(w.now)
	w.reg.DeletionTimestamp = &now
	w.gone = len(w.reg.Finalizers) == 0
}

// advance lets time pass until the operator looks again by itself.
func (w *world) advance(d Decision) {
	if d.NextLook.After(w.now) {
		w.now = d.NextLook
		return
	}
	w.now = w.now.Add(time.Second)
}

// settle makes passes until none is asked for at once.
func (w *world) settle() step {
	for range 20 {
		s := w.pass(noFault)
		if w.gone || s.final.NextLook.IsZero() || s.final.NextLook.After(w.now) {
			return s
		}
	}
	panic("the operator looks again at once, without end")
}
