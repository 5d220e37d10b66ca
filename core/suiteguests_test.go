package core_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/picture"
	"impero/core/store"
)

// person answers an attempt's questions from lists.
type person struct {
	users     string // the account, where one is asked for
	passwords []string
	refuse    bool // the identity is not accepted
	forms     []guest.Form
	asked     []guest.Identity
}

func (p *person) Progress(guest.Step) {}

func (p *person) Identity(_ context.Context, id guest.Identity) (bool, error) {
	p.asked = append(p.asked, id)
	return !p.refuse, nil
}

func (p *person) Logon(_ context.Context, f guest.Form) ([]string, error) {
	p.forms = append(p.forms, f)
	pw := p.passwords[0]
	if len(p.passwords) > 1 {
		p.passwords = p.passwords[1:]
	}
	if len(f.Fields) == 2 {
		return []string{p.users, pw}, nil
	}
	return []string{pw}, nil
}

func (s *suite) engine(home store.Home) *guest.Engine {
	s.t.Helper()
	cfg := guest.Config{Home: home, Computer: "ops-laptop", Order: picture.RGBX, Dial: s.dial}
	if s.log != nil {
		cfg.Log = slog.New(s.log)
	}
	e, err := guest.New(cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	if s.level != 0 {
		only := guest.Profile{Name: guest.ProfileInternet, Port: guest.DefaultPort, Levels: []string{s.level.String()}, Preferred: s.level.String()}
		if err := e.SaveProfile(guest.ProfileInternet, only); err != nil {
			s.t.Fatal(err)
		}
	}
	return e
}

func (s *suite) connect(e *guest.Engine, p *person) (*guest.Session, error) {
	s.t.Helper()
	return s.connectAs(e, p)
}

func (s *suite) connectAs(e *guest.Engine, p guest.Prompter) (*guest.Session, error) {
	s.t.Helper()
	t, err := guest.ParseTarget(s.address, "")
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	g, err := e.Connect(ctx, t, p)
	if err == nil {
		s.live.add(s.t, g)
	}
	return g, err
}

// living are sessions to be closed with the test. Those that ended before are not kept: a soak has many.
type living struct {
	mu  sync.Mutex
	all map[*guest.Session]bool
}

func (l *living) add(t testing.TB, g *guest.Session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[*guest.Session]bool{}
		t.Cleanup(l.close)
	}
	l.all[g] = true
	go func() {
		<-g.Done()
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.all, g)
	}()
}

func (l *living) close() {
	l.mu.Lock()
	list := slices.Collect(maps.Keys(l.all))
	l.mu.Unlock()
	for _, g := range list {
		g.Close()
	}
}

// turns has tests that run side by side log on two at a time: a proof of a password takes all of a processor for a while,
// and a logon has a limit.
var turns = make(chan struct{}, 2)

func (s *suite) mustConnect() *guest.Session {
	s.t.Helper()
	turns <- struct{}{}
	defer func() { <-turns }()
	g, err := s.connect(s.engine(store.At(s.t.TempDir())), &person{passwords: []string{goodPassword}})
	if err != nil {
		s.t.Fatal(err)
	}
	return g
}

func kindOf(t testing.TB, err error) guest.Kind {
	t.Helper()
	var e *guest.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v is no *guest.Error", err)
	}
	return e.Kind
}
