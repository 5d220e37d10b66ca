package daemon

import (
	"context"
	"errors"
	"testing"

	"impero/core/control"
	"impero/core/host"
)

// TestControlSocket: whoever started the daemon may see and steer its Host through the socket, and is told what changes.
func TestControlSocket(t *testing.T) {
	var l log
	cfg := config(t, &l, new(computer))
	ready := make(chan *host.Host, 1)
	cfg.Ready = func(h *host.Host) { ready <- h }
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- Run(ctx, cfg) }()
	h := <-ready
	c := &control.Client{Path: cfg.Host.Home.ControlSocket(), Own: true}
	defer c.Close()
	hello, err := c.Hello(t.Context())
	if err != nil || hello.Wants != control.WantsNothing || hello.Host != h.State().Name {
		t.Fatalf("hello: %+v, %v", hello, err)
	}
	if rights, err := c.Open(t.Context(), control.Account{}); err != nil || !rights.Change {
		t.Fatalf("logon: %+v, %v", rights, err)
	}
	if _, err := c.Load(t.Context()); !errors.Is(err, control.ErrUnavailable) {
		t.Errorf("a daemon without a configuration: %v", err)
	}
	if err := c.Do(t.Context(), control.OpStart, 0); !errors.Is(err, control.ErrNoPassword) {
		t.Errorf("start without a password: %v", err)
	}
	watching, stop := context.WithCancel(t.Context())
	news, watched := make(chan control.News, 9), make(chan error, 1)
	go func() { watched <- c.Watch(watching, func(n control.News) { news <- n }) }()
	if err := c.Do(t.Context(), control.OpPing, 0); err != nil {
		t.Fatal(err)
	}
	const reason = "gone fishing"
	h.Vacant(reason)
	for state := new(control.State); state.Reason != reason; h.Vacant(reason) { // the daemon may say otherwise meanwhile
		if n := <-news; n != control.NewState {
			t.Fatalf("the news are %d", n)
		}
		if state, err = c.State(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	<-watched
	cancel()
	if err := <-over; err != nil {
		t.Error(err)
	}
	if _, err := c.State(t.Context()); !errors.Is(err, control.ErrGone) {
		t.Errorf("after its end: %v", err)
	}
}
