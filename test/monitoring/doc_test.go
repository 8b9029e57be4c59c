// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/test/env"
)

var (
	shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")
	yamlBlock  = regexp.MustCompile("(?s)```yaml\n(.*?)```")
	// withHelm begins the block that another cluster is for, as Helm adopts nothing that
	// kustomize installed.
	withHelm = "# with Helm\n"
)

// blocks of docs/monitoring.md.
func blocks(root string, kind *regexp.Regexp) (all []string, err error) {
	content, err := os.ReadFile(filepath.Join(root, "docs", "monitoring.md"))
	for _, found := range kind.FindAllStringSubmatch(string(content), -1) {
		all = append(all, found[1])
	}
	return all, err
}

// scrapeConfig is that of docs/monitoring.md, for a Prometheus that is outside of the
// cluster: the operator has a fixed address, and the token is a file of ours.
func (w *world) scrapeConfig(token, address string) any {
	all, err := blocks(w.root, yamlBlock)
	w.Expect(err).NotTo(HaveOccurred())
	var config struct {
		Jobs []map[string]any `json:"scrape_configs"`
	}
	w.Expect(yaml.Unmarshal([]byte(all[0]), &config)).To(Succeed())
	w.Expect(config.Jobs).To(HaveLen(1))
	of := config.Jobs[0]
	w.Expect(of).To(And(HaveKey("kubernetes_sd_configs"), HaveKey("relabel_configs"), HaveKey("authorization")))
	delete(of, "kubernetes_sd_configs")
	delete(of, "relabel_configs")
	of["authorization"] = map[string]string{"credentials_file": token}
	of["static_configs"] = []any{map[string]any{"targets": []string{address}}}
	of["job_name"] = "as-documented"
	return of
}

// followDoc runs what docs/monitoring.md has an administrator run.
func (w *world) followDoc() (said string) {
	all, err := blocks(w.root, shellBlock)
	w.Expect(err).NotTo(HaveOccurred())
	run := 0
	for _, script := range all {
		if strings.HasPrefix(script, withHelm) {
			continue
		}
		if strings.Contains(script, "$OPERATOR") {
			w.serveSecurely()
		}
		said += w.shell(w.Plane, script)
		run++
	}
	w.Expect(run).To(BeNumerically(">", 4))
	return said
}

// shell runs a block in the project's folder, as an administrator of a cluster.
func (w *world) shell(plane *env.ControlPlane, script string) string {
	tools := w.T.TempDir()
	w.Expect(os.Symlink(filepath.Join(w.root, "bin", "helm4"), filepath.Join(tools, "helm"))).To(Succeed())
	command := exec.CommandContext(context.Background(), "bash", "-euo", "pipefail", "-c", script)
	command.Dir = w.root
	command.Env = append(os.Environ(), "KUBECONFIG="+plane.Kubeconfig(), "KUBECACHEDIR="+tools, "HELM_CACHE_HOME="+tools, "HELM_CONFIG_HOME="+tools, "HELM_DATA_HOME="+tools,
		"OPERATOR="+w.secure.address, "PATH="+strings.Join([]string{tools, filepath.Dir(plane.Kubectl()), filepath.Join(w.root, "bin"), os.Getenv("PATH")}, ":"))
	said, err := command.CombinedOutput()
	w.Expect(err).NotTo(HaveOccurred(), "%s\n%s", script, said)
	return string(said)
}

func TestTheCommandsOfTheDocumentationWork(t *testing.T) {
	w := livedWorld(t)
	w.Expect(w.told).To(And(
		ContainSubstring("clusterrolebinding.rbac.authorization.k8s.io/prometheus-china-account created"),
		ContainSubstring(`china_account_calendar_year_info{basis="Published"`),
		ContainSubstring("SUCCESS: 7 rules found"),
		ContainSubstring("configmap/china-account-dashboard labeled"),
	))
}

func TestTheDocumentedScrapeConfigurationReadsTheOperatorByHTTPS(t *testing.T) {
	w := livedWorld(t)
	w.Eventually(w.value(`up{job="as-documented"}`)).Should(Equal(1.0))
	w.Eventually(w.value(`china_account_calendar_published_until_timestamp_seconds{job="as-documented"}`)).Should(BeNumerically(">", 1.7e9))
	all, err := blocks(w.root, yamlBlock)
	w.Expect(err).NotTo(HaveOccurred())
	file := filepath.Join(t.TempDir(), "prometheus.yaml")
	w.Expect(os.WriteFile(file, []byte(all[0]), 0o600)).To(Succeed())
	said, err := promtool(t, "", "check", "config", "--syntax-only", file)
	w.Expect(err).NotTo(HaveOccurred(), said)
}

func TestTheDocumentedAlertByNameNamesWhatIsOverdue(t *testing.T) {
	w := livedWorld(t)
	all, err := blocks(w.root, yamlBlock)
	w.Expect(err).NotTo(HaveOccurred())
	file := filepath.Join(t.TempDir(), "rules.yaml")
	w.Expect(os.WriteFile(file, []byte(all[1]), 0o600)).To(Succeed())
	said, err := promtool(t, "", "check", "rules", file)
	w.Expect(err).NotTo(HaveOccurred(), said)
	var rules struct {
		Groups []struct{ Rules []alert }
	}
	w.Expect(yaml.Unmarshal([]byte(all[1]), &rules)).To(Succeed())
	w.Eventually(func(g Gomega) {
		found, err := w.At(t.Context(), rules.Groups[0].Rules[0].Expr, time.Now())
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(found).To(HaveLen(1))
		g.Expect(found[0].Labels).To(And(HaveKeyWithValue("namespace", logistics), HaveKeyWithValue("name", "airport")))
	}).Should(Succeed())
}

func TestTheDocumentationHasEveryAlert(t *testing.T) {
	doc := readProject(t, "docs", "monitoring.md")
	for _, a := range alerts(t) {
		NewWithT(t).Expect(doc).To(ContainSubstring("| [" + a.Alert + "](runbooks/" + a.Alert + ".md) | " + a.Labels["severity"] + " |"))
	}
}
