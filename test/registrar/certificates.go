// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// The store keeps the CA, so that who trusts it still does after a restart.
var (
	caCertificateName = []byte("caCertificate")
	caKeyName         = []byte("caKey")
)

const certificateLife = 10 * 365 * 24 * time.Hour

// authority is the server's own CA.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// Certificate returns a certificate for loopback and the host given, signed by the
// server's own CA, and the CA as PEM.
func (s *Server) Certificate(host string) (certificate tls.Certificate, caPEM []byte, err error) {
	ca, err := s.authority()
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, fmt.Errorf("make a key: %w", err)
	}
	template := s.template("registrar-gateway")
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	template.DNSNames = []string{"localhost"}
	template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = append(template.IPAddresses, ip)
	} else if host != "" {
		template.DNSNames = append(template.DNSNames, host)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca.certificate, key.Public(), ca.key)
	if err != nil {
		return tls.Certificate{}, nil, fmt.Errorf("sign a certificate: %w", err)
	}
	caPEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.certificate.Raw})
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, caPEM, nil
}

// authority returns the stored CA, and makes one the first time.
func (s *Server) authority() (ca authority, err error) {
	err = s.store.update(func(t tx) error {
		meta := t.Bucket(metaBucket)
		if stored := meta.Get(caCertificateName); stored != nil {
			ca, err = parseAuthority(stored, meta.Get(caKeyName))
			return err
		}
		ca, err = s.newAuthority()
		if err != nil {
			return err
		}
		key, err := x509.MarshalECPrivateKey(ca.key)
		if err != nil {
			return fmt.Errorf("encode the CA's key: %w", err)
		}
		return errors.Join(meta.Put(caCertificateName, ca.certificate.Raw), meta.Put(caKeyName, key))
	})
	return ca, err
}

func (s *Server) newAuthority() (authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return authority{}, fmt.Errorf("make the CA's key: %w", err)
	}
	template := s.template("registrar-gateway CA")
	template.IsCA, template.BasicConstraintsValid = true, true
	template.KeyUsage = x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return authority{}, fmt.Errorf("sign the CA: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	return authority{certificate: certificate, key: key}, err
}

func parseAuthority(certificateDER, keyDER []byte) (authority, error) {
	certificate, err := x509.ParseCertificate(certificateDER)
	if err != nil {
		return authority{}, fmt.Errorf("parse the stored CA: %w", err)
	}
	key, err := x509.ParseECPrivateKey(keyDER)
	if err != nil {
		return authority{}, fmt.Errorf("parse the stored CA's key: %w", err)
	}
	return authority{certificate: certificate, key: key}, nil
}

func (s *Server) template(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(s.now().UnixNano()),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    s.now().Add(-time.Hour), // clocks differ
		NotAfter:     s.now().Add(certificateLife),
	}
}

// writeAtomically replaces a file as a whole, so that who waits for it never reads
// half of it.
func writeAtomically(path string, content []byte) (err error) {
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temporary.Name())
		}
	}()
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Chmod(0o644), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
