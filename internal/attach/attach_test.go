// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package attach

import (
	"bytes"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func group(scans ...Scan) Group {
	return Group{Registration: metav1.ObjectMeta{Namespace: "team-a", Name: "acme"}, Role: "identification", Scans: scans}
}

func TestSmallScansShareOneSecret(t *testing.T) {
	packed := group(Scan{[]byte("front"), ".jpg"}, Scan{[]byte("back"), ".png"}).Pack(1)
	if len(packed.Secrets) != 1 || packed.Secrets[0].Name != "acme-identification" || len(packed.Secrets[0].Data) != 2 {
		t.Fatalf("packed into %v", packed.Secrets)
	}
	for i, key := range []string{"identification-1.jpg", "identification-2.png"} {
		parts := packed.Files[i].Parts
		if len(parts) != 1 || parts[0].SecretKeyRef != (v1alpha1.SecretKeyReference{Name: "acme-identification", Key: key}) {
			t.Errorf("file %d is %v", i, parts)
		}
	}
}

func TestALargeScanIsTakenApart(t *testing.T) {
	packed := group(Scan{make([]byte, 2*capacity+1), ".pdf"}).Pack(2)
	if len(packed.Secrets) != 3 || len(packed.Files[0].Parts) != 3 {
		t.Fatalf("packed into %d Secrets, %d parts", len(packed.Secrets), len(packed.Files[0].Parts))
	}
	last := packed.Files[0].Parts[2].SecretKeyRef
	if last.Name != "acme-identification-v2-3" || last.Key != "identification.pdf.part-03" {
		t.Errorf("the last part is %v", last)
	}
}

func TestEverySecretMayBeSentAndSaysWhoseItIs(t *testing.T) {
	for _, secret := range group(Scan{make([]byte, capacity+1), ".pdf"}).Pack(1).Secrets {
		if secret.Labels[v1alpha1.SendToRegistrarLabel] != "true" || secret.Annotations[AttachedToAnnotation] != "acme" || secret.Namespace != "team-a" {
			t.Errorf("Secret %v", secret.ObjectMeta)
		}
	}
}

func TestWhatIsPackedReadsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var scans []Scan
		for range rapid.IntRange(1, 5).Draw(t, "scans") {
			size := rapid.OneOf(rapid.IntRange(1, 10), rapid.IntRange(capacity-2, capacity+2), rapid.IntRange(1, 9_999_999)).Draw(t, "size")
			content := bytes.Repeat([]byte{byte(len(scans) + 1), 0, 7}, size/3+1)[:size]
			scans = append(scans, Scan{content, ".jpg"})
		}
		g := group(scans...)
		version := rapid.IntRange(1, 12).Draw(t, "version")
		packed := g.Pack(version)
		data := map[v1alpha1.SecretKeyReference][]byte{}
		for _, secret := range packed.Secrets {
			size := 0
			for key, value := range secret.Data {
				size += len(value)
				data[v1alpha1.SecretKeyReference{Name: secret.Name, Key: key}] = value
			}
			if size == 0 || size > capacity {
				t.Fatalf("Secret %s holds %d bytes", secret.Name, size)
			}
			if got := g.Version(secret.Name); got != version {
				t.Fatalf("%s is read as version %d, and is %d", secret.Name, got, version)
			}
		}
		for i, file := range packed.Files {
			if len(file.Parts) > 16 {
				t.Fatalf("file %d has %d parts", i, len(file.Parts))
			}
			var read []byte
			for _, part := range file.Parts {
				read = append(read, data[part.SecretKeyRef]...)
			}
			if !bytes.Equal(read, scans[i].Content) {
				t.Fatalf("file %d reads otherwise", i)
			}
		}
	})
}

func TestNamesOfOthersHaveNoVersion(t *testing.T) {
	for _, name := range []string{"", "acme", "acme-identification-front", "acme-identification-v", "acme-id-number", "bohai-identification", "acme-identification-vx-1"} {
		if got := group().Version(name); got != 0 {
			t.Errorf("%q is read as version %d", name, got)
		}
	}
}
