// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/internal/offline"
)

func TestFoldersAreReadAsKubectlReadsThem(t *testing.T) {
	root := t.TempDir()
	for name, content := range map[string]string{
		"registration.yaml": registration(t), "more.yml": registration(t, "name: acme\n", "name: more\n"),
		"json.json":        toJSON(t, registration(t, "name: acme\n", "name: json\n")),
		"notes.txt":        "kind: [no YAML",
		"deeper/deep.yaml": registration(t, "name: acme\n", "name: deep\n"),
		"empty.yaml":       "# nothing\n---\n---\n",
		"other.yaml":       "apiVersion: v1\nkind: ConfigMap\n---\n- a list\n---\na text\n",
		"values.yaml":      "a: {{b: c}: d}\n",
	} {
		path := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := offline.Read(offline.Sources{Paths: []string{root}}); err == nil || !strings.Contains(err.Error(), "values.yaml: line 1: ") {
		t.Errorf("a file that is no YAML: %v", err)
	}
	if err := os.Remove(filepath.Join(root, "values.yaml")); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		paths     []string
		recursive bool
		want      string
	}{
		"a folder":                 {[]string{root}, false, "[json more acme]"},
		"a folder and those in it": {[]string{root}, true, "[deep json more acme]"},
		"a file":                   {[]string{filepath.Join(root, "more.yml")}, false, "[more]"},
		"a pattern":                {[]string{filepath.Join(root, "*.y*ml")}, false, "[more acme]"},
		"a file twice":             {[]string{root + "/more.yml", root + "/../" + filepath.Base(root) + "/more.yml", root}, false, "[more json acme]"},
	} {
		t.Run(name, func(t *testing.T) {
			input, err := offline.Read(offline.Sources{Paths: test.paths, Recursive: test.recursive})
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(names(input)); got != test.want {
				t.Errorf("registrations %s, want %s", got, test.want)
			}
		})
	}
}

func TestOneTextHoldsManyObjects(t *testing.T) {
	one := registration(t)
	asJSON := toJSON(t, one)
	for name, test := range map[string]struct {
		text string
		want int
	}{
		"YAML":                      {one + "---\n" + one, 2},
		"with Windows line ends":    {strings.ReplaceAll(one+"---\n"+one, "\n", "\r\n"), 2},
		"with comments":             {"# a\n--- # b\n" + one + "--- # c\n" + one, 2},
		"JSON":                      {asJSON + asJSON, 2},
		"JSON, as YAML":             {asJSON + "\n---\n" + asJSON, 2},
		"a list":                    {`{"kind":"List","apiVersion":"v1","items":[` + asJSON + "," + asJSON + "]}", 2},
		"a list in a list":          {`{"kind":"List","apiVersion":"v1","items":[{"kind":"List","items":[` + asJSON + "]}]}", 1},
		"a list of items":           {`{"kind":"ChinaAccountRegistrationList","apiVersion":"registration.chinaaccount.dev/v1alpha1","items":[{"metadata":{"name":"a"}},7]}`, 1},
		"the same kind of a group":  {one + "---\napiVersion: example.com/v1\nkind: ChinaAccountRegistration\n", 1},
		"another kind of the group": {one + "---\napiVersion: registration.chinaaccount.dev/v1alpha1\nkind: Registrar\n", 1},
	} {
		t.Run(name, func(t *testing.T) {
			input, err := offline.Read(offline.Sources{Paths: []string{offline.Stdin}, Stdin: strings.NewReader(test.text)})
			if err != nil {
				t.Fatal(err)
			}
			if len(input.Registrations) != test.want {
				t.Errorf("%d registrations, want %d", len(input.Registrations), test.want)
			}
		})
	}
}

func TestWhatCannotBeReadSaysWhatAndWhyAndTheCure(t *testing.T) {
	good := write(t, "registration.yaml", registration(t))
	for name, test := range map[string]struct {
		sources offline.Sources
		want    []string
	}{
		"no such file":     {offline.Sources{Paths: []string{"absent.yaml"}}, []string{"read absent.yaml: no such file or directory: compare the path"}},
		"no path":          {offline.Sources{Paths: []string{""}}, []string{"the path is empty"}},
		"two of them":      {offline.Sources{Paths: []string{"absent.yaml", "missing.yaml"}}, []string{"absent.yaml", "missing.yaml"}},
		"no registration":  {offline.Sources{Paths: []string{write(t, "a.yaml", "kind: Secret\n")}}, []string{"no ChinaAccountRegistration", "-f"}},
		"no YAML":          {offline.Sources{Paths: []string{write(t, "b.yaml", "a: b\n---\n\n\nc: d: e\n")}}, []string{"b.yaml: line 5: mapping values are not allowed in this context: mend it, or leave the file out"}},
		"an address":       {offline.Sources{Paths: []string{"https://example.com/a.yaml"}}, []string{"nothing is read from the network", "download it"}},
		"no stdin":         {offline.Sources{Paths: []string{offline.Stdin}, Stdin: broken{}}, []string{"read standard input: broken"}},
		"no value's file":  {offline.Sources{Paths: []string{good}, Values: []string{"a/b=absent.txt"}}, []string{"read absent.txt: no such file or directory"}},
		"no value":         {offline.Sources{Paths: []string{good}, Values: []string{"a=absent.txt"}}, []string{"read --from: it is name/key=path"}},
		"a value's folder": {offline.Sources{Paths: []string{good}, Values: []string{"a/b=."}}, []string{"read .: is a directory"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := offline.Read(test.sources)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q lacks %q", err, want)
				}
			}
		})
	}
}

func TestFieldThatIsThereTwiceIsToldWithItsLine(t *testing.T) {
	twice := []string{"username: acmechina", "username: acmechina\n      username: other"}
	line := 1 + strings.Count(strings.SplitAfter(registration(t, twice...), "acmechina\n")[0], "\n")
	for name, test := range map[string]struct {
		text string
		line int
	}{
		"in a document":       {registration(t, twice...), line},
		"in a later document": {"a: b\n---\n" + registration(t, twice...), line + 2},
		"in JSON":             {edited(t, toJSON(t, registration(t)), `"username":`, "\n"+`"username":"x","username":`), 2},
		"in a list":           {`{"kind":"List","items":[{"a":1,"a":2},` + edited(t, toJSON(t, registration(t)), `"username":`, "\n"+`"username":"x","username":`) + "]}", 2},
	} {
		t.Run(name, func(t *testing.T) {
			found := findings(t, test.text+"\n"+"---\n"+secrets(t))
			if len(found) != 1 || found[0].Path != "spec.dossier.account.username" || !strings.Contains(found[0].Message, fmt.Sprintf("again in line %d:", test.line)) {
				t.Errorf("findings %+v, want line %d", found, test.line)
			}
		})
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("broken") }

var _ io.Reader = broken{}

func toJSON(t *testing.T, text string) string {
	t.Helper()
	content, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func names(input *offline.Input) []string {
	var all []string
	for _, registration := range input.Registrations {
		metadata, _ := registration.Object["metadata"].(map[string]any)
		name, _ := metadata["name"].(string)
		all = append(all, name)
	}
	return slices.Clip(all)
}
