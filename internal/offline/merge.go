// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/offline/apiserver"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

// kubectlFaults are for what kubectl apply refuses, or silently drops, before the API
// server sees the object.
func kubectlFaults(registration Registration) []apiserver.Fault {
	var faults []apiserver.Fault
	name, _, _ := unstructured.NestedString(registration.Object, "metadata", "name")
	generated, _, _ := unstructured.NestedString(registration.Object, "metadata", "generateName")
	if name == "" && generated != "" {
		faults = append(faults, apiserver.Refused("metadata.generateName", "kubectl apply takes no object without a name: set metadata.name", sourceKubectl))
	}
	for _, repeated := range registration.repeated {
		faults = append(faults, apiserver.Refused(repeated.path, fmt.Sprintf("a field is there twice, again in line %d: keep one of them", repeated.line), apiserver.SourceSchema))
	}
	return faults
}

const sourceKubectl = "kubectl"

func otherVersion() preflight.Finding {
	return apiserver.Refused("apiVersion", "must be "+v1alpha1.GroupVersion.String()+": there is no other version", apiserver.SourceSchema).Finding
}

// merge puts together what the API server and what preflight say, so that one mistake
// is told once. No error is dropped but for another one.
func merge(faults []apiserver.Fault, found []preflight.Finding) []preflight.Finding {
	var kept []preflight.Finding
	better := map[string]bool{}
	for _, f := range found {
		if followsFrom(f, faults) {
			continue
		}
		kept = append(kept, f)
		if f.Severity == v1alpha1.SeverityError {
			better[f.Path] = true
		}
	}
	slices.SortStableFunc(faults, func(a, b apiserver.Fault) int { return cmp.Compare(a.Path, b.Path) })
	var all []preflight.Finding
	for _, fault := range faults {
		switch last := len(all) - 1; {
		case better[fault.Path]:
		case last < 0 || !isOneMistake(all[last], fault.Finding):
			all = append(all, fault.Finding)
		case fault.Source == apiserver.SourceRule:
			all[last] = fault.Finding
		}
	}
	return append(all, kept...)
}

// isOneMistake tells whether two faults are of one field, and one of them but a bound of
// the schema: a text that is empty breaks its field's rule too.
func isOneMistake(a, b preflight.Finding) bool {
	return a.Path == b.Path && (a.Source == apiserver.SourceSchema || b.Source == apiserver.SourceSchema)
}

// saysMissing are the findings that say of a field that is not there how it comes there.
var saysMissing = map[string]bool{
	preflight.CodeDocumentMissing:             true,
	preflight.CodeIdentificationNumberMissing: true,
}

// followsFrom tells whether a finding is but the consequence of a fault: what is not
// there is not malformed too, and what a broken reference leads to is not looked at.
func followsFrom(f preflight.Finding, faults []apiserver.Fault) bool {
	for _, fault := range faults {
		switch {
		case !fault.Unknown && isBelow(fault.Path, f.Path):
			return true
		case fault.Absent && isBelow(f.Path, fault.Path):
			return true
		case fault.Absent && f.Path == fault.Path && !saysMissing[f.Code]:
			return true
		}
	}
	return false
}

func isBelow(path, above string) bool {
	rest, ok := strings.CutPrefix(path, above)
	return ok && rest != "" && (rest[0] == '.' || rest[0] == '[')
}
