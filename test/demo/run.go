// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// errNotAsExpected: all ran, and something is not where it should be.
var errNotAsExpected = errors.New("not as expected")

// say tells what the demo is doing.
func say(format string, values ...any) { fmt.Printf(format+"\n", values...) }

// run is the demo from beginning to end. It leaves nothing behind but, after a
// failure, the folder of its logs.
func run(ctx context.Context, p play, keep bool) (err error) {
	began := time.Now()
	dir, err := makeFolder()
	if err != nil {
		return err
	}
	running, failed := context.WithCancelCause(ctx)
	g, err := layGround(running, dir, failed)
	defer func() {
		failed(nil) // what ends from here on is meant to
		if err != nil && ctx.Err() == nil {
			g.tellLogs()
		}
		err = errors.Join(err, g.stop())
		if err == nil || ctx.Err() != nil {
			_ = os.RemoveAll(dir)
		}
	}()
	if err == nil {
		say("Ready after %.0f s.", time.Since(began).Seconds())
		err = perform(running, g, p, began)
	}
	if cause := context.Cause(running); cause != nil {
		return cause // the rest follows from it
	}
	if err == nil && keep {
		return g.keepUp(running)
	}
	return err
}

// perform plays the scenes and concludes.
func perform(ctx context.Context, g *ground, p play, began time.Time) error {
	verdicts, err := playAll(ctx, g, p.scenes, began)
	if err != nil || ctx.Err() != nil {
		return err
	}
	if err := conclude(ctx, g, p, verdicts); err != nil {
		return err
	}
	say("\nAll is where it should be, after %.0f s.", time.Since(began).Seconds())
	return nil
}

func makeFolder() (string, error) {
	dir, err := os.MkdirTemp("", "china-account-demo-")
	if err != nil {
		return "", fmt.Errorf("make a folder for the demo: %w", err)
	}
	for _, name := range []string{"manifests", "logs"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			return "", fmt.Errorf("make a folder for the demo: %w", err)
		}
	}
	return dir, nil
}

// playAll plays the scenes at the same time, and returns how each of them ended.
func playAll(ctx context.Context, g *ground, scenes []scene, began time.Time) ([]verdict, error) {
	documents, err := drawDocuments()
	if err != nil {
		return nil, err
	}
	say("\nRegistering %d accounts. Everything is applied with kubectl, by the person whose turn it is:\n", len(scenes))
	for _, s := range scenes {
		say("  %-15s %s", s.name, s.about)
	}
	say("")
	v := newView(os.Stdout, len(scenes), began)
	b := newBoard(scenes, v)
	if err := b.follow(ctx, g.plane.Config()); err != nil {
		return nil, err
	}
	verdicts := make([]verdict, len(scenes))
	var playing sync.WaitGroup
	for i, s := range scenes {
		playing.Go(func() {
			stage := newStage(s, g, b, documents)
			failure := stage.play(ctx)
			found, _ := b.look(stage.key())
			verdicts[i] = verdict{scene: s, failure: failure, found: found, quotes: stage.quotes}
		})
	}
	playing.Wait()
	return verdicts, nil
}
