// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Names of labels.
const (
	labelNamespace = "namespace"
	labelRegion    = "region"
	labelRegistrar = "registrar"
	labelPhase     = "phase"
	labelAwaiting  = "awaiting"
	labelCode      = "code"
	labelSeverity  = "severity"
	labelStage     = "stage"
	labelType      = "type"
	labelOperation = "operation"
	labelOutcome   = "outcome"
	labelEffect    = "effect"
	labelYear      = "year"
	labelBasis     = "basis"
)

// Definition is one metric.
type Definition struct {
	Name string
	// Type is counter, gauge or histogram.
	Type string
	Help string
	// Labels, in the order in which values are given.
	Labels []string
	// Buckets are a histogram's upper bounds, in seconds.
	Buckets []float64
}

const (
	typeCounter   = "counter"
	typeGauge     = "gauge"
	typeHistogram = "histogram"
)

// days are reviews': a registrar decides within business days, and an applicant may
// take weeks.
var days = seconds(time.Minute, 10*time.Minute, time.Hour, 4*time.Hour, 12*time.Hour, 24*time.Hour,
	2*24*time.Hour, 3*24*time.Hour, 5*24*time.Hour, 7*24*time.Hour, 14*24*time.Hour, 30*24*time.Hour)

// requests end with the timeout of an upload.
var requests = seconds(10*time.Millisecond, 50*time.Millisecond, 100*time.Millisecond, 250*time.Millisecond, 500*time.Millisecond,
	time.Second, 2500*time.Millisecond, 5*time.Second, 10*time.Second, 30*time.Second, time.Minute, 5*time.Minute)

var (
	registrations = Definition{
		Name: "china_account_registrations", Type: typeGauge,
		Help:   "Registrations by phase, and by who has to act next: Applicant, Agent, Registrar or None. One that the operator has not seen yet has no phase.",
		Labels: []string{labelNamespace, labelRegion, labelRegistrar, labelPhase, labelAwaiting},
	}
	overdue = Definition{
		Name: "china_account_registrations_overdue", Type: typeGauge,
		Help:   "Registrations whose registrar has not decided by the due time.",
		Labels: []string{labelNamespace, labelRegion, labelRegistrar, labelPhase},
	}
	oldest = Definition{
		Name: "china_account_registrations_oldest_phase_timestamp_seconds", Type: typeGauge,
		Help:   "When that registration came into its phase which has been in it the longest, by who has to act next.",
		Labels: []string{labelNamespace, labelRegion, labelRegistrar, labelPhase, labelAwaiting},
	}
	requirements = Definition{
		Name: "china_account_requirements", Type: typeGauge,
		Help:   "What is due, findings of preflight and of rejections among it, by code. A code that is the registrar's own counts as Other.",
		Labels: []string{labelNamespace, labelRegion, labelRegistrar, labelCode, labelSeverity, labelAwaiting},
	}
	certificates = Definition{
		Name: "china_account_certificates", Type: typeGauge,
		Help:   "Business certificates of active accounts by how near their end is: LongTerm, Current, ExpiresIn90Days, ExpiresIn30Days, ExpiresIn7Days or Expired.",
		Labels: []string{labelNamespace, labelRegion, labelRegistrar, labelStage},
	}
	registrarReady = Definition{
		Name: "china_account_registrar_ready", Type: typeGauge,
		Help:   "1 if the Registrar can be filed with, 0 if not.",
		Labels: []string{labelRegistrar, labelType},
	}
	lastContact = Definition{
		Name: "china_account_registrar_last_contact_timestamp_seconds", Type: typeGauge,
		Help:   "When the Registrar's gateway last answered in the contract's words. Manual Registrars have none.",
		Labels: []string{labelRegistrar},
	}
	transitions = Definition{
		Name: "china_account_registration_transitions_total", Type: typeCounter,
		Help:   "Phases that registrations reached.",
		Labels: []string{labelNamespace, labelRegion, labelRegistrar, labelPhase},
	}
	phaseDuration = Definition{
		Name: "china_account_registration_phase_duration_seconds", Type: typeHistogram,
		Help:   "How long registrations were in a phase that they left.",
		Labels: []string{labelRegion, labelRegistrar, labelPhase}, Buckets: days,
	}
	effects = Definition{
		Name: "china_account_registrar_effects_total", Type: typeCounter,
		Help:   "What was sent to registrars, by what came of it: Done, Refused or Trouble.",
		Labels: []string{labelRegion, labelRegistrar, labelEffect, labelOutcome},
	}
	requestDuration = Definition{
		Name: "china_account_registrar_request_duration_seconds", Type: typeHistogram,
		Help:   "How long gateways took to answer, by operation and by what came of it: Done, or the kind of trouble. The long poll for changes is not among them.",
		Labels: []string{labelRegistrar, labelOperation, labelOutcome}, Buckets: requests,
	}
	calendarYears = Definition{
		Name: "china_account_calendar_year_info", Type: typeGauge,
		Help:   "Years that the calendar of public holidays has, by their basis: Published or Provisional.",
		Labels: []string{labelYear, labelBasis},
	}
	calendarUntil = Definition{
		Name: "china_account_calendar_published_until_timestamp_seconds", Type: typeGauge,
		Help: "When the last year ends, in China, whose public holidays the calendar has as published.",
	}
)

// Definitions are all metrics of the operator's own, in the order of the documentation.
func Definitions() []Definition {
	return []Definition{
		registrations, overdue, oldest, requirements, certificates, registrarReady, lastContact, calendarYears, calendarUntil,
		transitions, phaseDuration, effects, requestDuration,
	}
}

func (d Definition) desc() *prometheus.Desc {
	return prometheus.NewDesc(d.Name, d.Help, d.Labels, nil)
}

func (d Definition) counter() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: d.Name, Help: d.Help}, d.Labels)
}

func (d Definition) gauge() *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: d.Name, Help: d.Help}, d.Labels)
}

func (d Definition) histogram() *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: d.Name, Help: d.Help, Buckets: d.Buckets}, d.Labels)
}

func seconds(durations ...time.Duration) []float64 {
	all := make([]float64, len(durations))
	for i, d := range durations {
		all[i] = d.Seconds()
	}
	return all
}
