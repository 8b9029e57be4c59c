// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Prometheus is asked by its HTTP API.
type Prometheus struct{ URL string }

// Series is one that it found.
type Series struct {
	Labels map[string]string
	Points []Point
}

// Point is a value at a time. Value is NaN where there is none, as in 0/0.
type Point struct {
	Time  time.Time
	Value float64
}

// At asks for an expression's value at one time.
func (p Prometheus) At(ctx context.Context, expr string, at time.Time) ([]Series, error) {
	return p.query(ctx, "query", url.Values{"query": {expr}, "time": {seconds(at)}})
}

// Through asks for its values through some time, as a graph does.
func (p Prometheus) Through(ctx context.Context, expr string, from, to time.Time, step time.Duration) ([]Series, error) {
	return p.query(ctx, "query_range", url.Values{
		"query": {expr}, "start": {seconds(from)}, "end": {seconds(to)}, "step": {strconv.FormatFloat(step.Seconds(), 'f', -1, 64)},
	})
}

func seconds(at time.Time) string {
	return strconv.FormatFloat(float64(at.UnixMilli())/1000, 'f', 3, 64)
}

func (p Prometheus) query(ctx context.Context, kind string, parameters url.Values) ([]Series, error) {
	var data struct {
		ResultType string `json:"resultType"`
		Result     []struct {
			Metric map[string]string `json:"metric"`
			Value  sample            `json:"value"`
			Values []sample          `json:"values"`
		} `json:"result"`
	}
	if err := p.ask(ctx, "/api/v1/"+kind+"?"+parameters.Encode(), &data); err != nil {
		return nil, fmt.Errorf("%s: %w", parameters.Get("query"), err)
	}
	var found []Series
	for _, one := range data.Result {
		points := one.Values
		if data.ResultType == "vector" {
			points = []sample{one.Value}
		}
		series := Series{Labels: one.Metric}
		for _, each := range points {
			series.Points = append(series.Points, Point(each))
		}
		found = append(found, series)
	}
	return found, nil
}

// LabelValues are those that a metric has of a label.
func (p Prometheus) LabelValues(ctx context.Context, metric, label string) (values []string, err error) {
	err = p.ask(ctx, "/api/v1/label/"+url.PathEscape(label)+"/values?"+url.Values{"match[]": {metric}}.Encode(), &values)
	return values, err
}

// Rule is one that it evaluates.
type Rule struct {
	Name      string `json:"name"`
	Query     string `json:"query"`
	Health    string `json:"health"`
	LastError string `json:"lastError"`
	State     string `json:"state"`
}

// Rules are all.
func (p Prometheus) Rules(ctx context.Context) ([]Rule, error) {
	var data struct {
		Groups []struct {
			Rules []Rule `json:"rules"`
		} `json:"groups"`
	}
	err := p.ask(ctx, "/api/v1/rules", &data)
	var rules []Rule
	for _, group := range data.Groups {
		rules = append(rules, group.Rules...)
	}
	return rules, err
}

// ask reads the data of an answer, or the error that it tells.
func (p Prometheus) ask(ctx context.Context, path string, data any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+path, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer := struct {
		Status   string          `json:"status"`
		Error    string          `json:"error"`
		Warnings []string        `json:"warnings"`
		Data     json.RawMessage `json:"data"`
	}{}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return fmt.Errorf("read Prometheus' answer (%s): %w", response.Status, err)
	}
	if answer.Status != "success" || len(answer.Warnings) > 0 {
		return fmt.Errorf("prometheus answers %s: %s %v", response.Status, answer.Error, answer.Warnings)
	}
	return json.Unmarshal(answer.Data, data)
}

// sample is a point as the API writes it: [1435781430.781, "1"].
type sample Point

// UnmarshalJSON reads one.
func (s *sample) UnmarshalJSON(encoded []byte) error {
	var at float64
	var value string
	if err := json.Unmarshal(encoded, &[]any{&at, &value}); err != nil {
		return err
	}
	s.Time = time.UnixMilli(int64(at * 1000))
	var err error
	s.Value, err = strconv.ParseFloat(value, 64)
	return err
}
