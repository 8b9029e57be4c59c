// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	. "github.com/onsi/gomega"
)

func TestACallIsNamedByWhatItAsksInWhicheverRun(t *testing.T) {
	g := NewWithT(t)
	for target, want := range map[string]string{
		"GET /api/v1/namespaces/crash/secrets/run-7-license-1":                                                             "GET secrets license-1",
		"GET /api/v1/namespaces/china-account-system/secrets/china-account-operator-keys":                                  "GET secrets china-account-operator-keys",
		"POST /api/v1/namespaces/crash/secrets":                                                                            "POST secrets",
		"GET /apis/registration.chinaaccount.dev/v1alpha1/namespaces/crash/chinaaccountregistrations/run-7":                "GET chinaaccountregistrations",
		"PATCH /apis/registration.chinaaccount.dev/v1alpha1/namespaces/crash/chinaaccountregistrations/run-7/status":       statusWrite,
		"GET /apis/registration.chinaaccount.dev/v1alpha1/chinaaccountregistrations?limit=500":                             "LIST chinaaccountregistrations",
		"GET /apis/registration.chinaaccount.dev/v1alpha1/chinaaccountregistrations?watch=true":                            "WATCH chinaaccountregistrations",
		"GET /apis/registration.chinaaccount.dev/v1alpha1/namespaces/crash/filingreports?fieldSelector=spec.filingKey%3Dx": "LIST filingreports",
		"POST /apis/events.k8s.io/v1/namespaces/crash/events":                                                              eventWrite,
		"GET /apis": "GET /apis",
		"GET /apis/registration.chinaaccount.dev/v1alpha1": "GET /apis/registration.chinaaccount.dev/v1alpha1",
	} {
		g.Expect(nameAPI(request(target), "run-7")).To(Equal(want), target)
	}
	for target, want := range map[string]string{
		"GET /v1/status":                       "GET gateway status",
		"GET /v1/registrations/abc":            "GET gateway registrations/*",
		"PUT /v1/registrations/abc/attempts/1": "PUT gateway registrations/*/attempts/1",
		"PUT /v1/registrations/abc/attempts/1/challenges/phone-1/answers/def": "PUT gateway registrations/*/attempts/1/challenges/phone-1/answers/*",
	} {
		g.Expect(nameGateway(request(target), "run-7")).To(Equal(want), target)
	}
}

func request(target string) *http.Request {
	var method, url string
	for i := range target {
		if target[i] == ' ' {
			method, url = target[:i], target[i+1:]
			break
		}
	}
	return httptest.NewRequest(method, url, nil)
}

func TestATapBreaksTheCallOfItsPointOnceAndNoOther(t *testing.T) {
	g := NewWithT(t)
	tap := newTap()
	tap.begin("run-1", &point{call{stage: 1, what: "PUT x", nth: 2}, answerLost}, hooks{})
	broken := func(what string) breakage {
		b, _ := tap.note(what)
		return b
	}
	g.Expect(broken("PUT x")).To(Equal(none), "in stage 0")
	tap.wrote()
	g.Expect(broken("PUT x")).To(Equal(none), "the first")
	g.Expect(broken("PUT y")).To(Equal(none), "another")
	g.Expect(tap.wasHit()).To(BeFalse())
	g.Expect(broken("PUT x")).To(Equal(answerLost))
	g.Expect(tap.wasHit()).To(BeTrue())
	g.Expect(broken("PUT x")).To(Equal(none), "once")
	g.Expect(tap.calls()).To(ConsistOf(
		call{0, "PUT x", 1}, call{1, "PUT x", 1}, call{1, "PUT x", 2}, call{1, "PUT y", 1}))
}

func TestEachKindOfCallIsBrokenInEachWayThatItCanBe(t *testing.T) {
	g := NewWithT(t)
	reads := []breakage{killedBefore, killedAfter, answerLost}
	g.Expect(breakages(call{what: "GET secrets x"}, false)).To(ConsistOf(reads))
	g.Expect(breakages(call{what: "WATCH registrars"}, false)).To(ConsistOf(reads))
	g.Expect(breakages(call{what: eventWrite}, false)).To(ConsistOf(reads))
	writes := slices.Concat(reads, []breakage{secondLeader, staleCache, specEdited, secretEdited})
	g.Expect(breakages(call{what: "PUT gateway registrations/*/attempts/1"}, false)).To(ConsistOf(writes))
	g.Expect(breakages(call{what: statusWrite}, false)).To(ConsistOf(slices.Concat(writes, []breakage{conflict})))
	g.Expect(breakages(call{what: statusWrite}, true)).To(ConsistOf(killedAfter, secondLeader))
	g.Expect(breakages(call{what: "GET secrets x"}, true)).To(BeEmpty())
}
