// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"k8s.io/utils/clock"

	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// Config says how a Server behaves.
type Config struct {
	// StorePath is the file that everything is kept in; it is made if absent.
	StorePath string
	// Token that every request must bear.
	Token string
	// Scenario of registrations whose e-mail names none; empty is DefaultScenario.
	Scenario string
	// Step is the time between two steps of a scenario; 0 is 2 s.
	Step time.Duration
	// StepOnLook has a scenario take its next step as soon as its client was told where
	// it stands, and not only after Step.
	StepOnLook bool
	// CodeTTL is how long a code may be answered; 0 is 30 min.
	CodeTTL time.Duration
	// Hold is how long a fault of kind timeout keeps an answer back; 0 is 1 min.
	Hold time.Duration
	// Clock of the registrar; nil is the system's.
	Clock clock.WithTicker
	// Log has no personal data: keys are cut short. Nil logs nothing.
	Log *slog.Logger
}

func (c Config) withDefaults() Config {
	if c.Scenario == "" {
		c.Scenario = DefaultScenario
	}
	if c.Step == 0 {
		c.Step = 2 * time.Second
	}
	if c.CodeTTL == 0 {
		c.CodeTTL = 30 * time.Minute
	}
	if c.Hold == 0 {
		c.Hold = time.Minute
	}
	if c.Clock == nil {
		c.Clock = clock.RealClock{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// Server is the reference gateway.
type Server struct {
	config   Config
	pace     pace
	store    *store
	counted  *counted
	switches *switches
	looks    *looks
	closing  chan struct{}
}

var _ contract.ServerInterface = (*Server)(nil)

// New opens the store and returns a server that goes on where it was.
func New(config Config) (*Server, error) {
	config = config.withDefaults()
	if config.Token == "" {
		return nil, errors.New("a token is required")
	}
	if _, err := findScenario(config.Scenario); err != nil {
		return nil, err
	}
	opened, err := openStore(config.StorePath)
	if err != nil {
		return nil, err
	}
	return &Server{
		config:   config,
		pace:     pace{step: config.Step, codeTTL: config.CodeTTL},
		store:    opened,
		counted:  newCounted(),
		switches: &switches{},
		looks:    &looks{answers: map[string][2]*heldAnswer{}},
		closing:  make(chan struct{}),
	}, nil
}

// Close lets waiting requests go and closes the store. It is called once.
func (s *Server) Close() error {
	s.release()
	return s.store.close()
}

// release lets go of the requests that wait for changes or are held back.
func (s *Server) release() {
	select {
	case <-s.closing:
	default:
		close(s.closing)
	}
}

// Run takes the steps of all scenarios as they become due, until ctx is done.
func (s *Server) Run(ctx context.Context) {
	ticker := s.config.Clock.NewTicker(min(max(s.config.Step/4, 20*time.Millisecond), 500*time.Millisecond))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C():
			if err := s.advanceDue(); err != nil {
				s.config.Log.Error("Scenarios do not go on", "error", err)
			}
		}
	}
}

// advanceDue takes the steps that are due.
func (s *Server) advanceDue() error {
	keys, err := s.store.dueKeys(s.now())
	if err != nil || len(keys) == 0 {
		return err
	}
	return s.store.update(func(t tx) error {
		for _, key := range keys {
			if _, err := s.current(t, key); err != nil {
				return fmt.Errorf("advance %s: %w", short(key), err)
			}
		}
		return nil
	})
}

func (s *Server) now() time.Time { return s.config.Clock.Now().UTC() }

// current returns a key's record as of now, within an update; nil if there is none.
func (s *Server) current(t tx, key string) (*record, error) {
	r, err := t.get(key)
	if err != nil || r == nil || r.DueTime.IsZero() || r.DueTime.After(s.now()) {
		return r, err
	}
	if s.pace.advance(r, s.now()) {
		return nil, t.forget(r)
	}
	return r, s.save(t, r, r.newest())
}

// save stores a changed record and when it goes on.
func (s *Server) save(t tx, r *record, changed ...*attempt) error {
	return t.put(r, s.pace.due(r), changed...)
}

// read returns a key's record as of now. It writes only if a step is due.
func (s *Server) read(key string) (r *record, err error) {
	err = s.store.view(func(t tx) error {
		r, err = t.get(key)
		return err
	})
	if err != nil || r == nil || r.DueTime.IsZero() || r.DueTime.After(s.now()) {
		return r, err
	}
	err = s.store.update(func(t tx) error {
		r, err = s.current(t, key)
		return err
	})
	return r, err
}

// Handler returns the gateway: the contract's paths, behind the token.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	contract.HandlerWithOptions(s, contract.StdHTTPServerOptions{
		BaseRouter: mux,
		ErrorHandlerFunc: func(w http.ResponseWriter, _ *http.Request, _ error) {
			malformed("A path, header or query parameter is absent or out of form.").write(w)
		},
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { errNoSuchPath.write(w) })
	return s.observed(mux, s.authorized(wellFormed(s.spoiled(mux))))
}

// short is enough of a key to find it in a log, and too little to be of use.
func short(key string) string { return key[:min(len(key), 8)] }
