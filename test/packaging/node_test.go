// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package packaging_test

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/test/process"
)

// node stands in for a cluster's: it runs the operator's Deployment as a process, with
// the arguments and the service account that the Deployment has, and says so in its
// status.
type node struct {
	clients *kubernetes.Clientset
	logs    string
	running *process.Process
	// args are those of the process that runs.
	args []string
}

// startNode has one run until the spec, or the container of specs, ends.
func startNode() {
	GinkgoHelper()
	clients, err := kubernetes.NewForConfig(plane.Config())
	Expect(err).NotTo(HaveOccurred())
	n := &node{clients: clients, logs: GinkgoT().TempDir()}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer GinkgoRecover()
		for ctx.Err() == nil {
			n.look(ctx)
			time.Sleep(100 * time.Millisecond)
		}
	}()
	DeferCleanup(func() {
		cancel()
		<-ended
		n.stop()
	})
}

func (n *node) look(ctx context.Context) {
	deployments := n.clients.AppsV1().Deployments(systemNamespace)
	deployment, err := deployments.Get(ctx, release, metav1.GetOptions{})
	switch {
	case apierrors.IsNotFound(err):
		n.stop()
		return
	case err != nil:
		return // it is looked again
	}
	if args := deployment.Spec.Template.Spec.Containers[0].Args; n.running == nil || !reflect.DeepEqual(args, n.args) {
		n.stop()
		n.start(ctx, deployment)
	}
	if deployment.Status.ObservedGeneration != deployment.Generation && n.rollOut(ctx, deployment) == nil {
		deployment.Status = rolledOut(deployment)
		_, _ = deployments.UpdateStatus(ctx, deployment, metav1.UpdateOptions{}) // a conflict is looked at again
	}
}

// rollOut makes the ReplicaSet of the Deployment's generation: Helm 3 waits for its
// replicas.
func (n *node) rollOut(ctx context.Context, deployment *appsv1.Deployment) error {
	sets, template := n.clients.AppsV1().ReplicaSets(systemNamespace), deployment.Spec.Template
	set, err := sets.Create(ctx, &appsv1.ReplicaSet{
		ObjectMeta: metav1.ObjectMeta{
			Name: fmt.Sprintf("%s-%s-%d", release, deployment.UID[:8], deployment.Generation), Labels: template.Labels,
			OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(deployment, appsv1.SchemeGroupVersion.WithKind("Deployment"))},
		},
		Spec: appsv1.ReplicaSetSpec{Replicas: deployment.Spec.Replicas, Selector: deployment.Spec.Selector, Template: template},
	}, metav1.CreateOptions{})
	if err != nil {
		return client.IgnoreAlreadyExists(err)
	}
	replicas := *deployment.Spec.Replicas
	set.Status = appsv1.ReplicaSetStatus{ObservedGeneration: set.Generation, Replicas: replicas, ReadyReplicas: replicas, AvailableReplicas: replicas}
	_, err = sets.UpdateStatus(ctx, set, metav1.UpdateOptions{})
	return err
}

// start does what a kubelet does with the pod, on ports that are free here.
func (n *node) start(ctx context.Context, deployment *appsv1.Deployment) {
	kubeconfig, err := plane.ServiceAccountKubeconfig(ctx, systemNamespace, deployment.Spec.Template.Spec.ServiceAccountName)
	if err != nil {
		return // it comes after the Deployment
	}
	n.args = deployment.Spec.Template.Spec.Containers[0].Args
	args := append([]string{"--kubeconfig", kubeconfig, "--namespace", systemNamespace}, n.args...)
	args = append(args, "--health-probe-bind-address=127.0.0.1:0", "--metrics-bind-address=127.0.0.1:0")
	n.running, err = process.Start(filepath.Join(n.logs, "manager.log"), filepath.Join(root, "bin", "manager"), args...)
	Expect(err).NotTo(HaveOccurred())
}

func (n *node) stop() {
	if n.running != nil {
		_ = n.running.Kill()
		n.running = nil
	}
}

func rolledOut(deployment *appsv1.Deployment) appsv1.DeploymentStatus {
	replicas, now := *deployment.Spec.Replicas, metav1.Now()
	return appsv1.DeploymentStatus{
		ObservedGeneration: deployment.Generation, Replicas: replicas, UpdatedReplicas: replicas, ReadyReplicas: replicas, AvailableReplicas: replicas,
		Conditions: []appsv1.DeploymentCondition{
			{Type: appsv1.DeploymentAvailable, Status: "True", Reason: "MinimumReplicasAvailable", LastUpdateTime: now, LastTransitionTime: now},
			{Type: appsv1.DeploymentProgressing, Status: "True", Reason: "NewReplicaSetAvailable", LastUpdateTime: now, LastTransitionTime: now},
		},
	}
}
