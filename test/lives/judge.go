// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lives

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// Standing is how a filing stands at the registrar.
type Standing = registrar.Standing

// Books are what the registrar has.
type Books struct {
	Counters  registrar.Counters
	Standings map[string]Standing
}

// Judge holds an ended life against what was promised, and returns what is broken.
// Where the registrar went on by itself, phases may have been skipped, and where the
// witness was cut off, it has not seen all that became due.
func (p *People) Judge(ctx context.Context, w *Witness, books Books, disturbed bool) ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	j := &judgement{People: p, witness: w, broken: slices.Clone(w.sins)}
	reg := &v1alpha1.ChinaAccountRegistration{}
	err := p.Client.Get(ctx, client.ObjectKey{Namespace: p.Namespace, Name: p.Name}, reg)
	if err == nil {
		j.reg = reg
	} else if client.IgnoreNotFound(err) != nil {
		return nil, err
	}
	if !p.Ended(j.reg) {
		return append(j.broken, "it is stuck: "+Describe(j.reg)), nil
	}
	if j.reg == nil {
		j.reg = w.Last()
	}
	j.history(disturbed)
	if p.ByHand() {
		err = j.claims(ctx)
	} else {
		j.filings(books)
		err = j.password(ctx)
	}
	if err == nil && j.Ends == active {
		err = j.handOver(ctx)
	}
	if err != nil {
		return nil, err
	}
	return j.broken, j.events(ctx, disturbed)
}

// judgement is one in the making.
type judgement struct {
	*People
	witness *Witness
	reg     *v1alpha1.ChinaAccountRegistration
	broken  []string
}

func (j *judgement) breaks(format string, values ...any) {
	j.broken = append(j.broken, fmt.Sprintf(format, values...))
}

// history is complete, and nothing follows in it that may not.
func (j *judgement) history(disturbed bool) {
	var is []v1alpha1.RegistrationPhase
	previous := v1alpha1.RegistrationPhase("")
	for _, entry := range j.reg.Status.History {
		if !previous.CanBecome(entry.Phase) || previous == entry.Phase {
			j.breaks("history has %s after %q", entry.Phase, previous)
		}
		is, previous = append(is, entry.Phase), entry.Phase
	}
	switch {
	case j.Ends == "": // the object is gone
	case disturbed:
		if !isWithin(is, j.Phases) {
			j.breaks("history is %v, which is no part of %v", is, j.Phases)
		}
	case !slices.Equal(is, j.Phases):
		j.breaks("history is %v, not %v", is, j.Phases)
	}
}

// isWithin tells whether all of some come in that order among others, the last ones
// at the same time.
func isWithin(some, all []v1alpha1.RegistrationPhase) bool {
	if len(some) == 0 || some[len(some)-1] != all[len(all)-1] {
		return false
	}
	for _, one := range all {
		if len(some) > 0 && some[0] == one {
			some = some[1:]
		}
	}
	return len(some) == 0
}

// filings: the registrar has each attempt once, and the last one is the recorded one.
func (j *judgement) filings(books Books) {
	standing := books.Standings[j.Key()]
	if len(standing.Attempts) != int(j.Filings) {
		j.breaks("the registrar has %d attempts, not %d", len(standing.Attempts), j.Filings)
		return
	}
	for n := range j.Filings {
		if filed := books.Counters.Accepted[fmt.Sprintf("%s/%d", j.Key(), n+1)]; filed != 1 {
			j.breaks("attempt %d was filed %d times", n+1, filed)
		}
	}
	newest, recorded := standing.Attempts[len(standing.Attempts)-1], j.reg.Status.Filing
	switch {
	case j.Ends == "":
		if newest.State != contract.Withdrawn {
			j.breaks("the deleted registration's filing is %s", newest.State)
		}
	case recorded.Key != j.Key():
		j.breaks("another key is recorded")
	case recorded.Digest != newest.Digest && !j.habits.recreates:
		j.breaks("what was filed is not what is recorded")
	case recorded.Revision != newest.Revision:
		j.breaks("the registrar's last word (%d) is not recorded (%d)", newest.Revision, recorded.Revision)
	case j.Ends == active && j.reg.Status.Account.ID != newest.AccountID:
		j.breaks("the account is %s, not %s", j.reg.Status.Account.ID, newest.AccountID)
	}
}

// password: there is one, and it is this filing's.
func (j *judgement) password(ctx context.Context) error {
	secret := &corev1.Secret{}
	err := j.Client.Get(ctx, client.ObjectKey{Namespace: j.Namespace, Name: j.reg.SignInSecretName()}, secret)
	if client.IgnoreNotFound(err) != nil {
		return err
	}
	if len(secret.Data[v1alpha1.PasswordKey]) == 0 || secret.Annotations[v1alpha1.FilingKeyAnnotation] != j.Key() {
		j.breaks("the sign-in password is lost")
	}
	return nil
}

// handOver: the account's ConfigMap is there, and of this account.
func (j *judgement) handOver(ctx context.Context) error {
	handed := &corev1.ConfigMap{}
	err := j.Client.Get(ctx, client.ObjectKey{Namespace: j.Namespace, Name: j.reg.AccountConfigMapName()}, handed)
	if client.IgnoreNotFound(err) != nil {
		return err
	}
	if is := handed.Data[v1alpha1.AccountIDKey]; is != j.reg.Status.Account.ID {
		j.breaks("account %s is handed over, not %s", is, j.reg.Status.Account.ID)
	}
	return nil
}

// claims: each attempt was claimed, and typed in, once, as it was claimed.
func (j *judgement) claims(ctx context.Context) error {
	list := &v1alpha1.FilingReportList{}
	if err := j.Client.List(ctx, list, client.InNamespace(j.Namespace), client.MatchingFields{"spec.registrationRef.name": j.Name}); err != nil {
		return err
	}
	claims := map[int32]int{}
	for _, report := range list.Items {
		judged := meta.FindStatusCondition(report.Status.Conditions, v1alpha1.ConditionAccepted)
		switch {
		case judged == nil:
			j.breaks("report %s was not judged", report.Name)
		case judged.Status == "True" && report.Spec.Type == v1alpha1.ReportClaimed:
			claims[report.Spec.Attempt]++
			if filed := j.filed[report.Spec.Attempt]; !slices.Equal(filed, []string{report.Status.Digest}) {
				j.breaks("attempt %d was filed %d times, or not as it was claimed", report.Spec.Attempt, len(filed))
			}
		case judged.Status != "True" && report.Spec.Type != v1alpha1.ReportClaimed:
			j.breaks("report %s was refused: %s", report.Name, judged.Reason)
		}
	}
	for n := range j.Filings {
		if claims[n+1] != 1 {
			j.breaks("attempt %d was claimed %d times", n+1, claims[n+1])
		}
	}
	return nil
}

// events: none tells what did not happen, or anything twice.
func (j *judgement) events(ctx context.Context, disturbed bool) error {
	list := &eventsv1.EventList{}
	if err := j.Client.List(ctx, list, client.InNamespace(j.Namespace), client.MatchingFields{"regarding.name": j.Name}); err != nil {
		return err
	}
	happened := map[told]int{}
	for _, entry := range j.reg.Status.History {
		happened[told{j.reg.UID, string(entry.Phase)}]++
	}
	for about, n := range j.witness.due {
		happened[about] += n
	}
	for _, e := range list.Items {
		if e.Regarding.UID != j.reg.UID || e.Reason == "FilingRetained" || e.Reason == "AccountRetained" {
			continue
		}
		about := told{e.Regarding.UID, e.Reason}
		if disturbed && !slices.Contains(v1alpha1.Phases(), v1alpha1.RegistrationPhase(e.Reason)) {
			continue
		}
		if happened[about]--; happened[about] < 0 {
			j.breaks("an event tells %s once more than it happened: %q", e.Reason, e.Note)
		}
	}
	return nil
}

// Describe says in one line where a registration stands.
func Describe(reg *v1alpha1.ChinaAccountRegistration) string {
	if reg == nil {
		return "the object is gone"
	}
	said := fmt.Sprintf("%s, %s", reg.Status.Phase, reg.Status.DossierLock)
	if f := reg.Status.Filing; f != nil {
		said += fmt.Sprintf(", attempt %d (filed %t, revision %d)", f.Attempt, f.FiledTime != nil, f.Revision)
	}
	for _, q := range reg.Status.Requirements {
		said += fmt.Sprintf("; %s of %s: %s", q.Code, q.Awaiting, q.Message)
	}
	return said
}
