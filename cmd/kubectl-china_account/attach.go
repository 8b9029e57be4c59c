// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/attach"
)

const (
	dryRunNone   = "none"
	dryRunClient = "client"
)

type attachOptions struct {
	*app
	certificates, identifications []string
	supplements                   []string
	numberOnStdin                 bool
	idType                        string
	prune                         bool
	dryRun                        string
	output                        output
}

func attachCommand(a *app) *cobra.Command {
	o := &attachOptions{app: a}
	command := &cobra.Command{
		Use:   "attach NAME",
		Short: "Put scans and the ID's number into Secrets, and name them in the registration",
		Long: `Check scans and the ID's number by the operator's rules, put them into labelled Secrets, a
large scan into several, and name these in the registration.

The Secrets come first and the registration last, in one change: whatever breaks in
between, nothing is half attached, and running the same command again completes it. New
content goes into new Secrets; those that are not named any more are told, and deleted
with --prune. The keys are named after the document, never after your files.

While a filing is under way the dossier is locked; what a reviewer asked for
(--supplementary) can be attached all the same.

--dry-run=client asks no cluster and prints the Secrets instead, for Git with SOPS, say.`,
		Example: `  # The certificate and both sides of an ID card, and its number from another program
  pass china/acme-id | kubectl china-account attach acme --business-certificate license.pdf \
    --identification front.jpg --identification back.jpg --id-number-stdin

  # What the reviewer asked for: the challenge's id is in 'status'
  kubectl china-account attach acme --supplementary documents-1=letter.pdf

  # The Secrets as manifests, to be encrypted
  kubectl china-account attach acme --business-certificate license.pdf --dry-run=client -o yaml`,
		Args:              oneRegistration,
		ValidArgsFunction: a.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			return o.run(command, args[0])
		},
	}
	flags := command.Flags()
	flags.StringArrayVar(&o.certificates, "business-certificate", nil, "Scan of the business certificate; repeatable, in the order of its pages.")
	flags.StringArrayVar(&o.identifications, "identification", nil, "Scan of the security administrator's ID; repeatable: the front, then the back.")
	flags.BoolVar(&o.numberOnStdin, "id-number-stdin", false, "Read the ID's number from standard input, or ask for it on a terminal.")
	flags.StringVar(&o.idType, "identification-type", "", "Type of the ID, to check its number where no cluster is asked.")
	flags.StringArrayVar(&o.supplements, "supplementary", nil, "What a reviewer asked for, as CHALLENGE=FILE; repeatable.")
	flags.BoolVar(&o.prune, "prune", false, "Delete the Secrets of this registration that were attached before and are not named any more.")
	flags.StringVar(&o.dryRun, "dry-run", dryRunNone, "none, or client: print the Secrets, and change nothing.")
	o.output.addTo(command, outputYAML, outputJSON)
	_ = command.RegisterFlagCompletionFunc("dry-run", choices(dryRunNone, dryRunClient))
	return command
}

func (o *attachOptions) run(command *cobra.Command, name string) error {
	supplements, err := o.parseSupplements()
	if err != nil {
		return err
	}
	if err := o.checkUsage(supplements); err != nil {
		return err
	}
	namespace, _, err := o.kube.ToRawKubeConfigLoader().Namespace()
	if err != nil {
		return fmt.Errorf("read the namespace: %w", err)
	}
	it := metav1.ObjectMeta{Namespace: namespace, Name: name}
	content, err := o.readAll(command, it, supplements)
	if err != nil {
		return err
	}
	if o.dryRun == dryRunClient {
		if err := o.checkNumber(content, v1alpha1.IdentificationType(o.idType)); err != nil {
			return err
		}
		return o.print(content)
	}
	return o.attach(command, name, content)
}

func (o *attachOptions) checkUsage(supplements []supplement) error {
	switch {
	case o.dryRun != dryRunNone && o.dryRun != dryRunClient:
		return usagef("--dry-run must be %s or %s", dryRunNone, dryRunClient)
	case o.output.form != "" && o.dryRun != dryRunClient:
		return usagef("-o is for --dry-run=client")
	case o.idType != "" && idKinds[v1alpha1.IdentificationType(o.idType)] == "":
		return usagef("--identification-type must be ResidentIdentityCard, Passport, MainlandTravelPermitHongKongMacao or MainlandTravelPermitTaiwan")
	case len(o.certificates)+len(o.identifications)+len(supplements) == 0 && !o.numberOnStdin:
		return &usageError{text: "name what to attach: --business-certificate, --identification, --id-number-stdin or --supplementary", full: true}
	default:
		return nil
	}
}

// supplement is what answers one request for more documents.
type supplement struct {
	challenge string
	paths     []string
}

func (o *attachOptions) parseSupplements() ([]supplement, error) {
	var all []supplement
	for _, text := range o.supplements {
		challenge, path, told := strings.Cut(text, "=")
		if !told || challenge == "" || path == "" {
			return nil, usagef("--supplementary must be CHALLENGE=FILE, with the challenge's id as 'status' states it")
		}
		i := slices.IndexFunc(all, func(s supplement) bool { return s.challenge == challenge })
		if i < 0 {
			all, i = append(all, supplement{challenge: challenge}), len(all)
		}
		all[i].paths = append(all[i].paths, path)
	}
	return all, nil
}

// attachment is one group of content, and where the registration names it.
type attachment struct {
	attach.Group
	// current are the files that the registration names there now.
	current func(*v1alpha1.ChinaAccountRegistrationSpec) []v1alpha1.File
	// name names others.
	name func(*v1alpha1.ChinaAccountRegistrationSpec, []v1alpha1.File)
	// path of what is named, as it is told.
	path string
	// locked: it is part of the dossier.
	locked bool
}

const roleNumber = "id-number"

// print writes the Secrets as manifests, and says how to name them.
func (o *attachOptions) print(content []attachment) error {
	reg := &v1alpha1.ChinaAccountRegistration{}
	var objects []any
	for _, a := range content {
		packed := a.Pack(1)
		for i := range packed.Secrets {
			objects = append(objects, packed.Secrets[i])
		}
		a.name(&reg.Spec, packed.Files)
	}
	if o.output.form == outputJSON {
		printed, err := o.output.marshal(struct {
			APIVersion string `json:"apiVersion"`
			Kind       string `json:"kind"`
			Items      []any  `json:"items"`
		}{"v1", "List", objects})
		if err != nil {
			return err
		}
		_, err = o.out.Write(printed)
		return err
	}
	yamls := output{form: outputYAML}
	for i, object := range objects {
		printed, err := yamls.marshal(object)
		if err != nil {
			return err
		}
		if i > 0 {
			fmt.Fprintln(o.out, "---")
		}
		fmt.Fprint(o.out, string(printed))
	}
	return o.printReferences(content, reg)
}

// printReferences says, as a comment, what the registration has to name.
func (o *attachOptions) printReferences(content []attachment, reg *v1alpha1.ChinaAccountRegistration) error {
	fmt.Fprintln(o.out, "# In the registration:")
	yamls := output{form: outputYAML}
	for _, a := range content {
		var named any = a.current(&reg.Spec)
		if a.Role == roleNumber {
			named = reg.Spec.Dossier.SecurityAdministrator.Identification.NumberFrom
		}
		printed, err := yamls.marshal(named)
		if err != nil {
			return err
		}
		fmt.Fprintf(o.out, "# %s:\n", a.path)
		for line := range strings.Lines(string(printed)) {
			fmt.Fprint(o.out, "#   "+line)
		}
	}
	return nil
}
