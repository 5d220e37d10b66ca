package host

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"impero/core/store"
)

// occupied is a port of this computer that another program listens on until free.
func occupied(t *testing.T) (address string, free func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String(), func() { l.Close() }
}

// running is a Host with a password, that runs until the test ends and listens where it can.
func running(t *testing.T, addresses ...string) *Host {
	t.Helper()
	h, err := New(Config{Home: store.At(t.TempDir()), Listen: addresses})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.SetPassword("correct-horse-battery"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- h.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-over
		h.Close()
	})
	return h
}

// TestAPortThatIsTakenIsTriedAgain: what can be listened on is, the rest is told and listened on once it is free, and only
// while communication is wanted.
func TestAPortThatIsTakenIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		others  []string // that are free
		running bool     // meanwhile
		stop    bool     // before it becomes free
	}{
		"one of two":         {[]string{"127.0.0.1:0"}, true, false},
		"the only one":       {nil, false, false},
		"stopped in between": {nil, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, free := occupied(t)
			h := running(t, append([]string{address}, c.others...)...)
			until := func(what string, ok func(State) bool) State {
				t.Helper()
				for {
					if s := h.State(); ok(s) {
						return s
					}
					select {
					case <-h.Changes():
					case <-time.After(10 * time.Second):
						t.Fatalf("%s: %+v", what, h.State())
					}
				}
			}
			s := until("it says what is wrong", func(s State) bool { return s.Problem != "" })
			if s.Running != c.running || len(s.Listens) != len(c.others) || !strings.Contains(s.Problem, "already uses port "+address[strings.LastIndex(address, ":")+1:]) {
				t.Errorf("while the port is taken: running %v on %v: %s", s.Running, s.Listens, s.Problem)
			}
			if c.stop {
				h.mu.Lock()
				hung := h.hung
				h.mu.Unlock()
				h.Stop()
				if hung.Err() == nil || h.State().Problem != "" {
					t.Error("it goes on trying though it is stopped")
				}
				return
			}
			free()
			s = until("it listens on all", func(s State) bool { return len(s.Listens) == len(c.others)+1 })
			if !s.Running || s.Problem != "" {
				t.Errorf("then: running %v, %q", s.Running, s.Problem)
			}
		})
	}
}

// TestNothingListensAfterTheEnd: a Start that comes while Run ends, or after, is refused, and Run returns.
func TestNothingListensAfterTheEnd(t *testing.T) {
	t.Parallel()
	h, err := New(Config{Home: store.At(t.TempDir()), Listen: []string{"127.0.0.1:0"}})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.SetPassword("correct-horse-battery"); err != nil {
		t.Fatal(err)
	}
	if err := h.Start(); !errors.Is(err, ErrNotRunning) {
		t.Errorf("before Run: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- h.Run(ctx) }()
	for !h.State().Running {
		<-h.Changes()
	}
	cancel()
	for {
		select {
		case <-over:
			if err := h.Start(); !errors.Is(err, ErrNotRunning) || h.State().Running {
				t.Errorf("after Run: %v, running %v", err, h.State().Running)
			}
			return
		case <-time.After(20 * time.Second):
			t.Fatal("Run does not return")
		default:
			h.Start()
		}
	}
}
