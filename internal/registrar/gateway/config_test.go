// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
)

func TestAClientIsMadeOnlyForTheHostThatItsTokenIsBoundTo(t *testing.T) {
	tests := map[string]struct {
		url, token, host, ca string
		cure                 string // part of the error; empty if there is none
	}{
		"the same host":                      {url: "https://gateway.example.cn/path", host: "gateway.example.cn"},
		"the port of https, said or not":     {url: "https://gateway.example.cn:443", host: "gateway.example.cn"},
		"another case":                       {url: "https://Gateway.Example.cn", host: "gateway.example.CN"},
		"the same port":                      {url: "https://gateway.example.cn:8443", host: "gateway.example.cn:8443"},
		"IPv6":                               {url: "https://[::1]:8443", host: "[::1]:8443"},
		"IPv6 without a port":                {url: "https://[::1]", host: "::1"},
		"a port that the token is not for":   {url: "https://gateway.example.cn:8443", host: "gateway.example.cn", cure: `set key host of its Secret to "gateway.example.cn:8443"`},
		"another host":                       {url: "https://gateway.example.com", host: "gateway.example.cn", cure: "or correct the URL"},
		"a host that only begins the same":   {url: "https://gateway.example.cn.evil.example", host: "gateway.example.cn", cure: "key host"},
		"no host bound":                      {url: "https://gateway.example.cn", cure: "set its key host"},
		"http":                               {url: "http://gateway.example.cn", host: "gateway.example.cn", cure: "https://"},
		"a user in the URL":                  {url: "https://me:secret@gateway.example.cn", host: "gateway.example.cn", cure: "no user"},
		"a query in the URL":                 {url: "https://gateway.example.cn?x=y", host: "gateway.example.cn", cure: "query"},
		"no URL":                             {url: "://", host: "gateway.example.cn", cure: "https://gateway.example.cn"},
		"an empty token":                     {url: "https://gateway.example.cn", host: "gateway.example.cn", token: " \n", cure: "key token"},
		"a token that would break a header":  {url: "https://gateway.example.cn", host: "gateway.example.cn", token: "a\nb", cure: "key token"},
		"a bundle without any certificate":   {url: "https://gateway.example.cn", host: "gateway.example.cn", ca: "none", cure: "PEM"},
		"a token that ends in a line's feed": {url: "https://gateway.example.cn", host: "gateway.example.cn", token: "abc\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if test.token == "" {
				test.token = testToken
			}
			_, err := New(Config{URL: test.url, Token: test.token, TokenHost: test.host, CABundle: []byte(test.ca)})
			if test.cure == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			wantTrouble(t, err, lifecycle.TroubleRefused)
			if err != nil && !strings.Contains(err.Error(), test.cure) {
				t.Errorf("error %q does not state the cure %q", err, test.cure)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("error %q quotes the URL's user", err)
			}
		})
	}
}
