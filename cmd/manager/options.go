// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/controller-runtime/pkg/client/config"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
)

const (
	// serviceAccountNamespace is where a Pod finds its namespace.
	serviceAccountNamespace = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"
	defaultNamespace        = "china-account-system"
	// maxVerbosity is the last at which client-go logs no bodies: Secrets are among them.
	maxVerbosity = 7
)

type options struct {
	namespace      string
	concurrency    int
	leaderElect    bool
	lease          lease
	metricsAddress string
	metricsSecure  bool
	metricsCertDir string
	probeAddress   string
	pprofAddress   string
	selector       labels.Selector
	// watched are the namespaces whose registrations are seen to; none for all.
	watched      []string
	timeout      time.Duration
	registrarQPS float64
	pacing       lifecycle.Pacing
	zap          zap.Options
	version      bool
}

// lease says how soon another replica takes over from one that is lost.
type lease struct {
	duration, renewDeadline, retryPeriod time.Duration
}

// defaultLease is what Kubernetes' own components have.
func defaultLease() lease {
	return lease{duration: 15 * time.Second, renewDeadline: 10 * time.Second, retryPeriod: 2 * time.Second}
}

var errUsage = errors.New("wrong use")

// parseOptions reads the command line. Help is flag.ErrHelp; wrong use is told on out.
func parseOptions(args []string, out io.Writer) (*options, error) {
	o := &options{pacing: lifecycle.DefaultPacing(), lease: defaultLease(), selector: labels.Everything()}
	flags := flag.NewFlagSet("manager", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the whole list of flags would hide what is wrong with one
	config.RegisterFlags(flags) // --kubeconfig
	flags.StringVar(&o.namespace, "namespace", ownNamespace(), "The operator's own `namespace`, where the installation key and the gateways' tokens lie.")
	flags.IntVar(&o.concurrency, "concurrency", 8, "How many registrations are reconciled at once.")
	flags.BoolVar(&o.leaderElect, "leader-elect", false, "Let only one of several replicas work. The lease lies in the operator's namespace.")
	flags.DurationVar(&o.lease.duration, "leader-elect-lease-duration", o.lease.duration, "How long the others wait for a leader that does not renew its lease.")
	flags.DurationVar(&o.lease.renewDeadline, "leader-elect-renew-deadline", o.lease.renewDeadline, "How long the leader tries to renew its lease before it gives up and ends.")
	flags.DurationVar(&o.lease.retryPeriod, "leader-elect-retry-period", o.lease.retryPeriod, "The pause between two tries to take or renew the lease.")
	flags.StringVar(&o.metricsAddress, "metrics-bind-address", "0", "The `address` that metrics are served on, e.g. :8080; 0 serves none.")
	flags.BoolVar(&o.metricsSecure, "metrics-secure", false, "Serve metrics over HTTPS, to those alone who may get the path /metrics, as the API server says.")
	flags.StringVar(&o.metricsCertDir, "metrics-cert-dir", "", "The `directory` of the certificate that metrics are served with, tls.crt and tls.key, read anew when they change. Without it one is made at each start.")
	flags.StringVar(&o.probeAddress, "health-probe-bind-address", ":8081", "The `address` of /healthz and /readyz; 0 serves none.")
	flags.StringVar(&o.pprofAddress, "pprof-bind-address", "0", "The `address` that profiles are served on to whoever can reach it, e.g. 127.0.0.1:6060; 0 serves none.")
	flags.Func("watch-label-selector", "A label `selector`, e.g. shard=a: only registrations that it matches are seen to, so that several operators can share them. Each selector has a lease of its own.", o.selectRegistrations)
	flags.Func("watch-namespaces", "The `namespaces`, with commas between them, whose registrations are seen to; all without it. Roles in these and in the operator's own suffice then, and one ClusterRole for Registrars.", o.watchNamespaces)
	flags.DurationVar(&o.pacing.PollMin, "poll-min", o.pacing.PollMin, "The shortest pause between two looks at a filing whose gateway does not tell of changes; it grows with the time since the last change.")
	flags.DurationVar(&o.pacing.PollMax, "poll-max", o.pacing.PollMax, "The longest pause between two such looks.")
	flags.DurationVar(&o.pacing.MissingMin, "missing-min", o.pacing.MissingMin, "The shortest pause between two looks for something that is missing, e.g. a Secret.")
	flags.DurationVar(&o.pacing.MissingMax, "missing-max", o.pacing.MissingMax, "The longest pause between two looks for something that is missing.")
	flags.DurationVar(&o.timeout, "registrar-timeout", 30*time.Second, "How long a gateway may take to answer. A filing's upload has five minutes.")
	flags.Float64Var(&o.registrarQPS, "registrar-qps", 50, "How many requests a second each gateway gets at most. A burst may be of twice as many.")
	flags.BoolVar(&o.version, "version", false, "Print the version and exit.")
	o.zap.BindFlags(flags)
	err := flags.Parse(args)
	if err == nil {
		err = o.validate(flags.Args())
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		help(flags, out)
		return nil, err
	case err != nil:
		_, _ = fmt.Fprintf(out, "%v; see --help\n", err)
		return nil, err
	}
	return o, nil
}

func (o *options) selectRegistrations(text string) (err error) {
	o.selector, err = labels.Parse(text)
	return err
}

func (o *options) watchNamespaces(text string) error {
	o.watched = nil
	for name := range strings.SplitSeq(text, ",") {
		name = strings.TrimSpace(name)
		if wrong := validation.IsDNS1123Label(name); len(wrong) > 0 {
			return fmt.Errorf("%q is no namespace: %s", name, strings.Join(wrong, "; "))
		}
		if !slices.Contains(o.watched, name) {
			o.watched = append(o.watched, name)
		}
	}
	return nil
}

func help(flags *flag.FlagSet, out io.Writer) {
	_, _ = fmt.Fprintf(out, "manager is the operator: it registers accounts in the AWS China Regions.\n\nUsage:\n  manager [flags]\n\nFlags:\n")
	flags.SetOutput(out)
	flags.PrintDefaults()
}

func (o *options) validate(rest []string) error {
	p := o.pacing
	switch {
	case len(rest) > 0:
		return fmt.Errorf("%w: the manager takes flags only, not %q", errUsage, rest)
	case o.zap.Level != nil && o.zap.Level.Enabled(-maxVerbosity-1):
		return fmt.Errorf("%w: --zap-log-level must be at most %d: above it, what Secrets hold would be logged", errUsage, maxVerbosity)
	case o.concurrency < 1:
		return fmt.Errorf("%w: --concurrency must be at least 1", errUsage)
	case o.lease.retryPeriod <= 0 || o.lease.renewDeadline <= o.lease.retryPeriod*6/5 || o.lease.duration <= o.lease.renewDeadline:
		return fmt.Errorf("%w: --leader-elect-lease-duration must be above --leader-elect-renew-deadline, and that above 1.2 times --leader-elect-retry-period", errUsage)
	case o.timeout <= 0:
		return fmt.Errorf("%w: --registrar-timeout must be above 0", errUsage)
	case o.registrarQPS <= 0:
		return fmt.Errorf("%w: --registrar-qps must be above 0", errUsage)
	case p.PollMin <= 0 || p.PollMax < p.PollMin:
		return fmt.Errorf("%w: --poll-min must be above 0, and --poll-max not below it", errUsage)
	case p.MissingMin <= 0 || p.MissingMax < p.MissingMin:
		return fmt.Errorf("%w: --missing-min must be above 0, and --missing-max not below it", errUsage)
	}
	return nil
}

// exitCode is 0 for help and 2 for wrong use.
func exitCode(err error) int {
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	return 2
}

// ownNamespace is the Pod's, as it is told or as its service account says.
func ownNamespace() string {
	if namespace := os.Getenv("POD_NAMESPACE"); namespace != "" {
		return namespace
	}
	if content, err := os.ReadFile(serviceAccountNamespace); err == nil {
		return strings.TrimSpace(string(content))
	}
	return defaultNamespace
}

// release is the version of an image, set by the linker (hack/image.sh, Dockerfile).
var release string

// version is the release's, or the module's with the commit where it was built in a checkout.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return info.Main.Version + " " + setting.Value
		}
	}
	return info.Main.Version
}
