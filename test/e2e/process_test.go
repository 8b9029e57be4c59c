// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

var processes atomic.Int32

// start runs a program of bin/ with its output in a log of its own, until the spec ends.
func start(name string, arguments ...string) *gexec.Session {
	GinkgoHelper()
	log, err := os.Create(filepath.Join(logDir, fmt.Sprintf("%s-%d.log", name, processes.Add(1))))
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(log.Close)
	return launch(name, log, arguments...)
}

// launch runs a program of bin/ until the spec ends. A failed spec shows what it said.
func launch(name string, log io.Writer, arguments ...string) *gexec.Session {
	GinkgoHelper()
	command := exec.Command(binary(name), arguments...)
	command.SysProcAttr = tethered()
	session, err := gexec.Start(command, log, log)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() {
		if CurrentSpecReport().Failed() {
			AddReportEntry(name, said(session))
		}
		kill(session)
	})
	return session
}

// kill ends a process as a crash does: it has no time to do anything.
func kill(session *gexec.Session) {
	GinkgoHelper()
	Eventually(session.Kill()).Should(gexec.Exit())
}

// run runs a program of bin/ that ends by itself, and waits until it has.
func run(name string, arguments ...string) *gexec.Session {
	GinkgoHelper()
	session := launch(name, nil, arguments...)
	Eventually(session).Should(gexec.Exit())
	return session
}

// said is all that a process printed.
func said(session *gexec.Session) string {
	return string(session.Out.Contents()) + string(session.Err.Contents())
}

// tells waits until a process prints what matches, and returns the first group.
func tells(session *gexec.Session, pattern *regexp.Regexp) string {
	GinkgoHelper()
	var found []string
	Eventually(func(g Gomega) {
		found = pattern.FindStringSubmatch(said(session))
		g.Expect(found).NotTo(BeNil(), "%s in %s", pattern, said(session))
	}).Should(Succeed())
	return found[1]
}
