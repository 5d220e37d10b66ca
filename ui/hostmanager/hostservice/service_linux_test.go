package hostservice_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"impero/core/config"
	"impero/core/control"
	"impero/core/daemon"
	"impero/core/daemon/keeper"
	"impero/core/directory"
	"impero/core/host"
	"impero/core/seat"
	"impero/core/store"
	"impero/ui/hostmanager/backendtest"
	"impero/ui/hostmanager/hostservice"
	"impero/ui/hostmanager/presenter"
)

// nobody are accounts of a computer that has none.
type nobody struct{ directory.Accounts }

func (nobody) FindID(context.Context, string) (directory.Account, error) {
	return directory.Account{}, directory.ErrUnknown
}

// served runs a daemon until the test's end, or until stop is called.
func served(t *testing.T) (s *hostservice.Service, stop func()) {
	t.Helper()
	dir, err := os.MkdirTemp("", "manager") // short enough for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	k, err := keeper.Open(keeper.Options{Home: store.At(dir), Service: true, Command: keeper.Quietly("till-042")})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, over := make(chan struct{}), make(chan error, 1)
	go func() {
		err := daemon.Run(ctx, daemon.Config{
			Keeper: k, Display: seat.X{Display: ":9", Sockets: filepath.Join(dir, "none")}, Program: []string{"/bin/false"},
			Accounts: nobody{}, Ready: func(*host.Host) { close(ready) },
		})
		over <- errors.Join(err, k.Close())
	}()
	ended := false
	stop = func() {
		if cancel(); !ended {
			ended = true
			if err := <-over; err != nil {
				t.Error(err)
			}
		}
	}
	t.Cleanup(stop)
	<-ready
	s = hostservice.New(&control.Client{Path: store.At(dir).ControlSocket(), Own: true}, "start it")
	t.Cleanup(func() { s.Close() })
	return s, stop
}

func TestServiceConforms(t *testing.T) {
	backendtest.Conform(t, func(t *testing.T) presenter.Backend {
		s, _ := served(t)
		return s
	})
}

// TestServiceIsGone: every method says so, and the place names what starts the service.
func TestServiceIsGone(t *testing.T) {
	s, stop := served(t)
	if _, err := s.Hello(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(t.Context(), presenter.Account{}); err != nil {
		t.Fatal(err)
	}
	list, err := s.Sessions(t.Context())
	if err != nil || len(list) != 0 {
		t.Errorf("sessions: %v, %v", list, err)
	}
	if faults, err := s.Check(t.Context(), config.New()); err != nil || len(faults) != 0 {
		t.Errorf("check: %v, %v", faults, err)
	}
	watched := make(chan error, 1)
	began := make(chan struct{}, 64)
	go func() { watched <- s.Watch(t.Context(), func() { began <- struct{}{} }) }()
	<-began
	stop()
	place, err := s.Hello(t.Context())
	_, loaded := s.Load(t.Context())
	for what, err := range map[string]error{"watch": <-watched, "hello": err, "load": loaded} {
		if !errors.Is(err, presenter.ErrGone) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if place.Start != "start it" {
		t.Errorf("the place is %+v", place)
	}
}
