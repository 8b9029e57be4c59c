// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/test/env"
	"github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/process"
)

const (
	// patience bounds what is waited for, on a machine that does much else.
	patience = 2 * time.Minute
	glance   = 100 * time.Millisecond
	// job is what Prometheus calls the operators.
	job = "china-account-operator"
)

// world is two replicas of the operator on a real API server, with the reference
// gateway, and a Prometheus that scrapes them.
type world struct {
	*WithT
	T *testing.T
	*ground.Ground
	Prometheus

	ready    bool
	root     string // of the project
	began    time.Time
	replicas []*replica
	// secure is a third one, which serves its metrics by HTTPS to those who may read them.
	secure *replica
	// kubeState is the address of kube-state-metrics.
	kubeState string
	// told is what the commands of docs/monitoring.md printed.
	told      string
	processes []*process.Process
}

// replica is one operator, at an address that stays when it is started again.
type replica struct {
	*process.Process
	address string
}

var (
	theWorld *world
	lived    sync.Once
)

// livedWorld is the one of all tests, after its life.
func livedWorld(t *testing.T) *world {
	t.Helper()
	prometheus := need(t, "prometheus", "hack/prometheus.sh")
	lived.Do(func() {
		theWorld = &world{}
		theWorld.use(t)
		theWorld.open(prometheus)
		theWorld.live()
		theWorld.watch()
		theWorld.ready = true
	})
	if !theWorld.ready {
		t.Fatal("the world's life failed in the test that began it")
	}
	theWorld.use(t)
	return theWorld
}

func (w *world) use(t *testing.T) {
	w.WithT, w.T = NewWithT(t), t
	w.SetDefaultEventuallyTimeout(patience)
	w.SetDefaultEventuallyPollingInterval(glance)
	t.Cleanup(func() {
		if t.Failed() && w.Ground != nil {
			log, _ := os.ReadFile(w.LogPath("manager"))
			t.Logf("the operators' log ends so:\n%s", log[max(0, len(log)-5_000):])
		}
	})
}

func (w *world) open(prometheus string) {
	ctx := context.Background() // it outlives the test that opens it
	dir, err := os.MkdirTemp("", "china-account-monitoring-")
	w.Expect(err).NotTo(HaveOccurred())
	w.Ground, err = ground.Lay(ctx, dir, env.Options{}, "--step", "1h", "--hold", "1s")
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(w.MakeRegistrar(ctx, w.Gateway.Host, w.Gateway.CA)).To(Succeed())
	w.root, err = env.Root()
	w.Expect(err).NotTo(HaveOccurred())
	for range 2 {
		w.replicas = append(w.replicas, &replica{address: w.freeAddress()})
	}
	w.secure, w.kubeState = &replica{address: w.freeAddress()}, w.freeAddress()
	w.makeAccounts(ctx)
	w.startPrometheus(prometheus)
	for _, r := range w.replicas {
		w.startReplica(r)
		w.Eventually(func() error { _, err := scrape(r.address); return err }).Should(Succeed())
	}
}

// makeAccounts makes those of Prometheus and kube-state-metrics, which have no rights yet.
func (w *world) makeAccounts(ctx context.Context) {
	w.Expect(w.MakeNamespace(ctx, monitoringNamespace)).To(Succeed())
	for _, name := range []string{prometheusAccount, kubeStateAccount} {
		w.Expect(w.Onlooker.Create(ctx, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: monitoringNamespace, Name: name}})).To(Succeed())
	}
}

// watch has everybody else look: what docs/monitoring.md says, and kube-state-metrics.
func (w *world) watch() {
	w.told = w.followDoc()
	w.startKubeState()
}

// serveSecurely starts a replica that serves its metrics by HTTPS. Prometheus may read them
// by then: that it may not would be remembered for half a minute.
func (w *world) serveSecurely() {
	w.startReplica(w.secure, "--metrics-secure")
	w.Eventually(func() error {
		connection, err := net.Dial("tcp", w.secure.address)
		if err == nil {
			err = connection.Close()
		}
		return err
	}).Should(Succeed())
}

func clearWorld() error {
	w := theWorld
	if w == nil || w.Ground == nil {
		return nil
	}
	var failures []error
	for _, p := range w.processes {
		failures = append(failures, p.Stop())
	}
	failures = append(failures, w.Clear())
	return errors.Join(append(failures, os.RemoveAll(w.Dir))...)
}

// startReplica runs bin/manager, which then waits for the lease if another has it.
func (w *world) startReplica(r *replica, more ...string) {
	path, err := process.Binary("manager")
	w.Expect(err).NotTo(HaveOccurred())
	r.Process, err = process.Start(w.LogPath("manager"), path, append(more, "--kubeconfig", w.OperatorKubeconfig,
		"--metrics-bind-address", r.address, "--health-probe-bind-address", "0",
		"--leader-elect",
		"--poll-min", "200ms", "--poll-max", "500ms", "--missing-min", "200ms", "--missing-max", "500ms")...)
	w.Expect(err).NotTo(HaveOccurred())
	w.processes = append(w.processes, r.Process)
}

// startPrometheus has it scrape and judge every second. Labels that the metrics bring stay.
func (w *world) startPrometheus(path string) {
	scrapes := func(name string, addresses ...string) any {
		return map[string]any{"job_name": name, "honor_labels": true, "static_configs": []any{map[string]any{"targets": addresses}}}
	}
	config, err := yaml.Marshal(map[string]any{
		"global":     map[string]string{"scrape_interval": "1s", "evaluation_interval": "1s"},
		"rule_files": []string{filepath.Join(w.root, "config", "monitoring", "rules.yaml")},
		"scrape_configs": []any{
			scrapes(job, w.replicas[0].address, w.replicas[1].address), scrapes("kube-state-metrics", w.kubeState),
			w.scrapeConfig(w.tokenFile(), w.secure.address),
		},
	})
	w.Expect(err).NotTo(HaveOccurred())
	file := filepath.Join(w.Dir, "prometheus.yaml")
	w.Expect(os.WriteFile(file, config, 0o600)).To(Succeed())
	w.runPrometheus(path, file)
}

// tokenFile is a file with the token of Prometheus' service account.
func (w *world) tokenFile() string {
	path, err := w.Plane.ServiceAccountKubeconfig(context.Background(), monitoringNamespace, prometheusAccount)
	w.Expect(err).NotTo(HaveOccurred())
	config, err := clientcmd.BuildConfigFromFlags("", path)
	w.Expect(err).NotTo(HaveOccurred())
	file := filepath.Join(w.Dir, "prometheus-token")
	w.Expect(os.WriteFile(file, []byte(config.BearerToken), 0o600)).To(Succeed())
	return file
}

func (w *world) runPrometheus(path, config string) {
	address := w.freeAddress()
	w.Prometheus = Prometheus{URL: "http://" + address}
	p, err := process.Start(w.LogPath("prometheus"), path, "--config.file", config, "--web.listen-address", address,
		"--storage.tsdb.path", filepath.Join(w.Dir, "prometheus"))
	w.Expect(err).NotTo(HaveOccurred())
	w.processes = append(w.processes, p)
	w.Eventually(func() (*http.Response, error) {
		response, err := http.Get(w.URL + "/-/ready")
		if err == nil {
			err = response.Body.Close()
		}
		return response, err
	}).Should(HaveHTTPStatus(http.StatusOK))
}

func (w *world) freeAddress() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	w.Expect(err).NotTo(HaveOccurred())
	defer listener.Close()
	return listener.Addr().String()
}

func scrape(address string) (string, error) {
	response, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return string(content), err
}

// value is an expression's, if it has one series.
func (w *world) value(expr string) func(Gomega) float64 {
	return func(g Gomega) float64 {
		found, err := w.At(context.Background(), expr, time.Now())
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(found).To(HaveLen(1), expr)
		return found[0].Points[0].Value
	}
}

// states are those of the alerts of a name.
func (w *world) state(alert string) func(Gomega) string {
	return func(g Gomega) string {
		rules, err := w.Rules(context.Background())
		g.Expect(err).NotTo(HaveOccurred())
		for _, rule := range rules {
			if rule.Name == alert {
				return rule.State
			}
		}
		return ""
	}
}
