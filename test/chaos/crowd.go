// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	toolscache "k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/lives"
)

// namespace of all registrations.
const namespace = "chaos"

// crowd is everybody who has to do with the registrations: applicants, agents, and
// the registrar's reviewers.
type crowd struct {
	*world
	people    []*lives.People
	witnesses []*lives.Witness
	byName    map[string]int
	seen      client.Reader
	queue     workqueue.TypedRateLimitingInterface[int]
	mu        sync.Mutex
	begun     map[int]bool
	missed    atomic.Int32
}

// gather brings the crowd of n registrations together; each follows one of the lives.
func gather(ctx context.Context, w *world, n int) (*crowd, error) {
	c := &crowd{
		world: w, byName: map[string]int{}, begun: map[int]bool{},
		queue: workqueue.NewTypedRateLimitingQueue(workqueue.NewTypedItemExponentialFailureRateLimiter[int](100*time.Millisecond, 2*time.Second)),
	}
	all := lives.All()
	for i := range n {
		life := all[i%len(all)]
		cast := lives.Cast{Life: life, Namespace: namespace, Name: fmt.Sprintf("%s-%d", life.Name, i), Registrar: ground.GatewayName}
		if life.ByHand() {
			cast.Registrar = v1alpha1.DefaultRegistrarName
		}
		c.byName[cast.Name] = i
		c.people, c.witnesses = append(c.people, lives.NewPeople(cast, w.Onlooker)), append(c.witnesses, lives.NewWitness())
	}
	return c, c.follow(ctx)
}

// follow has everybody see how registrations stand, also after a server was away.
func (c *crowd) follow(ctx context.Context) error {
	seen, err := cache.New(c.Plane.Config(), cache.Options{Scheme: c.Onlooker.Scheme()})
	if err != nil {
		return fmt.Errorf("follow the registrations: %w", err)
	}
	informer, err := seen.GetInformer(ctx, &v1alpha1.ChinaAccountRegistration{})
	if err != nil {
		return fmt.Errorf("follow the registrations: %w", err)
	}
	look := func(object any) {
		if reg, ok := object.(*v1alpha1.ChinaAccountRegistration); ok {
			i := c.byName[reg.Name]
			c.witnesses[i].See(reg)
			c.queue.Add(i)
		}
	}
	_, err = informer.AddEventHandler(toolscache.ResourceEventHandlerFuncs{
		AddFunc:    look,
		UpdateFunc: func(_, object any) { look(object) },
		DeleteFunc: func(object any) {
			if reg, ok := object.(*v1alpha1.ChinaAccountRegistration); ok {
				i := c.byName[reg.Name]
				c.witnesses[i].SeeGone()
				c.queue.Add(i)
			}
		},
	})
	if err != nil {
		return fmt.Errorf("follow the registrations: %w", err)
	}
	c.seen = seen
	go func() { _ = seen.Start(ctx) }()
	for range 8 {
		go c.act(ctx)
	}
	go c.review(ctx)
	context.AfterFunc(ctx, c.queue.ShutDown)
	return nil
}

// begin has one registration applied.
func (c *crowd) begin(i int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begun[i] = true
	c.queue.Add(i)
}

func (c *crowd) hasBegun(i int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.begun[i]
}

// look returns a registration as it was last seen, nil if it is not there.
func (c *crowd) look(ctx context.Context, i int) *v1alpha1.ChinaAccountRegistration {
	reg := &v1alpha1.ChinaAccountRegistration{}
	if err := c.seen.Get(ctx, client.ObjectKey{Namespace: namespace, Name: c.people[i].Name}, reg); err != nil {
		return nil
	}
	return reg
}

// patience of people with a server that does not answer.
const patience = 5 * time.Second

// act has people do what is due, one registration after another.
func (c *crowd) act(ctx context.Context) {
	for {
		i, over := c.queue.Get()
		if over {
			return
		}
		limited, cancel := context.WithTimeout(ctx, patience)
		if err := c.turn(limited, i); err != nil {
			c.queue.AddRateLimited(i)
		} else {
			c.queue.Forget(i)
		}
		cancel()
		c.queue.Done(i)
	}
}

func (c *crowd) turn(ctx context.Context, i int) error {
	if !c.hasBegun(i) {
		return nil
	}
	reg := c.look(ctx, i)
	if reg == nil && c.witnesses[i].Last() == nil {
		return c.people[i].Begin(ctx)
	}
	return c.people[i].Act(ctx, reg)
}

// review is the registrar's: now and then it decides, whether or not its last word
// was heard.
func (c *crowd) review(ctx context.Context) {
	random := rand.New(rand.NewPCG(1, 1))
	// A thousand people who all try four times a second would be the load.
	again, looked := time.Duration(len(c.people))*3*time.Millisecond, time.Now()
	for ctx.Err() == nil {
		wait(ctx, 250*time.Millisecond)
		limited, cancel := context.WithTimeout(ctx, patience)
		standings, _ := c.Gateway.Standings(limited)
		cancel()
		at := map[string]lives.Standing{}
		for _, standing := range standings {
			at[standing.Key] = standing
		}
		for i, p := range c.people {
			standing, ok := at[p.Key()]
			if !ok || standing.NextStepTime == nil || random.IntN(4) > 0 || c.waits(ctx, i, standing) {
				continue
			}
			limited, cancel := context.WithTimeout(ctx, patience)
			_ = c.Gateway.Step(limited, standing.Key)
			cancel()
		}
		if time.Since(looked) < again {
			continue
		}
		looked = time.Now()
		for i := range c.people { // people look again at what they could not do
			c.queue.Add(i)
		}
	}
}

// waits: what the applicant is about to take back is left alone.
func (c *crowd) waits(ctx context.Context, i int, standing lives.Standing) bool {
	newest := standing.Attempts[len(standing.Attempts)-1]
	return c.people[i].RegistrarWaits(c.look(ctx, i), newest)
}

// vanish deletes one of a registration's Secrets, and makes it again.
func (c *crowd) vanish(ctx context.Context, i int, d time.Duration) error {
	secret := c.people[i].Secret()
	if err := client.IgnoreNotFound(c.Onlooker.Delete(ctx, secret)); err != nil {
		return err
	}
	wait(ctx, d)
	made := c.people[i].Secret()
	return client.IgnoreAlreadyExists(c.Onlooker.Create(ctx, made))
}
