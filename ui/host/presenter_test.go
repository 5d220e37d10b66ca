package host

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	engine "impero/core/host"
	"impero/ui/shell/phrase"
)

// present runs a presenter over e in a bubble of fake time until the test ends.
func present(t *testing.T, e *fakeEngine, test func(p *Presenter, s *screen)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		e.changes = make(chan struct{}, 1)
		s := newScreen()
		started := time.Now()
		p := NewPresenter(e, s, Options{
			Post: func(f func()) { f() },
			Now:  func() time.Time { return now.Add(time.Since(started)) },
		})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); p.Run(ctx) }()
		synctest.Wait()
		test(p, s)
		cancel()
		<-done
	})
}

// newest gives the last model shown.
func newest(t *testing.T, s *screen) Model {
	t.Helper()
	synctest.Wait()
	var m *Model
	for {
		select {
		case next := <-s.models:
			m = &next
			continue
		default:
		}
		break
	}
	if m == nil {
		t.Fatal("nothing new is shown")
	}
	return *m
}

func TestPresenterShowsWhatChanges(t *testing.T) {
	e := newFake(ready())
	present(t, e, func(p *Presenter, s *screen) {
		if m := newest(t, s); m.Block.Title.String() != "Ready for Guests" {
			t.Errorf("first it says %q", m.Block.Title)
		}
		e.change("", func(st *engine.State) { st.Sessions = []engine.Session{anna()} })
		if m := newest(t, s); m.Block.Title.String() != "Anna Berg sees and controls this computer" {
			t.Errorf("then it says %q", m.Block.Title)
		}
		e.change("", func(*engine.State) {})
		synctest.Wait()
		if n := len(s.models); n != 0 {
			t.Errorf("shown %d times more though nothing reads differently", n)
		}
	})
}

func TestPresenterFollowsMidnight(t *testing.T) {
	e := newFake(ready())
	present(t, e, func(p *Presenter, s *screen) {
		newest(t, s)
		<-time.After(15 * time.Hour) // by the clock of the bubble
		if got := newest(t, s).Since.String(); got != "since yesterday 06:02" {
			t.Errorf("on the next day it is %q", got)
		}
	})
}

func TestPresenterCommands(t *testing.T) {
	st := ready()
	st.Sessions = []engine.Session{anna(), ben()}
	e := newFake(st)
	present(t, e, func(p *Presenter, s *screen) {
		p.Disconnect(2)
		if m := newest(t, s); len(m.Guests) != 1 || m.Guests[0].ID != 1 {
			t.Errorf("after Disconnect there are %+v", m.Guests)
		}
		p.DisconnectAll()
		if m := newest(t, s); m.Connected() {
			t.Error("after DisconnectAll somebody is connected")
		}
		p.Stop()
		if m := newest(t, s); m.Running || !m.CanStart() {
			t.Error("after Stop it runs")
		}
		p.Start()
		if m := newest(t, s); !m.Running {
			t.Error("after Start it is stopped")
		}
	})
	if got := strings.Join(e.calls(), ", "); got != "disconnect 2, disconnect all, stop, start" {
		t.Errorf("the engine was asked: %s", got)
	}
}

func TestPresenterShowsWhyItCannotStart(t *testing.T) {
	st := ready()
	st.Running = false
	e := newFake(st)
	e.problem = "Another program already uses port 6502. End it, or give this Host another port."
	present(t, e, func(p *Presenter, s *screen) {
		p.Start()
		b := newest(t, s).Block
		if b.Title.String() != "Communication could not start" || b.Act != ActStart || b.Label.String() != "Try again" {
			t.Errorf("it says %q with button %q", b.Title, b.Label)
		}
		p.Start()
		synctest.Wait()
		if len(s.models) != 0 || len(s.notices) != 2 {
			t.Errorf("trying again in vain shows %d models and %d notices in all", len(s.models), len(s.notices))
		}
	})
}

func TestPresenterSetsThePassword(t *testing.T) {
	e := newFake(engine.State{Name: "till-042", Port: 6502, Display: engine.Display{Ready: true}})
	present(t, e, func(p *Presenter, s *screen) {
		if newest(t, s).PasswordSet {
			t.Fatal("a password is set at first start")
		}
		ask := func(pw string) phrase.Phrase {
			got := make(chan phrase.Phrase, 1)
			p.SetPassword(pw, func(said phrase.Phrase) { got <- said })
			return <-got
		}
		if said := ask("short").String(); said != "Too short: 5 of at least 12 characters" {
			t.Errorf("a short one: %q", said)
		}
		if said := ask("correct horse battery"); !said.Empty() {
			t.Errorf("a good one: %q", said)
		}
		if m := newest(t, s); !m.PasswordSet || !m.Running || m.Banner != nil {
			t.Errorf("after it: %+v", m)
		}
		if got := (<-s.notices).String(); got != "Password set. Guests can log on with it." {
			t.Errorf("notice %q", got)
		}
		ask("another long password")
		if got := (<-s.notices).String(); got != "Password changed. It counts from the next logon on." {
			t.Errorf("second notice %q", got)
		}
		e.refuse = errors.New("keep the password: disk full")
		if said := ask("yet another password").String(); !strings.HasSuffix(said, "keep the password: disk full") {
			t.Errorf("a full disk: %q", said)
		}
	})
}

func TestPresenterDropsWhatIsTooMuch(t *testing.T) {
	p := NewPresenter(newFake(ready()), newScreen(), Options{Post: func(f func()) { f() }})
	for range 10 * maxWork {
		p.Stop() // Run is not there to take it
	}
	if len(p.work) != maxWork {
		t.Errorf("%d commands wait", len(p.work))
	}
}
