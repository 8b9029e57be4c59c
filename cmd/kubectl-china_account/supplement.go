// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/preflight/document"
)

// supplement writes the documents that answer a reviewer's request into a folder.
func (o *dossierOptions) supplement(command *cobra.Command, name string) error {
	s, reg, err := o.open(command.Context(), name)
	if err != nil {
		return err
	}
	documents, err := s.loadSupplement(command.Context(), reg, o.supplementary)
	if err != nil {
		return err
	}
	to := o.to
	if to == "dir" {
		to = name + "-" + inName(o.supplementary)
	}
	if strings.HasSuffix(to, ".zip") || to == "zip" {
		return usagef("--supplementary writes a folder: leave -o out, or name one")
	}
	if err := writeDocuments(to, inName(o.supplementary), documents); err != nil {
		return err
	}
	command.Printf("%s: %s in %s: send them to the registrar, and report what came back\n", title(reg), counted(len(documents), "file"), to)
	return nil
}

func (s *session) loadSupplement(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, challenge string) ([]dossier.Document, error) {
	documents, _, missing, err := dossier.NewLoader(s).LoadSupplement(ctx, reg, challenge)
	switch {
	case apierrors.IsForbidden(err):
		return nil, fmt.Errorf("read the documents of %s: you may not read their Secrets: have an administrator apply what 'kubectl china-account agent-role %s --user YOU' prints", title(reg), reg.Name)
	case err != nil:
		return nil, fmt.Errorf("read the documents of %s: %w", title(reg), err)
	case len(missing) > 0:
		return nil, fmt.Errorf("read the documents of %s: key %s of Secret %s is not there, or without its label", title(reg), missing[0].Key, missing[0].Name)
	case len(documents) == 0:
		return nil, fmt.Errorf("read the documents of %s: the applicant has given none for %s", title(reg), harmless(challenge))
	}
	return documents, nil
}

// extension of a file of that format, as most name it.
func extension(format document.Format) string {
	if format == document.FormatJPEG {
		return ".jpg"
	}
	return "." + string(format)
}

// writeDocuments writes them into a new folder, which only the user may read.
func writeDocuments(to, stem string, documents []dossier.Document) (err error) {
	if err := os.Mkdir(to, 0o700); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("write %s: it is there already, and is not written over: move it away, or name another path with -o", to)
		}
		return fmt.Errorf("write %s: %w", to, cause(err))
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(to)) // half of them is worse than none
		}
	}()
	for i, d := range documents {
		path := filepath.Join(to, fmt.Sprintf("%s-%d%s", stem, i+1, extension(document.Inspect(d.Content()).Format)))
		file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("write %s: %w", path, cause(err))
		}
		_, err = io.Copy(file, d.Open())
		if err = errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("write %s: %w", path, cause(err))
		}
	}
	return nil
}
