// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/go-logr/logr"
	"github.com/go-logr/logr/funcr"
)

// leaksOf returns what must never be seen of the values below, and is, in any spelling.
func leaksOf(printed string) []string {
	var leaks []string
	for _, secret := range []string{idNumber, "FRONT", "first half", "王小明", "cloud@acme.example.cn", strings.Repeat("\x07", 32)} {
		raw := []byte(secret)
		for _, spelling := range []string{
			secret, hex.EncodeToString(raw), base64.StdEncoding.EncodeToString(raw)[:len(raw)/3*4],
			strings.Trim(fmt.Sprintf("%d", raw), "[]"), strings.Trim(fmt.Sprintf("%#v", raw)[len("[]byte{"):], "}"),
		} {
			if strings.Contains(strings.ToLower(printed), strings.ToLower(spelling)) {
				leaks = append(leaks, secret)
			}
		}
	}
	return leaks
}

func TestNothingOfADossierOrAKeyIsPrinted(t *testing.T) {
	d, key := loaded(t), testKey(t, 7)
	type nested struct{ Value any }
	values := map[string]any{
		"dossier": *d, "pointer to a dossier": d, "document": d.Documents[0], "pointer to a document": &d.Documents[0],
		"documents": d.Documents, "key": *key, "pointer to a key": key,
		"dossier in a struct": nested{d}, "document in a map": map[string]any{"file": d.Documents[1]}, "key in a struct": nested{*key},
		"unexported pointer to a key": struct{ key *InstallationKey }{key}, "unexported key": struct{ key InstallationKey }{*key},
	}
	printers := map[string]func(any) string{
		"slog text": func(v any) string {
			var b bytes.Buffer
			slog.New(slog.NewTextHandler(&b, nil)).Info("m", "v", v)
			return b.String()
		},
		"slog JSON": func(v any) string {
			var b bytes.Buffer
			slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "v", v)
			return b.String()
		},
		"logr": func(v any) string { return logged(v, funcr.New) },
		"logr JSON": func(v any) string {
			return logged(v, func(f func(string, string), o funcr.Options) logr.Logger {
				return funcr.NewJSON(func(s string) { f("", s) }, o)
			})
		},
		"JSON": func(v any) string {
			b, err := json.Marshal(v)
			return fmt.Sprint(string(b), err)
		},
		"an error": func(v any) string { return fmt.Errorf("file %v: %w", v, errors.ErrUnsupported).Error() },
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		printers[verb] = func(v any) string { return fmt.Sprintf(verb, v) }
	}
	for name, value := range values {
		for by, printed := range printers {
			got := printed(value)
			if leaks := leaksOf(got); len(leaks) > 0 {
				t.Errorf("%s by %s shows %q: %s", name, by, leaks, got)
			}
		}
	}
}

func logged(v any, newLogger func(func(prefix, args string), funcr.Options) logr.Logger) string {
	var b strings.Builder
	newLogger(func(prefix, args string) { b.WriteString(prefix + args) }, funcr.Options{}).Info("m", "v", v)
	return b.String()
}

func TestWhatIsPrintedInsteadSaysHowMuchThereIs(t *testing.T) {
	d := loaded(t)
	for got, want := range map[string]string{
		fmt.Sprint(d):              "dossier of 3 documents, 41 bytes",
		fmt.Sprint(d.Documents[1]): "identification document of 5 bytes",
		fmt.Sprint(testKey(t, 7)):  "installation key " + testKey(t, 7).ID(),
		d.String() + d.GoString():  "dossier of 3 documents, 41 bytesdossier of 3 documents, 41 bytes",
		d.Documents[1].GoString():  d.Documents[1].String(),
		testKey(t, 7).GoString():   testKey(t, 7).String(),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
