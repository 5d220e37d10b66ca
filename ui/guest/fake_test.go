package guest

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"impero/assets"
	"impero/core/guest"
	"impero/core/picture"
	"impero/core/role"
	"impero/ui/guest/presenter"
	"impero/ui/shell"
	"impero/ui/theme"
)

// fakeEngine does what a test says.
type fakeEngine struct {
	connect  func(ctx context.Context, t guest.Target, p guest.Prompter) (presenter.Session, error)
	recent   []guest.Record
	known    []guest.KnownHost
	profiles []guest.Profile
	refuse   error // of SaveProfile, DeleteProfile and Unlist
}

func (e *fakeEngine) Connect(ctx context.Context, t guest.Target, p guest.Prompter) (presenter.Session, error) {
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
func (e *fakeEngine) Forget(guest.KnownHost) error {
	e.known = nil
	return nil
}

// fakeSession shows one grey picture.
type fakeSession struct {
	info       guest.Info
	mu         sync.Mutex
	keys       []uint16 // pressed
	ready      bool
	lost       guest.Lost
	tries      int // TryNow
	stats      guest.Stats
	statistics guest.Statistics // but for Stats
	tracing    bool
	painted    []guest.Painted // since Traced
	err        error
	once       sync.Once
	done       chan struct{}
	signal     chan struct{}
	frame      *picture.Frame
}

func newFakeSession(info guest.Info) *fakeSession {
	if info.Since.IsZero() {
		info.Since = time.Now()
	}
	return &fakeSession{info: info, ready: true, done: make(chan struct{}), signal: make(chan struct{}, 1), frame: picture.NewFrame(800, 500, picture.RGBX)}
}

func (s *fakeSession) end(err error) {
	s.once.Do(func() {
		s.mu.Lock()
		s.err = err
		s.mu.Unlock()
		close(s.done)
	})
}

// change changes the session and signals it.
func (s *fakeSession) change(f func()) {
	s.mu.Lock()
	f()
	s.mu.Unlock()
	s.signal <- struct{}{}
}

// tried is how often TryNow was called.
func (s *fakeSession) tried() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tries
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
func (s *fakeSession) Updates() <-chan struct{} { return s.signal }
func (s *fakeSession) Picture(f func(*picture.Frame, []picture.Rect, *picture.Layout)) {
	f(s.frame, nil, nil)
}
func (s *fakeSession) Cursor() (picture.Cursor, uint64) { return picture.Cursor{}, 0 }
func (s *fakeSession) Display() (bool, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ready, ""
}
func (s *fakeSession) DeniedCount(role.Permission) uint64 { return 0 }
func (s *fakeSession) Key(usage uint16, down bool, _ rune) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if down {
		s.keys = append(s.keys, usage)
	}
}
func (s *fakeSession) Press(usages ...uint16) {
	for _, u := range usages {
		s.Key(u, true, 0)
	}
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
func (s *fakeSession) TryNow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries++
}

// stand is a Guest in Fyne's test driver. Posted functions run in the test's
// own goroutine.
type stand struct {
	t      *testing.T
	queue  chan func()
	app    fyne.App
	engine *fakeEngine
	guest  *Guest
}

// speak has the windows of a test speak another language.
func speak(t *testing.T, language string) {
	t.Helper()
	load := func() {
		if err := lang.AddTranslationsFS(assets.Lang, "lang"); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(load) // after the environment is as it was
	t.Setenv("LANGUAGE", language)
	t.Setenv("LC_ALL", language+"_XX.UTF-8")
	load()
	if language == "de" && lang.L("Cancel") != "Abbrechen" {
		t.Fatalf("Cancel is %q in %s", lang.L("Cancel"), language)
	}
}

func newStand(t *testing.T, direct bool) *stand {
	t.Helper()
	return newStandAt(t, direct, nil)
}

// still is time that does not pass: for windows that say how long.
type still struct{ at time.Time }

func (c still) Now() time.Time                            { return c.at }
func (c still) After(time.Duration, func()) (stop func()) { return func() {} }

func newStandAt(t *testing.T, direct bool, clock presenter.Clock) *stand {
	t.Helper()
	s := &stand{t: t, queue: make(chan func(), 1000), app: test.NewTempApp(t), engine: &fakeEngine{}}
	sh := shell.New(s.app, shell.Options{Program: "guest", Name: "Impero Guest", Post: func(f func()) { s.queue <- f },
		Trouble: func(err error) { t.Error(err) }})
	s.app.Settings().SetTheme(theme.Fixed(fynetheme.VariantLight))
	s.guest = New(Options{Shell: sh, Engine: s.engine, Pictures: t.TempDir(), Who: Who{"anna.berg", "ops-laptop"}, Direct: direct, Clock: clock})
	t.Cleanup(func() {
		for _, w := range s.guest.sessions {
			w.close()
		}
		s.guest.Close()
	})
	return s
}

func (s *stand) until(what string, so func() bool) {
	s.t.Helper()
	limit := time.After(10 * time.Second)
	for !so() {
		select {
		case f := <-s.queue:
			f()
		case <-limit:
			s.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// attempt gives the one window of an attempt.
func (s *stand) attempt() *attemptWindow {
	s.t.Helper()
	for _, w := range s.guest.attempts {
		return w
	}
	s.t.Fatal("there is no window of an attempt")
	return nil
}

// session gives the one window of a session.
func (s *stand) session() *sessionWindow {
	s.t.Helper()
	for _, w := range s.guest.sessions {
		return w
	}
	s.t.Fatal("there is no window of a session")
	return nil
}

// opens has the engine open a session at once, and connects.
func (s *stand) opens(info guest.Info) *fakeSession {
	s.t.Helper()
	session := newFakeSession(info)
	s.engine.connect = func(_ context.Context, t guest.Target, _ guest.Prompter) (presenter.Session, error) {
		session.info.Target = t
		return session, nil
	}
	s.guest.Connect("till-042", guest.ProfileInternet, presenter.Logon{})
	s.until("the session", func() bool { return len(s.guest.sessions) == 1 })
	s.until("the picture", func() bool { w, _ := s.session().screen.Desktop(); return w == 800 })
	return session
}

// asks has the engine ask something and wait, and connects.
func (s *stand) asks(until presenter.Stage, ask func(ctx context.Context, p guest.Prompter)) *attemptWindow {
	s.t.Helper()
	s.engine.connect = func(ctx context.Context, t guest.Target, p guest.Prompter) (presenter.Session, error) {
		ask(ctx, p)
		<-ctx.Done()
		return nil, &guest.Error{Kind: guest.KindCancelled, Target: t, Err: ctx.Err()}
	}
	s.guest.Connect("till-042", guest.ProfileInternet, presenter.Logon{})
	w := s.attempt()
	s.until("the question", func() bool { return w.stage == until })
	return w
}
