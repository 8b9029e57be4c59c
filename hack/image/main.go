// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
)

// request is what is asked for: one image of all binaries.
type request struct {
	binaries []string
	base     string
	out      string
	version  string
	revision string
	created  time.Time
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	asked, err := parse(args)
	if err != nil {
		return err
	}
	made, err := assemble(asked)
	if err != nil {
		return err
	}
	return made.write(asked.out, out)
}

func parse(args []string) (request, error) {
	var asked request
	flags := flag.NewFlagSet("image", flag.ContinueOnError)
	flags.StringVar(&asked.base, "base", ownBase, "what the binary stands on: own, the folder of an OCI layout, or a name in a registry")
	flags.StringVar(&asked.out, "out", "dist/image", "the folder to write to")
	flags.StringVar(&asked.version, "version", "", "the version of the operator")
	flags.StringVar(&asked.revision, "revision", "", "the commit that it is built from")
	created := flags.String("created", "0", "when it was made, in seconds since 1970")
	if err := flags.Parse(args); err != nil {
		return request{}, err
	}
	seconds, err := strconv.ParseInt(*created, 10, 64)
	if err != nil {
		return request{}, fmt.Errorf("--created: %w", err)
	}
	asked.created = time.Unix(seconds, 0).UTC()
	asked.binaries = flags.Args()
	if asked.version == "" || len(asked.binaries) == 0 {
		return request{}, errors.New("usage: image --version VERSION [flags] BINARY…")
	}
	return asked, nil
}
