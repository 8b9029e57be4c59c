// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// certificates are what a hostile registrar may show, and the one authority that is trusted.
type certificates struct {
	ca                                   []byte
	good, expired, otherHost, selfSigned tls.Certificate
}

// keyPair is a certificate's template, and its own key.
type keyPair struct {
	template *x509.Certificate
	key      *ecdsa.PrivateKey
}

func makeCertificates() certificates {
	GinkgoHelper()
	authority, good, expired, otherHost, selfSigned := newKeyPair("authority"), newKeyPair("good"), newKeyPair("expired"), newKeyPair("other host"), newKeyPair("self-signed")
	authority.template.IsCA, authority.template.BasicConstraintsValid = true, true
	authority.template.KeyUsage = x509.KeyUsageCertSign
	expired.template.NotAfter = time.Now().Add(-time.Minute)
	otherHost.template.IPAddresses, otherHost.template.DNSNames = nil, []string{"gateway.example.cn"}
	return certificates{
		ca:   pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.signedBy(authority).Certificate[0]}),
		good: good.signedBy(authority), expired: expired.signedBy(authority),
		otherHost: otherHost.signedBy(authority), selfSigned: selfSigned.signedBy(selfSigned),
	}
}

func newKeyPair(name string) keyPair {
	GinkgoHelper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	Expect(err).NotTo(HaveOccurred())
	return keyPair{key: key, template: &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}}
}

func (p keyPair) signedBy(authority keyPair) tls.Certificate {
	GinkgoHelper()
	der, err := x509.CreateCertificate(rand.Reader, p.template, authority.template, p.key.Public(), authority.key)
	Expect(err).NotTo(HaveOccurred())
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: p.key}
}
