// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lives

import (
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// ended is a life that ended as it should, and what the registrar has of it.
type ended struct {
	cast    Cast
	reg     *v1alpha1.ChinaAccountRegistration
	signIn  *corev1.Secret
	handed  *corev1.ConfigMap
	events  []*eventsv1.Event
	reports []*v1alpha1.FilingReport
	typed   map[int32][]string
	books   Books
	seen    []*v1alpha1.ChinaAccountRegistration
}

func find(name string) Life {
	for _, l := range All() {
		if l.Name == name {
			return l
		}
	}
	panic("there is no life " + name)
}

func anEnded(life string) *ended {
	e := &ended{cast: Cast{Life: find(life), Namespace: "lives", Name: "acme", Registrar: "gateway"}, typed: map[int32][]string{}}
	now := metav1.NewTime(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	e.reg = e.cast.Registration()
	e.reg.UID = "1"
	e.reg.Status = v1alpha1.ChinaAccountRegistrationStatus{
		Phase: active, DossierLock: v1alpha1.DossierOpen, Account: &v1alpha1.AccountStatus{ID: "123456789012"},
		Filing: &v1alpha1.Filing{Key: e.cast.Key(), Attempt: 1, Digest: "v1:k:d", Revision: 7, FiledTime: &now, ClaimName: "claim"},
	}
	e.reg.Status.DocumentsCheckedTime = &now
	e.handed = &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: "lives", Name: e.reg.AccountConfigMapName()},
		Data:       map[string]string{v1alpha1.AccountIDKey: "123456789012"},
	}
	for _, phase := range e.cast.Phases {
		e.reg.Status.History = append(e.reg.Status.History, v1alpha1.HistoryEntry{Phase: phase, Time: now})
		e.tell(string(phase))
	}
	e.signIn = &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: "lives", Name: e.reg.SignInSecretName(), Annotations: map[string]string{v1alpha1.FilingKeyAnnotation: e.cast.Key()}},
		Data:       map[string][]byte{v1alpha1.PasswordKey: []byte("secret")},
	}
	e.books.Counters.Accepted = map[string]int{e.cast.Key() + "/1": 1}
	e.books.Standings = map[string]Standing{e.cast.Key(): {Key: e.cast.Key(), Attempts: []contract.Attempt{{
		Number: 1, State: contract.Active, Digest: "v1:k:d", Revision: 7, AccountID: "123456789012",
	}}}}
	if e.cast.ByHand() {
		e.typed[1] = []string{"v1:k:d"}
		e.report("claim", v1alpha1.ReportClaimed, metav1.ConditionTrue)
		e.report("filed", v1alpha1.ReportSubmitted, metav1.ConditionTrue)
	}
	return e
}

func (e *ended) tell(reason string) {
	e.events = append(e.events, &eventsv1.Event{
		ObjectMeta: metav1.ObjectMeta{Namespace: "lives", Name: strings.ToLower(reason) + string(rune('a'+len(e.events)))},
		Reason:     reason, Regarding: corev1.ObjectReference{Name: "acme", UID: "1"},
	})
}

func (e *ended) report(name string, kind v1alpha1.FilingReportType, accepted metav1.ConditionStatus) {
	r := &v1alpha1.FilingReport{ObjectMeta: metav1.ObjectMeta{Namespace: "lives", Name: name}}
	r.Spec.RegistrationRef.Name, r.Spec.Attempt, r.Spec.Type = "acme", 1, kind
	r.Status.Digest = "v1:k:d"
	if accepted != "" {
		r.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionAccepted, Status: accepted, Reason: "Test"}}
	}
	e.reports = append(e.reports, r)
}

// judge has the life judged, by what an API server holds of it.
func (e *ended) judge(t *testing.T) []string {
	t.Helper()
	g := NewWithT(t)
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{v1alpha1.AddToScheme, corev1.AddToScheme, eventsv1.AddToScheme} {
		g.Expect(add(scheme)).To(Succeed())
	}
	builder := fake.NewClientBuilder().WithScheme(scheme).
		WithIndex(&eventsv1.Event{}, "regarding.name", func(o client.Object) []string { return []string{o.(*eventsv1.Event).Regarding.Name} }).
		WithIndex(&v1alpha1.FilingReport{}, "spec.registrationRef.name", func(o client.Object) []string {
			return []string{o.(*v1alpha1.FilingReport).Spec.RegistrationRef.Name}
		})
	for _, o := range e.events {
		builder = builder.WithObjects(o)
	}
	for _, o := range e.reports {
		builder = builder.WithObjects(o)
	}
	if e.handed != nil {
		builder = builder.WithObjects(e.handed)
	}
	if e.signIn != nil {
		builder = builder.WithObjects(e.signIn)
	}
	if e.reg != nil {
		builder = builder.WithObjects(e.reg)
	}
	people := NewPeople(e.cast, builder.Build())
	people.filed = e.typed
	witness := NewWitness()
	for _, version := range e.seen {
		witness.See(version)
	}
	broken, err := people.Judge(t.Context(), witness, e.books, false)
	g.Expect(err).NotTo(HaveOccurred())
	return broken
}

func TestALifeThatEndedAsItShouldIsNotFaulted(t *testing.T) {
	for _, life := range []string{"review", "by-hand"} {
		NewWithT(t).Expect(anEnded(life).judge(t)).To(BeEmpty(), life)
	}
}

func TestWhatMustNotHappenIsFound(t *testing.T) {
	key := anEnded("review").cast.Key()
	for name, c := range map[string]struct {
		life   string
		breaks func(*ended)
		word   string
	}{
		"it stands still":            {"review", func(e *ended) { e.reg.Status.Phase = verified }, "stuck"},
		"it is gone":                 {"review", func(e *ended) { e.reg = nil }, "stuck"},
		"a phase is missing":         {"review", func(e *ended) { e.reg.Status.History = e.reg.Status.History[1:] }, "history"},
		"a phase comes twice":        {"review", func(e *ended) { e.reg.Status.History = append(e.reg.Status.History, e.reg.Status.History[4]) }, "history"},
		"an attempt was filed twice": {"review", func(e *ended) { e.books.Counters.Accepted[key+"/1"] = 2 }, "filed 2 times"},
		"an attempt was never filed": {"review", func(e *ended) { delete(e.books.Counters.Accepted, key+"/1") }, "filed 0 times"},
		"there is an attempt too many": {"review", func(e *ended) {
			standing := e.books.Standings[key]
			standing.Attempts = append(standing.Attempts, standing.Attempts[0])
			e.books.Standings[key] = standing
		}, "2 attempts"},
		"other content is recorded":   {"review", func(e *ended) { e.reg.Status.Filing.Digest = "v1:k:other" }, "not what is recorded"},
		"the last word was not heard": {"review", func(e *ended) { e.reg.Status.Filing.Revision = 6 }, "last word"},
		"the account is another":      {"review", func(e *ended) { e.reg.Status.Account.ID = "210987654321" }, "account"},
		"the password is gone":        {"review", func(e *ended) { e.signIn = nil }, "password"},
		"the password is another's":   {"review", func(e *ended) { e.signIn.Annotations = nil }, "password"},
		"it is not handed over":       {"review", func(e *ended) { e.handed = nil }, "handed over"},
		"another is handed over":      {"review", func(e *ended) { e.handed.Data[v1alpha1.AccountIDKey] = "210987654321" }, "handed over"},
		"an event is told twice":      {"review", func(e *ended) { e.tell("Active") }, "once more"},
		"an event tells of nothing":   {"review", func(e *ended) { e.tell("PhoneCodeRequired") }, "once more"},
		"a report was not judged":     {"by-hand", func(e *ended) { e.report("late", v1alpha1.ReportActive, "") }, "not judged"},
		"an outcome was refused":      {"by-hand", func(e *ended) { e.report("late", v1alpha1.ReportActive, metav1.ConditionFalse) }, "refused"},
		"two claims were accepted":    {"by-hand", func(e *ended) { e.report("again", v1alpha1.ReportClaimed, metav1.ConditionTrue) }, "claimed 2 times"},
		"a form was typed in twice":   {"by-hand", func(e *ended) { e.typed[1] = []string{"v1:k:d", "v1:k:d"} }, "filed 2 times"},
		"other content was typed in":  {"by-hand", func(e *ended) { e.typed[1] = []string{"v1:k:other"} }, "not as it was claimed"},
		"a phase went back on the way": {"review", func(e *ended) {
			e.saw(func(s *status) { s.Phase = underReview }, func(s *status) { s.Phase = submitted })
		}, "became"},
		"a filing was forgotten":         {"review", func(e *ended) { e.saw(func(*status) {}, func(s *status) { s.Filing = nil }) }, "forgotten"},
		"a filing became an intent":      {"review", func(e *ended) { e.saw(func(*status) {}, func(s *status) { s.Filing.FiledTime = nil }) }, "filed no more"},
		"an older word was followed":     {"review", func(e *ended) { e.saw(func(*status) {}, func(s *status) { s.Filing.Revision = 3 }) }, "older word"},
		"the lock was open on the way":   {"review", func(e *ended) { e.saw(func(s *status) { s.Phase = submitted }) }, "open"},
		"history was cut on the way":     {"review", func(e *ended) { e.saw(func(*status) {}, func(s *status) { s.History = s.History[:1] }) }, "shorter"},
		"the account changed on the way": {"review", func(e *ended) { e.saw(func(*status) {}, func(s *status) { s.Account.ID = "1" }) }, "account"},
	} {
		t.Run(name, func(t *testing.T) {
			e := anEnded(c.life)
			c.breaks(e)
			NewWithT(t).Expect(e.judge(t)).To(ContainElement(ContainSubstring(c.word)))
		})
	}
}

type status = v1alpha1.ChinaAccountRegistrationStatus

// saw has the witness see versions of the object, as changed.
func (e *ended) saw(changes ...func(*status)) {
	for _, change := range changes {
		version := e.reg.DeepCopy()
		change(&version.Status)
		e.seen = append(e.seen, version)
	}
}

func TestPhasesMayBeSkippedByARegistrarThatGoesOn(t *testing.T) {
	g := NewWithT(t)
	all := phases(pending, submitted, underReview, rejected, submitted, active)
	g.Expect(isWithin(all, all)).To(BeTrue())
	g.Expect(isWithin(phases(pending, rejected, active), all)).To(BeTrue())
	g.Expect(isWithin(phases(pending, verified, active), all)).To(BeFalse(), "it has no such phase")
	g.Expect(isWithin(phases(rejected, pending, active), all)).To(BeFalse(), "it has them in another order")
	g.Expect(isWithin(phases(pending, submitted), all)).To(BeFalse(), "it has not ended")
	g.Expect(isWithin(nil, all)).To(BeFalse())
}
