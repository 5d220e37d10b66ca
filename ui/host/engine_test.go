package host

import (
	"context"
	"net"
	"sync"
	"testing"

	"impero/core/agent"
	engine "impero/core/host"
	"impero/core/store"
)

// realHost makes a Host on an address, with a password.
func realHost(t *testing.T, address string) (h *engine.Host, agentEnd net.Conn) {
	t.Helper()
	daemonEnd, agentEnd := net.Pipe()
	t.Cleanup(func() { agentEnd.Close(); daemonEnd.Close() })
	h, err := engine.New(engine.Config{Home: store.At(t.TempDir()), Listen: []string{address}, Agent: daemonEnd})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	if err := h.SetPassword("correct horse battery"); err != nil {
		t.Fatal(err)
	}
	return h, agentEnd
}

// until waits for a state of a running Host.
func until(t *testing.T, h *engine.Host, good func(engine.State) bool) engine.State {
	t.Helper()
	for {
		if s := h.State(); good(s) {
			return s
		}
		select {
		case <-h.Changes():
		case <-t.Context().Done():
			t.Fatal("the state did not come")
		}
	}
}

// TestWordsOfTheRealHost holds the phrases for what a Host says in English
// together with that Host.
func TestWordsOfTheRealHost(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	h, _ := realHost(t, taken.Addr().String())
	if got := h.State().Display.Reason; got != notAnswered {
		t.Errorf("before the agent answers the reason is %q", got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := h.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	defer running.Wait()
	defer cancel()
	s := until(t, h, func(s engine.State) bool { return s.Problem != "" })
	if p := problem(s.Problem); p.Verbatim {
		t.Errorf("no phrase for a port in use: %q", s.Problem)
	}
}

func TestWordsOfTheRealAgent(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("XDG_SESSION_TYPE", "")
	h, agentEnd := realHost(t, "127.0.0.1:0")
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := agent.Run(ctx, agentEnd, agent.Config{}); err != nil {
			t.Error(err)
		}
	})
	running.Go(func() {
		if err := h.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	defer running.Wait()
	defer cancel()
	s := until(t, h, func(s engine.State) bool { return s.Running && s.Display.Reason != notAnswered })
	if p := reason(s.Display.Reason); s.Display.Ready || p.Verbatim {
		t.Errorf("no phrase for a Host without a display: %+v", s.Display)
	}
	if m := Describe(s, now); m.Block.Title.String() != "No display to share" {
		t.Errorf("it says %q", m.Block.Title)
	}
	cancel()
	running.Wait()
	if p := reason(h.State().Display.Reason); p.Verbatim {
		t.Errorf("no phrase for an agent that is gone: %q", h.State().Display.Reason)
	}
}
