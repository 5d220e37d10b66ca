package core_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"impero/core/agent"
	"impero/core/capture"
	"impero/core/host"
	"impero/core/inject"
	"impero/core/inject/injecttest"
	"impero/core/seam"
	"impero/core/store"
)

// withoutAgent makes a Host whose agents come and go.
func withoutAgent(s *suite) {
	s.cfg.Agent = nil
	s.agents = true
}

// attached runs an agent at s until its own end is closed; it tells how the Host's end ended.
func (s *suite) attached(display *stepped) (end net.Conn, over <-chan error) {
	hands := s.hands
	daemon, user := net.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- s.h.Attach(context.Background(), daemon) }()
	go agent.Run(context.Background(), user, agent.Config{
		Capture: func() (capture.Source, error) { return display, nil },
		Inject:  func() (inject.Injector, error) { return hands, nil },
	})
	return user, ended
}

func newStepped(seed uint64, w, h int) *stepped {
	return &stepped{g: capture.NewGenerated(seed, w, h), steps: make(chan struct{})}
}

// TestAgentsComeAndGo: a session outlives the agent, which may be killed, and gets the picture of the next one.
func TestAgentsComeAndGo(t *testing.T) {
	s := newSuite(t, "Full control", false, withoutAgent)
	if d := s.h.State().Display; d.Ready {
		t.Fatal("a Host without an agent says that it has a display")
	}
	s.h.Vacant("Nobody is logged on.")
	s.await("the reason", func(st host.State) bool { return st.Display.Reason == "Nobody is logged on." })

	end, over := s.attached(s.display)
	s.await("the display", func(st host.State) bool { return st.Display.Ready })
	g := s.mustConnect()
	for range 5 {
		s.display.steps <- struct{}{}
	}
	s.awaitEqual(g)
	g.Key(4, true, 'a')
	s.awaitLines("key A down")

	for n := range 3 {
		end.Close() // as the system does for one that is killed
		<-over
		s.await("the Host to notice", func(st host.State) bool { return !st.Display.Ready && len(st.Sessions) == 1 })
		awaitDisplay(t, func() bool { ready, reason := g.Display(); return !ready && reason == "Nobody is logged on." }, g.Updates())
		s.display = newStepped(uint64(20+n), 320+n%2*64, 200) // of another size, then of the same
		s.hands = new(injecttest.Recorder)                    // the one before is closed
		end, over = s.attached(s.display)
		s.awaitLines("recover")
		s.await("the display again", func(st host.State) bool { return st.Display.Ready })
		s.awaitEqual(g)
		s.display.steps <- struct{}{}
		s.awaitEqual(g)
	}
	if err := g.Err(); err != nil {
		t.Error(err)
	}
	end.Close()
	<-over
}

func awaitDisplay(t *testing.T, ok func() bool, news <-chan struct{}) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for !ok() {
		select {
		case <-news:
		case <-limit:
			t.Fatal("the Guest was not told")
		}
	}
}

// TestNewestAgentIsTheOne: a session that was switched away from may not have ended when the next one's agent comes.
func TestNewestAgentIsTheOne(t *testing.T) {
	s := newSuite(t, "Full control", false, withoutAgent)
	_, first := s.attached(s.display)
	s.await("the display", func(st host.State) bool { return st.Display.Ready })
	g := s.mustConnect()
	next := newStepped(30, 320, 200)
	end, over := s.attached(next)
	<-first
	s.display = next
	s.awaitEqual(g)
	end.Close()
	<-over
}

// TestAgentThatLeaps: who counts to the end leaves no numbers to those that come after.
func TestAgentThatLeaps(t *testing.T) {
	s := newSuite(t, "Full control", false, withoutAgent)
	daemon, user := net.Pipe()
	over := make(chan error, 1)
	go func() { over <- s.h.Attach(t.Context(), daemon) }()
	c := seam.New(user)
	if err := c.Greet(); err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{{0, 0, 0, 4, 2, 0xff, 0xff, 0xff, 0xff}} {
		if err := c.Send(&seam.Picture{Class: seam.ClassUpdate, Viewers: []uint32{1}, Data: data}); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-over; err == nil || !strings.Contains(err.Error(), "number 4294967295") {
		t.Errorf("it ended with %v", err)
	}
}

func TestAttachToAHostThatDoesNotRun(t *testing.T) {
	h, err := host.New(host.Config{Home: store.At(t.TempDir())})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	a, b := net.Pipe()
	defer b.Close()
	if err := h.Attach(t.Context(), a); !errors.Is(err, host.ErrNotRunning) {
		t.Errorf("attached: %v", err)
	}
}
