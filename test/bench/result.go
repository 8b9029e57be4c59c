// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// result is all that was measured.
type result struct {
	Size     string    `json:"size"`
	Seed     uint64    `json:"seed"`
	Workers  int       `json:"workers"`
	Command  string    `json:"command"`
	Date     time.Time `json:"date"`
	Commit   string    `json:"commit"`
	Machine  machine   `json:"machine"`
	Versions []version `json:"versions"`
	Figures  []figure  `json:"figures"`
	Growth   []grown   `json:"growth,omitempty"`
	Writes   []writing `json:"writes,omitempty"`
	Notes    []string  `json:"notes,omitempty"`
}

// figure is one measurement. Beside the operator's stands the floor's, where there is one.
type figure struct {
	ID       string   `json:"id"`
	About    string   `json:"about"`
	Unit     string   `json:"unit"`
	Operator float64  `json:"operator"`
	Floor    *float64 `json:"floor,omitempty"`
	// Ratio of the operator's to the floor's.
	Ratio *float64 `json:"ratio,omitempty"`
}

// grown is how the operator stood at so many objects.
type grown struct {
	Objects int `json:"objects"`
	// HeapMiB is live after a collection; absent where it was not measured.
	HeapMiB     *float64 `json:"heapMiB,omitempty"`
	ResidentMiB float64  `json:"residentMiB"`
	// Seconds from start to steady.
	Seconds float64 `json:"seconds"`
}

// writing is how often the operator writes a thing in one life.
type writing struct {
	Verb     string  `json:"verb"`
	Resource string  `json:"resource"`
	Mean     float64 `json:"mean"`
	Max      int     `json:"max"`
}

// alone adds a figure that has no floor.
func (r *result) alone(id, about, unit string, operator float64) {
	r.Figures = append(r.Figures, figure{ID: id, About: about, Unit: unit, Operator: operator})
}

// beside adds a figure and its floor.
func (r *result) beside(id, about, unit string, operator, floor float64) {
	ratio := operator / floor
	r.Figures = append(r.Figures, figure{ID: id, About: about, Unit: unit, Operator: operator, Floor: &floor, Ratio: &ratio})
}

// find is a figure by its id.
func (r *result) find(id string) (figure, bool) {
	for _, f := range r.Figures {
		if f.ID == id {
			return f, true
		}
	}
	return figure{}, false
}

func (r *result) writeJSON(path string) error {
	encoded, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		err = os.WriteFile(path, append(encoded, '\n'), 0o644)
	}
	if err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}
