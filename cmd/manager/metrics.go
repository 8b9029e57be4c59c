// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"

	"sigs.k8s.io/controller-runtime/pkg/metrics/filters"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

// servedMetrics says where metrics are served, and to whom.
func servedMetrics(o *options) (metricsserver.Options, error) {
	served := metricsserver.Options{BindAddress: o.metricsAddress}
	switch {
	case o.metricsCertDir != "" && !o.metricsSecure:
		return served, fmt.Errorf("%w: --metrics-cert-dir needs --metrics-secure", errUsage)
	case !o.metricsSecure:
		return served, nil
	}
	served.SecureServing = true
	served.FilterProvider = filters.WithAuthenticationAndAuthorization
	if o.metricsCertDir == "" {
		return served, nil
	}
	// The server would make a certificate of its own in place of one that is not there.
	for _, name := range []string{"tls.crt", "tls.key"} {
		if _, err := os.Stat(filepath.Join(o.metricsCertDir, name)); err != nil { //nolint:gosec // whoever starts the operator says where
			return served, fmt.Errorf("read the certificate for metrics: %w; put it there, or leave out --metrics-cert-dir", err)
		}
	}
	served.CertDir = o.metricsCertDir
	return served, nil
}
