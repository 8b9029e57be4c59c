// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// pass is one decision in the making.
type pass struct {
	o   *Observation
	reg *v1alpha1.ChinaAccountRegistration
	// was is status as it stands, status as it becomes.
	was    *v1alpha1.ChinaAccountRegistrationStatus
	status *v1alpha1.ChinaAccountRegistrationStatus
	view   View
	hand   handRecord

	effect       Effect
	requirements []v1alpha1.Requirement
	// held says why what the registrar says is not followed; empty if it is.
	held string
	// waiting is the reason for which our own work waits; empty if it does not.
	waiting string
	// preflight is what became of the dossier in this pass.
	preflight preflightResult
	next      time.Time
}

type preflightResult string

const (
	preflightNotRun  preflightResult = ""
	preflightPassed  preflightResult = "Passed"
	preflightMissing preflightResult = "Missing"
	preflightFailed  preflightResult = "Failed"
)

func newPass(o *Observation) *pass {
	reg := o.Registration
	p := &pass{o: o, reg: reg, was: &reg.Status, status: reg.Status.DeepCopy(), view: o.View}
	if p.status.Phase == "" {
		p.enter(v1alpha1.PhasePending, 0, v1alpha1.ReasonCreated)
		p.status.DossierLock = v1alpha1.DossierOpen
	}
	if refreshRequested(reg) {
		p.status.RefusedDigest = ""
	}
	p.signRefusedAnew()
	return p
}

// signRefusedAnew takes refused content for unchanged where its digest is of another
// version or key: whether it changed is not known, and only a change that shows is
// sent by itself.
func (p *pass) signRefusedAnew() {
	if d := p.o.Dossier; p.status.RefusedDigest != "" && d != nil && d.Digest != "" && basis(d.Digest) != basis(p.status.RefusedDigest) {
		p.status.RefusedDigest = d.Digest
	}
}

// basis of a digest is its version and key id. Only digests of one basis can be compared.
func basis(digest string) string {
	return digest[:strings.LastIndex(digest, ":")+1]
}

func (p *pass) byHand() bool { return p.o.Registrar.Type == v1alpha1.RegistrarManual }

func (p *pass) deleting() bool { return !p.reg.DeletionTimestamp.IsZero() }

func (p *pass) suspended() bool { return p.reg.Spec.Suspend }

func (p *pass) now() metav1.Time { return metav1.NewTime(p.o.Now) }

// do plans the pass's one effect. After it was carried out there is no second: what
// is still to be done then is looked into later.
func (p *pass) do(e Effect) {
	switch {
	case p.o.Outcome != nil:
		p.poll()
	case p.effect.Kind == EffectNone:
		p.effect = e
	}
}

// lookAt asks for another look no later than t.
func (p *pass) lookAt(t time.Time) {
	if p.next.IsZero() || t.Before(p.next) {
		p.next = t
	}
}

// lookAgain asks for another look at once. It is only asked for along with a
// change of status, so that it comes to an end.
func (p *pass) lookAgain() { p.lookAt(p.o.Now) }

// lookForMissing looks again with growing pauses: something may arrive by itself.
func (p *pass) lookForMissing(since time.Time) {
	p.lookAt(p.pause(since, 4, p.o.Pacing.MissingMin, p.o.Pacing.MissingMax))
}

// poll looks again at a filing under way, the less often the longer nothing changed.
func (p *pass) poll() {
	since := p.reg.CreationTimestamp.Time
	if n := len(p.status.History); n > 0 {
		since = p.status.History[n-1].Time.Time
	}
	p.lookAt(p.pause(since, 10, p.o.Pacing.PollMin, p.o.Pacing.PollMax))
}

// awaitNews looks again at a filing under way where the registrar does not tell of
// changes, or has told of one that its answer did not have yet.
func (p *pass) awaitNews() {
	if !p.o.Registrar.Followed || p.view.Latest != p.status.Filing.Revision {
		p.poll()
	}
}

// pause returns the time of the next look: a part of the time since, within
// bounds, plus up to a tenth that differs from object to object and look to look. A
// clock that was set back is no reason to look the more often.
func (p *pass) pause(since time.Time, part time.Duration, shortest, longest time.Duration) time.Time {
	d := min(max(p.o.Now.Sub(since).Abs()/part, shortest), longest)
	h := fnv.New32a()
	_, _ = fmt.Fprint(h, p.reg.UID, p.o.Now.UnixNano())
	jitter := time.Duration(int64(d) / 10 * int64(h.Sum32()%1000) / 1000)
	return p.o.Now.Add(d + jitter)
}

const (
	maxMessage    = 1024
	maxPath       = 256
	maxCode       = 64
	maxAnnotation = 256
	maxReference  = 128
)
