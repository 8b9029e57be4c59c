// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
)

var (
	transitionsTotal = transitions.counter()
	phaseDurations   = phaseDuration.histogram()
	effectsTotal     = effects.counter()
	requestDurations = requestDuration.histogram()
	calendarInfo     = calendarYears.gauge()
	calendarEnd      = calendarUntil.gauge()
)

func init() { //nolint:gochecknoinits // the way controller-runtime's registry is filled
	metrics.Registry.MustRegister(transitionsTotal, phaseDurations, effectsTotal, requestDurations, calendarInfo, calendarEnd)
}

// Reached counts a phase that a registration reached.
func Reached(reg *v1alpha1.ChinaAccountRegistration, phase v1alpha1.RegistrationPhase) {
	transitionsTotal.WithLabelValues(reg.Namespace, string(reg.Spec.Region), reg.Spec.RegistrarRef.Name, string(phase)).Inc()
}

// Left notes how long a registration was in a phase. A clock that was set back would make
// it a negative time, and the sum smaller.
func Left(reg *v1alpha1.ChinaAccountRegistration, phase v1alpha1.RegistrationPhase, after time.Duration) {
	phaseDurations.WithLabelValues(string(reg.Spec.Region), reg.Spec.RegistrarRef.Name, string(phase)).Observe(max(after, 0).Seconds())
}

// Sent counts what was sent to a registrar for a registration.
func Sent(reg *v1alpha1.ChinaAccountRegistration, effect, outcome string) {
	effectsTotal.WithLabelValues(string(reg.Spec.Region), reg.Spec.RegistrarRef.Name, effect, outcome).Inc()
}

// Answered notes how long a gateway took for one request.
func Answered(registrar, operation, outcome string, after time.Duration) {
	requestDurations.WithLabelValues(registrar, operation, outcome).Observe(after.Seconds())
}

// Forget drops the series of a Registrar's requests when it is gone. What its
// registrations reached stays counted.
func Forget(registrar string) {
	requestDurations.DeletePartialMatch(prometheus.Labels{labelRegistrar: registrar})
}

// Covers says which years a calendar has.
func Covers(calendar *businessday.Calendar) {
	calendarInfo.Reset()
	coverage := calendar.Coverage()
	for _, year := range coverage.Published {
		calendarInfo.WithLabelValues(strconv.Itoa(year), string(v1alpha1.DuePublished)).Set(1)
	}
	if len(coverage.Published) > 0 {
		end := time.Date(slices.Max(coverage.Published)+1, time.January, 1, 0, 0, 0, 0, businessday.Shanghai)
		calendarEnd.WithLabelValues().Set(float64(end.Unix()))
	}
	for _, year := range coverage.Provisional {
		calendarInfo.WithLabelValues(strconv.Itoa(year), string(v1alpha1.DueProvisional)).Set(1)
	}
}
