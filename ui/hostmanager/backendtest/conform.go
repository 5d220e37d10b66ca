package backendtest

import (
	"context"
	"errors"
	"testing"

	"impero/core/config"
	"impero/ui/hostmanager/presenter"
)

const tcp = config.Root + "/Configuration/LocalConfiguration/HostComputer/Communication/TCP[TCP 1]"

// Conform tests what every Backend must do. open makes one whose configuration is config.New's, that wants nothing, and
// may be changed.
func Conform(t *testing.T, open func(t *testing.T) presenter.Backend) {
	t.Run("applies", func(t *testing.T) { applies(t, open(t)) })
	t.Run("conflict", func(t *testing.T) { conflicts(t, open(t)) })
	t.Run("invalid", func(t *testing.T) { refusesInvalid(t, open(t)) })
	t.Run("secret", func(t *testing.T) { keepsSecrets(t, open(t)) })
	t.Run("watch", func(t *testing.T) { watchEnds(t, open(t)) })
}

func load(t *testing.T, b presenter.Backend) presenter.Snapshot {
	t.Helper()
	place, err := b.Hello(t.Context())
	if err != nil || place.Service.Empty() || place.Wants != presenter.WantsNothing {
		t.Fatalf("Hello gives %+v, %v", place, err)
	}
	if rights, err := b.Open(t.Context(), presenter.Account{}); err != nil || !rights.Change {
		t.Fatalf("Open gives %+v, %v", rights, err)
	}
	s, err := b.Load(t.Context())
	if err != nil || s.Document == nil {
		t.Fatalf("Load gives %+v, %v", s, err)
	}
	return s
}

func set(t *testing.T, d *config.Document, p config.Path, attribute, value string) {
	t.Helper()
	if err := d.Set(p, attribute, value); err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, d *config.Document, p config.Path, attribute, want string) {
	t.Helper()
	if got, err := d.Get(p, attribute); err != nil || got != want {
		t.Errorf("%s is %q, %v; not %q", attribute, got, err, want)
	}
}

func applies(t *testing.T, b presenter.Backend) {
	s := load(t, b)
	set(t, s.Document, tcp, "ReceivePort", "7000")
	out, err := b.Apply(t.Context(), s.Document, s.Revision)
	if err != nil || out.Snapshot.Revision == s.Revision {
		t.Fatalf("Apply gives revision %q, %v", out.Snapshot.Revision, err)
	}
	is(t, out.Snapshot.Document, tcp, "ReceivePort", "7000")
	again, err := b.Load(t.Context())
	if err != nil || again.Revision != out.Snapshot.Revision {
		t.Errorf("afterwards Load gives revision %q, %v", again.Revision, err)
	}
	is(t, again.Document, tcp, "ReceivePort", "7000")
}

func conflicts(t *testing.T, b presenter.Backend) {
	s := load(t, b)
	theirs := s.Document.Clone()
	set(t, theirs, tcp, "ReceivePort", "7000")
	if _, err := b.Apply(t.Context(), theirs, s.Revision); err != nil {
		t.Fatal(err)
	}
	set(t, s.Document, tcp, "SendPort", "7001")
	_, err := b.Apply(t.Context(), s.Document, s.Revision)
	var conflict *presenter.ConflictError
	if !errors.As(err, &conflict) {
		t.Fatalf("a change of an older revision gives %v", err)
	}
	is(t, conflict.Now.Document, tcp, "ReceivePort", "7000")
	is(t, conflict.Now.Document, tcp, "SendPort", "6502")
}

func refusesInvalid(t *testing.T, b presenter.Backend) {
	s := load(t, b)
	set(t, s.Document, tcp, "ReceivePort", "650")
	_, err := b.Apply(t.Context(), s.Document, s.Revision)
	var invalid *config.InvalidError
	if !errors.As(err, &invalid) || len(invalid.Faults) != 1 || invalid.Faults[0].Attribute != "ReceivePort" {
		t.Fatalf("port 650 gives %v", err)
	}
	now, err := b.Load(t.Context())
	if err != nil || now.Revision != s.Revision {
		t.Errorf("it was changed nevertheless: %v", err)
	}
}

// keepsSecrets: a maintenance password is set, survives a change of something else, and never comes back.
func keepsSecrets(t *testing.T, b presenter.Backend) {
	const maintenance = config.Root + "/Configuration/LocalConfiguration/HostComputer/Security/Maintenance"
	s := load(t, b)
	set(t, s.Document, maintenance, "Password", config.Typed("a good password"))
	out, err := b.Apply(t.Context(), s.Document, s.Revision)
	if err != nil {
		t.Fatal(err)
	}
	is(t, out.Snapshot.Document, maintenance, "Password", config.Hidden)
	set(t, out.Snapshot.Document, tcp, "ReceivePort", "7000")
	if out, err = b.Apply(t.Context(), out.Snapshot.Document, out.Snapshot.Revision); err != nil {
		t.Fatal(err)
	}
	is(t, out.Snapshot.Document, maintenance, "Password", config.Hidden)
}

func watchEnds(t *testing.T, b presenter.Backend) {
	load(t, b)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	began := make(chan struct{}, 64)
	go func() { done <- b.Watch(ctx, func() { began <- struct{}{} }) }()
	select {
	case <-began:
	case err := <-done:
		t.Fatalf("Watch ends with %v before it has begun", err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Watch ends with %v", err)
	}
}
