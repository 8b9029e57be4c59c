// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package restore

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/env"
	"github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/lives"
	"github.com/chinaaccount/china-account-operator/test/process"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

const namespace = "restored"

// patience bounds what is waited for. After the restore the operator may wait for a
// minute before it tries the API server again.
const patience = 100 * time.Second

// world is the ground with an operator at work.
type world struct {
	*ground.Ground
	*WithT
	t *testing.T
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, WithT: NewWithT(t)}
	w.SetDefaultEventuallyTimeout(patience)
	w.SetDefaultEventuallyPollingInterval(100 * time.Millisecond)
	var err error
	w.Ground, err = ground.Lay(t.Context(), t.TempDir(), env.Options{Breakable: true}, "--step", "1h")
	t.Cleanup(func() { w.Expect(w.Clear()).To(Succeed()) })
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(w.MakeNamespace(t.Context(), namespace)).To(Succeed())
	w.Expect(w.MakeRegistrar(t.Context(), w.Gateway.Host, w.Gateway.CA)).To(Succeed())
	w.keepOperator()
	return w
}

// keepOperator runs the operator, and runs it again when it ends, as its Deployment
// would.
func (w *world) keepOperator() {
	path, err := process.Binary("manager")
	w.Expect(err).NotTo(HaveOccurred())
	ctx, cancel := context.WithCancel(w.t.Context())
	over := make(chan struct{})
	go func() {
		defer close(over)
		for ctx.Err() == nil {
			operator, err := process.Start(w.LogPath("manager"), path, "--kubeconfig", w.OperatorKubeconfig, "--health-probe-bind-address", "0",
				"--poll-min", "200ms", "--poll-max", "500ms", "--missing-min", "200ms", "--missing-max", "500ms")
			if err != nil {
				w.t.Error(err)
				return
			}
			select {
			case <-operator.Ended():
			case <-ctx.Done():
				_ = operator.Stop()
			}
		}
	}()
	w.t.Cleanup(func() {
		cancel()
		<-over
		if w.t.Failed() {
			log, _ := os.ReadFile(w.LogPath("manager"))
			w.t.Log(string(log[max(0, len(log)-20_000):]))
		}
	})
}

// apply applies a registration of a life, or applies it again.
func (w *world) apply(name, life string) *lives.People {
	w.t.Helper()
	for _, l := range lives.All() {
		if l.Name == life {
			people := lives.NewPeople(lives.Cast{Life: l, Namespace: namespace, Name: name, Registrar: ground.GatewayName}, w.Onlooker)
			w.Expect(people.Begin(w.t.Context())).To(Succeed())
			return people
		}
	}
	w.t.Fatal("there is no such life: ", life)
	return nil
}

func (w *world) get(name string) *v1alpha1.ChinaAccountRegistration {
	w.t.Helper()
	reg := &v1alpha1.ChinaAccountRegistration{}
	if w.Onlooker.Get(w.t.Context(), client.ObjectKey{Namespace: namespace, Name: name}, reg) != nil {
		return nil
	}
	return reg
}

// reaches waits for a phase and attempt; 0 is an intent or none.
func (w *world) reaches(name string, phase v1alpha1.RegistrationPhase, attempt int32) {
	w.t.Helper()
	w.Eventually(func() bool {
		reg := w.get(name)
		if reg == nil || reg.Status.Phase != phase {
			return false
		}
		filing := reg.Status.Filing
		return attempt == 0 || filing != nil && filing.FiledTime != nil && filing.Attempt == attempt
	}).Should(BeTrue(), func() string { return name + ": " + lives.Describe(w.get(name)) })
}

// step has the registrar go on with a filing.
func (w *world) step(people *lives.People) {
	w.t.Helper()
	w.Expect(w.Gateway.Step(w.t.Context(), people.Key())).To(Succeed())
}

// live has people and registrar do what is due until the life has ended.
func (w *world) live(people *lives.People) {
	w.t.Helper()
	w.Eventually(func(g Gomega) {
		reg := w.get(people.Name)
		g.Expect(people.Act(w.t.Context(), reg)).To(Succeed())
		if standing, err := w.Gateway.Standing(w.t.Context(), people.Key()); err == nil && standing.NextStepTime != nil {
			g.Expect(w.Gateway.Step(w.t.Context(), people.Key())).To(Succeed())
		}
		g.Expect(people.Ended(reg)).To(BeTrue(), people.Name+": "+lives.Describe(reg))
	}).Should(Succeed())
}

func TestABackupOfEtcdIsRestoredUnderARunningOperator(t *testing.T) {
	w := newWorld(t)
	w.Expect(w.Gateway.Faults(t.Context(), registrar.Fault{Kind: registrar.Fault503, Operations: []string{"fileAttempt"}})).To(Succeed())
	intent := w.apply("intent", "review")
	w.Eventually(func() bool { reg := w.get("intent"); return reg.Status.Filing != nil }).Should(BeTrue())
	w.Expect(w.Gateway.Faults(t.Context())).To(Succeed())
	submitted, decided, corrected := w.apply("submitted", "review"), w.apply("decided", "immediate"), w.apply("corrected", "corrected")
	w.reaches("submitted", v1alpha1.PhaseSubmitted, 1)
	w.reaches("decided", v1alpha1.PhaseActive, 1)
	w.reaches("corrected", v1alpha1.PhaseSubmitted, 1)
	w.step(corrected)
	w.step(corrected)
	w.reaches("corrected", v1alpha1.PhaseRejected, 1)
	w.Expect(w.Gateway.Faults(t.Context(), registrar.Fault{Kind: registrar.Fault503, Operations: []string{"fileAttempt"}})).To(Succeed())
	unfiled := w.apply("unfiled", "late-scan")
	w.reaches("unfiled", v1alpha1.PhasePending, 0)

	saved := filepath.Join(t.TempDir(), "etcd")
	w.Expect(w.Plane.SaveData(t.Context(), saved)).To(Succeed())

	w.Expect(w.Gateway.Faults(t.Context())).To(Succeed())
	everybody := []*lives.People{intent, submitted, decided, corrected, unfiled, w.apply("later", "review")}
	for _, people := range everybody {
		w.live(people)
	}
	before, err := w.Gateway.Counters(t.Context())
	w.Expect(err).NotTo(HaveOccurred())

	restored := time.Now().Truncate(time.Second)
	w.Expect(w.Plane.RestoreData(t.Context(), saved)).To(Succeed())
	w.Expect(w.get("later")).To(BeNil(), "it is newer than the backup")
	w.apply("later", "review") // GitOps applies it again
	for _, people := range everybody {
		w.live(people)
	}
	history := w.get("submitted").Status.History
	w.Expect(history[len(history)-1].Time.Time).NotTo(BeTemporally("<", restored), "it was as in the backup, and was followed again")
	log, err := os.ReadFile(w.LogPath("manager"))
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(strings.Count(string(log), "The operator ended")).To(Equal(strings.Count(string(log), "has gone back from resourceVersion")), "it ended for no other reason")

	after, err := w.Gateway.Counters(t.Context())
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(after.Accepted).To(Equal(before.Accepted), "nothing is filed again")
	w.Expect(after.DuplicateFilings).To(BeZero())
}
