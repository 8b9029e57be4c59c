// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
)

var (
	transitions = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "china_account_registration_transitions_total",
		Help: "Phases that registrations reached.",
	}, []string{"namespace", "region", "registrar", "phase"})

	effects = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "china_account_registrar_effects_total",
		Help: "What was sent to registrars, by what came of it: Done, Refused or Trouble.",
	}, []string{"region", "registrar", "effect", "outcome"})

	calendarYears = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "china_account_calendar_year_info",
		Help: "Years that the calendar of public holidays has, by their basis: Published or Provisional.",
	}, []string{"year", "basis"})
)

func init() { //nolint:gochecknoinits // the way controller-runtime's registry is filled
	metrics.Registry.MustRegister(transitions, effects, calendarYears)
}

func exportCoverage(calendar *businessday.Calendar) {
	calendarYears.Reset()
	coverage := calendar.Coverage()
	for _, year := range coverage.Published {
		calendarYears.WithLabelValues(strconv.Itoa(year), string(v1alpha1.DuePublished)).Set(1)
	}
	for _, year := range coverage.Provisional {
		calendarYears.WithLabelValues(strconv.Itoa(year), string(v1alpha1.DueProvisional)).Set(1)
	}
}

func countTransitions(before, reg *v1alpha1.ChinaAccountRegistration) {
	for _, entry := range newHistory(before, reg) {
		transitions.WithLabelValues(reg.Namespace, string(reg.Spec.Region), reg.Spec.RegistrarRef.Name, string(entry.Phase)).Inc()
	}
}

func countEffect(reg *v1alpha1.ChinaAccountRegistration, outcome *lifecycle.Outcome) {
	result := "Done"
	switch {
	case outcome.Trouble != nil:
		result = "Trouble"
	case outcome.Refusal != nil:
		result = "Refused"
	}
	effects.WithLabelValues(string(reg.Spec.Region), reg.Spec.RegistrarRef.Name, string(outcome.Effect.Kind), result).Inc()
}
