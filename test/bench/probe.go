// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// metrics are the samples of a process, by name and labels as they are written.
type metrics map[string]float64

// parseMetrics reads the text format. Comments, and what has a timestamp, are left out.
func parseMetrics(text io.Reader) (metrics, error) {
	found := metrics{}
	lines := bufio.NewScanner(text)
	for lines.Scan() {
		line := lines.Text()
		space := strings.LastIndexByte(line, ' ')
		if strings.HasPrefix(line, "#") || space < 0 {
			continue
		}
		value, err := strconv.ParseFloat(line[space+1:], 64)
		if err != nil {
			return nil, fmt.Errorf("read metrics: %w", err)
		}
		found[line[:space]] = value
	}
	return found, lines.Err()
}

// sum adds up all samples of a name that have every label given, each as name="value".
func (m metrics) sum(name string, labels ...string) (total float64) {
	for sample, value := range m {
		if isOf(sample, name, labels) {
			total += value
		}
	}
	return total
}

// has tells whether there is a sample to add up.
func (m metrics) has(name string, labels ...string) bool {
	for sample := range m {
		if isOf(sample, name, labels) {
			return true
		}
	}
	return false
}

func isOf(sample, name string, labels []string) bool {
	its, rest, _ := strings.Cut(sample, "{")
	if its != name {
		return false
	}
	for _, label := range labels {
		if !strings.HasPrefix(rest, label) && !strings.Contains(rest, ","+label) {
			return false
		}
	}
	return true
}

// ours are the labels of the registrations' controller.
const ours = `controller="chinaaccountregistration"`

// What says whether its controller is at work.
const (
	reconcileTotal = "controller_runtime_reconcile_total"
	queueDepth     = "workqueue_depth"
	activeWorkers  = "controller_runtime_active_workers"
)

// isSteady: it has looked at n objects, and nothing is queued or worked on.
func (m metrics) isSteady(n int) bool {
	// The queue's depth is there from the first object on.
	if !m.has(reconcileTotal, ours) || !m.has(activeWorkers, ours) || n > 0 && !m.has(queueDepth, ours) {
		return false
	}
	return m.sum(reconcileTotal, ours) >= float64(n) && m.sum(queueDepth, ours) == 0 && m.sum(activeWorkers, ours) == 0
}

func (m metrics) requests() float64   { return m.sum("rest_client_requests_total") }
func (m metrics) cpuSeconds() float64 { return m.sum("process_cpu_seconds_total") }
func (m metrics) resident() float64   { return m.sum("process_resident_memory_bytes") }

// isWhole: a figure from a metric that is not there would be a constant.
func (m metrics) isWhole() error {
	for _, name := range []string{"process_cpu_seconds_total", "process_resident_memory_bytes", "rest_client_requests_total"} {
		if m.sum(name) == 0 {
			return fmt.Errorf("the operator's metrics have no %s", name)
		}
	}
	return nil
}

func (o *operator) metrics(ctx context.Context) (m metrics, err error) {
	err = fetch(ctx, "http://"+o.metricsHost+"/metrics", func(body io.Reader) (err error) {
		m, err = parseMetrics(body)
		return err
	})
	return m, err
}

var heapAlloc = regexp.MustCompile(`(?m)^# HeapAlloc = ([0-9]+)$`)

// liveHeap is what is in use after a collection; 0, false if the operator cannot tell.
func (o *operator) liveHeap(ctx context.Context) (bytes float64, can bool, err error) {
	if o.pprofHost == "" {
		return 0, false, nil
	}
	err = fetch(ctx, "http://"+o.pprofHost+"/debug/pprof/heap?gc=1&debug=1", func(body io.Reader) error {
		text, err := io.ReadAll(body)
		if err != nil {
			return err
		}
		found := heapAlloc.FindSubmatch(text)
		if found == nil {
			return errors.New("the profile has no HeapAlloc")
		}
		bytes, err = strconv.ParseFloat(string(found[1]), 64)
		return err
	})
	return bytes, err == nil, err
}

func fetch(ctx context.Context, url string, read func(io.Reader) error) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return fmt.Errorf("GET %s: %w", url, err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("GET %s: %w", url, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: status %d", url, response.StatusCode)
	}
	if err := read(response.Body); err != nil {
		return fmt.Errorf("GET %s: %w", url, err)
	}
	return nil
}

// await waits until the operator's metrics say so. One that does not listen yet is
// asked again; one that has ended is an error.
func (o *operator) await(ctx context.Context, what string, isSo func(metrics) bool) error {
	return poll(ctx, o.limit, "the operator to "+what, func() (bool, error) {
		select {
		case <-o.Ended():
			return false, o.UnexpectedEnd()
		default:
		}
		m, err := o.metrics(ctx)
		return err == nil && isSo(m), nil // an error: it does not listen yet
	})
}

// awaitSteady waits until the operator has looked at n objects, and nothing was queued
// or worked on for a while. It returns when that while began.
func (o *operator) awaitSteady(ctx context.Context, n int) (since time.Time, err error) {
	err = o.await(ctx, fmt.Sprintf("have looked at %d objects and be steady", n), func(m metrics) bool {
		now := time.Now()
		if !m.isSteady(n) {
			since = time.Time{}
			return false
		}
		if since.IsZero() {
			since = now
		}
		return now.Sub(since) >= o.quiet
	})
	return since, err
}
