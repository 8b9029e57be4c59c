// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gitops_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var ageRecipient = regexp.MustCompile(`age1[0-9a-z]+`)

var _ = Describe("Secrets that are in Git, encrypted by SOPS", func() {
	It("are filed from, and are in Git in no other way", func(ctx SpecContext) {
		of := newTeam(ctx, "team-sops")
		key := goTool(ctx, fluxTools(), "run", "-trimpath", "filippo.io/age/cmd/age-keygen")
		Expect(floor.Onlooker.Create(ctx, &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{Namespace: of.namespace, Name: "sops-age"},
			Data:       map[string][]byte{"age.agekey": []byte(key)},
		})).To(Succeed())
		of.commit(manifest(of.cast()), secrets(of.cast())...)
		committed := filepath.Join(of.clone, "registrations", "acme", "secrets.yaml")
		encrypted := goTool(ctx, fluxTools(), "run", "-trimpath", "github.com/getsops/sops/v3/cmd/sops", "encrypt",
			"--age", ageRecipient.FindString(key), "--encrypted-regex", "^(data|stringData)$", committed)
		Expect(os.WriteFile(committed, []byte(encrypted), 0o600)).To(Succeed())
		Expect(encrypted).NotTo(Or(BeEmpty(), ContainSubstring(base64.StdEncoding.EncodeToString([]byte(idNumber)))))
		of.push(ctx)
		of.publish(ctx)

		asked := reviewDoesNotBlock.sync(ctx, of.namespace, "acme", func(spec map[string]any) {
			spec["decryption"] = map[string]any{"provider": "sops", "secretRef": map[string]any{"name": "sops-age"}}
		})
		of.eventually(ctx, inPhase(v1alpha1.PhaseSubmitted))
		Expect(asked.answered(ctx).verdict()).To(Equal(healthy))
	})
})
