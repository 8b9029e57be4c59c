// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	. "github.com/onsi/gomega"
)

// maxLines of one run of the operator, on what it starts and stops, besides one for each
// phase that a registration reaches.
const maxLines = 40

func theOperatorLogsLittle(t *testing.T) {
	for path, content := range logs(t, "manager-*.log") {
		g := NewWithT(t)
		lines := 0
		for line := range bytes.Lines(content) {
			var entry struct{ Level, TS, Msg, Error string }
			g.Expect(json.Unmarshal(line, &entry)).To(Succeed(), "%s: %s", path, line)
			if entry.Msg == "Unexpected error when reading response body" && entry.Error == "context canceled" {
				continue // client-go's, of an answer that was being read when the operator was asked to end
			}
			g.Expect(entry.Level).To(Equal("info"), "%s: %s", path, line)
			g.Expect(entry.TS).NotTo(BeEmpty(), "%s: %s", path, line)
			g.Expect(entry.Msg).NotTo(BeEmpty(), "%s: %s", path, line)
			if entry.Msg != "Reached a phase" { // once for each, as history is
				lines++
			}
		}
		g.Expect(lines).To(BeNumerically("~", 1, maxLines), "%s: %s", path, content)
	}
}

func noLogHoldsAPersonalValue(t *testing.T) {
	g := NewWithT(t)
	if !personal.knows(password) {
		g.Expect(wholeRun).To(BeFalse(), "the operator made passwords")
		t.Log("Not every spec ran, and none of them had a password made: none is looked for.")
	}
	for path, content := range logs(t, "*.log") {
		g.Expect(personal.in(content)).To(BeEmpty(), path)
	}
}

func noRequestNamesAPersonalValue(t *testing.T) {
	g := NewWithT(t)
	content, err := os.ReadFile(auditLog)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(personal.in(withoutEcho(content))).To(BeEmpty())
}

// echo is how the API server repeats to applicants what they applied, also in its own
// audit log.
var echo = regexp.MustCompile(`Invalid value: \\*"(?:[^"\\]|\\+[^"\\])*\\*"`)

func withoutEcho(content []byte) []byte { return echo.ReplaceAll(content, nil) }

// logs are those of the processes, by path.
func logs(t *testing.T, pattern string) map[string][]byte {
	t.Helper()
	g := NewWithT(t)
	paths, err := filepath.Glob(filepath.Join(logDir, pattern))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(paths).NotTo(BeEmpty())
	found := map[string][]byte{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		g.Expect(err).NotTo(HaveOccurred())
		found[path] = content
	}
	return found
}
