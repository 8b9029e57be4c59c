// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// filingReport is what differs between the agent's reports.
type filingReport struct {
	Name                                      string
	Registration, Namespace, FilingKey, Agent string
	Type, Reference, AccountID                string
	Challenges                                []challenge
}

type challenge struct{ ID, Type string }

// statedKey is how the requirement FileByHand states the filing's key.
var statedKey = regexp.MustCompile(`filingKey ([0-9a-f]{64})`)

// corrects is a second report of a type.
func corrects(now string, r filingReport) step { return reportNamed(now, "correction", r) }

// report creates a FilingReport as the agent, and waits for the operator to accept it.
func report(now string, r filingReport) step {
	return reportNamed(now, strings.ToLower(r.Type), r)
}

func reportNamed(now, suffix string, r filingReport) step {
	return step{now, func(ctx context.Context, s *stage) error {
		reg, _ := s.board.look(s.key())
		key, err := filingKey(reg)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%s-1-%s", s.name, suffix)
		r.Name, r.Registration, r.Namespace, r.FilingKey, r.Agent = name, s.name, s.team(), key, s.agent.name
		path, err := writeManifest(s.manifestDir(), name+".yaml", "report.yaml", r)
		if err != nil {
			return err
		}
		// An agent may create reports, and change none: a server-side apply is a patch.
		if _, err := s.agent.kubectl(ctx, "create", "-f", filename(path)); err != nil {
			return err
		}
		_, err = s.agent.kubectl(ctx, "wait", "--for=condition=Accepted", "--timeout=30s", "-n", s.team(), "filingreport/"+name)
		return err
	}}
}

// filingKey is where an agent reads it: from the requirement, and once claimed from
// status.
func filingKey(reg *v1alpha1.ChinaAccountRegistration) (string, error) {
	if reg != nil && reg.Status.Filing != nil {
		return reg.Status.Filing.Key, nil
	}
	if q := requirement(reg, v1alpha1.RequirementFileByHand); q != nil {
		if found := statedKey.FindStringSubmatch(q.Message); found != nil {
			return found[1], nil
		}
	}
	return "", fmt.Errorf("no filing key is stated: %s", describe(reg))
}
