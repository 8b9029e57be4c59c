// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// asGateway makes this test's binary run as registrar-gateway.
const asGateway = "TEST_RUNS_AS_REGISTRAR_GATEWAY"

func TestMain(m *testing.M) {
	if os.Getenv(asGateway) == "" {
		goleak.VerifyTestMain(m) // and exits
	}
	if err := runAsGateway(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func runAsGateway() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	return registrar.Command().ExecuteContext(ctx)
}

// process is a gateway that can be killed.
type process struct {
	*exec.Cmd
	address string
	stdout  bytes.Buffer
}

var serving = regexp.MustCompile(`msg="Serving the gateway contract" address=(\S+)`)

// launch starts a gateway on the files in dir, and awaits that it serves.
func launch(t *testing.T, dir string) *process {
	t.Helper()
	p := &process{Cmd: exec.CommandContext(t.Context(), os.Args[0],
		"--listen", "127.0.0.1:0", "--store", filepath.Join(dir, "store"), "--token-file", filepath.Join(dir, "token"),
		"--ca-out", filepath.Join(dir, "ca.pem"), "--step", "24h", "--scenario", "silent")}
	p.Env = append(os.Environ(), asGateway+"=1")
	p.Stdout = &p.stdout
	stderr, err := p.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() })
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if found := serving.FindStringSubmatch(lines.Text()); found != nil {
			p.address = found[1]
			go func() { _, _ = io.Copy(io.Discard, stderr) }()
			return p
		}
	}
	t.Fatalf("the gateway ended before it served: %v", lines.Err())
	return nil
}

func (p *process) client(t *testing.T, ca []byte) *gateway.Client {
	t.Helper()
	client, err := gateway.New(gateway.Config{
		URL: "https://" + p.address, Token: token, TokenHost: p.address, CABundle: ca,
		Timeout: 5 * time.Second, UploadTimeout: 5 * time.Second, RequestsPerSecond: 10000, Burst: 10000,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestWhatWasAnsweredIsThereAfterACrash(t *testing.T) {
	const applicants = 60
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "token"), []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	first := launch(t, dir)
	ca, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}

	answered := fileUntilKilled(t, first, first.client(t, ca), applicants)

	second := launch(t, dir)
	client := second.client(t, ca) // it still has the CA that was trusted before
	for i := range applicants {
		a := applicantOf(fmt.Sprintf("silent.%d", i))
		outcome, err := client.File(t.Context(), a.Filing, 1, a.submission())
		if err != nil || outcome.Attempt == nil {
			t.Fatalf("filed again: %+v, %v", outcome, err)
		}
		if before := answered[i]; before != nil && (before.Reference != outcome.Attempt.Reference ||
			before.Revision != outcome.Attempt.Revision || !before.FiledTime.Equal(outcome.Attempt.FiledTime)) {
			t.Errorf("before the crash the answer was %+v, now it is %+v", before, outcome.Attempt)
		}
	}
	client.Close()
	counters := second.terminate(t)
	if counters.Filings != applicants || counters.DuplicateFilings != 0 {
		t.Errorf("counters are %+v, want %d filings and no duplicate", counters, applicants)
	}
}

// fileUntilKilled files for all applicants at once, kills the gateway when a third
// is answered, and returns the answers that came.
func fileUntilKilled(t *testing.T, p *process, client *gateway.Client, applicants int) map[int]*lifecycle.Attempt {
	t.Helper()
	var mu sync.Mutex
	answered := map[int]*lifecycle.Attempt{}
	enough := make(chan struct{})
	var wait sync.WaitGroup
	for i := range applicants {
		wait.Go(func() {
			a := applicantOf(fmt.Sprintf("silent.%d", i))
			outcome, err := client.File(t.Context(), a.Filing, 1, a.submission())
			if err != nil {
				return // the crash came first
			}
			mu.Lock()
			defer mu.Unlock()
			if answered[i] = outcome.Attempt; len(answered) == applicants/3 {
				close(enough)
			}
		})
	}
	select {
	case <-enough:
	case <-t.Context().Done():
	}
	if err := p.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = p.Wait() // it was killed
	wait.Wait()
	if len(answered) == applicants {
		t.Log("all filings were answered before the gateway was killed")
	}
	return answered
}

// terminate asks the process to end, and returns the counters that it prints.
func (p *process) terminate(t *testing.T) (counters registrar.Counters) {
	t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("the gateway ended with %v", err)
	}
	if err := json.Unmarshal(p.stdout.Bytes(), &counters); err != nil {
		t.Fatalf("counters %q: %v", p.stdout.String(), err)
	}
	return counters
}
