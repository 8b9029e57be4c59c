// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package env

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"go.uber.org/goleak"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestAControlPlaneGivesEveryoneTheirRightsAndNoMore(t *testing.T) {
	dir := t.TempDir()
	auditLog := filepath.Join(dir, "audit.log")
	plane := start(t, Options{AuditLogPath: auditLog, LogPath: filepath.Join(dir, "controlplane.log")})
	admin := clientsFor(t, plane.Kubeconfig())

	t.Run("the API server is of the version that clients check for", func(t *testing.T) {
		if os.Getenv("KUBEBUILDER_ASSETS") != "" {
			t.Skip("KUBEBUILDER_ASSETS is set: the version is the user's choice")
		}
		g := NewWithT(t)
		version, err := admin.Discovery().ServerVersion()
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(version.GitVersion).To(HavePrefix("v1.37."))
		g.Expect([]string{version.Major, version.Minor}).To(Equal([]string{"1", "37"}))
	})

	t.Run("a user has its name and groups, and is refused what RBAC does not give", func(t *testing.T) {
		g := NewWithT(t)
		path, err := plane.UserKubeconfig("agent:li", "agents")
		g.Expect(err).NotTo(HaveOccurred())
		agent := clientsFor(t, path)
		g.Expect(whoIs(t, agent)).To(HaveField("Username", "agent:li"))
		g.Expect(whoIs(t, agent).Groups).To(ContainElement("agents"))
		_, err = agent.CoreV1().Secrets("default").List(t.Context(), metav1.ListOptions{})
		g.Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%v", err)
	})

	t.Run("a service account signs in with a token", func(t *testing.T) {
		g := NewWithT(t)
		account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "operator"}}
		_, err := admin.CoreV1().ServiceAccounts("default").Create(t.Context(), account, metav1.CreateOptions{})
		g.Expect(err).NotTo(HaveOccurred())
		path, err := plane.ServiceAccountKubeconfig(t.Context(), "default", "operator")
		g.Expect(err).NotTo(HaveOccurred())
		operator := clientsFor(t, path)
		g.Expect(whoIs(t, operator)).To(HaveField("Username", "system:serviceaccount:default:operator"))
		_, err = operator.CoreV1().Secrets("default").List(t.Context(), metav1.ListOptions{})
		g.Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%v", err)
	})

	t.Run("a token of a service account that does not exist is refused", func(t *testing.T) {
		_, err := plane.ServiceAccountKubeconfig(t.Context(), "default", "nobody")
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring("ServiceAccount default/nobody")))
	})

	t.Run("kubectl works with the admin's kubeconfig", func(t *testing.T) {
		output, err := exec.CommandContext(t.Context(), plane.Kubectl(), "--kubeconfig", plane.Kubeconfig(),
			"create", "token", "operator").CombinedOutput()
		NewWithT(t).Expect(err).NotTo(HaveOccurred(), "%s", output)
	})

	t.Run("the audit log says who did what, without bodies", func(t *testing.T) {
		NewWithT(t).Eventually(func() ([]string, error) { return lines(auditLog) }, deadline).Should(ContainElement(And(
			ContainSubstring(`"username":"agent:li"`),
			ContainSubstring(`"resource":"secrets"`),
			ContainSubstring(`"code":403`),
			Not(ContainSubstring("responseObject")),
		)))
	})

	t.Run("stopping ends the processes and removes the files", func(t *testing.T) {
		g := NewWithT(t)
		g.Expect(running(t, plane.dir)).To(HaveLen(2))
		g.Expect(plane.Stop()).To(Succeed())
		g.Expect(running(t, plane.dir)).To(BeEmpty())
		g.Expect(plane.dir).NotTo(BeADirectory())
		g.Expect(plane.Stop()).To(Succeed(), "stopping again does no harm")
	})
}

func TestABreakableControlPlaneComesBack(t *testing.T) {
	if _, err := exec.LookPath("setpriv"); err != nil {
		t.Skipf("without setpriv, of util-linux, nothing is broken: %v", err)
	}
	g := NewWithT(t)
	plane := start(t, Options{Breakable: true})
	admin := clientsFor(t, plane.Kubeconfig())
	namespaces := func() []string {
		var names []string
		list, err := admin.CoreV1().Namespaces().List(t.Context(), metav1.ListOptions{})
		g.Expect(err).NotTo(HaveOccurred())
		for _, ns := range list.Items {
			names = append(names, ns.Name)
		}
		return names
	}
	makeNamespace := func(name string) {
		_, err := admin.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}, metav1.CreateOptions{})
		g.Expect(err).NotTo(HaveOccurred())
	}

	for _, part := range []*Part{plane.Etcd(), plane.APIServer()} {
		makeNamespace("before-the-crash-of-" + part.Name)
		g.Expect(part.Kill()).To(Succeed())
		g.Expect(plane.WaitReady(t.Context())).To(Succeed())
		g.Expect(namespaces()).To(ContainElement("before-the-crash-of-" + part.Name))
	}

	saved := filepath.Join(t.TempDir(), "etcd")
	g.Expect(plane.SaveData(t.Context(), saved)).To(Succeed())
	makeNamespace("after-the-backup")
	g.Expect(plane.RestoreData(t.Context(), saved)).To(Succeed())
	g.Expect(namespaces()).To(And(ContainElement("before-the-crash-of-etcd"), Not(ContainElement("after-the-backup"))))

	g.Expect(plane.Stop()).To(Succeed())
	g.Expect(running(t, plane.dir)).To(BeEmpty())
}

func TestTheEndOfTheContextStopsTheControlPlane(t *testing.T) {
	g := NewWithT(t)
	ctx, cancel := context.WithCancel(t.Context())
	plane, err := Start(ctx, Options{})
	g.Expect(err).NotTo(HaveOccurred())
	cancel()
	g.Eventually(plane.dir, deadline).ShouldNot(BeADirectory())
	g.Expect(running(t, plane.dir)).To(BeEmpty())
}

func TestAMissingCRDIsAnErrorAndLeavesNothingRunning(t *testing.T) {
	g := NewWithT(t)
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	_, err := Start(t.Context(), Options{CRDPaths: []string{filepath.Join(tmp, "no-such-crds")}})
	g.Expect(err).To(MatchError(ContainSubstring("no-such-crds")))
	g.Expect(running(t, tmp)).To(BeEmpty())
	g.Expect(os.ReadDir(tmp)).To(BeEmpty())
}

func TestAMissingProgramIsNamedWithItsCure(t *testing.T) {
	t.Setenv("KUBEBUILDER_ASSETS", t.TempDir())
	_, err := Start(t.Context(), Options{})
	NewWithT(t).Expect(err).To(MatchError(And(ContainSubstring("etcd"), ContainSubstring("make controlplane"))))
}

func TestAControlPlaneDiesWithTheProcessThatStartedIt(t *testing.T) {
	if _, err := exec.LookPath("setpriv"); err != nil {
		t.Skipf("without setpriv, of util-linux, only Stop ends the processes: %v", err)
	}
	g := NewWithT(t)
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), startAndHang+"=1")
	child.Stderr = t.Output()
	output, err := child.StdoutPipe()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(child.Start()).To(Succeed())
	dir, err := bufio.NewReader(output).ReadString('\n')
	g.Expect(err).NotTo(HaveOccurred())
	dir = strings.TrimSpace(dir)
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // killed, it leaves its files
	g.Expect(running(t, dir)).To(HaveLen(2))

	g.Expect(child.Process.Kill()).To(Succeed())
	_ = child.Wait()

	g.Eventually(func() []string { return running(t, dir) }, deadline).Should(BeEmpty())
}

// startAndHang makes the test binary start a control plane, print its folder,
// and wait to be killed.
const startAndHang = "TEST_ENV_START_AND_HANG"

func TestMain(m *testing.M) {
	if os.Getenv(startAndHang) == "" {
		goleak.VerifyTestMain(m) // and exits
	}
	plane, err := Start(context.Background(), Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(plane.dir)
	select {}
}
