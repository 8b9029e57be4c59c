// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"

	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// Bounds of what is read. A file may be larger than a registrar takes (10 MB), so
// that it is refused by a finding and not by a broken connection.
const (
	maxField   = 64 << 10 // bytes of a part that is no file
	maxFile    = 64 << 20 // bytes of a file
	maxRequest = 256 << 20
	headLength = 512 // bytes of a file that its format is told by
)

// filing is what a client filed: the files are read through, and only what they
// come to is kept.
type filing struct {
	owner   string
	digest  string
	dossier contract.Dossier
	files   []receivedFile
}

// receivedFile is a file as it was described and as it came.
type receivedFile struct {
	described contract.File
	head      []byte
}

// content is the SHA-256 of the files' own. The dossier's text is in the digest.
func (f *filing) content() string {
	sum := sha256.New()
	for _, file := range f.files {
		sum.Write([]byte(file.described.Sha256))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// readFiling reads the parts in the contract's order.
func readFiling(req *http.Request) (*filing, error) {
	parts, err := openParts(req)
	if err != nil {
		return nil, err
	}
	f := &filing{}
	owner, err := parts.field("owner")
	if err != nil {
		return nil, err
	}
	digest, err := parts.field("digest")
	if err != nil {
		return nil, err
	}
	encoded, err := parts.field("dossier")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(encoded, &f.dossier); err != nil {
		return nil, malformed("The part dossier is not the contract's JSON.")
	}
	if password, err := parts.field("password"); err != nil || len(password) == 0 {
		return nil, malformed("The part password is absent or empty.")
	}
	f.owner, f.digest = string(owner), string(digest)
	f.files, err = parts.files(f.dossier.Files)
	return f, err
}

// readDocuments reads an answer that is files.
func readDocuments(req *http.Request) (givenAnswer, error) {
	parts, err := openParts(req)
	if err != nil {
		return givenAnswer{}, err
	}
	encoded, err := parts.field("answer")
	if err != nil {
		return givenAnswer{}, err
	}
	var answer contract.DocumentsAnswer
	if err := json.Unmarshal(encoded, &answer); err != nil {
		return givenAnswer{}, malformed("The part answer is not the contract's JSON.")
	}
	files, err := parts.files(answer.Files)
	return givenAnswer{kind: answer.Type, files: files}, err
}

// parts reads a multipart body part by part.
type parts struct{ *multipart.Reader }

func openParts(req *http.Request) (parts, error) {
	req.Body = http.MaxBytesReader(nil, req.Body, maxRequest)
	reader, err := req.MultipartReader()
	if err != nil {
		return parts{}, malformed("The body is not multipart/form-data.")
	}
	return parts{reader}, nil
}

// next returns the next part if it is the one that comes next by the contract.
func (p parts) next(name string) (*multipart.Part, error) {
	part, err := p.NextRawPart()
	if err != nil || part.FormName() != name {
		return nil, malformed("The part " + name + " is absent or out of order.")
	}
	return part, nil
}

func (p parts) field(name string) ([]byte, error) {
	part, err := p.next(name)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(part, maxField+1))
	if err != nil || len(content) > maxField {
		return nil, malformed("The part " + name + " is too large or broke off.")
	}
	return content, nil
}

// files reads one part for each file described, and nothing after.
func (p parts) files(described []contract.File) ([]receivedFile, error) {
	var files []receivedFile
	for i, one := range described {
		if int(one.Index) != i {
			return nil, malformed("The files' indexes are not 0, 1, 2 …")
		}
		file, err := p.file(one)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	if _, err := p.NextRawPart(); !errors.Is(err, io.EOF) {
		return nil, malformed("There is a part more than the dossier has files, or the body broke off.")
	}
	return files, nil
}

// file reads a file through and compares it with what was said of it.
func (p parts) file(described contract.File) (receivedFile, error) {
	part, err := p.next("files")
	if err != nil {
		return receivedFile{}, err
	}
	sum := sha256.New()
	content := io.TeeReader(io.LimitReader(part, maxFile+1), sum)
	head, err := io.ReadAll(io.LimitReader(content, headLength))
	if err != nil {
		return receivedFile{}, malformed("A file broke off.")
	}
	rest, err := io.Copy(io.Discard, content)
	size := int64(len(head)) + rest
	switch {
	case size > maxFile:
		return receivedFile{}, errTooLarge
	case err != nil:
		return receivedFile{}, malformed("A file broke off.")
	case size != described.Size || hex.EncodeToString(sum.Sum(nil)) != described.Sha256:
		return receivedFile{}, errPartMismatch
	}
	return receivedFile{described: described, head: head}, nil
}

// drain reads what is left of a body, so that a client that is still sending hears
// the answer instead of a broken connection.
func drain(req *http.Request) {
	_, _ = io.Copy(io.Discard, io.LimitReader(req.Body, maxRequest))
}
