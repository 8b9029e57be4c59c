// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func content(t *testing.T, d Document) string {
	t.Helper()
	all, err := io.ReadAll(d.Open())
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

func TestAWholeDossierIsReadInTheOrderOfTheForm(t *testing.T) {
	gets := map[string]int{}
	d, err := NewLoader(counting(clientWith(objects(dossierSecrets())...), gets)).Load(t.Context(), registration())
	if err != nil {
		t.Fatal(err)
	}
	if d.Region != v1alpha1.RegionNingxia || d.Spec.Account.Username != "acmechina" || d.IDNumber != idNumber {
		t.Error("region, spec or ID number are not the registration's")
	}
	want := []struct {
		role          Role
		path, content string
	}{
		{RoleBusinessCertificate, "spec.dossier.documents.businessCertificate.files[0]", "%PDF-1.7 first half, second half"},
		{RoleIdentification, "spec.dossier.documents.identification.files[0]", "FRONT"},
		{RoleIdentification, "spec.dossier.documents.identification.files[1]", "BACK"},
	}
	if len(d.Documents) != len(want) {
		t.Fatalf("got %d documents, want %d", len(d.Documents), len(want))
	}
	for i, got := range d.Documents {
		if got.Role != want[i].role || got.Path != want[i].path || content(t, got) != want[i].content {
			t.Errorf("document %d is %s at %s, want %s at %s", i, got.Role, got.Path, want[i].role, want[i].path)
		}
		if got.Size() != int64(len(want[i].content)) {
			t.Errorf("document %d has %d bytes, want %d", i, got.Size(), len(want[i].content))
		}
	}
	if len(d.Missing) != 0 {
		t.Errorf("missing: %v", d.Missing)
	}
	for _, name := range []string{"identity", "licence-1", "licence-2"} {
		if gets[name] != 1 {
			t.Errorf("Secret %s was read %d times: its files may be of two versions", name, gets[name])
		}
	}
	if len(gets) != 3 {
		t.Errorf("Secrets that nobody named were read: %v", gets)
	}
	if got := versionNames(d.Versions); !slices.Equal(got, []string{"identity/uid-identity", "licence-1/uid-licence-1", "licence-2/uid-licence-2"}) {
		t.Errorf("versions are of %v", got)
	}
}

func versionNames(versions []v1alpha1.SecretVersion) []string {
	var names []string
	for _, v := range versions {
		if v.ResourceVersion != "" {
			names = append(names, v.Name+"/"+v.UID)
		}
	}
	return names
}

func TestWhateverKeepsASecretFromBeingReadItIsJustMissing(t *testing.T) {
	const path = "spec.dossier.documents.businessCertificate.files[0].parts[1]"
	tests := map[string]func(secrets map[string]*corev1.Secret){
		"it is absent":                  func(s map[string]*corev1.Secret) { delete(s, "licence-2") },
		"it has no label":               func(s map[string]*corev1.Secret) { s["licence-2"].Labels = nil },
		"its label says something else": func(s map[string]*corev1.Secret) { s["licence-2"].Labels[v1alpha1.SendToRegistrarLabel] = "yes" },
		"it lacks the key":              func(s map[string]*corev1.Secret) { s["licence-2"].Data = map[string][]byte{"other": []byte("x")} },
		"it is of another namespace":    func(s map[string]*corev1.Secret) { s["licence-2"].Namespace = "team-b" },
		"it is a gateway's token":       func(s map[string]*corev1.Secret) { s["licence-2"].Type = v1alpha1.GatewayTokenSecretType },
		"it is being deleted": func(s map[string]*corev1.Secret) {
			now := metav1.Now()
			s["licence-2"].DeletionTimestamp, s["licence-2"].Finalizers = &now, []string{"example.cn/kept"}
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			secrets := dossierSecrets()
			change(secrets)
			d, err := NewLoader(clientWith(objects(secrets)...)).Load(t.Context(), registration())
			if err != nil {
				t.Fatal(err)
			}
			if want := []Missing{{Path: path, Name: "licence-2", Key: "scan"}}; !slices.Equal(d.Missing, want) {
				t.Errorf("missing %v, want %v", d.Missing, want)
			}
			if len(d.Documents) != 2 || d.Documents[0].Role != RoleIdentification {
				t.Errorf("half a scan is in the dossier: %v", d.Documents)
			}
		})
	}
}

func TestTheInstallationKeyIsMissingWhateverItsLabels(t *testing.T) {
	reg := registration()
	key := ref(InstallationKeySecretName, InstallationKeyKey)
	reg.Spec.Dossier.Documents.BusinessCertificate.Files[0].Parts[1] = key
	secrets := objects(dossierSecrets())
	secrets = append(secrets, released(InstallationKeySecretName, map[string]string{InstallationKeyKey: "KEY"}))
	d, err := NewLoader(clientWith(secrets...)).Load(t.Context(), reg)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Missing) != 1 || d.Missing[0].Name != key.SecretKeyRef.Name {
		t.Errorf("missing %v, want the key", d.Missing)
	}
}

func TestASecretThatIsNotReleasedShowsNotEvenItsVersion(t *testing.T) {
	secrets := dossierSecrets()
	secrets["licence-2"].Labels = nil
	d, err := NewLoader(clientWith(objects(secrets)...)).Load(t.Context(), registration())
	if err != nil {
		t.Fatal(err)
	}
	if got := versionNames(d.Versions); !slices.Equal(got, []string{"identity/uid-identity", "licence-1/uid-licence-1"}) {
		t.Errorf("versions are of %v", got)
	}
}

func TestANameThatNoSecretCanHaveIsMissing(t *testing.T) {
	for _, name := range []string{"../configmaps/licence", "Licence_2", "a b"} {
		reg := registration()
		reg.Spec.Dossier.Documents.BusinessCertificate.Files[0].Parts[1] = ref(name, "scan")
		gets := map[string]int{}
		d, err := NewLoader(counting(clientWith(objects(dossierSecrets())...), gets)).Load(t.Context(), reg)
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Missing) != 1 || gets[name] != 0 {
			t.Errorf("%s: missing %v, asked for %d times", name, d.Missing, gets[name])
		}
	}
}

func TestTheIDNumberIsFiledAsItWasMeant(t *testing.T) {
	for _, pasted := range []string{" 110105 19491231 002x\n", "１１０１０５１９４９１２３１００２Ｘ", idNumber} {
		secrets := dossierSecrets()
		secrets["identity"].Data["number"] = []byte(pasted)
		d, err := NewLoader(clientWith(objects(secrets)...)).Load(t.Context(), registration())
		if err != nil {
			t.Fatal(err)
		}
		if d.IDNumber != idNumber {
			t.Errorf("%q is filed as %q", pasted, d.IDNumber)
		}
	}
}

func TestABlankIDNumberIsMissing(t *testing.T) {
	secrets := dossierSecrets()
	secrets["identity"].Data["number"] = []byte(" \n")
	d, err := NewLoader(clientWith(objects(secrets)...)).Load(t.Context(), registration())
	if err != nil {
		t.Fatal(err)
	}
	want := []Missing{{Path: "spec.dossier.securityAdministrator.identification.numberFrom", Name: "identity", Key: "number"}}
	if !slices.Equal(d.Missing, want) {
		t.Errorf("missing %v, want %v", d.Missing, want)
	}
}

func TestTroubleWithTheAPIServerIsAnErrorThatSaysWhatWasTried(t *testing.T) {
	forbidden := apierrors.NewForbidden(schema.GroupResource{Resource: "secrets"}, "identity", errors.New("no"))
	loader := NewLoader(failingGet(forbidden))
	reg := registration()
	reg.Spec.PasswordFrom = new(ref("identity", "password"))
	reg.Spec.SupplementaryDocuments = []v1alpha1.SupplementaryDocument{
		{ChallengeID: "documents-1", Files: []v1alpha1.File{fileOf(ref("identity", "front"))}},
	}
	tests := map[string]struct {
		secret string
		call   func() error
	}{
		"the dossier": {"identity", func() error { _, err := loader.Load(t.Context(), reg); return err }},
		"a code": {"acme-codes", func() error {
			_, _, err := loader.LoadCode(t.Context(), reg, v1alpha1.ChallengeEmailCode)
			return err
		}},
		"the password": {"identity", func() error { _, _, err := loader.LoadPassword(t.Context(), reg); return err }},
		"a supplement": {"identity", func() error {
			_, _, _, err := loader.LoadSupplement(t.Context(), reg, "documents-1")
			return err
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := test.call()
			want := "read Secret team-a/" + test.secret + ":"
			if !errors.Is(err, forbidden) || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("got %v, want %q and the cause", err, want)
			}
		})
	}
}

func TestASupplementIsReadByItsChallenge(t *testing.T) {
	reg := registration()
	reg.Spec.SupplementaryDocuments = []v1alpha1.SupplementaryDocument{
		{ChallengeID: "documents-1", Files: []v1alpha1.File{fileOf(ref("identity", "front"))}},
		{ChallengeID: "documents-2", Files: []v1alpha1.File{
			fileOf(ref("licence-1", "scan"), ref("licence-2", "scan")), fileOf(ref("later", "scan")),
		}},
	}
	loader := NewLoader(clientWith(objects(dossierSecrets())...))
	documents, versions, missing, err := loader.LoadSupplement(t.Context(), reg, "documents-2")
	if err != nil {
		t.Fatal(err)
	}
	if len(documents) != 1 || documents[0].Role != RoleSupplementary ||
		documents[0].Path != "spec.supplementaryDocuments[1].files[0]" ||
		content(t, documents[0]) != "%PDF-1.7 first half, second half" {
		t.Errorf("got %v", documents)
	}
	if got := versionNames(versions); !slices.Equal(got, []string{"licence-1/uid-licence-1", "licence-2/uid-licence-2"}) {
		t.Errorf("versions are of %v", got)
	}
	if want := []Missing{{Path: "spec.supplementaryDocuments[1].files[1].parts[0]", Name: "later", Key: "scan"}}; !slices.Equal(missing, want) {
		t.Errorf("missing %v, want %v", missing, want)
	}
	documents, versions, missing, err = loader.LoadSupplement(t.Context(), reg, "documents-3")
	if err != nil || len(documents)+len(versions)+len(missing) != 0 {
		t.Errorf("nobody answers documents-3: got %v, %v, %v, %v", documents, versions, missing, err)
	}
}

func TestCodesAreReadWithoutTheSpaceAroundThem(t *testing.T) {
	named := registration()
	named.Spec.VerificationCodesSecretRef = &v1alpha1.SecretReference{Name: "codes"}
	unlabelled := released("acme-codes", map[string]string{"email-code": "123456"})
	unlabelled.Labels = nil
	tests := map[string]struct {
		reg    *v1alpha1.ChinaAccountRegistration
		secret *corev1.Secret
		asked  v1alpha1.ChallengeType
		code   string
	}{
		"the e-mail code":       {registration(), released("acme-codes", map[string]string{"email-code": " 012345\n"}), v1alpha1.ChallengeEmailCode, "012345"},
		"the phone code":        {registration(), released("acme-codes", map[string]string{"phone-code": "0042"}), v1alpha1.ChallengePhoneCode, "0042"},
		"of a Secret by name":   {named, released("codes", map[string]string{"phone-code": "0042"}), v1alpha1.ChallengePhoneCode, "0042"},
		"only the other one":    {registration(), released("acme-codes", map[string]string{"phone-code": "0042"}), v1alpha1.ChallengeEmailCode, ""},
		"a blank one":           {registration(), released("acme-codes", map[string]string{"email-code": " \n"}), v1alpha1.ChallengeEmailCode, ""},
		"a Secret not released": {registration(), unlabelled, v1alpha1.ChallengeEmailCode, ""},
		"no Secret":             {registration(), released("other", nil), v1alpha1.ChallengeEmailCode, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			code, found, err := NewLoader(clientWith(test.secret)).LoadCode(t.Context(), test.reg, test.asked)
			if err != nil || code != test.code || found != (test.code != "") {
				t.Errorf("got %q, %t, %v; want %q", code, found, err, test.code)
			}
		})
	}
	if _, _, err := NewLoader(clientWith()).LoadCode(t.Context(), registration(), v1alpha1.ChallengeSupportPlan); err == nil {
		t.Error("a support plan has no code")
	}
}

func TestThePasswordIsTakenAsItIsButForTheLineBreak(t *testing.T) {
	reg := registration()
	reg.Spec.PasswordFrom = new(ref("iam", "password"))
	for stored, want := range map[string]string{"Pass word#1": "Pass word#1", " Pass#1 \r\n": " Pass#1 ", "\n": "", "": ""} {
		password, missing, err := NewLoader(clientWith(released("iam", map[string]string{"password": stored}))).LoadPassword(t.Context(), reg)
		if err != nil || password != want || (missing == nil) != (want != "") {
			t.Errorf("%q is read as %q, missing %v, %v", stored, password, missing, err)
		}
	}
	_, missing, err := NewLoader(clientWith()).LoadPassword(t.Context(), reg)
	if want := (Missing{Path: "spec.passwordFrom", Name: "iam", Key: "password"}); err != nil || missing == nil || *missing != want {
		t.Errorf("without the Secret: missing %v, %v", missing, err)
	}
	if _, _, err := NewLoader(clientWith()).LoadPassword(t.Context(), registration()); err == nil {
		t.Error("a registration without spec.passwordFrom has no such password")
	}
}
