package daemon

import (
	"context"
	"errors"
	"testing"

	"impero/core/config"
	"impero/core/control"
	"impero/core/host"
)

// TestControlSocket: whoever started the daemon may see and steer its Host through the socket, and is told what changes.
func TestControlSocket(t *testing.T) {
	var l log
	cfg, err := daemonAt(t, place(t), &l, new(computer), nil)
	if err != nil {
		t.Fatal(err)
	}
	ready := make(chan *host.Host, 1)
	cfg.Ready = func(h *host.Host) { ready <- h }
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- Run(ctx, cfg) }()
	h := <-ready
	c := &control.Client{Path: cfg.Keeper.Home().ControlSocket(), Own: true}
	defer c.Close()
	hello, err := c.Hello(t.Context())
	if err != nil || hello.Wants != control.WantsNothing || hello.Host != h.State().Name {
		t.Fatalf("hello: %+v, %v", hello, err)
	}
	if rights, err := c.Open(t.Context(), control.Account{}); err != nil || !rights.Change {
		t.Fatalf("logon: %+v, %v", rights, err)
	}
	now, err := c.Load(t.Context())
	if err != nil || now.Revision == "" {
		t.Fatalf("the configuration: %+v, %v", now, err)
	}
	if err := c.Do(t.Context(), control.OpStart, 0); !errors.Is(err, control.ErrNoPassword) {
		t.Errorf("start without a password: %v", err)
	}
	watching, stop := context.WithCancel(t.Context())
	news, watched := make(chan control.News, 1000), make(chan error, 1)
	go func() { watched <- c.Watch(watching, func(n control.News) { news <- n }) }()
	<-news
	const reason = "gone fishing"
	h.Vacant(reason)
	for state := new(control.State); state.Reason != reason; h.Vacant(reason) { // the daemon may say otherwise meanwhile
		<-news
		if state, err = c.State(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	const sessions = config.Root + "/Configuration/LocalConfiguration/HostComputer/Security/Sessions"
	next := now.Document.Clone()
	if err := next.Set(sessions, "Maximum", "3"); err != nil {
		t.Fatal(err)
	}
	done, err := c.Apply(t.Context(), next, now.Revision)
	if err != nil || done.Now.Revision == now.Revision || h.State().MaxSessions != 3 {
		t.Errorf("apply: %+v, %v", done, err)
	}
	for n := control.News(0); n&control.NewConfiguration == 0; n = <-news {
	}
	if _, err := c.Apply(t.Context(), next, now.Revision); !errors.Is(err, control.ErrConflict) {
		t.Errorf("an old revision: %v", err)
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
