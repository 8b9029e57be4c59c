// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/validation"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/internal/form"
	"github.com/chinaaccount/china-account-operator/internal/offline"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

//go:embed init_registration.yaml.tmpl
var registrationTemplate string

//go:embed init_secrets.yaml.tmpl
var secretsTemplate string

// question is one field that init fills in, from its flag or on a terminal.
type question struct {
	flag, path string
	// example is shown where it is not filled in.
	example string
	// given where nothing is said.
	given string
	// optional: left out where nothing is said.
	optional bool
	kind     preflight.ValueKind
	choices  []string
}

// questions are in the order of the form.
var questions = []question{
	{flag: "region", path: "spec.region", given: "cn-northwest-1", choices: []string{"cn-north-1", "cn-northwest-1"}},
	{flag: "email", path: "spec.dossier.account.email", example: "cloud@acme.example.cn"},
	{flag: "username", path: "spec.dossier.account.username", example: "acmechina"},
	{flag: "company", path: "spec.dossier.company.legalName", example: "爱客科技（上海）有限公司"},
	{flag: "credit-code", path: "spec.dossier.company.unifiedSocialCreditCode", example: "91310000MA1K35Y38P", kind: preflight.ValueCreditCode},
	{flag: "province", path: "spec.dossier.company.address.province", example: "上海市"},
	{flag: "city", path: "spec.dossier.company.address.city", example: "上海市"},
	{flag: "district", path: "spec.dossier.company.address.district", example: "浦东新区", optional: true},
	{flag: "street", path: "spec.dossier.company.address.street", example: "世纪大道100号"},
	{flag: "postal-code", path: "spec.dossier.company.address.postalCode", example: "200120", kind: preflight.ValuePostalCode},
	{flag: "certificate-type", path: "spec.dossier.documents.businessCertificate.type", given: "BusinessLicense", choices: []string{
		"BusinessLicense", "InstitutionLegalPersonCertificate", "UnifiedSocialCreditCodeCertificate", "PrivateNonEnterpriseUnitCertificate",
		"LawFirmPracticeLicense", "RepresentativeOfficeCertificate", "Others",
	}},
	{flag: "certificate-expiry", path: "spec.dossier.documents.businessCertificate.expiryDate", example: "2045-06-30", optional: true},
	{flag: "contact-name", path: "spec.dossier.contact.name", example: "王小明"},
	{flag: "contact-email", path: "spec.dossier.contact.email", example: "cloud@acme.example.cn"},
	{flag: "contact-mobile", path: "spec.dossier.contact.mobile", example: "+8613800138000", kind: preflight.ValueMobile},
	{flag: "administrator-name", path: "spec.dossier.securityAdministrator.name", example: "李安"},
	{flag: "administrator-email", path: "spec.dossier.securityAdministrator.email", example: "security@acme.example.cn"},
	{flag: "administrator-mobile", path: "spec.dossier.securityAdministrator.mobile", example: "+8613900139000", kind: preflight.ValueMobile},
	{flag: "administrator-landline", path: "spec.dossier.securityAdministrator.landline", example: "+862112345678", optional: true},
	{flag: "identification-type", path: "spec.dossier.securityAdministrator.identification.type", given: "ResidentIdentityCard", choices: []string{
		"ResidentIdentityCard", "Passport", "MainlandTravelPermitHongKongMacao", "MainlandTravelPermitTaiwan",
	}},
}

type initOptions struct {
	*app
	values   map[string]*string
	agrees   bool
	attested bool
	plan     string
	dir      string
}

func initCommand(a *app) *cobra.Command {
	o := &initOptions{app: a, values: map[string]*string{}}
	command := &cobra.Command{
		Use:   "init NAME",
		Short: "Write a commented manifest, and its Secrets' skeletons apart",
		Long: `Write NAME.yaml, a registration with a comment to each field, and NAME-secrets.yaml, the
skeletons of its Secrets: apart, so that the one can go to Git as it is and the other
through SOPS or External Secrets, or be left to 'kubectl china-account attach'.

On a terminal it asks for what no flag says; elsewhere that is left to be filled in. It
asks no cluster and writes over nothing. No ID number is asked for: it belongs into a
Secret alone.`,
		Example: `  # Asks for each field
  kubectl china-account init acme

  # From a script; what is missing is filled in by hand
  kubectl china-account init acme -n team-a --email cloud@acme.example.cn --company 爱客科技（上海）有限公司 --dir manifests`,
		Args: oneRegistration,
		RunE: func(command *cobra.Command, args []string) error {
			return o.run(command, args[0])
		},
	}
	flags := command.Flags()
	for _, q := range questions {
		name, _ := form.NameOf(q.path)
		usage := name.English + " (" + name.Chinese + ")."
		if q.example != "" {
			usage = strings.TrimSuffix(usage, ".") + ", e.g. " + q.example + "."
		}
		o.values[q.flag] = flags.String(q.flag, "", usage)
		if q.choices != nil {
			_ = command.RegisterFlagCompletionFunc(q.flag, choices(q.choices...))
		}
	}
	flags.StringVar(&o.plan, "support-plan", "", "Support plan: Basic, Developer, Business or Enterprise; may be chosen later.")
	flags.BoolVar(&o.attested, "chinese-proficiency-attested", false, "The administrator can talk with the regulator in Chinese (FAQ Q6).")
	flags.BoolVar(&o.agrees, "accept-customer-agreement", false, "You have read and accept the registrar's customer agreement.")
	flags.StringVar(&o.dir, "dir", ".", "Folder to write into.")
	return command
}

func (o *initOptions) run(command *cobra.Command, name string) error {
	if problems := validation.NameIsDNSSubdomain(name, false); len(problems) > 0 {
		return usagef("no registration can have the name that was given: lower-case letters, digits, '-' and '.'")
	}
	for _, q := range questions {
		if problem := o.problem(q, *o.values[q.flag]); problem != "" {
			return usagef("--%s: %s", q.flag, problem)
		}
	}
	paths := []string{filepath.Join(o.dir, name+".yaml"), filepath.Join(o.dir, name+"-secrets.yaml")}
	for _, path := range paths {
		if _, err := os.Lstat(path); err == nil {
			return fmt.Errorf("write %s: it is there already, and is not written over: move it away, or name another folder with --dir", path)
		}
	}
	if o.asksOnTerminal() {
		if err := o.ask(); err != nil {
			return err
		}
	}
	for i, text := range []string{registrationTemplate, secretsTemplate} {
		content, err := o.fill(name, text)
		if err != nil {
			return err
		}
		if err := writeNew(paths[i], content); err != nil {
			return err
		}
		command.Printf("%s written\n", paths[i])
	}
	command.Printf(`Next: fill in what is empty, and check it:
  kubectl china-account check -f %[1]s
Then apply it, and attach the scans and the ID's number:
  kubectl apply -f %[1]s
  kubectl china-account attach %[2]s --business-certificate FILE --identification FRONT --identification BACK --id-number-stdin
`, paths[0], name)
	return nil
}

// problem says what is wrong with a value, where that can be said without the others.
func (o *initOptions) problem(q question, value string) string {
	switch {
	case value == "":
		return ""
	case q.choices != nil && !slices.Contains(q.choices, value):
		return "must be one of " + strings.Join(q.choices, ", ")
	case q.kind == "":
		return ""
	}
	verdict := offline.ValueJudge{Kind: q.kind, Now: o.now()}.Judge(value)
	if verdict.Valid {
		return ""
	}
	return words(verdict.Findings)
}

// ask asks for each field that no flag says, until the answer can be one.
func (o *initOptions) ask() error {
	in := bufio.NewReader(o.in)
	fmt.Fprintln(o.err, "An empty answer leaves a field to be filled in later.")
	for _, q := range questions {
		value := o.values[q.flag]
		if *value != "" {
			continue
		}
		name, _ := form.NameOf(q.path)
		for {
			hint := q.example
			if q.choices != nil {
				hint = strings.Join(q.choices, ", ") + "; default " + q.given
			}
			fmt.Fprintf(o.err, "%s (%s) [%s]: ", name.English, name.Chinese, hint)
			answer, err := in.ReadString('\n')
			if err != nil {
				return errors.New("init: the answers ended, and nothing was written")
			}
			*value = strings.TrimSpace(answer)
			problem := o.problem(q, *value)
			if problem == "" {
				break
			}
			fmt.Fprintln(o.err, "  "+problem)
		}
	}
	return nil
}

// fill fills a template in.
func (o *initOptions) fill(name, text string) ([]byte, error) {
	namespace, _, err := o.kube.ToRawKubeConfigLoader().Namespace()
	if err != nil {
		return nil, fmt.Errorf("read the namespace: %w", err)
	}
	byFlag := map[string]question{}
	for _, q := range questions {
		byFlag[q.flag] = q
	}
	functions := template.FuncMap{
		// value is a field's; what is missing shows an example.
		"value": func(flag string) string { return o.value(byFlag[flag]) },
		"has":   func(flag string) bool { return *o.values[flag] != "" },
		"name":  func(flag string) string { words, _ := form.NameOf(byFlag[flag].path); return words.Chinese },
		"quote": quote,
	}
	parsed, err := template.New("").Funcs(functions).Parse(text)
	if err != nil {
		return nil, err
	}
	var filled bytes.Buffer
	err = parsed.Execute(&filled, map[string]any{
		"Name": name, "Namespace": namespace, "Agrees": o.agrees, "Attested": o.attested, "Plan": o.plan,
		"Card": *o.values["identification-type"] != "Passport",
	})
	return filled.Bytes(), err
}

func (o *initOptions) value(q question) string {
	value := *o.values[q.flag]
	if value == "" {
		value = q.given
	}
	if value == "" {
		return `"" # TO FILL IN, e.g. ` + q.example
	}
	return quote(value)
}

// quote writes a value as YAML takes it.
func quote(value string) string {
	content, err := yaml.Marshal(value)
	if err != nil {
		return `""`
	}
	return strings.TrimSpace(string(content))
}

// writeNew writes a file that must not be there.
func writeNew(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644) //nolint:gosec // a manifest is for Git
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write %s: there is no folder %s: make it first", path, filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, cause(err))
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Close())
}
