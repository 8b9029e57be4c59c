// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// These types hold personal data or a key. However they are printed, logged or
// marshalled, they show their size and nothing of their content: all verbs of fmt,
// log/slog, logr and encoding/json.

func (d Dossier) describe() string {
	var size int64
	for _, document := range d.Documents {
		size += document.Size()
	}
	return fmt.Sprintf("dossier of %d documents, %d bytes", len(d.Documents), size)
}

// String returns the size of the dossier.
func (d Dossier) String() string { return d.describe() }

// GoString returns the size of the dossier.
func (d Dossier) GoString() string { return d.describe() }

// Format prints the size of the dossier, whatever the verb.
func (d Dossier) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, d.describe()) }

// LogValue logs the size of the dossier.
func (d Dossier) LogValue() slog.Value { return slog.StringValue(d.describe()) }

// MarshalLog logs the size of the dossier.
func (d Dossier) MarshalLog() any { return d.describe() }

// MarshalJSON returns the size of the dossier. What is filed is marshalled from
// Spec, by those who file.
func (d Dossier) MarshalJSON() ([]byte, error) { return json.Marshal(d.describe()) }

func (d Document) describe() string {
	return fmt.Sprintf("%s document of %d bytes", d.Role, d.Size())
}

// String returns the document's role and size.
func (d Document) String() string { return d.describe() }

// GoString returns the document's role and size.
func (d Document) GoString() string { return d.describe() }

// Format prints the document's role and size, whatever the verb.
func (d Document) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, d.describe()) }

// LogValue logs the document's role and size.
func (d Document) LogValue() slog.Value { return slog.StringValue(d.describe()) }

// MarshalLog logs the document's role and size.
func (d Document) MarshalLog() any { return d.describe() }

// MarshalJSON returns the document's role and size.
func (d Document) MarshalJSON() ([]byte, error) { return json.Marshal(d.describe()) }

func (k InstallationKey) describe() string { return "installation key " + k.id }

// String returns the key's id.
func (k InstallationKey) String() string { return k.describe() }

// GoString returns the key's id.
func (k InstallationKey) GoString() string { return k.describe() }

// Format prints the key's id, whatever the verb.
func (k InstallationKey) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, k.describe()) }

// LogValue logs the key's id.
func (k InstallationKey) LogValue() slog.Value { return slog.StringValue(k.describe()) }

// MarshalLog logs the key's id.
func (k InstallationKey) MarshalLog() any { return k.describe() }

// MarshalJSON returns the key's id.
func (k InstallationKey) MarshalJSON() ([]byte, error) { return json.Marshal(k.describe()) }
