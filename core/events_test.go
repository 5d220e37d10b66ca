package core_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/host"
	"impero/core/lab"
	"impero/core/logs/event"
	"impero/core/role"
	"impero/core/store"
)

// witness is a consumer of a Host's events that keeps them.
type witness struct {
	mu     sync.Mutex
	events []event.Event
}

func (w *witness) Write(_ context.Context, events []event.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, events...)
	return nil
}

func (w *witness) Close() error { return nil }

func (w *witness) all() []event.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.events)
}

// await waits for an event of a code, and gives the last one.
func (w *witness) await(t *testing.T, code event.Code) (found event.Event) {
	t.Helper()
	lab.WaitFor(t, 20*time.Second, "the event "+string(code), func() bool {
		for _, e := range w.all() {
			if e.Code == code {
				found = e
			}
		}
		return found.Code == code
	})
	return found
}

// witnessed has a Host's events go to a witness.
func witnessed(t *testing.T) (*witness, func(*suite)) {
	w := &witness{}
	events := event.New(event.Options{Consumers: []event.Consumer{{Name: "witness", Sink: w}}})
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() { events.Run(ctx) })
	t.Cleanup(func() { cancel(); run.Wait() })
	return w, func(s *suite) { s.cfg.Events = events }
}

// TestHostTellsItsEvents follows a Guest from a wrong password to its end.
func TestHostTellsItsEvents(t *testing.T) {
	w, with := witnessed(t)
	s := newSuite(t, "Full control", false, with)
	proxy := lab.StartProxy(t, s.address)
	s.address = proxy.Addr()
	g, err := s.connect(s.engine(store.At(t.TempDir())), &person{passwords: []string{"a wrong password", goodPassword}})
	if err != nil {
		t.Fatal(err)
	}
	w.await(t, event.ControlBegun)
	proxy.Reset()
	w.await(t, event.SessionFound)
	lab.WaitFor(t, 20*time.Second, "the Guest to know it: one that leaves before tells nobody that it does", func() bool {
		_, lost := g.Lost()
		return !lost
	})
	g.Close()
	ended := w.await(t, event.SessionEnded)
	s.h.Stop()
	w.await(t, event.HostEnded)
	var codes []string
	last := uint64(0)
	for _, e := range w.all() {
		codes = append(codes, string(e.Code))
		if e.Sequence <= last || e.Host != "till-042" || (e.Way != host.ProfileName) == (e.Code != event.Configured) || strings.Contains(e.What, "password,") {
			t.Errorf("%+v", e)
		}
		last = e.Sequence
	}
	got := strings.Join(codes, " ")
	if !strings.HasPrefix(got, "CONF+ HCON+ LOGN- LOGN+ SESS+ RCTL+ ") || !strings.HasSuffix(got, " SESS- HCON-") ||
		!strings.Contains(got, "LOST+") || strings.Count(got, "RCTL+") != strings.Count(got, "RCTL-") {
		t.Errorf("the events are %s", got)
	}
	if ended.Session == 0 || ended.Who != "ops-laptop; 127.0.0.1; -" || !strings.HasPrefix(ended.What, "by the Guest: ") {
		t.Errorf("the end is %+v", ended)
	}
}

// TestRefusalsAreEvents: what a role does not allow, a lock-out, and a connection without a logon.
func TestRefusalsAreEvents(t *testing.T) {
	w, with := witnessed(t)
	s := newSuite(t, "View only", false, with)
	g := s.mustConnect()
	w.await(t, event.ViewBegun)
	g.Key(4, true, 'a')
	if e := w.await(t, event.NotPermitted); e.Outcome != event.Denied || e.What != fmt.Sprintf("%v, role View only", role.UseKeyboardMouse) || e.Session == 0 {
		t.Errorf("%+v", e)
	}
	_, err := s.connect(s.engine(store.At(t.TempDir())), &person{passwords: []string{"wrong password"}})
	if kind := kindOf(t, err); kind != guest.KindLockedOut {
		t.Errorf("wrong passwords end as %v", err)
	}
	if e := w.await(t, event.LockedOut); e.Who != "ops-laptop; 127.0.0.1; -" || !strings.HasPrefix(e.What, "counted by address, for ") {
		t.Errorf("%+v", e)
	}
	w.await(t, event.Refused)
}
