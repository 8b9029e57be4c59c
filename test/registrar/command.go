// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// shutdownGrace is how long requests under way may take to end.
const shutdownGrace = 5 * time.Second

// options are the command's flags.
type options struct {
	listen      string
	adminListen string
	tokenFile   string
	certFile    string
	keyFile     string
	caOut       string
	config      Config
}

// Command returns registrar-gateway. It runs until its context is done.
func Command() *cobra.Command {
	o := &options{}
	command := &cobra.Command{
		Use:           "registrar-gateway --listen ADDRESS --store FILE --token-file FILE",
		Short:         "A registrar for demos and tests that speaks the gateway contract",
		Long:          help(),
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(command *cobra.Command, _ []string) error {
			return o.run(command.Context(), command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8443", "address to serve the contract on, by TLS; port 0 takes a free one, which the log tells")
	flags.StringVar(&o.config.StorePath, "store", "", "file that everything is kept in, made if absent (required)")
	flags.StringVar(&o.tokenFile, "token-file", "", "file with the bearer token that requests must have (required)")
	flags.StringVar(&o.certFile, "tls-cert-file", "", "PEM certificate, with --tls-private-key-file; without both, a certificate for loopback and the host of --listen is signed by an own CA, which is kept in the store")
	flags.StringVar(&o.keyFile, "tls-private-key-file", "", "PEM key of --tls-cert-file")
	flags.StringVar(&o.caOut, "ca-out", "", "file to write the own CA to, as PEM; it is written before the first request is taken")
	flags.StringVar(&o.config.Scenario, "scenario", DefaultScenario, "scenario of registrations whose e-mail address names none")
	flags.DurationVar(&o.config.Step, "step", 2*time.Second, "pace: time between two steps of a scenario")
	flags.BoolVar(&o.config.StepOnLook, "step-on-look", false, "take the next step of a scenario as soon as its client was told where it stands, or after --step if nobody looks")
	flags.DurationVar(&o.config.CodeTTL, "code-ttl", 30*time.Minute, "how long a code may be answered")
	flags.DurationVar(&o.config.Hold, "hold", time.Minute, "how long a fault of kind timeout keeps an answer back")
	flags.StringVar(&o.adminListen, "admin-listen", "", "loopback address to serve switches and counters on, by plain HTTP; none if empty")
	for _, required := range []string{"store", "token-file"} {
		if err := command.MarkFlagRequired(required); err != nil {
			panic(err) // a flag of that name is defined above
		}
	}
	command.MarkFlagsRequiredTogether("tls-cert-file", "tls-private-key-file")
	command.MarkFlagsMutuallyExclusive("tls-cert-file", "ca-out")
	return command
}

func help() string {
	return `registrar-gateway is a registrar for demos and tests: a real server, by TLS, with
a store that survives its own crashes. It stores digests and states, and no
personal data. It stops on SIGTERM and prints its counters.

What becomes of a registration is chosen by the plus-tag of the account's e-mail
address, e.g. cloud+review@acme.example.cn, otherwise by --scenario. What follows a
dot in the tag only tells addresses apart: cloud+review.2@acme.example.cn.
Scenarios (a pace is --step):
` + describeScenarios() + `
The code of emailCode is always ` + EmailCode + `, that of phoneCode ` + PhoneCode + `, with 5 tries each. The
ids of challenges end in the attempt's number: email-code-1, phone-code-1,
support-plan-1, documents-1.

The admin API (--admin-listen):
  GET    /counters                   filings accepted, duplicates, preventable ones, requests
  GET    /registrations[/KEY]        how registrations stand
  POST   /registrations/KEY/state    puts the newest attempt into a state and ends its scenario:
                                     {"state": "rejected", "findings": [{"code": "NameMismatch"}], "final": true}
                                     {"state": "verified", "challenges": ["phoneCode"]}
  POST   /registrations/KEY/step     takes the scenario's next step at once
  POST   /registrations              stores filings as if they had been made long ago, in one transaction:
                                     [{"key": KEY, "owner": OWNER, "region": "cn-north-1", "digest": DIGEST, "state": "underReview"}]
  POST   /decisions                  puts all that are underReview, or the first ones, into a state, in one transaction:
                                     {"state": "verified", "limit": 5000}
  GET    /faults                     faults that are switched on
  PUT    /faults                     switches these on and all others off:
                                     [{"kind": "500", "operations": ["getAttempt"], "count": 3,
                                       "key": KEY, "takesEffect": true, "retryAfterSeconds": 1}]
  DELETE /faults                     switches all off
Kinds of faults: ` + strings.Join(faultKinds, ", ") + `.`
}

// run serves until ctx is done.
func (o *options) run(ctx context.Context, stdout, stderr io.Writer) error {
	token, err := os.ReadFile(o.tokenFile)
	if err != nil {
		return fmt.Errorf("read --token-file: %w", err)
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	config := o.config
	config.Token, config.Log = strings.TrimSpace(string(token)), log
	server, err := New(config)
	if err != nil {
		return err
	}
	err = o.serve(ctx, server, log)
	err = errors.Join(err, printCounters(stdout, server))
	return errors.Join(err, server.Close())
}

// serve runs both listeners, and ends when ctx is done or one of them fails.
func (o *options) serve(ctx context.Context, server *Server, log *slog.Logger) error {
	certificate, err := o.certificate(server)
	if err != nil {
		return err
	}
	gateway := &http.Server{
		Handler:           server.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		TLSConfig:         &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}},
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	servers, failed := []*http.Server{gateway}, make(chan error, 2)
	if o.adminListen != "" {
		admin, adminListener, err := o.admin(server)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		servers = append(servers, admin)
		log.Info("Serving switches and counters", "address", adminListener.Addr().String())
		go func() { failed <- admin.Serve(adminListener) }()
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go server.Run(ctx)
	log.Info("Serving the gateway contract", "address", listener.Addr().String(), "scenario", o.config.Scenario, "step", o.config.Step)
	go func() { failed <- gateway.ServeTLS(listener, "", "") }()

	select {
	case <-ctx.Done():
		err = nil
	case err = <-failed:
	}
	server.release()
	return errors.Join(err, shutdown(context.WithoutCancel(ctx), servers))
}

// admin returns the second server. It has no token, so it keeps to loopback.
func (o *options) admin(server *Server) (*http.Server, net.Listener, error) {
	host, _, err := net.SplitHostPort(o.adminListen)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, nil, errors.New("--admin-listen must be a loopback address such as 127.0.0.1:8081")
	}
	listener, err := net.Listen("tcp", o.adminListen)
	if err != nil {
		return nil, nil, fmt.Errorf("listen for the admin API: %w", err)
	}
	return &http.Server{Handler: server.AdminHandler(), ReadHeaderTimeout: 10 * time.Second}, listener, nil
}

// certificate reads the certificate given, or makes one and writes its CA out.
func (o *options) certificate(server *Server) (tls.Certificate, error) {
	if o.certFile != "" {
		certificate, err := tls.LoadX509KeyPair(o.certFile, o.keyFile)
		if err != nil {
			return tls.Certificate{}, fmt.Errorf("read --tls-cert-file and --tls-private-key-file: %w", err)
		}
		return certificate, nil
	}
	host, _, err := net.SplitHostPort(o.listen)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read --listen: %w", err)
	}
	certificate, ca, err := server.Certificate(host)
	if err != nil || o.caOut == "" {
		return certificate, err
	}
	return certificate, writeAtomically(o.caOut, ca)
}

// shutdown ends the servers, at last by force.
func shutdown(ctx context.Context, servers []*http.Server) (err error) {
	ctx, cancel := context.WithTimeout(ctx, shutdownGrace)
	defer cancel()
	for _, server := range servers {
		if ended := server.Shutdown(ctx); ended != nil {
			err = errors.Join(err, server.Close())
		}
	}
	return err
}

func printCounters(w io.Writer, server *Server) error {
	counters, err := server.Counters()
	if err != nil {
		return fmt.Errorf("read the counters: %w", err)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(counters)
}
