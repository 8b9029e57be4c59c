// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/test/ground"
	reference "github.com/chinaaccount/china-account-operator/test/registrar"
	"github.com/chinaaccount/china-account-operator/test/scans"
)

// Persons and companies are invented.
const (
	idNumber  = "11010519491231002X"
	legalName = "示例测速（宁夏）有限公司"
	region    = v1alpha1.RegionNingxia
)

// Scenarios of the gateway.
const (
	reviewed = "review" // to Active
	silent   = "silent" // Submitted, and no further
)

// scan is a picture that preflight takes. maxScan is what the published figures rest on.
var scan = scans.Sample()

const maxScan = 10_000 // bytes

// shardLabel parts the registrations of measureShards.
const shardLabel = "shard"

// person is one registration and its Secrets.
type person struct {
	namespace, name string
	email           v1alpha1.EmailAddress
	creditCode      v1alpha1.UnifiedSocialCreditCode
	shard           string
}

// person draws number i of this ground. The same seed draws the same people.
func (s *stand) person(i int, scenario string) person {
	draw := rand.New(rand.NewPCG(s.b.seed, uint64(i)))
	p := person{
		namespace:  s.namespace,
		name:       fmt.Sprintf("applicant-%05d-%04x", i, draw.Uint32()&0xffff),
		creditCode: v1alpha1.UnifiedSocialCreditCode(creditCode(draw)),
	}
	p.email = v1alpha1.EmailAddress(fmt.Sprintf("bench+%s.%s.%d.%08x@acme.example.cn", scenario, s.namespace, i, draw.Uint32()))
	s.people[i] = p
	return p
}

// The alphabet and weights of GB 32100-2015; those of the organisation code in it are of
// GB 11714.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var organisationWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}

// creditCode draws one of a company in Yinchuan whose check characters are right.
func creditCode(draw *rand.Rand) string {
	organisation := "MA"
	for range 6 {
		organisation += creditAlphabet[draw.IntN(10):][:1]
	}
	sum := 0
	for i, weight := range organisationWeights {
		value := int(organisation[i] - '0')
		if organisation[i] >= 'A' {
			value = int(organisation[i]-'A') + 10
		}
		sum += value * weight
	}
	code := "91640100" + organisation + "0123456789X"[(11-sum%11)%11:][:1]
	sum, weight := 0, 1
	for _, c := range code {
		sum += strings.IndexRune(creditAlphabet, c) * weight
		weight = weight * 3 % 31
	}
	return code + creditAlphabet[(31-sum%31)%31:][:1]
}

func (p person) key() string { return registrar.Key(region, p.email) }

// registration is what its applicant applies.
func (p person) registration() *v1alpha1.ChinaAccountRegistration {
	reg := &v1alpha1.ChinaAccountRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: p.namespace, Name: p.name}}
	if p.shard != "" {
		reg.Labels = map[string]string{shardLabel: p.shard}
	}
	reg.Spec.Region = region
	reg.Spec.RegistrarRef.Name = ground.GatewayName
	reg.Spec.SupportPlan = "Business"
	part := func(name, key string) v1alpha1.SecretKeySource {
		return v1alpha1.SecretKeySource{SecretKeyRef: v1alpha1.SecretKeyReference{Name: p.name + "-" + name, Key: key}}
	}
	file := func(name, key string) v1alpha1.File {
		return v1alpha1.File{Parts: []v1alpha1.SecretKeySource{part(name, key)}}
	}
	reg.Spec.Dossier = v1alpha1.Dossier{
		Account: v1alpha1.Account{Email: p.email, Username: "acmechina"},
		Company: v1alpha1.Company{
			LegalName: legalName, UnifiedSocialCreditCode: p.creditCode,
			Address: v1alpha1.Address{Province: "宁夏回族自治区", City: "银川市", District: "金凤区", Street: "示例路1号", PostalCode: "750001"},
		},
		Contact: v1alpha1.Contact{Name: "王小明", Email: p.email, Mobile: "+8613800138000"},
		SecurityAdministrator: v1alpha1.SecurityAdministrator{
			Name: "李安", Email: "security@acme.example.cn", Mobile: "+8613900139000", ChineseProficiency: v1alpha1.ChineseProficiencyAttested,
			Identification: v1alpha1.Identification{Type: v1alpha1.IdentificationResidentIdentityCard, NumberFrom: part("identity", "number")},
		},
		Documents: v1alpha1.Documents{
			BusinessCertificate: v1alpha1.BusinessCertificate{Type: v1alpha1.CertificateBusinessLicense, Files: []v1alpha1.File{file("license", "scan")}},
			Identification:      v1alpha1.IdentificationDocument{Files: []v1alpha1.File{file("identity", "front"), file("identity", "back")}},
		},
		Fapiao:            v1alpha1.Fapiao{Type: v1alpha1.FapiaoNone},
		CustomerAgreement: v1alpha1.AgreementAccepted,
	}
	return reg
}

// secrets are there before the registration is, the code that the registrar will ask for
// included: such a life waits for nobody.
func (p person) secrets() []*corev1.Secret {
	data := map[string]map[string][]byte{
		"identity": {"number": []byte(idNumber), "front": scan, "back": scan},
		"license":  {"scan": scan},
		"codes":    {v1alpha1.EmailCodeKey: []byte(reference.EmailCode), v1alpha1.PhoneCodeKey: []byte(reference.PhoneCode)},
	}
	var secrets []*corev1.Secret
	for name, content := range data {
		secrets = append(secrets, &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{
				Namespace: p.namespace, Name: p.name + "-" + name, Labels: map[string]string{v1alpha1.SendToRegistrarLabel: "true"},
			},
			Data: content,
		})
	}
	return secrets
}

// digest is that of what is filed, which for a seed nobody reads from Secrets.
func (p person) digest(key *dossier.InstallationKey) string {
	reg := p.registration()
	document := func(role dossier.Role) dossier.Document { return dossier.Document{Role: role, Parts: [][]byte{scan}} }
	return key.Digest(&dossier.Dossier{
		Region: region, Spec: reg.Spec.Dossier, IDNumber: idNumber,
		Documents: []dossier.Document{
			document(dossier.RoleBusinessCertificate), document(dossier.RoleIdentification), document(dossier.RoleIdentification),
		},
	})
}

// makeSecrets makes those of all.
func (s *stand) makeSecrets(ctx context.Context, people []person) error {
	if len(scan) > maxScan {
		return fmt.Errorf("the sample scan has %d bytes: the figures are of documents of at most %d", len(scan), maxScan)
	}
	return inParallel(ctx, people, func(ctx context.Context, p person) error {
		for _, secret := range p.secrets() {
			if err := s.Onlooker.Create(ctx, secret); err != nil {
				return fmt.Errorf("make Secret %s: %w", secret.Name, err)
			}
		}
		return nil
	})
}

// apply applies all at once, and calls then, which may be nil, as soon as each is there.
func (s *stand) apply(ctx context.Context, people []person, then func(person)) error {
	return inParallel(ctx, people, func(ctx context.Context, p person) error {
		if err := s.Onlooker.Create(ctx, p.registration()); err != nil {
			return fmt.Errorf("apply %s: %w", p.name, err)
		}
		if then != nil {
			then(p)
		}
		return nil
	})
}

// hands is how many requests of the bench's own are under way at once.
const hands = 16

// inParallel does something for each. The first error ends it.
func inParallel[T any](ctx context.Context, items []T, do func(context.Context, T) error) error {
	feed := make(chan T, len(items))
	for _, item := range items {
		feed <- item
	}
	close(feed)
	return work(ctx, hands, feed, do)
}

// work has so many workers take items until there are no more.
func work[T any](ctx context.Context, workers int, items <-chan T, do func(context.Context, T) error) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case item, more := <-items:
					if !more {
						return
					}
					if err := do(ctx, item); err != nil {
						fail(err)
						return
					}
				}
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}
