// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// These tests run the operator and the reference gateway as real processes, as `make
// build` built them, on a real API server: the operator as the service account that
// config/ binds, the gateway over TLS with a store of its own. What they do is then
// held against the API server's audit log and their own logs.
package e2e_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/env"
)

const (
	systemNamespace = "china-account-system"
	operatorName    = "china-account-operator"
	operatorUser    = "system:serviceaccount:" + systemNamespace + ":" + operatorName

	// patience bounds what is waited for; most takes a second or two when nothing is
	// wrong, and a probe of a gateway that failed comes after 5.
	patience = 30 * time.Second
	// glance is the pause between two looks of a test.
	glance = 50 * time.Millisecond
)

var (
	root  string // of the project
	plane *env.ControlPlane
	// admin may do anything; operatorKubeconfig is the operator's service account's.
	admin              client.Client
	operatorKubeconfig string
	// auditLog is the API server's, logDir holds those of the processes.
	auditLog, logDir string
)

func TestMain(m *testing.M) {
	SetDefaultEventuallyTimeout(patience)
	SetDefaultEventuallyPollingInterval(glance)
	os.Exit(m.Run())
}

func TestEndToEnd(t *testing.T) {
	t.Parallel() // the demo, which mostly waits, runs beside it
	RegisterFailHandler(Fail)
	dir := t.TempDir()
	auditLog, logDir = filepath.Join(dir, "audit.log"), filepath.Join(dir, "logs")
	RunSpecs(t, "End to end")
	if t.Failed() {
		return // the logs of what went wrong prove nothing
	}
	t.Run("the operator used no right that it does not have, and left Secrets alone", theOperatorKeptToItsRights)
	t.Run("the operator's logs are short, structured and without errors", theOperatorLogsLittle)
	t.Run("no log holds a personal value", noLogHoldsAPersonalValue)
	t.Run("no request to the API server names a personal value", noRequestNamesAPersonalValue)
}

var _ = BeforeSuite(func(ctx SpecContext) {
	ctrl.SetLogger(logr.Discard())
	var err error
	root, err = env.Root()
	Expect(err).NotTo(HaveOccurred())
	Expect(binary("manager")).To(BeARegularFile(), "`make build` builds it")
	Expect(binary("registrar-gateway")).To(BeARegularFile(), "`make build` builds it")
	Expect(binary("kubectl-china_account")).To(BeARegularFile(), "`make build` builds it")
	Expect(os.MkdirAll(logDir, 0o700)).To(Succeed())

	plane, err = env.Start(context.Background(), env.Options{AuditLogPath: auditLog})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(plane.Stop()).To(Succeed()) })
	scheme := runtime.NewScheme()
	Expect(clientgoscheme.AddToScheme(scheme)).To(Succeed())
	Expect(v1alpha1.AddToScheme(scheme)).To(Succeed())
	config := plane.Config()
	config.QPS = -1 // tests are not slowed down
	admin, err = client.New(config, client.Options{Scheme: scheme})
	Expect(err).NotTo(HaveOccurred())
	install(ctx)
	granted = operatorGrants(ctx, Default)
	operatorKubeconfig, err = plane.ServiceAccountKubeconfig(ctx, systemNamespace, operatorName)
	Expect(err).NotTo(HaveOccurred())
})

// kubectl runs as the admin, and returns all that it printed.
func kubectl(ctx context.Context, input string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, plane.Kubectl(), arguments...)
	command.Env = append(command.Environ(), "KUBECONFIG="+plane.Kubeconfig(), "KUBECACHEDIR="+filepath.Join(logDir, "..", "kubectl-cache"))
	command.Stdin = strings.NewReader(input)
	output, err := command.CombinedOutput()
	return string(output), err
}

func binary(name string) string { return filepath.Join(root, "bin", name) }
