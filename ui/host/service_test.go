package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"impero/core/control"
	"impero/core/control/server"
	"impero/core/directory"
	engine "impero/core/host"
	"impero/core/local"
	"impero/ui/shell/start"
)

// daemon is the service's end: an engine behind a control socket.
type daemon struct{ *fakeEngine }

func (d daemon) State() control.State { return d.fakeEngine.State().Control() }

func (d daemon) CheckMaintenance(_ string, s control.Scope, pw string) error {
	if err := d.fakeEngine.CheckMaintenance(engine.Scope(s), pw); err != nil {
		return &control.DeniedError{Left: -1}
	}
	return nil
}

// nobody are the accounts of a computer that has none.
type nobody struct{ directory.Accounts }

func (nobody) FindID(context.Context, string) (directory.Account, error) {
	return directory.Account{}, directory.ErrUnknown
}

const user = "1001" // at the screen

// serviced runs a Service at an engine until the test's end, in a bubble. cut ends its connection.
func serviced(t *testing.T, e *fakeEngine) (s *Service, cut func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var parts sync.WaitGroup
	var mu sync.Mutex
	var far net.Conn
	srv := server.New(server.Config{Host: daemon{e}, Accounts: nobody{}, Here: func(u string) bool { return u == user }})
	s = NewService(&control.Client{Dial: func(context.Context, string) (*local.Conn, error) {
		a, b := net.Pipe()
		mu.Lock()
		far = b
		mu.Unlock()
		l := &local.Conn{Conn: b, Peer: local.Peer{User: user}}
		parts.Go(func() { srv.Attend(ctx, l) })
		return &local.Conn{Conn: a, Peer: local.Peer{User: "0"}}, nil
	}}, func(error) {})
	parts.Go(func() { s.Run(ctx) })
	parts.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-e.Changes():
				srv.Notify(control.NewState)
			}
		}
	})
	t.Cleanup(func() { cancel(); parts.Wait() })
	return s, func() {
		mu.Lock()
		defer mu.Unlock()
		far.Close()
	}
}

// TestServiceIsAnEngine: what the user does at the window happens at the service, and what happens there is shown.
func TestServiceIsAnEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state := withGuests(anna(), ben())
		state.Protected = []engine.Scope{engine.ScopeExit}
		e := newFake(state)
		s, cut := serviced(t, e)
		if got := s.State(); got.Problem != noService {
			t.Errorf("at first it knows %+v", got)
		}
		synctest.Wait()
		if got := s.State(); len(got.Sessions) != 2 || got.Sessions[0].User != anna().User || !got.Running {
			t.Fatalf("it shows %+v", got)
		}
		s.Disconnect(1)
		if got := s.State(); len(got.Sessions) != 1 || got.Sessions[0].ID != 2 {
			t.Errorf("after Disconnect it shows %+v", got.Sessions)
		}
		e.change("", func(s *engine.State) { s.Problem = "a new one" })
		synctest.Wait()
		if got := s.State(); got.Problem != "a new one" {
			t.Errorf("it was not told: %+v", got)
		}
		if s.Stop(); !s.State().Running {
			t.Error("stopped without the maintenance password")
		}
		if err := s.CheckMaintenance(engine.ScopeExit, "a guess"); !errors.Is(err, engine.ErrMaintenance) {
			t.Errorf("a wrong maintenance password: %v", err)
		}
		if err := s.CheckMaintenance(engine.ScopeExit, maintenance); err != nil {
			t.Error(err)
		}
		if s.Stop(); s.State().Running {
			t.Error("not stopped")
		}
		if err := s.Start(); err != nil || !s.State().Running {
			t.Errorf("start: %v", err)
		}
		if err := s.SetPassword("a long enough password"); err == nil || slices.Contains(e.calls(), "password") {
			t.Error("the user at the screen set the password")
		}
		var locked *engine.MaintenanceLockedError
		for range 5 {
			if err := s.CheckMaintenance(engine.ScopeExit, "a guess"); errors.As(err, &locked) {
				break
			}
		}
		if locked == nil || locked.Wait != 30*time.Second {
			t.Errorf("after 5 guesses: %+v", locked)
		}
		cut()
		synctest.Wait()
		if got := s.State(); got.Problem != noService || got.Running || got.Name != state.Name {
			t.Errorf("without the service it shows %+v", got)
		}
		time.Sleep(askAgain) // of the bubble
		synctest.Wait()
		if !s.State().Running {
			t.Error("it did not find the service again")
		}
	})
}

// TestWhyHostManagerDoesNotStart: each reason comes with what to do.
func TestWhyHostManagerDoesNotStart(t *testing.T) {
	for want, err := range map[string]error{
		"is not on this computer. Ask":                                   fmt.Errorf("%w: x", start.ErrNotInstalled),
		"ended at once: there is no display. Start":                      &start.EndedError{Said: "there is no display."},
		"refused it: fork/exec: permission denied. Ask an administrator": errors.New("fork/exec: permission denied"),
	} {
		if said := managerWords(err).String(); !strings.Contains(said, want) {
			t.Errorf("%v is told as %q", err, said)
		}
	}
}

// TestServiceWindow: it neither sets the password nor ends the Host; closing hides it.
func TestServiceWindow(t *testing.T) {
	e := newFake(engine.State{Name: "till-042", Port: 6502, Display: engine.Display{Ready: true}})
	started := make(chan struct{}, 1)
	sh := testShell(t, fynetheme.VariantLight)
	w := NewServiceWindow(sh, e, Look{}, func() error { started <- struct{}{}; return nil })
	defer w.win.Close()
	w.Open()
	settle(w)
	if w.password != nil || w.model.Banner == nil || w.model.Banner.Act != ActNone || w.model.Block.Why.Empty() {
		t.Errorf("without a password it asks the user for one: %+v", w.model.Banner)
	}
	for _, m := range w.menus {
		for _, c := range m.Items {
			if c != nil && (c.Quit || c.Label == "Change password…") {
				t.Errorf("the menu has %q", c.Label)
			}
		}
	}
	if c := command(t, w, "Options…"); off(c) {
		t.Error("Options is off")
	} else if c.Run(); true {
		<-started
	}
	w.optionsFailed(start.ErrNotInstalled)
	if w.win.Canvas().Overlays().Top() == nil {
		t.Error("why Host Manager does not start is not shown")
	}
	keep(t, w.win, "options-failed")
	w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.win.Canvas().Overlays().Top() != nil {
		t.Error("the dialog stays")
	}
	w.Close()
	if w.stop != nil {
		t.Error("closing asks to stop the Host")
	}
	alone := open(t, newFake(ready()), fynetheme.VariantLight)
	if c := command(t, alone, "Options… (only with the Host service)"); !off(c) {
		t.Error("Options is on without a service")
	}
}
