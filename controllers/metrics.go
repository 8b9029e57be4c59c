// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
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
)

func init() { //nolint:gochecknoinits // the way controller-runtime's registry is filled
	metrics.Registry.MustRegister(transitions, effects)
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
