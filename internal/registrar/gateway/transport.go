// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

const maxResponseHeader = 64 << 10 // bytes; a gateway's answers need a few hundred

// newHTTPClient returns a client that follows nothing and dials no address that
// only a neighbour of this machine may ask.
func newHTTPClient(roots *x509.CertPool) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Control: refuseAddress}
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    10 * time.Second,
			IdleConnTimeout:        90 * time.Second,
			MaxIdleConnsPerHost:    8,
			MaxResponseHeaderBytes: maxResponseHeader,
			DisableCompression:     true,
		},
	}
}

// addressError says that an address is not dialled.
type addressError struct{ address netip.Addr }

func (e addressError) Error() string {
	return fmt.Sprintf("the host's address %s is link-local, multicast, unspecified or a cloud's metadata service: such an address is never called", e.address)
}

// metadata services that do not sit on a link-local address: Alibaba Cloud's, and
// Amazon EC2's by IPv6.
var metadata = map[netip.Addr]bool{
	netip.MustParseAddr("100.100.100.200"): true,
	netip.MustParseAddr("fd00:ec2::254"):   true,
}

// nat64 is the well-known prefix that embeds an IPv4 address (RFC 6052).
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// refuseAddress is called with the address after the name is resolved, so that no
// name can lead around it. Loopback is allowed: sidecars and tests listen there.
func refuseAddress(_, address string, _ syscall.RawConn) error {
	parsed, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("read address %q: %w", address, err)
	}
	addr := parsed.Addr().Unmap().WithZone("")
	if nat64.Contains(addr) {
		bytes := addr.As16()
		addr = netip.AddrFrom4([4]byte(bytes[12:]))
	}
	broadcast := addr == netip.AddrFrom4([4]byte{255, 255, 255, 255})
	if addr.IsUnspecified() || addr.IsLinkLocalUnicast() || addr.IsMulticast() || broadcast || metadata[addr] {
		return addressError{addr}
	}
	return nil
}
