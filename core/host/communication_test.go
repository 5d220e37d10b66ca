package host

import (
	"context"
	"net"
	"slices"
	"sync/atomic"
	"testing"

	"impero/core/wire"
)

// listening is a Host that runs and listens.
func listening(t *testing.T, addresses ...string) *Host {
	t.Helper()
	h := running(t, addresses...)
	for !h.State().Running {
		<-h.Changes()
	}
	return h
}

// TestARestartLeavesNoMomentInWhichNobodyListens: where the Host listened and goes on to, a Guest is never refused.
func TestARestartLeavesNoMomentInWhichNobodyListens(t *testing.T) {
	t.Parallel()
	h := listening(t, "127.0.0.1:0")
	address := h.State().Listens[0]
	var refused atomic.Int32
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			c, err := net.Dial("tcp", address)
			if err != nil {
				refused.Add(1)
				continue
			}
			c.Close()
		}
	}()
	com := *h.com.Load()
	for range 100 {
		com.Profiles = []Profile{{Name: com.Profiles[0].Name + "'", Listen: com.Profiles[0].Listen}, {Name: "another", Listen: []string{"127.0.0.1:0"}}}
		if len(com.Profiles[0].Name) > 20 {
			com.Profiles[0].Name = "TCP"
		}
		if restarted, _, err := h.Communicate(com); err != nil || !restarted {
			t.Fatalf("restarted %v, %v", restarted, err)
		}
	}
	stop()
	<-done
	if n := refused.Load(); n > 0 {
		t.Errorf("%d connections were refused", n)
	}
	if s := h.State(); len(s.Listens) != 2 || s.Listens[0] != address || !slices.Equal(s.Profiles, []string{com.Profiles[0].Name, "another"}) {
		t.Errorf("it listens on %v by %v", s.Listens, s.Profiles)
	}
}

// TestAStopIsNotUndoneByARestart: who stops communication while a change of the configuration restarts it has it stopped.
func TestAStopIsNotUndoneByARestart(t *testing.T) {
	t.Parallel()
	for range 50 {
		h := listening(t, "127.0.0.1:0")
		com := *h.com.Load()
		com.Name = "another"
		changed := make(chan struct{})
		go func() {
			defer close(changed)
			h.Communicate(com)
		}()
		h.Stop()
		<-changed
		if h.State().Running {
			t.Fatal("communication runs")
		}
	}
}

// TestALogonThatOutlivesCommunication: it becomes no session, though communication runs again.
func TestALogonThatOutlivesCommunication(t *testing.T) {
	t.Parallel()
	h := listening(t, "127.0.0.1:0")
	h.mu.Lock()
	ctx := h.hung
	h.mu.Unlock()
	com := *h.com.Load()
	com.Name = "another"
	if _, _, err := h.Communicate(com); err != nil {
		t.Fatal(err)
	}
	if end, ok := h.enter(ctx, &guestSession{h: h}).(*logonEnd); !ok || end.code != wire.CloseHostStopping {
		t.Errorf("it is let in: %+v", end)
	}
}
