// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/offline"
	"github.com/chinaaccount/china-account-operator/internal/offline/apiserver"
)

// offlineSchema is compiled once: all creates of this suite are compared with it.
var offlineSchema = sync.OnceValue(func() *apiserver.Schema { return must(apiserver.NewSchema()) })

// blamedInWords is the one cause that names no field but in its text.
var blamedInWords = regexp.MustCompile(`Checked value must be of type integer with format int32 in ([A-Za-z.]+)`)

// anOwner is what Kubernetes 1.34 blames, where later versions say which owner. It also
// goes on to the rules then, as they do not.
const anOwner = "metadata.ownerReferences."

const skippedRules = "some validation rules were not checked"

// expectSameOffline sees that what kubectl china-account check says of an object is
// what the API server said when it was created with strict field validation: taken or
// refused, and refused for the same fields.
func expectSameOffline(ctx context.Context, o object, refusal error) {
	GinkgoHelper()
	if o.GetKind() != "ChinaAccountRegistration" || o.GroupVersionKind().Group != v1alpha1.GroupName {
		return
	}
	answer := offlineSchema().Create(ctx, o.Object)
	faults := map[string]bool{}
	for _, fault := range answer.Faults {
		faults[fault.Path] = true
	}
	switch {
	case refusal == nil:
		Expect(answer.Faults).To(BeEmpty(), "the API server takes it")
	case apierrors.IsInvalid(refusal):
		fields := map[string]bool{}
		for _, cause := range must(causes(refusal)) {
			fields[strings.Replace(cause.Field, anOwner, "metadata.ownerReferences[0].", 1)] = true
		}
		for _, found := range blamedInWords.FindAllStringSubmatch(refusal.Error(), -1) {
			fields[found[1]] = true
		}
		Expect(slices.Sorted(maps.Keys(faults))).To(Equal(slices.Sorted(maps.Keys(fields))), "%v", refusal)
		skipped := strings.Contains(refusal.Error(), skippedRules) || strings.Contains(refusal.Error(), anOwner)
		Expect(answer.RulesSkipped).To(Equal(skipped), "%v", refusal)
	case apierrors.IsBadRequest(refusal):
		Expect(answer.Faults).NotTo(BeEmpty(), "%v", refusal)
	}
}

// misfits are values that fit few fields, of every JSON type.
var misfits = map[string]any{
	"null": nil, "a number": 1, "a fraction": 1.5, "a negative number": -1, "a large number": 3_000_000_000, "true": true, "false": false,
	"an empty text": "", "a text": "x", "a long text": strings.Repeat("x", 5000), "an empty list": []any{}, "a list": []any{"x"},
	"an empty object": fields{}, "an object": fields{"x": "y"}, "a list of null": []any{nil},
}

var _ = Describe("kubectl china-account check says what the API server says", func() {
	visit("spec", specSchema("chinaaccountregistrations"), func(path string, _ apiextensionsv1.JSONSchemaProps, _ bool) {
		It("of what does not fit at "+path, func(ctx SpecContext) {
			for name, value := range misfits {
				By(name)
				_ = wouldCreate(ctx, fullRegistration(set(path, value)))
			}
			if _, isObject := get(full, path).(map[string]any); isObject {
				By("another field")
				_ = wouldCreate(ctx, fullRegistration(set(path+".another", "x")))
			}
			if !strings.HasSuffix(path, "]") {
				By("nothing")
				_ = wouldCreate(ctx, fullRegistration(without(path)))
			}
		})
	})

	DescribeTable("of metadata", func(ctx SpecContext, path string, value any) {
		_ = wouldCreate(ctx, fullRegistration(set(path, value)))
	},
		Entry("a name that cannot be", "metadata.name", "Acme_1"),
		Entry("a name that is a number", "metadata.name", 7),
		Entry("a generated name that cannot be", "metadata.generateName", "Acme "),
		Entry("an unknown field", "metadata.nme", "acme"),
		Entry("labels that are a list", "metadata.labels", []any{"x"}),
		Entry("a label that is a number", "metadata.labels", fields{"a": 1}),
		Entry("a label that cannot be", "metadata.labels", fields{"a b": "c"}),
		Entry("a label's value that cannot be", "metadata.labels", fields{"a": "c d"}),
		Entry("a label that can be", "metadata.labels", fields{"example.com/a": "c"}),
		Entry("an annotation that cannot be", "metadata.annotations", fields{"a b": "c"}),
		Entry("an annotation that is large", "metadata.annotations", fields{"a": strings.Repeat("x", 300<<10)}),
		Entry("a finalizer that cannot be", "metadata.finalizers", []any{"a b"}),
		Entry("an owner that is none", "metadata.ownerReferences", []any{fields{"name": "x"}}),
		Entry("fields of the server", "metadata.uid", "x"),
		Entry("a status", "status", fields{"phase": "Active"}),
		Entry("a status that cannot be", "status", fields{"phase": "Gone"}),
		Entry("a status of another type", "status", "x"),
		Entry("an unknown field in status", "status", fields{"phaze": "Active"}),
		Entry("an unknown field beside spec", "spec2", fields{}),
		Entry("a spec that is a text", "spec", "x"),
		Entry("no spec", "spec", nil),
	)

	It("of an object with a resourceVersion", func(ctx SpecContext) {
		_, err := create(ctx, fullRegistration(set("metadata.resourceVersion", "7")))
		Expect(err).To(HaveOccurred())
	})
})

var _ = Describe("kubectl china-account check -f says what kubectl apply says", func() {
	text := string(must(yaml.Marshal(edited(full, set("metadata", fields{"name": "acme", "namespace": "default"})).Object)))

	DescribeTable("of a file", func(ctx SpecContext, content string, taken bool) {
		path := filepath.Join(GinkgoT().TempDir(), "registration.yaml")
		Expect(os.WriteFile(path, []byte(content), 0o600)).To(Succeed())
		output, err := exec.CommandContext(ctx, plane.Kubectl(), "--kubeconfig", plane.Kubeconfig(), "apply", "--dry-run=server", "-f", path).CombinedOutput()
		Expect(err == nil).To(Equal(taken), "%s", output)
		Expect(takenOffline(ctx, path)).To(Equal(taken))
	},
		Entry("that is right", text, true),
		Entry("in JSON", string(must(yaml.YAMLToJSON([]byte(text)))), true),
		Entry("with Windows line ends", strings.ReplaceAll(text, "\n", "\r\n"), true),
		Entry("with comments for separators", "--- # one\n"+text+"--- # two\n", true),
		Entry("with text behind a separator", "--- one\n"+text, false),
		Entry("with a postal code that is a number", replaced(text, `postalCode: "200120"`, "postalCode: 200120"), false),
		Entry("with a mobile number that is a number", replaced(text, "mobile: \"+8613800138000\"", "mobile: +8613800138000"), false),
		Entry("with a date without quotes", replaced(text, `expiryDate: "2045-06-30"`, "expiryDate: 2045-06-30"), true),
		Entry("with yes for true", replaced(text, "suspend: true", "suspend: yes"), true),
		Entry("with a text for true", replaced(text, "suspend: true", `suspend: "true"`), false),
		Entry("with a field of another case", replaced(text, "suspend: true", "Suspend: true"), false),
		Entry("with a null for a field that may be left out", replaced(text, "suspend: true", "suspend:"), true),
		Entry("with an alias", replaced(replaced(text, "legalName: ", "legalName: &name "), "bankName: 中国银行上海分行", "bankName: *name"), true),
		Entry("with another version", replaced(text, "/v1alpha1", "/v1"), false),
		Entry("in a typed list", listOf(text, "ChinaAccountRegistrationList", "registration.chinaaccount.dev/v1alpha1"), true),
		Entry("in a list", listOf(text, "List", "v1"), true),
		Entry("with a generated name", replaced(text, "name: acme\n", "generateName: acme-\n"), false),
		Entry("without a name", replaced(text, "  name: acme\n", ""), false),
		Entry("without its last quote", replaced(text, `postalCode: "200120"`, `postalCode: "200120`), false),
	)

	It("and what Flux says of a field that is there twice, which kubectl drops", func(ctx SpecContext) {
		path := filepath.Join(GinkgoT().TempDir(), "registration.yaml")
		Expect(os.WriteFile(path, []byte(replaced(text, "suspend: true", "suspend: true\n  suspend: true")), 0o600)).To(Succeed())
		Expect(takenOffline(ctx, path)).To(BeFalse())
	})
})

// takenOffline is that the file can be read, and that the CRD refuses nothing in it.
func takenOffline(ctx context.Context, path string) bool {
	GinkgoHelper()
	input, err := offline.Read(offline.Sources{Paths: []string{path}})
	if err != nil {
		return false
	}
	for _, report := range must(offline.Check(ctx, input, time.Now())) {
		for _, finding := range report.Findings {
			if finding.IsError() {
				return false
			}
		}
	}
	return true
}

func replaced(text, old, by string) string {
	if !strings.Contains(text, old) {
		panic(fmt.Sprintf("the fixture lacks %q", old))
	}
	return strings.Replace(text, old, by, 1)
}

func listOf(item, kind, apiVersion string) string {
	var list bytes.Buffer
	fmt.Fprintf(&list, "kind: %s\napiVersion: %s\nitems:\n", kind, apiVersion)
	for i, line := range strings.Split(strings.TrimSpace(item), "\n") {
		indent := "  "
		if i == 0 {
			indent = "- "
		}
		fmt.Fprintf(&list, "%s%s\n", indent, line)
	}
	return list.String()
}
