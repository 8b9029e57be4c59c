// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestRegistrationWithoutItsSecretsIsCleanWithWarnings(t *testing.T) {
	path := write(t, "registration.yaml", registrationText(t))
	r := plugin(t, "", "check", "-f", path)
	r.expectFirst(t, 0, "warning SecretNotFound at spec.dossier.securityAdministrator.identification.numberFrom\n  Secret \"acme-identity\" is not among the files: ")
	if !strings.HasSuffix(r.stdout, "\n\n0 errors, 5 warnings in 1 registration\n") {
		t.Errorf("printed %q", r.stdout)
	}
}

func TestErrorsAreToldAsACompilerTellsThem(t *testing.T) {
	text := registrationText(t, "region: cn-northwest-1", "region: ap-east-1")
	r := plugin(t, text, "check", "-f", "-")
	r.expectFirst(t, 1, "error SchemaInvalid at spec.region\n  must be one of \"cn-north-1\", \"cn-northwest-1\" [CRD schema]\n")
	if !strings.HasSuffix(r.stdout, "\n\nThe CRD's rules were not asked where an object does not fit its schema: mend that, and check again.\n1 error, 5 warnings in 1 registration\n") {
		t.Errorf("printed %q", r.stdout)
	}
}

func TestFindingsAsJSONHaveFiveKeys(t *testing.T) {
	text := registrationText(t, "region: cn-northwest-1", "region: ap-east-1")
	r := plugin(t, text, "check", "-f", "-", "-o", "json")
	r.expectFirst(t, 1, `{"findings":[{"code":"SchemaInvalid","severity":"Error","path":"spec.region","message":"must be one of \"cn-north-1\", \"cn-northwest-1\"","source":"CRD schema"},{"code":"SecretNotFound","severity":"Warning",`)
	for _, finding := range decoded(t, r.stdout)[0]["findings"].([]any) {
		if keys := finding.(map[string]any); len(keys) != 5 {
			t.Errorf("finding %v", keys)
		}
	}
}

func TestNoFindingsAreAnEmptyList(t *testing.T) {
	r := plugin(t, registrationText(t)+samplesOfSecrets(t), "check", "-f", "-", "-o", "json")
	r.expect(t, 0, `{"findings":[]}`+"\n")
	r = plugin(t, registrationText(t)+samplesOfSecrets(t), "check", "-f", "-")
	r.expect(t, 0, "0 errors, 0 warnings in 1 registration\n")
}

func TestSeveralRegistrationsAreToldApart(t *testing.T) {
	second := "---\n" + registrationText(t, "name: acme\n", "name: bohai\n", "namespace: default", "namespace: team-b", "region: cn-northwest-1", "region: ap-east-1")
	text := registrationText(t) + samplesOfSecrets(t) + second
	r := plugin(t, text, "check", "-f", "-")
	r.expectFirst(t, 1, "default/acme (standard input)\n\nteam-b/bohai (standard input)\nerror SchemaInvalid at spec.region\n")
	r = plugin(t, text, "check", "-f", "-", "-o", "json")
	r.expectFirst(t, 1, `{"findings":[{"registration":"team-b/bohai","code":"SchemaInvalid","severity":"Error","path":"spec.region",`)
	r.expect(t, 1, plugin(t, text, "check", "-f", "-", "-o", "json").stdout)
}

func TestUnreadableInputSaysWhatItIsAndPrintsNothing(t *testing.T) {
	good := write(t, "registration.yaml", registrationText(t))
	for name, test := range map[string]struct {
		args []string
		says string
	}{
		"no such file":       {[]string{"-f", "absent.yaml"}, "error: read absent.yaml: no such file or directory: compare the path"},
		"a second one":       {[]string{"-f", good, "-f", "absent.yaml"}, "read absent.yaml"},
		"no registration":    {[]string{"-f", "../../config/samples/secrets.yaml"}, "no ChinaAccountRegistration"},
		"no YAML":            {[]string{"-f", write(t, "a.yaml", "a: b: c")}, "a.yaml: line 1: mapping values are not allowed in this context"},
		"a value's file":     {[]string{"-f", good, "--from", "a/b=absent.txt"}, "read absent.txt"},
		"an unknown command": {[]string{"fiel"}, `there is no command "fiel": did you mean "file"?`},
		"an argument":        {[]string{good}, "it takes no arguments"},
		"no file":            {nil, "name the registrations to check with -f"},
		"a flag there isn't": {[]string{"--file", good}, "there is no flag --file"},
	} {
		t.Run(name, func(t *testing.T) {
			plugin(t, "", append([]string{"check"}, test.args...)...).expectUsage(t, test.says)
		})
	}
	plugin(t, "", "check").expectUsage(t, "Usage:", "check -f FILE...", "Examples:")
	plugin(t, "", "check", good).expectUsage(t, "Usage:")
	plugin(t, "", "chekc").expectUsage(t, `there is no command "chekc"`)
}

func TestFullDiskIsNoCleanCheck(t *testing.T) {
	for _, args := range [][]string{
		{"check", "-f", "-"}, {"check", "-f", "-", "-o", "json"}, {"check", "id", "--kind", "mobile", "-"}, {"check", "file", "-"},
	} {
		stderr := &strings.Builder{}
		code := run(t.Context(), args, strings.NewReader(registrationText(t)), fullDisk{}, stderr)
		if code != exitFailed || !strings.Contains(stderr.String(), "disk full") {
			t.Errorf("%v: exit code %d, standard error %q", args, code, stderr)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

var _ io.Writer = fullDisk{}

func TestEveryCommandHasHelpWithExamples(t *testing.T) {
	for _, args := range [][]string{{"check"}, {"check", "id"}, {"check", "file"}} {
		r := plugin(t, "", append(args, "--help")...)
		for _, text := range []string{"Usage:\n  kubectl china-account check", "Examples:\n  #", "Exit codes: 0"} {
			if r.code != 0 || !strings.Contains(r.stdout, text) {
				t.Errorf("the help of %v lacks %q", args, text)
			}
		}
	}
	if r := plugin(t, ""); r.code != 0 || !strings.Contains(r.stdout, "check ") {
		t.Errorf("without arguments: %+v", r)
	}
}
