// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// Dashboard is what of Grafana's model the dashboard uses.
type Dashboard struct {
	Title      string  `json:"title"`
	UID        string  `json:"uid"`
	Panels     []Panel `json:"panels"`
	Templating struct {
		List []Variable `json:"list"`
	} `json:"templating"`
}

// Variable is one that whoever looks at the dashboard chooses a value for.
type Variable struct {
	Name       string     `json:"name"`
	Type       string     `json:"type"`
	Definition string     `json:"definition"`
	AllValue   string     `json:"allValue"`
	DataSource DataSource `json:"datasource"`
}

// DataSource says of whom to ask.
type DataSource struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

// Panel is one picture of it, or the title of a row.
type Panel struct {
	ID          int        `json:"id"`
	Type        string     `json:"type"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Grid        Grid       `json:"gridPos"`
	DataSource  DataSource `json:"datasource"`
	Targets     []Target   `json:"targets"`
	Options     struct {
		TextMode string `json:"textMode"`
	} `json:"options"`
	FieldConfig struct {
		Defaults struct {
			Unit       string     `json:"unit"`
			Thresholds Thresholds `json:"thresholds"`
			Custom     struct {
				FillOpacity int `json:"fillOpacity"`
				Stacking    struct {
					Mode string `json:"mode"`
				} `json:"stacking"`
			} `json:"custom"`
		} `json:"defaults"`
	} `json:"fieldConfig"`
}

// Thresholds are colours by value: the first step has no value.
type Thresholds struct {
	Steps []struct {
		Color string   `json:"color"`
		Value *float64 `json:"value"`
	} `json:"steps"`
}

// Grid is a place on it: 24 columns, rows of 30 pixels.
type Grid struct {
	X int `json:"x"`
	Y int `json:"y"`
	W int `json:"w"`
	H int `json:"h"`
}

// Target is a query.
type Target struct {
	Expr       string     `json:"expr"`
	Legend     string     `json:"legendFormat"`
	Instant    bool       `json:"instant"`
	DataSource DataSource `json:"datasource"`
}

// ReadDashboard reads one from a file.
func ReadDashboard(path string) (*Dashboard, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	d := &Dashboard{}
	if err := json.Unmarshal(content, d); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return d, nil
}

// Values are those of the variables, Grafana's own included.
type Values map[string]string

// Everything is what is shown first: no variable restricts anything.
func Everything() Values {
	return Values{"namespace": ".*", "region": ".*", "registrar": ".*", "__rate_interval": "30s", "__range": "10m"}
}

// With returns them with another value for one.
func (v Values) With(name, value string) Values {
	changed := Values{name: value}
	for other, kept := range v {
		if other != name {
			changed[other] = kept
		}
	}
	return changed
}

// Query returns the query as Grafana would send it.
func (t Target) Query(values Values) string {
	var pairs []string
	for name, value := range values {
		pairs = append(pairs, "$"+name, value)
	}
	return strings.NewReplacer(pairs...).Replace(t.Expr)
}

// Named returns a series' name as the legend wants it.
func (t Target) Named(labels map[string]string) string {
	name := t.Legend
	for label, value := range labels {
		name = strings.ReplaceAll(name, "{{"+label+"}}", value)
	}
	return name
}
