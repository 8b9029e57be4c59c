// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/dossier/page"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
)

type dossierOptions struct {
	*app
	to            string
	supplementary string
	timeout       time.Duration
}

func dossierCommand(a *app) *cobra.Command {
	o := &dossierOptions{app: a}
	command := &cobra.Command{
		Use:   "dossier NAME",
		Short: "Claim a filing, and write the page and files to file it with",
		Long: `Claim the filing, so that the dossier cannot change and no other agent files it, and
write a page in the order of the registrar's sign-up form, in English and Chinese, with a
button to copy each value, and the scans beside it, named as the form wants them. The page
loads nothing from elsewhere, and no password is on it.

The page is made from exactly what the operator checked: where a Secret has changed since,
nothing is written. Run it again to write the page of a claim of your own once more.

When a reviewer has asked for more documents and the applicant has given them,
--supplementary writes those, into a folder of their own.

Page and files hold personal information: they can be read by you alone (0600); delete
them when the registrar has decided.

Exit codes: 0 written, 1 the claim was refused, 2 wrong usage, or it could not be written,
3 the operator did not answer in time.`,
		Example: `  # A folder acme-1
  kubectl china-account dossier acme

  # One file to carry to another machine
  kubectl china-account dossier acme -o acme.zip

  # What the applicant gave when the reviewer asked for more
  kubectl china-account dossier acme --supplementary documents-1`,
		Args:              oneRegistration,
		ValidArgsFunction: a.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			if o.supplementary != "" {
				return o.supplement(command, args[0])
			}
			return o.run(command, args[0])
		},
	}
	command.Flags().StringVarP(&o.to, "output", "o", "dir", "Where to: dir or zip, for NAME-ATTEMPT in this folder, or a path, of a zip if it ends so.")
	command.Flags().StringVar(&o.supplementary, "supplementary", "", "Write the documents that answer this challenge of a reviewer's instead, e.g. documents-1.")
	command.Flags().DurationVar(&o.timeout, "timeout", answerPatience, "How long to wait for the operator's word on the claim.")
	return command
}

func (o *dossierOptions) run(command *cobra.Command, name string) error {
	ctx := command.Context()
	s, reg, err := o.open(ctx, name)
	if err != nil {
		return err
	}
	// What may not be read is better known before anybody is kept from filing.
	if _, err := s.loadDossier(ctx, reg); err != nil {
		return err
	}
	to, err := o.destination(reg)
	if err != nil {
		return err
	}
	claim, err := o.claim(command, s, reg)
	if err != nil {
		return err
	}
	if reg, err = s.registration(ctx, name); err != nil {
		return err
	}
	d, err := s.claimedDossier(ctx, reg, claim)
	if err != nil {
		return err
	}
	if err := writePage(to, reg, claim, d); err != nil {
		return err
	}
	command.Printf("%s claimed as filingreport/%s: open %s\n", title(reg), claim.Name, pageIn(to))
	command.Printf("Then: kubectl china-account report %s submitted; or, if you do not file it: kubectl china-account release %s\n", name, name)
	return nil
}

// destination is where the page goes, and is there for nothing yet.
func (o *dossierOptions) destination(reg *v1alpha1.ChinaAccountRegistration) (string, error) {
	to := o.to
	attempt, _, due := lifecycle.ClaimDue(&reg.Status)
	if filing := reg.Status.Filing; !due && filing != nil {
		attempt = filing.Attempt
	}
	switch to {
	case "":
		return "", usagef("--output must be dir, zip or a path")
	case "dir":
		to = fmt.Sprintf("%s-%d", reg.Name, attempt)
	case "zip":
		to = fmt.Sprintf("%s-%d.zip", reg.Name, attempt)
	}
	if _, err := os.Lstat(to); err == nil {
		return "", fmt.Errorf("write %s: it is there already, and is not written over: move it away, or name another path with -o", to)
	}
	if _, err := os.Stat(filepath.Dir(to)); err != nil {
		return "", fmt.Errorf("write %s: there is no folder %s to write into", to, filepath.Dir(to))
	}
	return to, nil
}

// claim returns the accepted claim of the filing that is due: the user's own that
// stands, or a new one.
func (o *dossierOptions) claim(command *cobra.Command, s *session, reg *v1alpha1.ChinaAccountRegistration) (*v1alpha1.FilingReport, error) {
	ctx := command.Context()
	if name, stands := claimOf(reg); stands {
		return s.ownClaim(ctx, reg, name)
	}
	attempt, key, due := lifecycle.ClaimDue(&reg.Status)
	if !due {
		return nil, notToClaim(reg)
	}
	return s.file(ctx, v1alpha1.FilingReportSpec{
		RegistrationRef: v1alpha1.RegistrationReference{Name: reg.Name}, FilingKey: key, Attempt: attempt, Type: v1alpha1.ReportClaimed,
	}, o.timeout)
}

// ownClaim returns the standing claim if it is the user's own.
func (s *session) ownClaim(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, name string) (*v1alpha1.FilingReport, error) {
	claim := &v1alpha1.FilingReport{}
	if err := s.Get(ctx, client.ObjectKey{Namespace: reg.Namespace, Name: name}, claim); err != nil {
		return nil, fmt.Errorf("read the claim %s of %s: %w", name, title(reg), err)
	}
	me, err := s.whoami(ctx)
	if err != nil {
		return nil, err
	}
	if claim.Spec.ReportedBy != me {
		return nil, &claimedError{reg: title(reg), name: reg.Name, claim: name, by: claim.Spec.ReportedBy}
	}
	return claim, nil
}

// claimedError: somebody else has it.
type claimedError struct{ reg, name, claim, by string }

func (e *claimedError) Error() string {
	return fmt.Sprintf("claim %s: %s claimed it (filingreport/%s): settle it with them; any agent may give the claim back with 'kubectl china-account release %s'", e.reg, harmless(e.by), e.claim, e.name)
}

func (*claimedError) Is(target error) bool { return target == errFound }

// notToClaim says why there is nothing to claim.
func notToClaim(reg *v1alpha1.ChinaAccountRegistration) error {
	if filing := reg.Status.Filing; filing != nil && filing.FiledTime != nil && reg.Status.DossierLock == v1alpha1.DossierLocked {
		return fmt.Errorf("claim %s: attempt %d is filed: report what came back with 'kubectl china-account report %s'", title(reg), filing.Attempt, reg.Name)
	}
	return fmt.Errorf("claim %s: it does not await an agent: see 'kubectl china-account status %s' for what is due first, or whether it is filed through a gateway", title(reg), reg.Name)
}

// loadDossier reads what the registration names, with the user's own rights.
func (s *session) loadDossier(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) (*dossier.Dossier, error) {
	d, err := dossier.NewLoader(s).Load(ctx, reg)
	switch {
	case apierrors.IsForbidden(err):
		return nil, fmt.Errorf("read the dossier of %s: you may not read its Secrets: have an administrator apply what 'kubectl china-account agent-role %s --user YOU' prints", title(reg), reg.Name)
	case err != nil:
		return nil, fmt.Errorf("read the dossier of %s: %w", title(reg), err)
	case len(d.Missing) > 0:
		missing := make([]string, 0, len(d.Missing))
		for _, m := range d.Missing {
			missing = append(missing, fmt.Sprintf("key %s of Secret %s", m.Key, m.Name))
		}
		slices.Sort(missing)
		return nil, fmt.Errorf("read the dossier of %s: not there, or without its label: %s", title(reg), strings.Join(slices.Compact(missing), ", "))
	}
	return d, nil
}

// claimedDossier reads the dossier again, and takes no other than the one that the
// accepted claim locks.
func (s *session) claimedDossier(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, claim *v1alpha1.FilingReport) (*dossier.Dossier, error) {
	if name, stands := claimOf(reg); !stands || name != claim.Name {
		return nil, fmt.Errorf("write the dossier of %s: the claim %s does not stand any more: run it again", title(reg), claim.Name)
	}
	d, err := s.loadDossier(ctx, reg)
	if err != nil {
		return nil, err
	}
	if changed := changedSecrets(claim.Status.SecretVersions, d.Versions); len(changed) > 0 {
		return nil, fmt.Errorf("write the dossier of %s: the Secrets %s have changed since the operator checked them: give the claim back with 'kubectl china-account release %s', and claim again",
			title(reg), strings.Join(changed, ", "), reg.Name)
	}
	return d, nil
}

func changedSecrets(checked, read []v1alpha1.SecretVersion) []string {
	var changed []string
	for _, version := range read {
		if !slices.Contains(checked, version) {
			changed = append(changed, version.Name)
		}
	}
	return changed
}

func writePage(to string, reg *v1alpha1.ChinaAccountRegistration, claim *v1alpha1.FilingReport, d *dossier.Dossier) error {
	filing := page.Filing{Namespace: reg.Namespace, Name: reg.Name, Dossier: d, Attempt: claim.Spec.Attempt, Claim: claim.Name, ClaimedTime: claim.CreationTimestamp.Time}
	if strings.HasSuffix(to, ".zip") {
		return page.WriteZip(to, filing)
	}
	return page.WriteFolder(to, filing)
}

func pageIn(to string) string {
	if strings.HasSuffix(to, ".zip") {
		return to
	}
	return filepath.Join(to, "index.html")
}

func releaseCommand(a *app) *cobra.Command {
	var timeout time.Duration
	command := &cobra.Command{
		Use:   "release NAME",
		Short: "Give a claim back: nothing was filed",
		Long: `Report that the claim is given back and nothing was filed. The dossier opens, and another
agent can claim it. Any agent may give any claim back. What was filed cannot be released,
only withdrawn: report what came back instead.`,
		Example: `  # The agent is ill: let another one file it
  kubectl china-account release acme`,
		Args:              oneRegistration,
		ValidArgsFunction: a.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			return a.release(command, args[0], timeout)
		},
	}
	command.Flags().DurationVar(&timeout, "timeout", answerPatience, "How long to wait for the operator's word.")
	return command
}

func (a *app) release(command *cobra.Command, name string, timeout time.Duration) error {
	s, reg, err := a.open(command.Context(), name)
	if err != nil {
		return err
	}
	claim, stands := claimOf(reg)
	if !stands {
		return fmt.Errorf("release %s: no claim stands that could be given back: see 'kubectl china-account status %s'", title(reg), name)
	}
	report, err := s.file(command.Context(), v1alpha1.FilingReportSpec{
		RegistrationRef: v1alpha1.RegistrationReference{Name: name},
		FilingKey:       reg.Status.Filing.Key, Attempt: reg.Status.Filing.Attempt, ClaimName: claim, Type: v1alpha1.ReportReleased,
	}, timeout)
	if err != nil {
		return err
	}
	command.Printf("filingreport/%s accepted: the claim %s is given back. Delete its page and files.\n", report.Name, claim)
	return nil
}
