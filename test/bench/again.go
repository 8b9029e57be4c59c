// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// inPlaceOf is a whole result with these figures in place of its own, and says so. Only
// figures of one machine and one size stand in one table.
func (r *result) inPlaceOf(whole *result, scenarios string) (*result, error) {
	if whole.Machine.CPU != r.Machine.CPU || whole.Machine.Cores != r.Machine.Cores || whole.Size != r.Size || whole.Workers != r.Workers {
		return nil, fmt.Errorf("it is of size %s with %d workers on %d cores of %s: measure all of it anew", whole.Size, whole.Workers, whole.Machine.Cores, whole.Machine.CPU)
	}
	merged := *whole
	merged.Figures, merged.Notes = slices.Clone(whole.Figures), slices.Clone(whole.Notes)
	for _, f := range r.Figures {
		if at := slices.IndexFunc(merged.Figures, func(g figure) bool { return g.ID == f.ID }); at >= 0 {
			merged.Figures[at] = f
		} else {
			merged.Figures = append(merged.Figures, f)
		}
	}
	if len(r.Growth) > 0 {
		merged.Growth = r.Growth
	}
	if len(r.Writes) > 0 {
		merged.Writes = r.Writes
	}
	for _, note := range r.Notes {
		if !slices.Contains(merged.Notes, note) {
			merged.Notes = append(merged.Notes, note)
		}
	}
	merged.Notes = append(merged.Notes, fmt.Sprintf("Measured again on %s, at commit %s: %s.", r.Date.Format(time.DateOnly), r.Commit, strings.ReplaceAll(scenarios, ",", ", ")))
	return &merged, nil
}

func readResult(path string) (*result, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the earlier result: %w", err)
	}
	whole := &result{}
	if err := json.Unmarshal(content, whole); err != nil {
		return nil, fmt.Errorf("read the earlier result %s: %w", path, err)
	}
	return whole, nil
}
