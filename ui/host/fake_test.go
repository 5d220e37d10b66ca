package host

import (
	"fmt"
	"sync"

	engine "impero/core/host"
	"impero/ui/shell/phrase"
)

// fakeEngine is a Host in memory: it keeps a state, changes it as a Host would
// and notes what was asked of it.
type fakeEngine struct {
	mu       sync.Mutex
	state    engine.State
	changes  chan struct{}
	asked    []string
	refuse   error // of SetPassword
	problem  string
	password string
}

func newFake(s engine.State) *fakeEngine {
	return &fakeEngine{state: s, changes: make(chan struct{}, 1)}
}

func (f *fakeEngine) State() engine.State {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.state
	s.Sessions = append([]engine.Session(nil), s.Sessions...)
	return s
}

func (f *fakeEngine) Changes() <-chan struct{} { return f.changes }

func (f *fakeEngine) change(what string, change func(*engine.State)) {
	f.mu.Lock()
	if what != "" {
		f.asked = append(f.asked, what)
	}
	change(&f.state)
	f.mu.Unlock()
	select {
	case f.changes <- struct{}{}:
	default:
	}
}

func (f *fakeEngine) calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.asked...)
}

func (f *fakeEngine) Start() error {
	f.change("start", func(s *engine.State) {
		s.Problem = f.problem
		if f.problem == "" {
			s.Running, s.Profiles, s.Since = true, []string{"TCP 1"}, morning
		}
	})
	if f.problem != "" {
		return fmt.Errorf("start communication: %s", f.problem)
	}
	return nil
}

func (f *fakeEngine) Stop() {
	f.change("stop", func(s *engine.State) { s.Running, s.Profiles, s.Sessions = false, nil, nil })
}

func (f *fakeEngine) Disconnect(id uint32) {
	f.change(fmt.Sprintf("disconnect %d", id), func(s *engine.State) {
		var left []engine.Session
		for _, g := range s.Sessions {
			if g.ID != id {
				left = append(left, g)
			}
		}
		s.Sessions = left
	})
}

func (f *fakeEngine) DisconnectAll() {
	f.change("disconnect all", func(s *engine.State) { s.Sessions = nil })
}

func (f *fakeEngine) SetPassword(pw string) error {
	if err := engine.CheckPassword(pw); err != nil {
		return err
	}
	if f.refuse != nil {
		return f.refuse
	}
	f.change("password", func(s *engine.State) {
		f.password = pw
		s.PasswordSet, s.Running, s.Profiles, s.Since = true, true, []string{"TCP 1"}, morning
	})
	return nil
}

func (f *fakeEngine) CheckMaintenance(s engine.Scope, pw string) error {
	f.change("maintenance "+s.String(), func(*engine.State) {})
	if pw == maintenance {
		return nil
	}
	return engine.ErrMaintenance
}

// maintenance is the maintenance password of the Hosts that have one.
const maintenance = "a long password"

// screen is a View that keeps what it was told, on channels.
type screen struct {
	models  chan Model
	notices chan phrase.Phrase
}

func newScreen() *screen {
	return &screen{models: make(chan Model, 64), notices: make(chan phrase.Phrase, 64)}
}

func (s *screen) Show(m Model)           { s.models <- m }
func (s *screen) Notice(p phrase.Phrase) { s.notices <- p }
