// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/internal/offline"
)

// hidden is in every value of these tests. No output may hold it, in any form.
const hidden = "13976543219"

// hiding are values of every JSON type, and of forms that some validator repeats.
var hiding = map[string]any{
	"a text": hidden + "x", "a number as text": "+86" + hidden, "a number": 13976543219, "a long text": strings.Repeat(hidden, 500), "an address": "a@" + hidden + ".example",
	"a list": []any{hidden}, "a list of lists": []any{[]any{hidden}}, "an object": map[string]any{"name": hidden}, "a field": map[string]any{hidden: true}, "a field with a letter": map[string]any{"+86" + hidden: hidden},
	"a fraction": 13976543219.5, "a name": "name-" + hidden, "two lines": hidden + "\n" + hidden, "something to format": "%s" + hidden,
}

func TestNoFindingHoldsTheValueThatItIsAbout(t *testing.T) {
	for _, path := range leaves(object(t), nil) {
		t.Run(strings.Join(path, "."), func(t *testing.T) {
			refused := 0
			for name, value := range hiding {
				o := object(t)
				put(o, path, value)
				refused += seeNothingIn(t, name, check(t, text(t, o)))
				put(o, slices.Concat(path[:len(path)-1], []string{"+86" + hidden}), value)
				seeNothingIn(t, name+" as another field too", check(t, text(t, o)))
			}
			if refused == 0 {
				t.Error("whatever stands here, nothing is wrong with it")
			}
		})
	}
}

func TestNoFindingHoldsWhatIsInASecret(t *testing.T) {
	bad := secret(t, "acme-identity", map[string]string{"number": hidden, "front.jpg": hidden, "back.jpg": hidden}) +
		secret(t, "acme-license-1", map[string]string{"license.pdf.part1": hidden}) +
		secret(t, "acme-license-2", map[string]string{"license.pdf.part2": hidden})
	for _, kind := range []string{"ResidentIdentityCard", "Passport", "MainlandTravelPermitHongKongMacao", "MainlandTravelPermitTaiwan"} {
		seeNothingIn(t, kind, check(t, registration(t, "ResidentIdentityCard", kind)+bad))
	}
	seeNothingIn(t, "not in base64", check(t, registration(t)+edited(t, bad, "  number: ", "  number: "+hidden+"! #")))
	seeNothingIn(t, "of another type", check(t, registration(t)+edited(t, bad, "  number: ", "  number: "+hidden+" #")))
}

func TestNoErrorHoldsWhatIsInAFile(t *testing.T) {
	for name, content := range map[string]string{
		"a line without a colon":    "kind: Secret\n" + hidden + "\n",
		"a quote that does not end": "kind: \"" + hidden + "\n",
		"an alias of nothing":       "kind: *a" + hidden + "\n",
		"a tag of nothing":          "kind: !" + hidden + "! x\n",
		"a tab":                     "kind:\n\t" + hidden + ": x\n",
		"a list as a key":           "[" + hidden + "]: x\n",
		"two documents in one":      "--- " + hidden + "\n",
		"half of a JSON object":     `{"kind": "Secret", "data": {"number": "` + hidden,
		"nothing to check":          "kind: Secret\nmetadata: {name: x}\ndata: {number: " + hidden + "}\n",
		"an escape":                 `kind: "\q` + hidden + `"`,
	} {
		_, err := offline.Read(offline.Sources{Paths: []string{offline.Stdin}, Stdin: strings.NewReader(content)})
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error(), hidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := offline.Read(offline.Sources{Paths: []string{offline.Stdin}, Stdin: strings.NewReader(registration(t)), Values: []string{"acme-identity/number:" + hidden}})
	if err == nil || strings.Contains(err.Error(), hidden) {
		t.Errorf("a value on the command line: %v", err)
	}
}

// seeNothingIn returns how many findings there are.
func seeNothingIn(t *testing.T, name string, reports []offline.Report) int {
	t.Helper()
	shown := fmt.Sprintf("%+v", reports)
	content, err := json.Marshal(reports)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{hidden, "1.3976543"} {
		if strings.Contains(shown+string(content), form) {
			t.Errorf("%s: %s", name, shown)
		}
	}
	return strings.Count(shown, "Error")
}

func object(t *testing.T) map[string]any {
	t.Helper()
	content, err := os.ReadFile("../../api/v1alpha1/testdata/registration.yaml")
	if err != nil {
		t.Fatal(err)
	}
	o := map[string]any{}
	if err := yaml.Unmarshal(content, &o); err != nil {
		t.Fatal(err)
	}
	o["metadata"] = map[string]any{"name": "acme", "labels": map[string]any{"a": "b"}, "annotations": map[string]any{"a": "b"}}
	return o
}

func text(t *testing.T, o map[string]any) string {
	t.Helper()
	content, err := yaml.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// leaves are the paths of all values but those that say what the object is, or how a
// Secret is called: that is told on purpose.
func leaves(value any, path []string) [][]string {
	var found [][]string
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			found = append(found, leaves(value[name], append(slices.Clone(path), name))...)
		}
	case []any:
		for i := range value {
			found = append(found, leaves(value[i], append(slices.Clone(path), fmt.Sprint(i)))...)
		}
	default:
		if path[0] == "spec" && !slices.Contains(path, "secretKeyRef") {
			found = append(found, path)
		}
	}
	return found
}

func put(node any, path []string, value any) {
	for ; len(path) > 1; path = path[1:] {
		node = at(node, path[0])
	}
	if holder, ok := node.(map[string]any); ok {
		holder[path[0]] = value
	}
}

func at(node any, name string) any {
	if list, ok := node.([]any); ok {
		var i int
		_, _ = fmt.Sscan(name, &i)
		return list[i]
	}
	return node.(map[string]any)[name]
}
