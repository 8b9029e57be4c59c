// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package page_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/go-logr/logr/funcr"

	"github.com/chinaaccount/china-account-operator/internal/dossier/page"
	sample "github.com/chinaaccount/china-account-operator/test/page"
)

func TestNothingOfAFilingIsPrinted(t *testing.T) {
	filing := sample.Filing(t)
	printers := map[string]func(any) string{
		"slog": func(v any) string {
			var b bytes.Buffer
			slog.New(slog.NewTextHandler(&b, nil)).Info("m", "v", v)
			slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "v", v)
			return b.String()
		},
		"logr": func(v any) string {
			var b strings.Builder
			funcr.New(func(prefix, args string) { b.WriteString(prefix + args) }, funcr.Options{}).Info("m", "v", v)
			return b.String()
		},
		"JSON": func(v any) string {
			b, err := json.Marshal(v)
			return fmt.Sprint(string(b), err)
		},
		"an error": func(v any) string { return fmt.Errorf("file %v: %w", v, errors.ErrUnsupported).Error() },
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		printers[verb] = func(v any) string { return fmt.Sprintf(verb, v) }
	}
	for name, value := range map[string]any{
		"filing": filing, "pointer": &filing, "list": []page.Filing{filing}, "in a struct": struct{ F page.Filing }{filing},
	} {
		for by, printed := range printers {
			got := printed(value)
			for _, secret := range []string{"11010519491231002X", "爱客", "王小明", "李安", "example.cn", "13800138000", "PDF-1.4"} {
				if strings.Contains(got, secret) {
					t.Errorf("%s by %s shows %q: %s", name, by, secret, got)
				}
			}
		}
	}
	if got := filing.String(); !strings.HasPrefix(got, "filing page of attempt 1 of team-a/acme: dossier of 3 documents, ") {
		t.Errorf("it prints as %q", got)
	}
	if got := (page.Filing{}).GoString(); got != "filing page of attempt 0 of /" {
		t.Errorf("an empty one prints as %q", got)
	}
}
