// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// These types hold personal data. However they are printed, logged or marshalled, they
// show nothing of their content: all verbs of fmt, log/slog, logr and encoding/json.

func (f Filing) summary() string {
	if f.Dossier == nil {
		return "filing page of " + f.describe()
	}
	return fmt.Sprintf("filing page of %s: %s", f.describe(), f.Dossier)
}

// String returns which filing it is and its size.
func (f Filing) String() string { return f.summary() }

// GoString returns which filing it is and its size.
func (f Filing) GoString() string { return f.summary() }

// Format prints which filing it is and its size, whatever the verb.
func (f Filing) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, f.summary()) }

// LogValue logs which filing it is and its size.
func (f Filing) LogValue() slog.Value { return slog.StringValue(f.summary()) }

// MarshalLog logs which filing it is and its size.
func (f Filing) MarshalLog() any { return f.summary() }

// MarshalJSON returns which filing it is and its size.
func (f Filing) MarshalJSON() ([]byte, error) { return json.Marshal(f.summary()) }

// unprinted keeps what it is embedded in from being printed.
type unprinted struct{}

const unprintedText = "part of a filing page"

func (unprinted) String() string               { return unprintedText }
func (unprinted) GoString() string             { return unprintedText }
func (unprinted) Format(w fmt.State, _ rune)   { _, _ = io.WriteString(w, unprintedText) }
func (unprinted) LogValue() slog.Value         { return slog.StringValue(unprintedText) }
func (unprinted) MarshalLog() any              { return unprintedText }
func (unprinted) MarshalJSON() ([]byte, error) { return json.Marshal(unprintedText) }
