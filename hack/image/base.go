// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"os"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

const (
	// ownBase stands for a base that is made on the spot, from modules alone.
	ownBase = "own"
	// nonroot is the user that distroless images run as.
	nonroot      = 65532
	certificates = "etc/ssl/certs/ca-certificates.crt"
)

// bases gives the base for a platform.
type bases func(v1.Platform) (v1.Image, error)

func openBase(from string, modified time.Time) (bases, error) {
	if from == ownBase {
		image, err := makeBase(modified)
		return func(v1.Platform) (v1.Image, error) { return image, err }, nil
	}
	if info, err := os.Stat(from); err == nil && info.IsDir() {
		return layoutBase(from)
	}
	return registryBase(from)
}

// makeBase has what a static binary needs that talks https: users, roots of trust, and a
// folder for temporary files. No time zones: the operator knows the one that counts.
func makeBase(modified time.Time) (v1.Image, error) {
	roots, err := rootCertificates()
	if err != nil {
		return nil, err
	}
	layer, err := pack([]entry{
		{name: "etc/", mode: 0o755},
		{name: "etc/group", mode: 0o644, content: []byte("root:x:0:\nnonroot:x:65532:\n")},
		{name: "etc/passwd", mode: 0o644, content: []byte("root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n")},
		{name: "etc/ssl/", mode: 0o755},
		{name: "etc/ssl/certs/", mode: 0o755},
		{name: certificates, mode: 0o644, content: roots},
		{name: "home/", mode: 0o755},
		{name: "home/nonroot/", mode: 0o700, owner: nonroot},
		{name: "tmp/", mode: 0o1777},
	}, modified, types.OCILayer)
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	return mutate.Append(image, mutate.Addendum{
		Layer:   layer,
		History: v1.History{CreatedBy: "hack/image: users and root certificates", Created: v1.Time{Time: modified}},
	})
}

// rootCertificates are those of Mozilla's program, as the Go project keeps them. A root
// that is trusted up to a date only is left out: a file of certificates cannot say that.
func rootCertificates() ([]byte, error) {
	var file bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint != nil {
			continue
		}
		if err := pem.Encode(&file, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}); err != nil {
			return nil, err
		}
	}
	return file.Bytes(), nil
}

func layoutBase(folder string) (bases, error) {
	index, err := layout.ImageIndexFromPath(folder)
	if err != nil {
		return nil, fmt.Errorf("base %s: %w", folder, err)
	}
	return func(platform v1.Platform) (v1.Image, error) { return pick(index, platform, folder) }, nil
}

// pick finds the image of a platform in an index, and in the indexes that are in it: tools
// differ in how deep they put it.
func pick(index v1.ImageIndex, platform v1.Platform, from string) (v1.Image, error) {
	images, err := partial.FindImages(index, func(found v1.Descriptor) bool {
		return found.Platform == nil || found.Platform.Satisfies(platform)
	})
	if err != nil {
		return nil, err
	}
	for _, image := range images {
		if config, err := image.ConfigFile(); err != nil || config.Platform().Satisfies(platform) {
			return image, err
		}
	}
	nested, err := partial.FindIndexes(index, func(v1.Descriptor) bool { return true })
	if err != nil {
		return nil, err
	}
	for _, inner := range nested {
		if image, err := pick(inner, platform, from); err == nil {
			return image, nil
		}
	}
	return nil, fmt.Errorf("base %s has no image for %s", from, platform)
}

func registryBase(from string) (bases, error) {
	reference, err := name.ParseReference(from)
	if err != nil {
		return nil, fmt.Errorf("base: %w", err)
	}
	return func(platform v1.Platform) (v1.Image, error) {
		image, err := remote.Image(reference, remote.WithPlatform(platform), remote.WithAuthFromKeychain(authn.DefaultKeychain))
		if err != nil {
			return nil, fmt.Errorf("base %s: %w", from, err)
		}
		return image, nil
	}, nil
}
