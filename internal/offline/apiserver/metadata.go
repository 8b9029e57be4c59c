// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package apiserver

import "k8s.io/apimachinery/pkg/util/validation/field"

const metadataPath = "metadata"

func unreadableMetadata() Fault {
	return faultAt(metadataPath, "cannot be read: a name is a string, and so is each label and annotation (in quotes, where it is a number, true or false)", SourceMetadata)
}

func resourceVersionSet() Fault {
	return faultAt("metadata.resourceVersion", "has no place in a file: an object is not created with it, and seldom updated", SourceMetadata)
}

// metadataMessages say what Kubernetes takes.
var metadataMessages = map[string]string{
	"metadata.name":         "must be lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit, at most 253 characters",
	"metadata.generateName": "must be lower-case letters, digits, '-' and '.', beginning with a letter or digit",
	"metadata.namespace":    "must be lower-case letters, digits and '-', beginning and ending with a letter or digit, at most 63 characters",
	"metadata.labels":       "a label is not well-formed: key and value have only letters, digits, '-', '_' and '.', at most 63 characters each; the key may have a prefix such as example.com/",
	"metadata.annotations":  "an annotation's key is not well-formed, or they are larger than 256 KiB: a key has only letters, digits, '-', '_' and '.', and may have a prefix such as example.com/",
}

func metadataMessage(path string, err *field.Error) string {
	if path == "metadata.name" && err.Type == field.ErrorTypeRequired {
		return "this field is required, and is not there"
	}
	if message, ok := metadataMessages[path]; ok {
		return message
	}
	return generalMessage
}
