// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const (
	urlField   = "spec.gateway.url"
	urlCure    = "must be an https URL without user, query or fragment, e.g. https://gateway.example.cn"
	unionCure  = "gateway is required for type Gateway, and has no place with type Manual"
	typeReason = "the type cannot change: make another Registrar"
)

var someGateway = fields{"url": "https://gateway.example.cn", "tokenSecretRef": fields{"name": "gateway-token"}}

func registrar(kind v1alpha1.RegistrarType, edits ...edit) object {
	o := &unstructured.Unstructured{Object: fields{
		"metadata": fields{"generateName": "registrar-"}, "spec": fields{"type": string(kind)},
	}}
	o.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("Registrar"))
	if kind == v1alpha1.RegistrarGateway {
		set("spec.gateway", someGateway)(o)
	}
	return edited(o, edits...)
}

var _ = Describe("A registrar", func() {
	It("is Manual with a type and nothing else", func(ctx SpecContext) {
		o := created(ctx, registrar(v1alpha1.RegistrarManual))
		Expect(get(current(ctx, o), "status")).To(Equal(fields{"observedGeneration": int64(-1)}))
	})

	It("is a Gateway with its URL and the Secret of its token", func(ctx SpecContext) {
		created(ctx, registrar(v1alpha1.RegistrarGateway))
		for _, field := range []string{urlField, "spec.gateway.tokenSecretRef", "spec.gateway.tokenSecretRef.name"} {
			Expect(wouldCreate(ctx, registrar(v1alpha1.RegistrarGateway, without(field)))).To(
				beRefusedFor(field, required, "Required value"))
		}
	})

	It("names a Secret that can be", func(ctx SpecContext) {
		field := "spec.gateway.tokenSecretRef.name"
		Expect(wouldCreate(ctx, registrar(v1alpha1.RegistrarGateway, set(field, "china-account/token")))).To(
			beRefusedFor(field, invalid, "no Secret can have this name"))
	})

	It("has a gateway exactly if it is one", func(ctx SpecContext) {
		Expect(wouldCreate(ctx, registrar(v1alpha1.RegistrarGateway, without("spec.gateway")))).To(
			beRefusedFor("spec.gateway", invalid, unionCure))
		Expect(wouldCreate(ctx, registrar(v1alpha1.RegistrarManual, set("spec.gateway", someGateway)))).To(
			beRefusedFor("spec.gateway", invalid, unionCure))
		gateway, manual := created(ctx, registrar(v1alpha1.RegistrarGateway)), created(ctx, registrar(v1alpha1.RegistrarManual))
		Expect(change(ctx, gateway, without("spec.gateway"))).To(beRefusedFor("spec.gateway", invalid, unionCure))
		Expect(change(ctx, manual, set("spec.gateway", someGateway))).To(beRefusedFor("spec.gateway", invalid, unionCure))
	})

	It("stays of its type", func(ctx SpecContext) {
		manual, gateway := created(ctx, registrar(v1alpha1.RegistrarManual)), created(ctx, registrar(v1alpha1.RegistrarGateway))
		Expect(change(ctx, manual, set("spec.type", "Gateway"), set("spec.gateway", someGateway))).To(
			beRefusedFor("spec.type", forbidden, typeReason))
		Expect(change(ctx, gateway, set("spec.type", "Manual"), without("spec.gateway"))).To(
			beRefusedFor("spec.type", forbidden, typeReason))
	})

	It("is Manual or Gateway", func(ctx SpecContext) {
		Expect(wouldCreate(ctx, registrar("Fax"))).To(beRefusedFor("spec.type", enum, `"Fax"`))
	})

	It("moves to another URL, token, CA, Regions and namespaces, and back to none", func(ctx SpecContext) {
		o := created(ctx, registrar(v1alpha1.RegistrarGateway))
		Expect(change(ctx, o,
			set(urlField, "https://gateway-2.example.cn"), set("spec.gateway.tokenSecretRef.name", "gateway-token-2"),
			set("spec.gateway.caBundle", []byte("-----BEGIN CERTIFICATE-----")), set("spec.regions", []any{"cn-north-1"}),
			set("spec.namespaceSelector", fields{"matchLabels": fields{"team": "cloud"}}),
		)).To(Succeed())
		Expect(change(ctx, o, without("spec.gateway.caBundle"), without("spec.regions"), without("spec.namespaceSelector"))).To(Succeed())
	})

	It("is judged by the operator, and labelled", func(ctx SpecContext) {
		for _, kind := range []v1alpha1.RegistrarType{v1alpha1.RegistrarManual, v1alpha1.RegistrarGateway} {
			o := created(ctx, registrar(kind))
			Expect(writeStatus(ctx, o, fields{"observedGeneration": 1, "conditions": []any{fields{
				"type": "Ready", "status": "False", "reason": "Unreachable", "message": "", "lastTransitionTime": "2026-10-09T01:00:00Z",
			}}})).To(Succeed())
			Expect(change(ctx, o, set("metadata.labels", fields{"team": "cloud"}))).To(Succeed())
		}
	})
})

var _ = Describe("A gateway's URL", func() {
	DescribeTable("is taken", func(ctx SpecContext, url string) {
		Expect(wouldCreate(ctx, registrar(v1alpha1.RegistrarGateway, set(urlField, url)))).To(Succeed())
	},
		Entry(nil, "https://gateway.example.cn"), Entry(nil, "https://gateway.example.cn/"),
		Entry(nil, "https://gateway.example.cn/cn-north-1"), Entry(nil, "https://gateway.example.cn:8443/v1"),
		Entry(nil, "https://gateway"), Entry(nil, "https://10.0.0.1:443"), Entry(nil, "https://[2001:db8::1]"),
		Entry(nil, "https://[2001:db8::1]:8443/path"), Entry(nil, "https://gateway.ns.svc.cluster.local:65535"),
		Entry(nil, "https://gateway.example.cn/team@cloud"),
	)

	DescribeTable("is refused", func(ctx SpecContext, url string) {
		Expect(wouldCreate(ctx, registrar(v1alpha1.RegistrarGateway, set(urlField, url)))).To(beRefusedFor(urlField, invalid, urlCure))
	},
		Entry("without TLS", "http://gateway.example.cn"), Entry("of another scheme", "file:///etc/passwd"),
		Entry("without a scheme", "gateway.example.cn"), Entry("as a path", "/gateway.example.cn"),
		Entry("without a host", "https:///v1/path"), Entry("with a port alone", "https://:8443/"),
		Entry("with a user", "https://user@gateway.example.cn"), Entry("with a user and password", "https://user:secret@gateway.example.cn"),
		Entry("with a query", "https://gateway.example.cn/?token=1"), Entry("with an empty query", "https://gateway.example.cn?"),
		Entry("with a fragment", "https://gateway.example.cn/#v1"), Entry("with a space", "https://gateway.example.cn/ v1"),
		Entry("with a space behind it", "https://gateway.example.cn "), Entry("with a line break", "https://gateway.example.cn\n"),
		Entry("with a port that is none", "https://gateway.example.cn:https"), Entry("with port 0", "https://gateway.example.cn:0"),
		Entry("with a port too high", "https://gateway.example.cn:65536"), Entry("with a port far too high", "https://gateway.example.cn:99999999999999999999"),
		Entry("with half an IPv6 address", "https://[2001:db8::1"), Entry("with a backslash", `https://gateway.example.cn\@other.example.cn`),
		Entry("as an opaque URL", "https:gateway.example.cn"),
	)

	It("is not too long", func(ctx SpecContext) {
		long := "https://gateway.example.cn/" + strings.Repeat("p", 500)
		Expect(wouldCreate(ctx, registrar(v1alpha1.RegistrarGateway, set(urlField, long)))).To(beRefusedFor(urlField, tooLong, "512"))
	})
})

var _ = Describe("A registrar's Regions", func() {
	DescribeTable("are one or both, each once", func(ctx SpecContext, regions []any, at string) {
		err := wouldCreate(ctx, registrar(v1alpha1.RegistrarManual, set("spec.regions", regions)))
		if at == "" {
			Expect(err).To(Succeed())
			return
		}
		Expect(err).To(WithTransform(causes, ContainElement(HaveField("Field", at))))
	},
		Entry("Beijing", []any{"cn-north-1"}, ""), Entry("Ningxia", []any{"cn-northwest-1"}, ""),
		Entry("both", []any{"cn-north-1", "cn-northwest-1"}, ""),
		Entry("none", []any{}, "spec.regions"), Entry("one twice", []any{"cn-north-1", "cn-north-1"}, "spec.regions[1]"),
		Entry("one of the global partition", []any{"us-east-1"}, "spec.regions[0]"),
	)
})
