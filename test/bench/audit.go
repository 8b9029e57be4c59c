// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/chinaaccount/china-account-operator/test/ground"
)

// operatorUser is who the operator is to the API server.
const operatorUser = "system:serviceaccount:" + ground.SystemNamespace + ":" + ground.OperatorName

// audited is one request of the operator, as the API server has it.
type audited struct {
	Verb      string
	ObjectRef struct{ Resource, Subresource, Namespace, Name string }
	User      struct{ Username string }
	Stage     string
}

// kind is what was written or read.
func (a audited) kind() string {
	if a.ObjectRef.Subresource != "" {
		return a.ObjectRef.Resource + "/" + a.ObjectRef.Subresource
	}
	return a.ObjectRef.Resource
}

func (a audited) isLease() bool { return a.ObjectRef.Resource == "leases" }

func (a audited) isWrite() bool {
	return slices.Contains([]string{"create", "update", "patch", "delete", "deletecollection"}, a.Verb)
}

// auditLogs are the files of the log, oldest first: the API server begins another one
// when one is large. They are the whole control plane's, whatever was measured on it.
func (s *stand) auditLogs() ([]string, error) {
	old, err := filepath.Glob(filepath.Join(s.Dir, "audit-*.log")) // named by their time
	if err != nil {
		return nil, fmt.Errorf("look for audit logs: %w", err)
	}
	return append(old, filepath.Join(s.Dir, auditLog)), nil
}

const auditLog = "audit.log"

// auditMark is where the log ends now, counted from the beginning of the oldest file.
func (s *stand) auditMark() (mark int64, err error) {
	paths, err := s.auditLogs()
	if err != nil {
		return 0, err
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return 0, fmt.Errorf("look at the audit log: %w", err)
		}
		mark += info.Size()
	}
	return mark, nil
}

// auditedSince are the operator's requests since a mark, but for those about leases.
func (s *stand) auditedSince(mark int64) (found []audited, err error) {
	paths, err := s.auditLogs()
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("look at the audit log: %w", err)
		}
		if mark >= info.Size() {
			mark -= info.Size()
			continue
		}
		more, err := readAudit(path, mark)
		if err != nil {
			return nil, fmt.Errorf("read the audit log: %w", err)
		}
		found, mark = append(found, more...), 0
	}
	return found, nil
}

// readAudit reads a file from a place on. A line that is not whole is being written.
func readAudit(path string, from int64) (found []audited, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if _, err := file.Seek(from, io.SeekStart); err != nil {
		return nil, err
	}
	for lines := bufio.NewReader(file); ; {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		var one audited
		if err := json.Unmarshal(line, &one); err != nil {
			return nil, err
		}
		if one.counts() {
			found = append(found, one)
		}
	}
}

// counts: it is the operator's, and not of a lease. A watch counts when it begins, and
// not when it ends.
func (a audited) counts() bool {
	ended := a.Stage == "ResponseComplete"
	return a.User.Username == operatorUser && !a.isLease() && ended != (a.Verb == "watch")
}

// writes are those among them, refused ones included: they cost the same.
func writes(requests []audited) []audited {
	return slices.DeleteFunc(slices.Clone(requests), func(a audited) bool { return !a.isWrite() })
}

// byVerb counts.
func byVerb(requests []audited) map[string]int {
	counts := map[string]int{}
	for _, a := range requests {
		counts[a.Verb+" "+a.kind()]++
	}
	return counts
}
