package presenter

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/picture"
	"impero/core/role"
)

// loop is a UI goroutine for tests: posted functions run in the test's own.
type loop struct {
	t     *testing.T
	queue chan func()
}

func newLoop(t *testing.T) *loop { return &loop{t, make(chan func(), 1000)} }

func (l *loop) post(f func()) { l.queue <- f }

// until runs what is posted until something is so.
func (l *loop) until(what string, so func() bool) {
	l.t.Helper()
	limit := time.After(10 * time.Second)
	for !so() {
		select {
		case f := <-l.queue:
			f()
		case <-limit:
			l.t.Fatalf("waited in vain for: %s", what)
		}
	}
}

// clock is time that stands until advance.
type clock struct {
	now    time.Time
	timers []*timer
}

type timer struct {
	at   time.Time
	f    func()
	done bool
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 24, 9, 12, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time { return c.now }

func (c *clock) After(d time.Duration, f func()) func() {
	t := &timer{at: c.now.Add(d), f: f}
	c.timers = append(c.timers, t)
	return func() { t.done = true }
}

// advance runs everything that is due in the next d, in order.
func (c *clock) advance(d time.Duration) {
	end := c.now.Add(d)
	for {
		var next *timer
		for _, t := range c.timers {
			if !t.done && !t.at.After(end) && (next == nil || t.at.Before(next.at)) {
				next = t
			}
		}
		if next == nil {
			break
		}
		c.now, next.done = next.at, true
		next.f()
	}
	c.now = end
	c.timers = slices.DeleteFunc(c.timers, func(t *timer) bool { return t.done })
}

// engine does what a test says.
type fakeEngine struct {
	connect  func(ctx context.Context, t guest.Target, p guest.Prompter) (Session, error)
	recent   []guest.Record
	known    []guest.KnownHost
	profiles []guest.Profile
	refuse   error // of SaveProfile, DeleteProfile and Unlist
	forget   error
}

func (e *fakeEngine) Connect(ctx context.Context, t guest.Target, p guest.Prompter) (Session, error) {
	return e.connect(ctx, t, p)
}
func (e *fakeEngine) Target(typed, profile string) (guest.Target, error) {
	t, err := guest.ParseTarget(typed, profile)
	i := slices.IndexFunc(e.Profiles(), func(p guest.Profile) bool { return p.Name == t.Profile })
	if err == nil && i < 0 {
		err = &guest.Error{Kind: guest.KindNoProfile, Target: t}
	}
	return t, err
}
func (e *fakeEngine) Profiles() []guest.Profile {
	if e.profiles == nil {
		e.profiles = []guest.Profile{{Name: guest.ProfileInternet, Port: guest.DefaultPort, Levels: []string{"Very high", "High"}, Preferred: "Very high"}}
	}
	return e.profiles
}
func (e *fakeEngine) SaveProfile(old string, p guest.Profile) error {
	if e.refuse != nil {
		return e.refuse
	}
	if i := slices.IndexFunc(e.Profiles(), func(p guest.Profile) bool { return p.Name == old }); i >= 0 {
		e.profiles[i] = p
		return nil
	}
	e.profiles = append(e.Profiles(), p)
	return nil
}
func (e *fakeEngine) DeleteProfile(name string) error {
	if e.refuse == nil {
		e.profiles = slices.DeleteFunc(e.Profiles(), func(p guest.Profile) bool { return p.Name == name })
	}
	return e.refuse
}
func (e *fakeEngine) Unlist(targets ...guest.Target) error {
	for i := range e.recent {
		if e.refuse == nil && slices.Contains(targets, e.recent[i].Target) {
			e.recent[i].Unlisted = true
		}
	}
	return e.refuse
}
func (e *fakeEngine) Recent() []guest.Record   { return slices.Clone(e.recent) }
func (e *fakeEngine) Known() []guest.KnownHost { return e.known }
func (e *fakeEngine) Forget(k guest.KnownHost) error {
	if e.forget == nil {
		e.known = slices.DeleteFunc(e.known, func(o guest.KnownHost) bool { return o == k })
	}
	return e.forget
}

// press is a key as a session got it.
type press struct {
	usage uint16
	down  bool
}

// fakeSession ends when a test says so.
type fakeSession struct {
	mu         sync.Mutex
	info       guest.Info
	stats      guest.Stats
	statistics guest.Statistics // but for Stats
	tracing    bool
	painted    []guest.Painted // since Traced
	asked      int             // Statistics
	ready      bool
	reason     string
	denied     uint64
	pressed    [][]uint16
	keys       []press
	lost       guest.Lost
	tries      int // TryNow
	err        error
	once       sync.Once
	done       chan struct{}
}

func newFakeSession(info guest.Info) *fakeSession {
	return &fakeSession{info: info, ready: true, done: make(chan struct{})}
}

func (s *fakeSession) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// end ends the session by itself.
func (s *fakeSession) end(err error) {
	s.once.Do(func() {
		s.set(func() { s.err = err })
		close(s.done)
	})
}

func (s *fakeSession) Info() guest.Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.info
}
func (s *fakeSession) Stats() guest.Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}
func (s *fakeSession) Statistics() guest.Statistics {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	st := s.statistics
	st.Stats = s.stats
	return st
}
func (s *fakeSession) Trace(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tracing = on
}
func (s *fakeSession) Traced(out []guest.Painted) []guest.Painted {
	s.mu.Lock()
	defer s.mu.Unlock()
	out = append(out, s.painted...)
	s.painted = nil
	return out
}
func (s *fakeSession) Done() <-chan struct{} { return s.done }
func (s *fakeSession) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}
func (s *fakeSession) Close()                   { s.end(nil) }
func (s *fakeSession) Updates() <-chan struct{} { return nil }
func (s *fakeSession) Picture(func(*picture.Frame, []picture.Rect, *picture.Layout)) {
}
func (s *fakeSession) Cursor() (picture.Cursor, uint64) { return picture.Cursor{}, 0 }
func (s *fakeSession) Display() (bool, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ready, s.reason
}
func (s *fakeSession) DeniedCount(role.Permission) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.denied
}
func (s *fakeSession) Key(usage uint16, down bool, _ rune) {
	s.set(func() { s.keys = append(s.keys, press{usage, down}) })
}
func (s *fakeSession) Press(usages ...uint16) {
	s.set(func() { s.pressed = append(s.pressed, usages) })
}
func (s *fakeSession) Move(int, int)      {}
func (s *fakeSession) Button(uint8, bool) {}
func (s *fakeSession) Wheel(int, int)     {}
func (s *fakeSession) ReleaseAll()        {}
func (s *fakeSession) Lost() (guest.Lost, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost, !s.lost.Since.IsZero()
}
func (s *fakeSession) TryNow() { s.set(func() { s.tries++ }) }

// windows notes what the desk opens.
type windows struct {
	changes  int
	attempts []*Attempt
	sessions []*Live
	raised   []*Live
}

func (w *windows) Changed()           { w.changes++ }
func (w *windows) Attempt(a *Attempt) { w.attempts = append(w.attempts, a) }
func (w *windows) Session(l *Live)    { w.sessions = append(w.sessions, l) }
func (w *windows) Raise(l *Live)      { w.raised = append(w.raised, l) }

// stand is a desk with everything around it faked.
type stand struct {
	*loop
	engine  *fakeEngine
	clock   *clock
	windows *windows
	desk    *Desk
}

func newStand(t *testing.T, field bool) *stand {
	s := &stand{loop: newLoop(t), engine: &fakeEngine{}, clock: newClock(), windows: &windows{}}
	s.desk = NewDesk(Config{Engine: s.engine, Post: s.post, Clock: s.clock, Windows: s.windows, FieldErrors: field})
	t.Cleanup(s.desk.Close)
	return s
}

// fails makes the engine fail with an error.
func (s *stand) fails(e *guest.Error) {
	s.engine.connect = func(_ context.Context, t guest.Target, _ guest.Prompter) (Session, error) {
		e.Target, e.Address = t, t.Address()
		return nil, e
	}
}

// opens makes the engine open a session at once.
func (s *stand) opens(info guest.Info) *fakeSession {
	session := newFakeSession(info)
	s.engine.connect = func(_ context.Context, t guest.Target, _ guest.Prompter) (Session, error) {
		session.info.Target = t
		return session, nil
	}
	return session
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, not %v", what, got, want)
	}
}
