// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"debug/buildinfo"
	"fmt"
	"os"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
)

const (
	title  = "china-account-operator"
	source = "https://github.com/chinaaccount/china-account-operator"
)

// made is the image of all platforms, and what is in each.
type made struct {
	index     v1.ImageIndex
	platforms []built
}

// built is the image of one platform.
type built struct {
	platform v1.Platform
	image    v1.Image
	contents *v2_3.Document
}

func assemble(asked request) (made, error) {
	base, err := openBase(asked.base, asked.created)
	if err != nil {
		return made{}, err
	}
	result := made{index: mutate.IndexMediaType(empty.Index, types.OCIImageIndex)}
	for _, binary := range asked.binaries {
		one, err := build(asked, base, binary)
		if err != nil {
			return made{}, fmt.Errorf("%s: %w", binary, err)
		}
		result.platforms = append(result.platforms, one)
		result.index = mutate.AppendManifests(result.index, mutate.IndexAddendum{
			Add: one.image, Descriptor: v1.Descriptor{Platform: &one.platform},
		})
	}
	result.index, _ = mutate.Annotations(result.index, labels(asked)).(v1.ImageIndex)
	return result, nil
}

func build(asked request, base bases, path string) (built, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return built{}, err
	}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return built{}, err
	}
	platform := platformOf(info)
	below, err := base(platform)
	if err != nil {
		return built{}, err
	}
	image, err := stack(below, content, platform, asked)
	if err != nil {
		return built{}, err
	}
	contents, err := describe(asked, info, content, image, below)
	return built{platform: platform, image: image, contents: contents}, err
}

// platformOf reads what a binary was built for from the binary itself.
func platformOf(info *buildinfo.BuildInfo) v1.Platform {
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	return v1.Platform{OS: settings["GOOS"], Architecture: settings["GOARCH"]}
}

// stack puts the binary on its base, and says how it is run.
func stack(below v1.Image, binary []byte, platform v1.Platform, asked request) (v1.Image, error) {
	kind, err := layerKind(below)
	if err != nil {
		return nil, err
	}
	layer, err := pack([]entry{{name: "manager", mode: 0o555, content: binary}}, asked.created, kind)
	if err != nil {
		return nil, err
	}
	image, err := mutate.Append(below, mutate.Addendum{
		Layer:   layer,
		History: v1.History{CreatedBy: "hack/image: /manager " + asked.version, Created: v1.Time{Time: asked.created}},
	})
	if err != nil {
		return nil, err
	}
	file, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	file = file.DeepCopy()
	file.OS, file.Architecture, file.Variant = platform.OS, platform.Architecture, platform.Variant
	file.Created = v1.Time{Time: asked.created}
	file.Config.User = fmt.Sprintf("%d:%d", nonroot, nonroot)
	file.Config.Entrypoint, file.Config.Cmd = []string{"/manager"}, nil
	file.Config.WorkingDir = "/"
	if file.Config.Labels == nil {
		file.Config.Labels = map[string]string{}
	}
	for key, value := range labels(asked) {
		file.Config.Labels[key] = value
	}
	return mutate.ConfigFile(image, file)
}

// layerKind keeps a base in its own format: an image is Docker's or OCI's, not both.
func layerKind(below v1.Image) (types.MediaType, error) {
	kind, err := below.MediaType()
	if kind == types.OCIManifestSchema1 {
		return types.OCILayer, err
	}
	return types.DockerLayer, err
}

func labels(asked request) map[string]string {
	all := map[string]string{
		"org.opencontainers.image.title":       title,
		"org.opencontainers.image.description": "Registers AWS China accounts from Kubernetes.",
		"org.opencontainers.image.source":      source,
		"org.opencontainers.image.licenses":    "Apache-2.0",
		"org.opencontainers.image.version":     asked.version,
		"org.opencontainers.image.created":     asked.created.Format(time.RFC3339),
	}
	if asked.revision != "" {
		all["org.opencontainers.image.revision"] = asked.revision
	}
	return all
}
