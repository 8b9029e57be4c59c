// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package attach packs scans and an ID's number into Secrets that a registration can
// name: a Secret holds 1 MiB in all, and a scan may have 10 MB.
package attach

import (
	"fmt"
	"regexp"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// capacity of a Secret in bytes. The API server takes 1 MiB of data; what is left is
// for those who add to it.
const capacity = 1_000_000

// AttachedToAnnotation names, on a Secret that this package made, its registration.
const AttachedToAnnotation = v1alpha1.GroupName + "/attached-to"

// Scan is one file.
type Scan struct {
	Content []byte
	// Extension of its real format, with the dot.
	Extension string
}

// Group is what goes into Secrets of one name: the scans of one document, in order.
type Group struct {
	// Registration that the Secrets are for.
	Registration metav1.ObjectMeta
	// Role is the document's: part of the Secrets' names and their keys. Names of the
	// user's files are none, because they may name persons.
	Role  string
	Scans []Scan
}

// Packed is a group in Secrets.
type Packed struct {
	Secrets []corev1.Secret
	// Files name the scans in them, in their order.
	Files []v1alpha1.File
}

// stem of the Secrets' names.
func (g Group) stem() string { return g.Registration.Name + "-" + g.Role }

// Pack fills as few Secrets as the scans fit into, in order. A scan that does not fit
// into one is taken apart. Version tells one content under these names from another:
// what a registration refers to is never changed under it.
func (g Group) Pack(version int) Packed {
	var packed Packed
	var data []map[string][]byte
	room := 0
	type place struct {
		secret int
		key    string
	}
	places := make([][]place, len(g.Scans))
	for i, scan := range g.Scans {
		if len(data) == 0 || len(scan.Content) > room && room < capacity {
			data, room = append(data, map[string][]byte{}), capacity
		}
		key := g.key(i, scan)
		rest := scan.Content
		whole := len(rest) <= room
		for part := 1; ; part++ {
			if room == 0 {
				data, room = append(data, map[string][]byte{}), capacity
			}
			n := min(len(rest), room)
			name := key
			if !whole {
				name = fmt.Sprintf("%s.part-%02d", key, part)
			}
			data[len(data)-1][name] = rest[:n]
			places[i] = append(places[i], place{len(data) - 1, name})
			rest, room = rest[n:], room-n
			if len(rest) == 0 {
				break
			}
		}
	}
	for i := range data {
		packed.Secrets = append(packed.Secrets, g.secret(g.name(version, i, len(data)), data[i]))
	}
	for _, parts := range places {
		var file v1alpha1.File
		for _, p := range parts {
			file.Parts = append(file.Parts, v1alpha1.SecretKeySource{SecretKeyRef: v1alpha1.SecretKeyReference{
				Name: packed.Secrets[p.secret].Name, Key: p.key,
			}})
		}
		packed.Files = append(packed.Files, file)
	}
	return packed
}

func (g Group) key(i int, scan Scan) string {
	if len(g.Scans) == 1 {
		return g.Role + scan.Extension
	}
	return fmt.Sprintf("%s-%d%s", g.Role, i+1, scan.Extension)
}

func (g Group) name(version, i, of int) string {
	name := g.stem()
	if version > 1 {
		name += fmt.Sprintf("-v%d", version)
	}
	if of > 1 {
		name += fmt.Sprintf("-%d", i+1)
	}
	return name
}

func (g Group) secret(name string, data map[string][]byte) corev1.Secret {
	return corev1.Secret{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
		ObjectMeta: metav1.ObjectMeta{
			Namespace: g.Registration.Namespace, Name: name,
			Labels:      map[string]string{v1alpha1.SendToRegistrarLabel: "true"},
			Annotations: map[string]string{AttachedToAnnotation: g.Registration.Name},
		},
		Type: corev1.SecretTypeOpaque,
		Data: data,
	}
}

var versioned = regexp.MustCompile(`^(?:-v(\d+))?(?:-\d+)?$`)

// Version returns the version that a Secret's name of this group states, 0 if the name
// is not of this group.
func (g Group) Version(secret string) int {
	stem := g.stem()
	if len(secret) < len(stem) || secret[:len(stem)] != stem {
		return 0
	}
	found := versioned.FindStringSubmatch(secret[len(stem):])
	if found == nil {
		return 0
	}
	if found[1] == "" {
		return 1
	}
	version, err := strconv.Atoi(found[1])
	if err != nil {
		return 0
	}
	return version
}
