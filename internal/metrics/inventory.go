// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// collectTimeout is well below the 10 s that Prometheus waits.
const collectTimeout = 5 * time.Second

// otherCode stands for the codes that registrars make up, which are without number.
const otherCode = "Other"

// Inventory counts, whenever it is asked, how registrations and Registrars stand. Only
// the leader does, so that replicas are not counted twice.
type Inventory struct {
	// Cached reads registrations and Registrars.
	Cached client.Reader
	// Elected is closed once this replica leads.
	Elected <-chan struct{}
	// LastContact is when a Registrar's gateway last answered, zero if it never did.
	LastContact func(registrar string) time.Time
	// IsOurs tells whether a requirement's code is the operator's own.
	IsOurs func(code string) bool
}

// Describe implements prometheus.Collector.
func (*Inventory) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []Definition{registrations, overdue, oldest, requirements, certificates, registrarReady, lastContact} {
		ch <- d.desc()
	}
}

// Collect implements prometheus.Collector. Of what cannot be read there is nothing,
// which is an alert, and no old number.
func (i *Inventory) Collect(ch chan<- prometheus.Metric) {
	select {
	case <-i.Elected:
	default:
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), collectTimeout)
	defer cancel()
	i.collectRegistrations(ctx, ch)
	i.collectRegistrars(ctx, ch)
}

func (i *Inventory) collectRegistrations(ctx context.Context, ch chan<- prometheus.Metric) {
	list := &v1alpha1.ChinaAccountRegistrationList{}
	if i.Cached.List(ctx, list, client.UnsafeDisableDeepCopy) != nil {
		return
	}
	counted := newTally()
	for n := range list.Items {
		i.count(counted, &list.Items[n])
	}
	counted.send(ch)
}

// count adds one registration, which is only looked at.
func (i *Inventory) count(counted *tally, reg *v1alpha1.ChinaAccountRegistration) {
	status := &reg.Status
	whose := []string{reg.Namespace, string(reg.Spec.Region), reg.Spec.RegistrarRef.Name}
	phase := string(status.Phase)
	counted.one(registrations, whose, phase, string(status.Awaiting))
	if meta.IsStatusConditionTrue(status.Conditions, v1alpha1.ConditionOverdue) {
		counted.one(overdue, whose, phase)
	}
	if since := enteredAt(status); !since.IsZero() {
		counted.least(oldest, float64(since.Unix()), whose, phase, string(status.Awaiting))
	}
	for _, q := range status.Requirements {
		code := q.Code
		if !i.IsOurs(code) {
			code = otherCode
		}
		counted.one(requirements, whose, code, string(q.Severity), string(q.Awaiting))
	}
	if c := meta.FindStatusCondition(status.Conditions, v1alpha1.ConditionCertificateCurrent); c != nil && status.Phase == v1alpha1.PhaseActive {
		counted.one(certificates, whose, c.Reason)
	}
}

// enteredAt is when a registration came into its phase.
func enteredAt(status *v1alpha1.ChinaAccountRegistrationStatus) (at time.Time) {
	for _, entry := range status.History {
		if entry.Phase == status.Phase {
			at = entry.Time.Time
		}
	}
	return at
}

func (i *Inventory) collectRegistrars(ctx context.Context, ch chan<- prometheus.Metric) {
	list := &v1alpha1.RegistrarList{}
	if i.Cached.List(ctx, list, client.UnsafeDisableDeepCopy) != nil {
		return
	}
	for n := range list.Items {
		object := &list.Items[n]
		ready := 0.0
		if meta.IsStatusConditionTrue(object.Status.Conditions, v1alpha1.ConditionReady) {
			ready = 1
		}
		ch <- prometheus.MustNewConstMetric(registrarReady.desc(), prometheus.GaugeValue, ready, object.Name, string(object.Spec.Type))
		if at := i.LastContact(object.Name); !at.IsZero() {
			ch <- prometheus.MustNewConstMetric(lastContact.desc(), prometheus.GaugeValue, float64(at.UnixMilli())/1000, object.Name)
		}
	}
}
