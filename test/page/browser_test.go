// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	protocol "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/chinaaccount/china-account-operator/internal/dossier/page"
)

// patience is for a machine that does much else.
const patience = time.Minute

// require is what makes a missing program fail.
const require = "PAGE_REQUIRE_BROWSER"

// browserContext is that of the one browser of all tests, as they are of one clipboard.
var browserContext context.Context

func TestMain(m *testing.M) {
	stop := func() {}
	if path := browserPath(); path != "" {
		browserContext, stop = launch(path) //nolint:fatcontext // the one of all tests
	}
	code := m.Run()
	stop()
	os.Exit(code)
}

func browserPath() string {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func launch(path string) (context.Context, context.CancelFunc) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.DisableGPU, chromedp.WSURLReadTimeout(patience))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium has no sandbox for root
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(allocator)
	return ctx, func() {
		stop()
		stopAllocator()
	}
}

// need skips the test where the program is missing, or fails it.
func need(t *testing.T, there bool, what string) {
	t.Helper()
	if there {
		return
	}
	if os.Getenv(require) != "" {
		t.Fatalf("there is no %s: install it with hack/chromium.sh, or unset %s", what, require)
	}
	t.Skipf("there is no %s to look at the page with: install it with hack/chromium.sh", what)
}

// tab shows one page, without a network.
type tab struct {
	testing.TB
	ctx context.Context
	// complaints of the page: errors, dialogs, and whatever it asked the network for.
	mu         sync.Mutex
	complaints []string
}

// open writes the filing and shows it. What the page complains of until the test ends
// fails it.
func open(t *testing.T, f page.Filing) *tab {
	t.Helper()
	shown := openAnyhow(t, f)
	t.Cleanup(func() {
		if complaints := shown.complained(); len(complaints) > 0 {
			t.Errorf("the page complains:\n%s", strings.Join(complaints, "\n"))
		}
	})
	return shown
}

// openAnyhow is open where complaints are expected.
func openAnyhow(t *testing.T, f page.Filing) *tab {
	t.Helper()
	need(t, browserContext != nil, "Chromium")
	folder := filepath.Join(t.TempDir(), "dossier")
	if err := page.WriteFolder(folder, f); err != nil {
		t.Fatal(err)
	}
	// The tab is closed with its context; the first one's is the browser's.
	if err := chromedp.Do(browserContext); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	tabContext, closeTab := chromedp.NewContext(browserContext)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(tabContext, patience)
	t.Cleanup(cancel)
	shown := &tab{TB: t, ctx: ctx}
	if err := chromedp.Listen(tabContext, shown.hear); err != nil {
		t.Fatalf("listen to the page: %v", err)
	}
	shown.call("hear of requests", second(chromedp.Call(ctx, network.Enable, network.EnableParams{})))
	shown.call("go offline", second(chromedp.Call(ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: true}},
	})))
	shown.call("focus", second(chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})))
	shown.allowClipboard()
	address := url.URL{Scheme: "file", Path: filepath.Join(folder, "index.html")}
	shown.do(chromedp.Navigate(address.String()))
	return shown
}

func second[T any](_ T, err error) error { return err }

func (s *tab) call(what string, err error) {
	s.Helper()
	if err != nil {
		s.Fatalf("%s: %v", what, err)
	}
}

// allowClipboard also without a click: that the page needs one is the browser's to see to.
func (s *tab) allowClipboard() {
	s.Helper()
	for _, permission := range []*browser.PermissionDescriptor{
		{Name: "clipboard-read"}, {Name: "clipboard-write", AllowWithoutSanitization: true}, {Name: "clipboard-write"},
	} {
		s.call("allow "+permission.Name, second(chromedp.CallBrowser(s.ctx, browser.SetPermission, browser.SetPermissionParams{
			Permission: permission, Setting: browser.PermissionSettingGranted,
		})))
	}
}

func (s *tab) hear(event any) {
	var complaint string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		complaint = fmt.Sprintf("exception: %s %v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception)
	case *runtime.EventConsoleAPICalled:
		complaint = fmt.Sprintf("console: %s", e.Type)
	case *log.EventEntryAdded:
		complaint = fmt.Sprintf("%s: %s: %s", e.Entry.Source, e.Entry.Level, e.Entry.Text)
	case *protocol.EventJavascriptDialogOpening:
		complaint = "dialog: " + e.Message
	case *network.EventRequestWillBeSent:
		if strings.HasPrefix(e.Request.URL, "file:///") {
			return
		}
		complaint = "request: " + e.Request.URL
	default:
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.complaints = append(s.complaints, complaint)
}

func (s *tab) complained() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.complaints
}

func (s *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	s.Helper()
	if err := chromedp.Do(s.ctx, steps...); err != nil {
		s.Fatal(err)
	}
}

// evaluated is what a script in the page returns, or promises.
func evaluated[T any](s *tab, script string) T {
	s.Helper()
	result, err := chromedp.Run(s.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise, byAPerson))
	if err != nil {
		s.Fatalf("run %s: %v", script, err)
	}
	return result
}

// byAPerson makes of a script what browsers let only people do.
func byAPerson(p *runtime.EvaluateParams) { p.UserGesture = new(true) }
