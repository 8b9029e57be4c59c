// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lives

import (
	"fmt"
	"sync"

	"k8s.io/apimachinery/pkg/types"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// Witness sees the versions of one registration go by and remembers what cannot be
// told from the last one: whether each followed from the one before, and how often
// something became due.
type Witness struct {
	mu   sync.Mutex
	last *v1alpha1.ChinaAccountRegistration
	// gone: the last one was deleted, and none came after it.
	gone bool
	// due counts how often a requirement appeared, by the event that tells it.
	due map[told]int
	// sins are what must not have happened.
	sins []string
}

// told is what an event tells of which object.
type told struct {
	uid    types.UID
	reason string
}

// NewWitness returns one who has seen nothing.
func NewWitness() *Witness { return &Witness{due: map[told]int{}} }

// See takes the next version.
func (w *Witness) See(reg *v1alpha1.ChinaAccountRegistration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.last
	if before == nil || before.UID != reg.UID {
		before = &v1alpha1.ChinaAccountRegistration{}
	}
	w.last, w.gone = reg, false
	w.judge(before, reg)
	w.countDue(before, reg)
}

// SeeGone is told that the object is deleted.
func (w *Witness) SeeGone() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gone = true
}

// Now is the object as it was last seen; nil if it is not there.
func (w *Witness) Now() *v1alpha1.ChinaAccountRegistration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gone {
		return nil
	}
	return w.last
}

// Last is the newest version that was seen, though it may be gone.
func (w *Witness) Last() *v1alpha1.ChinaAccountRegistration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}

func (w *Witness) judge(before, reg *v1alpha1.ChinaAccountRegistration) {
	was, is := &before.Status, &reg.Status
	sin := func(format string, values ...any) {
		w.sins = append(w.sins, fmt.Sprintf("version %s of %s: ", reg.ResourceVersion, reg.Name)+fmt.Sprintf(format, values...))
	}
	if len(is.History) <= len(was.History)+1 && !was.Phase.CanBecome(is.Phase) { // no version was missed
		sin("%s became %s", was.Phase, is.Phase)
	}
	if was.Filing != nil && was.Filing.FiledTime != nil {
		switch {
		case is.Filing == nil || is.Filing.Attempt < was.Filing.Attempt:
			sin("the filing of attempt %d is forgotten", was.Filing.Attempt)
		case is.Filing.Attempt == was.Filing.Attempt && is.Filing.FiledTime == nil:
			sin("attempt %d is filed no more", was.Filing.Attempt)
		case is.Filing.Attempt == was.Filing.Attempt && is.Filing.Revision < was.Filing.Revision:
			sin("an older word of the registrar is followed")
		}
	}
	underWay := is.Phase == submitted || is.Phase == underReview || is.Phase == verified
	if underWay && is.DossierLock != v1alpha1.DossierLocked {
		sin("the dossier is open in %s", is.Phase)
	}
	if len(is.History) < len(was.History) && len(was.History) < v1alpha1.MaxHistory {
		sin("history has become shorter")
	}
	if was.Account != nil && (is.Account == nil || is.Account.ID != was.Account.ID || !is.Account.ActivatedTime.Equal(was.Account.ActivatedTime)) {
		sin("the account has become another")
	}
}

// countDue counts what was not due in the version before, or is due anew.
func (w *Witness) countDue(before, reg *v1alpha1.ChinaAccountRegistration) {
	known := map[string]bool{}
	name := func(q v1alpha1.Requirement) string {
		return fmt.Sprintln(q.Code, q.Path, q.Awaiting, q.SinceTime.Unix())
	}
	for _, q := range before.Status.Requirements {
		known[name(q)] = true
	}
	for _, q := range reg.Status.Requirements {
		if !known[name(q)] {
			w.due[told{reg.UID, q.Code}]++
		}
	}
}
