// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package env

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// deadline bounds what a test waits for; each takes a second or two when
// nothing is wrong.
const deadline = 30 * time.Second

// start starts a control plane that the test's end stops.
func start(t *testing.T, options Options) *ControlPlane {
	t.Helper()
	plane, err := Start(t.Context(), options)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { NewWithT(t).Expect(plane.Stop()).To(Succeed()) })
	return plane
}

func clientsFor(t *testing.T, kubeconfig string) *kubernetes.Clientset {
	t.Helper()
	g := NewWithT(t)
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	g.Expect(err).NotTo(HaveOccurred())
	clients, err := kubernetes.NewForConfig(config)
	g.Expect(err).NotTo(HaveOccurred())
	return clients
}

// whoIs asks the API server whom it takes the client for.
func whoIs(t *testing.T, clients *kubernetes.Clientset) authenticationv1.UserInfo {
	t.Helper()
	review, err := clients.AuthenticationV1().SelfSubjectReviews().
		Create(t.Context(), &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return review.Status.UserInfo
}

func lines(path string) ([]string, error) {
	content, err := os.ReadFile(path)
	return strings.Split(string(content), "\n"), err
}

// running returns the command lines of the processes that were started with
// the folder among their arguments.
func running(t *testing.T, dir string) []string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("processes are looked up in /proc, which only Linux has")
	}
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	var found []string
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			continue // ended meanwhile
		}
		if command := strings.ReplaceAll(string(content), "\x00", " "); strings.Contains(command, dir) {
			found = append(found, command)
		}
	}
	return found
}
