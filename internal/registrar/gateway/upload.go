// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/textproto"

	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// body is a multipart body of known length, which reads the files where they are.
type body struct {
	io.Reader
	contentType string
	length      int64
}

// filingBody puts a submission's parts in the contract's order.
func filingBody(f registrar.Filing, s registrar.Submission) (*body, error) {
	if s.Dossier == nil {
		return nil, errors.New("there is no dossier to file")
	}
	wire, err := wireDossier(s.Dossier)
	if err != nil {
		return nil, err
	}
	w := newBodyWriter()
	w.field("owner", f.Owner)
	w.field("digest", s.Digest)
	w.json("dossier", wire)
	w.field("password", s.Password)
	w.files(s.Dossier.Documents)
	return w.finish()
}

// documentsBody puts an answer's parts in the contract's order.
func documentsBody(a registrar.Answer) (*body, error) {
	files, err := wireFiles(a.Documents)
	if err != nil {
		return nil, err
	}
	w := newBodyWriter()
	w.json("answer", contract.DocumentsAnswer{Type: string(a.Type), Files: files})
	w.files(a.Documents)
	return w.finish()
}

// bodyWriter writes everything but the files into a buffer, and remembers where the
// files go.
type bodyWriter struct {
	buffer  bytes.Buffer
	writer  *multipart.Writer
	readers []io.Reader
	length  int64
	err     error
}

func newBodyWriter() *bodyWriter {
	w := &bodyWriter{}
	w.writer = multipart.NewWriter(&w.buffer)
	return w
}

func (w *bodyWriter) field(name, value string) {
	w.part(name, "text/plain; charset=utf-8", []byte(value))
}

func (w *bodyWriter) json(name string, value any) {
	encoded, err := json.Marshal(value)
	if err != nil {
		w.err = errors.Join(w.err, fmt.Errorf("encode part %s: %w", name, err))
	}
	w.part(name, "application/json", encoded)
}

func (w *bodyWriter) part(name, contentType string, content []byte) {
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", fmt.Sprintf("form-data; name=%q", name))
	header.Set("Content-Type", contentType)
	w.create(header, content)
}

// files adds a part for each document. Their names stay here: they are the
// applicant's, and may tell whose they are.
func (w *bodyWriter) files(documents []dossier.Document) {
	for i, document := range documents {
		header := textproto.MIMEHeader{}
		header.Set("Content-Disposition", fmt.Sprintf(`form-data; name="files"; filename="file-%d"`, i))
		header.Set("Content-Type", "application/octet-stream")
		w.create(header, nil)
		w.flush()
		w.add(document.Open(), document.Size())
	}
}

func (w *bodyWriter) create(header textproto.MIMEHeader, content []byte) {
	part, err := w.writer.CreatePart(header)
	if err == nil {
		_, err = part.Write(content)
	}
	w.err = errors.Join(w.err, err)
}

// flush hands on what was written since the last file.
func (w *bodyWriter) flush() {
	written := bytes.Clone(w.buffer.Bytes())
	w.buffer.Reset()
	w.add(bytes.NewReader(written), int64(len(written)))
}

func (w *bodyWriter) add(reader io.Reader, length int64) {
	w.readers = append(w.readers, reader)
	w.length += length
}

func (w *bodyWriter) finish() (*body, error) {
	w.err = errors.Join(w.err, w.writer.Close())
	w.flush()
	if w.err != nil {
		return nil, fmt.Errorf("write the request's body: %w", w.err)
	}
	return &body{Reader: io.MultiReader(w.readers...), contentType: w.writer.FormDataContentType(), length: w.length}, nil
}
