// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
)

// proxy passes TCP on, until it cuts.
type proxy struct {
	listener net.Listener
	to       string

	mu   sync.Mutex
	open map[net.Conn]bool
}

func startProxy(to string) (*proxy, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start a proxy before the gateway: %w", err)
	}
	p := &proxy{listener: listener, to: to, open: map[net.Conn]bool{}}
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return // it was closed
			}
			go p.pass(from)
		}
	}()
	return p, nil
}

func (p *proxy) host() string { return p.listener.Addr().String() }

func (p *proxy) pass(from net.Conn) {
	to, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", p.to)
	if err != nil {
		_ = from.Close() // its client sees that the gateway is not there
		return
	}
	p.mu.Lock()
	p.open[from], p.open[to] = true, true
	p.mu.Unlock()
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{from, to}, {to, from}} {
		both.Go(func() {
			_, _ = io.Copy(way[0], way[1])        // either end, or a cut, ends both
			_, _ = way[0].Close(), way[1].Close() // again does no harm
		})
	}
	both.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, from)
	delete(p.open, to)
}

// cut breaks every connection off, and returns how many there were. New ones pass.
func (p *proxy) cut() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	for connection := range p.open {
		if tcp, ok := connection.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // a reset, and no orderly end
		}
		_ = connection.Close()
	}
	return len(p.open) / 2
}

func (p *proxy) close() {
	_ = p.listener.Close()
	p.cut()
}
