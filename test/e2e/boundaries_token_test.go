// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// host is a TLS server that is no gateway: it keeps what it is asked.
type host struct {
	*httptest.Server
	address, port string

	mu    sync.Mutex
	calls int
	asked []*http.Request
	// redirect is where it sends all who ask; empty is nowhere.
	redirect string
}

func startHost() *host {
	GinkgoHelper()
	h := &host{}
	h.Server = httptest.NewUnstartedServer(h)
	h.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		h.mu.Lock()
		defer h.mu.Unlock()
		if state == http.StateNew {
			h.calls++
		}
	}
	h.StartTLS()
	DeferCleanup(h.Close)
	h.address = h.Listener.Addr().String()
	_, h.port, _ = net.SplitHostPort(h.address)
	return h
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = append(h.asked, r)
	if h.redirect != "" {
		http.Redirect(w, r, h.redirect+r.URL.Path, http.StatusTemporaryRedirect)
	}
}

// called is how often somebody has connected.
func (h *host) called() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.calls
}

// authorized are the tokens that it was shown.
func (h *host) authorized() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var tokens []string
	for _, r := range h.asked {
		tokens = append(tokens, r.Header.Get("Authorization"))
	}
	return tokens
}

func (h *host) ca() []byte { return pemOf(h.Certificate()) }

func pemOf(certificate *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})
}

var _ = Describe("A gateway's token", func() {
	It("goes to the host that its Secret names, and to no other, whatever the Registrar's URL", func(ctx SpecContext) {
		w := runningWorld(ctx)
		other := startHost()
		good, goodPort, _ := net.SplitHostPort(w.gateway.address)
		urls := map[string]string{
			"other-port":      "https://" + good + ":" + other.port,
			"other-name":      "https://localhost:" + other.port,
			"same-port":       "https://localhost:" + goodPort,
			"path":            "https://" + other.address + "/" + w.gateway.address,
			"path-that-hides": "https://" + other.address + "/@" + w.gateway.address + "/",
			"trailing-dot":    "https://localhost.:" + other.port,
			"six":             "https://[::ffff:127.0.0.1]:" + other.port,
			"no-port":         "https://" + good,
		}
		for name, url := range urls {
			w.makeRegistrarOf(ctx, name, url, w.namespace, other.ca())
		}
		for name := range urls {
			ready := w.probed(ctx, name)
			Expect(ready).To(And(HaveField("Status", metav1.ConditionFalse), HaveField("Reason", "Refused"),
				HaveField("Message", ContainSubstring("the token may be sent to %q only", w.gateway.address))), name)
		}

		By("a Registrar that is sent to another host later")
		registrar := w.registrar()
		Expect(admin.Get(ctx, client.ObjectKeyFromObject(registrar), registrar)).To(Succeed())
		patch := client.MergeFrom(registrar.DeepCopy())
		registrar.Spec.Gateway.URL, registrar.Spec.Gateway.CABundle = "https://"+other.address, other.ca()
		Expect(admin.Patch(ctx, registrar, patch)).To(Succeed())
		w.registrarSays(ctx, v1alpha1.ConditionReady, metav1.ConditionFalse, "the token may be sent to")
		w.apply(ctx, w.registration("acme", "review"))
		w.eventually(ctx, "acme", inPhase(pending), requires(v1alpha1.RequirementRegistrarNotReady))
		Expect(other.called()).To(BeZero())

		By("a host that sends it on to another")
		redirecting := startHost()
		redirecting.redirect = other.URL
		Expect(admin.Create(ctx, tokenSecret(w.namespace+"-redirecting", redirecting.address))).To(Succeed())
		w.makeRegistrarOf(ctx, "redirecting", redirecting.URL, w.namespace+"-redirecting", append(redirecting.ca(), other.ca()...))
		Expect(w.probed(ctx, "redirecting").Status).To(Equal(metav1.ConditionFalse))
		Expect(redirecting.authorized()).To(ContainElement("Bearer " + gatewayToken))
		Expect(other.called()).To(BeZero())

		By("the same listener with a token of its own, so that it would have been heard")
		Expect(admin.Create(ctx, tokenSecret(w.namespace+"-other", other.address))).To(Succeed())
		w.makeRegistrarOf(ctx, "own", other.URL, w.namespace+"-other", other.ca())
		w.probed(ctx, "own")
		Expect(other.authorized()).To(ContainElement("Bearer " + gatewayToken))
	})

	DescribeTable("is kept from a URL in which two hosts can be read, by the API server", func(ctx SpecContext, url string) {
		registrar := manualRegistrar("two-hosts")
		registrar.Spec = v1alpha1.RegistrarSpec{Type: v1alpha1.RegistrarGateway, Gateway: &v1alpha1.Gateway{
			URL: url, TokenSecretRef: v1alpha1.SecretReference{Name: "token"},
		}}
		err := admin.Create(ctx, registrar)
		Expect(answerOf(err)).To(Equal(invalid), "%v", err)
		Expect(err).To(MatchError(ContainSubstring("spec.gateway.url")))
	},
		func(url string) string { return url },
		Entry(nil, "https://good.example.cn@evil.example"),
		Entry(nil, "https://good.example.cn:443@evil.example:443/"),
		Entry(nil, `https://good.example.cn\@evil.example`),
		Entry(nil, "https://good.example.cn%40evil.example"),
		Entry(nil, "https://good.example.cn%2f@evil.example"),
		Entry(nil, "https://evil.example#@good.example.cn"),
		Entry(nil, "https://evil.example?@good.example.cn"),
		Entry(nil, "https://good.example.cn evil.example"),
		Entry(nil, "http://good.example.cn"),
		Entry(nil, "HTTPS://good.example.cn"),
		Entry(nil, "//good.example.cn"),
		Entry(nil, "https://good.example.cn:99999"),
	)
})

var _ = Describe("A Registrar", func() {
	It("is not used by a namespace that its selector leaves out, until it takes it in", func(ctx SpecContext) {
		w := newWorld(ctx)
		registrar := w.registrar()
		Expect(admin.Get(ctx, client.ObjectKeyFromObject(registrar), registrar)).To(Succeed())
		patch := client.MergeFrom(registrar.DeepCopy())
		registrar.Spec.NamespaceSelector = &metav1.LabelSelector{MatchLabels: map[string]string{"team": w.namespace}}
		Expect(admin.Patch(ctx, registrar, patch)).To(Succeed())
		w.operator = startOperator()
		w.apply(ctx, w.registration("acme", "review"))
		w.eventually(ctx, "acme", inPhase(pending), requires(v1alpha1.RequirementRegistrarNotUsable, saying("may not be used from this namespace")))
		Expect(w.gateway.counters().Filings).To(BeZero())

		namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: w.namespace}}
		Expect(admin.Patch(ctx, namespace, client.RawPatch(types.MergePatchType, []byte(`{"metadata":{"labels":{"team":"`+w.namespace+`"}}}`)))).To(Succeed())
		w.eventually(ctx, "acme", through(pending, submitted))
	})
})

// makeRegistrarOf makes a further Registrar of the world, until the spec ends.
func (w *world) makeRegistrarOf(ctx context.Context, name, url, token string, ca []byte) {
	GinkgoHelper()
	registrar := w.registrarNamed(name)
	registrar.Spec = v1alpha1.RegistrarSpec{Type: v1alpha1.RegistrarGateway, Gateway: &v1alpha1.Gateway{
		URL: url, CABundle: ca, TokenSecretRef: v1alpha1.SecretReference{Name: token},
	}}
	Expect(admin.Create(ctx, registrar)).To(Succeed())
	DeferCleanup(func(ctx SpecContext) { Expect(admin.Delete(ctx, registrar)).To(Succeed()) })
}

func (w *world) registrarNamed(name string) *v1alpha1.Registrar {
	return &v1alpha1.Registrar{ObjectMeta: metav1.ObjectMeta{Name: w.namespace + "-" + name}}
}

// probed waits until a further Registrar is judged, and returns how.
func (w *world) probed(ctx context.Context, name string) *metav1.Condition {
	GinkgoHelper()
	var ready *metav1.Condition
	Eventually(func(g Gomega) {
		registrar := w.registrarNamed(name)
		g.Expect(admin.Get(ctx, client.ObjectKeyFromObject(registrar), registrar)).To(Succeed())
		ready = meta.FindStatusCondition(registrar.Status.Conditions, v1alpha1.ConditionReady)
		g.Expect(ready).NotTo(BeNil())
	}).Should(Succeed())
	return ready
}
