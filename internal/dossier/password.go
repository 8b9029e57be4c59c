// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"crypto/rand"
	"fmt"
	"strings"
)

// IAM's default policy asks for 8 characters of three classes; 24 of this
// alphabet are 144 bits.
const passwordLength = 24

// passwordClasses leave out what is misread (0 O o 1 I l) and what shells and YAML
// take apart. They are 64 characters in all, so that six random bits choose one evenly.
var passwordClasses = []string{
	"23456789",
	"abcdefghijkmnpqrstuvwxyz",
	"ABCDEFGHJKLMNPQRSTUVWXYZ",
	"!#%+-=@_",
}

var passwordAlphabet = strings.Join(passwordClasses, "")

// generatePassword draws until each class is there, which keeps all such passwords
// equally likely.
func generatePassword() (string, error) {
	random := make([]byte, passwordLength)
	for {
		if _, err := rand.Read(random); err != nil {
			return "", fmt.Errorf("make a password: %w", err)
		}
		for i, b := range random {
			random[i] = passwordAlphabet[b%64]
		}
		if password := string(random); hasEachClass(password) {
			return password, nil
		}
	}
}

func hasEachClass(password string) bool {
	for _, class := range passwordClasses {
		if !strings.ContainsAny(password, class) {
			return false
		}
	}
	return true
}
