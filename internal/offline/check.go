// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/offline/apiserver"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

// Report is what is said of one registration.
type Report struct {
	// Registration is its namespace/name.
	Registration string
	// Origin is the file that it stands in.
	Origin   string
	Findings []Finding
	// RulesSkipped says that the API server would not have asked the CRD's rules: with
	// the findings mended there may be others.
	RulesSkipped bool
}

// schema is compiled when it is first needed: values and scans are checked without it.
var schema = sync.OnceValues(apiserver.NewSchema)

// Check says of each registration what the API server and the operator would say.
func Check(ctx context.Context, input *Input, now time.Time) ([]Report, error) {
	schema, err := schema()
	if err != nil {
		return nil, err
	}
	c := &checker{schema: schema, notFound: input.Secrets.notFound, loader: dossier.NewLoader(input.Secrets), now: now, emails: map[string]string{}}
	reports := make([]Report, 0, len(input.Registrations))
	for _, registration := range input.Registrations {
		report, err := c.check(ctx, registration)
		if err != nil {
			return nil, fmt.Errorf("check %s in %s: %w", report.Registration, registration.Origin, err)
		}
		reports = append(reports, report)
	}
	return reports, nil
}

type checker struct {
	schema *apiserver.Schema
	// notFound says why a key cannot be read.
	notFound func(namespace string, missing dossier.Missing) preflight.Finding
	loader   *dossier.Loader
	now      time.Time
	// emails are the names of the registrations that had an address first.
	emails map[string]string
}

func (c *checker) check(ctx context.Context, registration Registration) (Report, error) {
	report := Report{Registration: nameOf(registration.Object), Origin: registration.Origin}
	if registration.Object["apiVersion"] != v1alpha1.GroupVersion.String() {
		report.Findings = printable([]preflight.Finding{otherVersion()})
		return report, nil
	}
	answer := c.schema.Create(ctx, registration.Object)
	faults := append(kubectlFaults(registration), answer.Faults...)
	report.RulesSkipped = answer.RulesSkipped
	reg, err := typed(answer.Object)
	if err != nil {
		if len(faults) == 0 {
			faults = append(faults, apiserver.Undecodable())
		}
		report.Findings = printable(merge(faults, nil))
		return report, nil
	}
	found, err := c.preflight(ctx, reg)
	report.Findings = printable(merge(faults, found))
	return report, err
}

// preflight is what the operator does before it files, and before it answers.
func (c *checker) preflight(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) ([]preflight.Finding, error) {
	d, err := c.loader.Load(ctx, reg)
	if err != nil {
		return nil, err
	}
	missing := d.Missing
	material := d.Material(reg)
	material.EmailInUse = c.emailInUse(reg)
	found := preflight.Check(material, c.now)
	if reg.Spec.PasswordFrom != nil {
		_, absent, err := c.loader.LoadPassword(ctx, reg)
		if err != nil {
			return nil, err
		}
		if absent != nil {
			missing = append(missing, *absent)
		}
	}
	asked := map[string]bool{}
	for _, supplement := range reg.Spec.SupplementaryDocuments {
		if asked[supplement.ChallengeID] {
			continue
		}
		asked[supplement.ChallengeID] = true
		documents, _, absent, err := c.loader.LoadSupplement(ctx, reg, supplement.ChallengeID)
		if err != nil {
			return nil, err
		}
		missing = append(missing, absent...)
		found = append(found, preflight.CheckDocuments(dossier.Scans(documents))...)
	}
	all := make([]preflight.Finding, 0, len(missing)+len(found))
	for _, m := range missing {
		all = append(all, c.notFound(reg.Namespace, m))
	}
	return append(all, found...), nil
}

// emailInUse tells whether a registration before has the same address. The same
// registration may be there twice, as that of two clusters.
func (c *checker) emailInUse(reg *v1alpha1.ChinaAccountRegistration) bool {
	name := cmp.Or(reg.Namespace, metav1.NamespaceDefault) + "/" + reg.Name
	email := strings.ToLower(string(reg.Spec.Dossier.Account.Email))
	first, known := c.emails[email]
	if email != "" && !known {
		c.emails[email] = name
	}
	return known && first != name
}

// typed decodes the object as the operator does.
func typed(object map[string]any) (*v1alpha1.ChinaAccountRegistration, error) {
	content, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	reg := &v1alpha1.ChinaAccountRegistration{}
	return reg, json.Unmarshal(content, reg)
}

// nameOf is namespace/name, as far as the object has them.
func nameOf(object map[string]any) string {
	metadata, _, _ := unstructured.NestedMap(object, "metadata")
	text := func(field string) string {
		value, _ := metadata[field].(string)
		return value
	}
	return cmp.Or(text("namespace"), metav1.NamespaceDefault) + "/" + cmp.Or(text("name"), text("generateName"))
}
