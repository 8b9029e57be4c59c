// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/preflight/document"
)

// Secrets are those that were given, as a reader that the operator's Loader reads.
type Secrets struct {
	manifests map[client.ObjectKey]secretManifest
	// values that were given by themselves, by the Secret's name and the key.
	values map[string]map[string][]byte
}

var _ client.Reader = &Secrets{}

type secretManifest struct {
	secret *corev1.Secret
	// encrypted is that SOPS holds its values.
	encrypted bool
	// malformed is that the API server would not take it.
	malformed bool
}

// add takes a Secret from a file. Of two of one name the later counts, as when they
// are applied.
func (s *Secrets) add(object map[string]any) {
	var given secretManifest
	metadata, _ := object["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	namespace, _ := metadata["namespace"].(string)
	switch secret, err := secretOf(object); {
	case isEncrypted(object):
		given.encrypted = true
	case err != nil:
		given.malformed = true
	default:
		given.secret = secret
	}
	if s.manifests == nil {
		s.manifests = map[client.ObjectKey]secretManifest{}
	}
	s.manifests[client.ObjectKey{Namespace: namespace, Name: name}] = given
}

func secretOf(object map[string]any) (*corev1.Secret, error) {
	content, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	secret := &corev1.Secret{}
	if err := json.Unmarshal(content, secret); err != nil {
		return nil, err
	}
	if secret.Data == nil {
		secret.Data = map[string][]byte{}
	}
	for key, value := range secret.StringData {
		secret.Data[key] = []byte(value)
	}
	return secret, nil
}

// isEncrypted tells whether SOPS holds the values: it leaves its own field beside them.
func isEncrypted(object map[string]any) bool {
	if object["sops"] == nil {
		return false
	}
	for _, field := range []string{"data", "stringData"} {
		values, _ := object[field].(map[string]any)
		for _, value := range values {
			if text, ok := value.(string); ok && strings.HasPrefix(text, "ENC[") {
				return true
			}
		}
	}
	return false
}

// valueFlag is name/key=path.
var valueFlag = regexp.MustCompile(`^([^/=]+)/([^/=]+)=(.+)$`)

// readValue takes one key of a Secret from a file, as much of it as is looked at.
func (s *Secrets) readValue(flag string) error {
	parts := valueFlag.FindStringSubmatch(flag)
	if parts == nil {
		return errValueFlag
	}
	name, key, path := parts[1], parts[2], parts[3]
	file, err := os.Open(path)
	if err != nil {
		return unreadableInput(path, err)
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, document.MaxSize+1))
	if err != nil {
		return unreadableInput(path, err)
	}
	if s.values == nil {
		s.values = map[string]map[string][]byte{}
	}
	if s.values[name] == nil {
		s.values[name] = map[string][]byte{}
	}
	s.values[name][key] = content
	return nil
}

// errValueFlag does not repeat the flag, in which somebody may have put the value.
var errValueFlag = errors.New("read --from: it is name/key=path: the Secret's name, its key, and the file that holds the key's content")

// manifest returns the Secret's, if it is among the files. One without a namespace is
// in that of whoever names it.
func (s *Secrets) manifest(key client.ObjectKey) (secretManifest, bool) {
	if given, ok := s.manifests[key]; ok {
		return given, true
	}
	given, ok := s.manifests[client.ObjectKey{Name: key.Name}]
	return given, ok
}

// Get is that of [client.Reader], of Secrets alone. Values that were given by
// themselves stand over those of the manifest. Without a readable manifest the Secret
// counts as labelled: it was given to be checked.
func (s *Secrets) Get(_ context.Context, key client.ObjectKey, into client.Object, _ ...client.GetOption) error {
	secret, ok := into.(*corev1.Secret)
	if !ok {
		return fmt.Errorf("read a %T offline: there are Secrets only", into)
	}
	given, _ := s.manifest(key)
	values := s.values[key.Name]
	switch {
	case given.malformed, given.secret == nil && values == nil:
		return apierrors.NewNotFound(corev1.Resource("secrets"), key.Name)
	case given.secret != nil:
		given.secret.DeepCopyInto(secret)
	default:
		secret.ObjectMeta = metav1.ObjectMeta{Labels: map[string]string{v1alpha1.SendToRegistrarLabel: "true"}}
		secret.Data = map[string][]byte{}
	}
	secret.Namespace, secret.Name = key.Namespace, key.Name
	maps.Copy(secret.Data, values)
	return nil
}

// List is that of [client.Reader]: the operator lists no Secrets, and neither does this.
func (*Secrets) List(context.Context, client.ObjectList, ...client.ListOption) error {
	return errors.New("list Secrets offline: nobody lists them")
}
