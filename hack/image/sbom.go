// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
)

const (
	rootsModule = "golang.org/x/crypto/x509roots/fallback"
	unknown     = "NOASSERTION"
)

// describe lists what is in an image, as SPDX. What the binary is made of is what the
// linker wrote into it, so that the list cannot differ from the binary.
func describe(asked request, info *debug.BuildInfo, binary []byte, image, below v1.Image) (*v2_3.Document, error) {
	digest, err := image.Digest()
	if err != nil {
		return nil, err
	}
	ground, err := groundOf(asked.base, below)
	if err != nil {
		return nil, err
	}
	operator := goPackage(info.Main.Path, asked.version)
	operator.PackageChecksums = sha256Of(binary)
	operator.PackageLicenseDeclared = "Apache-2.0"
	operator.PackageCopyrightText = "Copyright The china-account-operator Authors."
	operator.PrimaryPackagePurpose = "APPLICATION"

	list := newList(asked, digest)
	list.contains(list.image, operator)
	list.contains(list.image, ground)
	list.dependsOn(operator, goPackage("stdlib", strings.TrimPrefix(info.GoVersion, "go")))
	for _, module := range info.Deps {
		list.dependsOn(operator, modulePackage(module))
	}
	return list.document, nil
}

// list is a document, and the package in it that all others belong to.
type list struct {
	document *v2_3.Document
	image    *v2_3.Package
}

func newList(asked request, digest v1.Hash) list {
	image := newPackage(title, asked.version)
	image.PackageSPDXIdentifier = "image"
	image.PackageChecksums = []common.Checksum{{Algorithm: common.SHA256, Value: digest.Hex}}
	image.PackageLicenseDeclared = "Apache-2.0"
	image.PrimaryPackagePurpose = "CONTAINER"
	all := list{image: image, document: &v2_3.Document{
		SPDXVersion:       v2_3.Version,
		DataLicense:       v2_3.DataLicense,
		SPDXIdentifier:    "DOCUMENT",
		DocumentName:      title + "-" + asked.version,
		DocumentNamespace: source + "/spdx/" + digest.Hex,
		CreationInfo: &v2_3.CreationInfo{
			Creators: []common.Creator{{CreatorType: "Tool", Creator: title + "/hack/image"}},
			Created:  asked.created.Format(time.RFC3339),
		},
		Packages: []*v2_3.Package{image},
	}}
	all.relate("DOCUMENT", common.TypeRelationshipDescribe, image.PackageSPDXIdentifier)
	return all
}

func (l *list) contains(whole, part *v2_3.Package) {
	l.document.Packages = append(l.document.Packages, part)
	l.relate(whole.PackageSPDXIdentifier, common.TypeRelationshipContains, part.PackageSPDXIdentifier)
}

func (l *list) dependsOn(user, used *v2_3.Package) {
	l.document.Packages = append(l.document.Packages, used)
	l.relate(user.PackageSPDXIdentifier, common.TypeRelationshipDependsOn, used.PackageSPDXIdentifier)
}

func (l *list) relate(from common.ElementID, how string, to common.ElementID) {
	l.document.Relationships = append(l.document.Relationships, &v2_3.Relationship{
		RefA: common.MakeDocElementID("", string(from)), Relationship: how, RefB: common.MakeDocElementID("", string(to)),
	})
}

// groundOf describes what the binary stands on: the certificates of our own base, or
// somebody else's image, which has a list of its own.
func groundOf(base string, below v1.Image) (*v2_3.Package, error) {
	if base == ownBase {
		return rootsPackage()
	}
	digest, err := below.Digest()
	if err != nil {
		return nil, err
	}
	ground := newPackage(base, digest.String())
	ground.PackageChecksums = []common.Checksum{{Algorithm: common.SHA256, Value: digest.Hex}}
	ground.PrimaryPackagePurpose = "CONTAINER"
	return ground, nil
}

func rootsPackage() (*v2_3.Package, error) {
	own, _ := debug.ReadBuildInfo()
	for _, module := range own.Deps {
		if module.Path == rootsModule {
			roots := modulePackage(module)
			roots.PackageComment = "Its certificates are in /" + certificates + "."
			return roots, nil
		}
	}
	return nil, fmt.Errorf("this program was built without %s", rootsModule)
}

// modulePackage is a module as it was compiled: a replacement counts, not what it replaces.
func modulePackage(module *debug.Module) *v2_3.Package {
	if module.Replace != nil {
		module = module.Replace
	}
	result := goPackage(module.Path, module.Version)
	if module.Sum != "" {
		result.PackageSourceInfo = "go.sum: " + module.Sum
	}
	return result
}

func goPackage(path, version string) *v2_3.Package {
	result := newPackage(path, version)
	result.PackageExternalReferences = []*v2_3.PackageExternalReference{{
		Category: common.CategoryPackageManager, RefType: common.TypePackageManagerPURL,
		Locator: "pkg:golang/" + strings.ToLower(path) + "@" + strings.ReplaceAll(version, "+", "%2B"), // as purl has it for Go
	}}
	return result
}

// notOfAnID is what an SPDX identifier may not have.
var notOfAnID = regexp.MustCompile(`[^a-zA-Z0-9.-]+`)

func newPackage(name, version string) *v2_3.Package {
	return &v2_3.Package{
		PackageName:               name,
		PackageVersion:            version,
		PackageSPDXIdentifier:     common.ElementID(notOfAnID.ReplaceAllString(name+"-"+version, "-")),
		PackageDownloadLocation:   unknown,
		PackageLicenseConcluded:   unknown,
		PackageLicenseDeclared:    unknown,
		PackageCopyrightText:      unknown,
		IsFilesAnalyzedTagPresent: true,
	}
}

func sha256Of(content []byte) []common.Checksum {
	sum := sha256.Sum256(content)
	return []common.Checksum{{Algorithm: common.SHA256, Value: hex.EncodeToString(sum[:])}}
}
