package core_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"impero/core/agent"
	"impero/core/capture"
	"impero/core/guest"
	"impero/core/host"
	"impero/core/inject"
	"impero/core/inject/injecttest"
	"impero/core/keys"
	"impero/core/picture"
	"impero/core/role"
	"impero/core/store"
	"impero/core/wire"
)

const goodPassword = "correct horse battery"

// stepped is a made-up desktop that changes when the test says so.
type stepped struct {
	mu    sync.Mutex
	g     *capture.Generated
	steps chan struct{}
	first bool
}

func (s *stepped) Next(ctx context.Context) (*capture.Update, error) {
	if !s.first {
		s.first = true
		s.mu.Lock()
		defer s.mu.Unlock()
		f := s.g.Truth()
		return &capture.Update{Frame: f, Changed: []picture.Rect{f.Bounds()}}, nil
	}
	select {
	case <-s.steps:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.g.Next(context.WithoutCancel(ctx))
}

// Close makes the next Next give everything, as a source opened anew does.
func (s *stepped) Close() error {
	s.first = false
	return nil
}

// suite is a Host with both its halves, on a loopback port, and the homes of both sides.
type suite struct {
	t       testing.TB
	cfg     host.Config
	typing  func() (inject.Injector, error)                 // what each viewer types with
	agents  bool                                            // the test attaches the agents
	same    bool                                            // it is the same Host as others, which saves making a password's verifier
	starts  func(start func() error) error                  // has the Host listen
	dial    func(context.Context, string) (net.Conn, error) // of the Guests; nil for TCP
	h       *host.Host
	log     slog.Handler // of the Guests; nil for none
	level   wire.Level   // that Guests ask for; 0 for what they do by themselves
	display *stepped     // the desktop of the first viewer's turn
	hands   *injecttest.Recorder
	prompts agent.Prompts // the Host's user; nil for nobody
	home    store.Home
	live    living
	address string
}

// newSuite starts a Host; change may make it another before.
func newSuite(t testing.TB, roleName string, noDisplay bool, change ...func(*suite)) *suite {
	t.Helper()
	s := &suite{t: t, hands: new(injecttest.Recorder), home: store.At(t.TempDir())}
	s.display = &stepped{g: capture.NewGenerated(7, 320, 200), steps: make(chan struct{})}
	s.typing = func() (inject.Injector, error) { return s.hands, nil }
	s.starts = func(start func() error) error { return start() }
	daemon, user := net.Pipe()
	s.cfg = host.Config{Home: s.home, Name: "till-042", Listen: []string{"127.0.0.1:0"}, Agent: daemon}
	for _, f := range change {
		f(s)
	}
	if s.same {
		s.settleIn(roleName)
	}
	h, err := host.New(s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.h = h
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := h.Run(ctx); err != nil {
			t.Errorf("host: %v", err)
		}
	})
	if s.agents {
		user.Close()
	} else {
		wg.Go(func() { s.runAgent(ctx, user, noDisplay) })
	}
	t.Cleanup(func() { cancel(); wg.Wait(); h.Close() })
	s.await("the Host to know its display", func(st host.State) bool {
		return st.Display.Ready || s.agents || noDisplay && strings.Contains(st.Display.Reason, "no display")
	})
	if !s.same {
		if err := s.starts(func() error { return h.SetLogon(goodPassword, roleName) }); err != nil {
			t.Fatal(err)
		}
	}
	s.await("the Host to listen", func(st host.State) bool { return st.Running })
	s.address = net.JoinHostPort("127.0.0.1", strconv.Itoa(h.State().Port))
	return s
}

// settled is the folder of a Host with a password, made once a role.
var settled sync.Map

// settleIn gives s the identity and the password that all of its kind have.
func (s *suite) settleIn(roleName string) {
	s.t.Helper()
	files := func() (map[string][]byte, error) {
		dir, err := os.MkdirTemp("", "impero-host-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		h, err := host.New(host.Config{Home: store.At(dir)})
		if err != nil {
			return nil, err
		}
		defer h.Close()
		if err := h.SetLogon(goodPassword, roleName); err != nil {
			return nil, err
		}
		files := map[string][]byte{}
		for _, name := range []string{"identity.key", "logon.json"} {
			if files[name], err = os.ReadFile(filepath.Join(store.At(dir).HostDir(), name)); err != nil {
				return nil, err
			}
		}
		return files, nil
	}
	once, _ := settled.LoadOrStore(roleName, sync.OnceValues(files))
	all, err := once.(func() (map[string][]byte, error))()
	for name, text := range all {
		err = errors.Join(err, store.WriteFile(filepath.Join(s.home.HostDir(), name), text, 0o600))
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// runAgent is the Host's other half.
func (s *suite) runAgent(ctx context.Context, user net.Conn, noDisplay bool) {
	probed := false
	err := agent.Run(ctx, user, agent.Config{
		Capture: func() (capture.Source, error) {
			switch {
			case noDisplay:
				return nil, capture.ErrNoDisplay
			case !probed:
				probed = true
				return capture.NewGenerated(1, 64, 64), nil
			}
			return s.display, nil
		},
		Inject: s.typing, Prompts: s.prompts,
	})
	if err != nil {
		s.t.Errorf("agent: %v", err)
	}
}

// await waits until the Host's state is as wanted.
func (s *suite) await(what string, ok func(host.State) bool) {
	s.t.Helper()
	limit := time.After(20 * time.Second)
	for !ok(s.h.State()) {
		select {
		case <-s.h.Changes():
		case <-limit:
			s.t.Fatalf("waited in vain for %s: %+v", what, s.h.State())
		}
	}
}

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

// at has a suite's Host and Guests use one encryption level.
func at(level wire.Level) func(*suite) {
	return func(s *suite) {
		s.level, s.same = level, true
		s.cfg.Levels = []wire.Level{level}
	}
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

func TestPictureEqualsTheHostsByteForByte(t *testing.T) {
	s := newSuite(t, "Full control", false)
	g := s.mustConnect()
	for range 60 {
		s.display.steps <- struct{}{}
	}
	s.awaitEqual(g)
	now := g.Statistics()
	if now.Frames == 0 || now.DecodeWorst == 0 || now.DecodeMedian > now.DecodeWorst {
		t.Errorf("the statistics say %+v", now)
	}
	sent := guest.Share{}
	for _, c := range now.Codecs {
		sent.Ops, sent.Bytes = sent.Ops+c.Ops, sent.Bytes+c.Bytes
	}
	if sent.Ops == 0 || sent.Bytes == 0 || sent.Bytes > now.BytesIn {
		t.Errorf("%d rectangles of %d bytes, of %d received", sent.Ops, sent.Bytes, now.BytesIn)
	}
	limit := time.After(20 * time.Second)
	for now.Host.Updates == 0 {
		select {
		case <-g.Updates():
			now = g.Statistics()
		case <-limit:
			t.Fatal("the Host never told what its pictures took")
		}
	}
	if h := now.Host; h.Encode == 0 || h.Encode95 < h.Encode/2 || h.Queue == 0 || h.Queue95 == 0 {
		t.Errorf("the Host tells %+v", h)
	}
}

func (s *suite) awaitEqual(g *guest.Session) {
	s.t.Helper()
	limit := time.After(20 * time.Second)
	for {
		same := false
		g.Picture(func(f *picture.Frame, _ []picture.Rect, _ *picture.Layout) {
			s.display.mu.Lock()
			defer s.display.mu.Unlock()
			same = equal(f, s.display.g.Truth())
		})
		if same {
			return
		}
		select {
		case <-g.Updates():
		case <-limit:
			s.t.Fatal("the Guest's picture never became the Host's")
		}
	}
}

// equal compares an RGBX frame with a BGRX one.
func equal(rgb, bgr *picture.Frame) bool {
	if rgb.W != bgr.W || rgb.H != bgr.H {
		return false
	}
	swapped := bytes.Clone(bgr.Pix)
	for i := 0; i < len(swapped); i += 4 {
		swapped[i], swapped[i+2] = swapped[i+2], swapped[i]
	}
	return bytes.Equal(rgb.Pix, swapped)
}

func TestSeveralViewersSeeTheSame(t *testing.T) {
	s := newSuite(t, "Full control", false)
	var all []*guest.Session
	for range 3 {
		all = append(all, s.mustConnect())
		for range 5 {
			s.display.steps <- struct{}{}
		}
	}
	for _, g := range all {
		s.awaitEqual(g)
	}
}

func TestInputArrives(t *testing.T) {
	s := newSuite(t, "Full control", false)
	g := s.mustConnect()
	g.Key(4, true, 'a')
	g.Key(4, false, 0)
	g.Move(50, 60)
	g.Button(1, true)
	g.Button(1, false)
	g.Wheel(0, -2)
	g.Text("Grüße")
	s.awaitLines("text")
	got := strings.Join(s.hands.Lines(), "\n")
	for _, want := range []string{"key", "move 50 60", "button 1", "wheel 0 -2", "Grüße"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q was not injected; injected was\n%s", want, got)
		}
	}
}

// TestPressesFollowOneAnother: a window manager must see each step of a combination before the next.
func TestPressesFollowOneAnother(t *testing.T) {
	s := newSuite(t, "Full control", false)
	g := s.mustConnect()
	start := time.Now()
	g.Press(keys.LeftAlt, keys.Tab)
	g.Press(keys.F12)
	s.awaitLines("F12 up")
	var got []string
	for _, l := range s.hands.Lines() {
		if strings.HasPrefix(l, "key ") {
			got = append(got, strings.TrimPrefix(l, "key "))
		}
	}
	want := []string{"LeftAlt down", "Tab down", "Tab up", "LeftAlt up", "F12 down", "F12 up"}
	if !slices.Equal(got, want) {
		t.Errorf("injected was %q, want %q", got, want)
	}
	if took := time.Since(start); took < 5*60*time.Millisecond {
		t.Errorf("six steps took %v: too quick for a window manager", took)
	}
}

func (s *suite) awaitLines(last string) {
	s.t.Helper()
	limit := time.After(20 * time.Second)
	for {
		changed := s.hands.Changed()
		for _, l := range s.hands.Lines() {
			if strings.Contains(l, last) {
				return
			}
		}
		select {
		case <-changed:
		case <-limit:
			s.t.Fatalf("%q was not injected; injected was %q", last, s.hands.Lines())
		}
	}
}

func TestHeldKeysGoUpWhenTheGuestLeaves(t *testing.T) {
	s := newSuite(t, "Full control", false)
	g := s.mustConnect()
	g.Key(0xe0, true, 0)
	s.awaitLines("key")
	g.Close()
	s.awaitLines("LeftControl up")
}

func TestViewOnlyRefusesInputOnTheHost(t *testing.T) {
	s := newSuite(t, "View only", false)
	g := s.mustConnect()
	if g.Info().MayControl || g.Info().Role != "View only" {
		t.Errorf("the session says %+v", g.Info())
	}
	g.Key(4, true, 'a') // the engine sends what it is told: the Host refuses
	g.Button(1, true)
	limit := time.After(20 * time.Second)
	for g.DeniedCount(role.UseKeyboardMouse) == 0 {
		select {
		case <-g.Updates():
		case <-limit:
			t.Fatal("the Host did not say that it refuses")
		}
	}
	if lines := s.hands.Lines(); len(lines) > 0 {
		t.Errorf("a view-only Guest injected %q", lines)
	}
}

func TestWrongPassword(t *testing.T) {
	s := newSuite(t, "Full control", false)
	e := s.engine(store.At(t.TempDir()))
	p := &person{passwords: []string{"wrong", goodPassword}}
	g, err := s.connect(e, p)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.forms) != 2 || p.forms[0].Failed || !p.forms[1].Failed || p.forms[1].Left != 2 {
		t.Errorf("the person was shown %+v", p.forms)
	}
	g.Close()
	_, err = s.connect(e, &person{passwords: []string{"wrong"}})
	if kind := kindOf(t, err); kind != guest.KindLockedOut {
		t.Errorf("three wrong passwords give kind %d: %v", kind, err)
	}
	_, err = s.connect(e, &person{passwords: []string{goodPassword}})
	if kind := kindOf(t, err); kind != guest.KindLockedOut {
		t.Errorf("the right password while locked out gives kind %d: %v", kind, err)
	}
	if recent := e.Recent(); len(recent) != 3 || recent[0].Result != guest.ResultWrongPassword || recent[2].Result != guest.ResultYou {
		t.Errorf("the history is %+v", recent)
	}
}

func TestFirstContactAsksAndThenKnows(t *testing.T) {
	s := newSuite(t, "Full control", false)
	e := s.engine(store.At(t.TempDir()))
	p := &person{passwords: []string{goodPassword}}
	for range 2 {
		g, err := s.connect(e, p)
		if err != nil {
			t.Fatal(err)
		}
		g.Close()
	}
	if len(p.asked) != 1 || p.asked[0].Fingerprint != s.h.State().Fingerprint || p.asked[0].HostName != "till-042" {
		t.Errorf("the person was asked %+v", p.asked)
	}
	if known := e.Known(); len(known) != 1 || known[0].Used != 2 {
		t.Errorf("known hosts: %+v", known)
	}
	if _, err := s.connect(s.engine(store.At(t.TempDir())), &person{refuse: true}); kindOf(t, err) != guest.KindNotTrusted {
		t.Errorf("an identity that is not accepted gives %v", err)
	}
}

func TestChangedKeyStops(t *testing.T) {
	one, other := newSuite(t, "Full control", false), newSuite(t, "Full control", false)
	e := one.engine(store.At(t.TempDir()))
	target, _ := guest.ParseTarget(one.address, "")
	if err := e.Remember(target, other.h.PublicKey()); err != nil {
		t.Fatal(err)
	}
	p := &person{passwords: []string{goodPassword}}
	_, err := one.connect(e, p)
	var ge *guest.Error
	if !errors.As(err, &ge) || ge.Kind != guest.KindChangedKey || ge.Changed.Known != other.h.State().Fingerprint || ge.Changed.Shown != one.h.State().Fingerprint {
		t.Errorf("a changed key gives %v", err)
	}
	if len(p.forms)+len(p.asked) > 0 {
		t.Error("the person was asked something although the key changed")
	}
}

func TestNoDisplayIsSaidWithItsReason(t *testing.T) {
	s := newSuite(t, "Full control", true)
	_, err := s.connect(s.engine(store.At(t.TempDir())), &person{passwords: []string{goodPassword}})
	var ge *guest.Error
	if !errors.As(err, &ge) || ge.Kind != guest.KindNoDisplay || !strings.Contains(ge.Detail, "no display") {
		t.Errorf("a Host without a display gives %v", err)
	}
}

func TestNinthSessionIsRefused(t *testing.T) {
	s := newSuite(t, "Full control", false)
	for range host.MaxSessions {
		s.mustConnect()
	}
	s.await("eight sessions", func(st host.State) bool { return len(st.Sessions) == host.MaxSessions })
	_, err := s.connect(s.engine(store.At(t.TempDir())), &person{passwords: []string{goodPassword}})
	if kind := kindOf(t, err); kind != guest.KindFull {
		t.Errorf("the ninth session gives kind %d: %v", kind, err)
	}
}

func TestHostEndsSessions(t *testing.T) {
	s := newSuite(t, "Full control", false)
	g := s.mustConnect()
	s.await("the session to be listed", func(st host.State) bool {
		return len(st.Sessions) == 1 && st.Sessions[0].Activity == "Remote control" && st.Sessions[0].Computer == "ops-laptop"
	})
	s.h.Disconnect(s.h.State().Sessions[0].ID)
	<-g.Done()
	if kind := kindOf(t, g.Err()); kind != guest.KindHostUser {
		t.Errorf("Disconnect at the Host gives kind %d", kind)
	}
	g = s.mustConnect()
	s.h.Stop()
	<-g.Done()
	if kind := kindOf(t, g.Err()); kind != guest.KindHostStopping {
		t.Errorf("stopped communication gives kind %d", kind)
	}
	_, err := s.connect(s.engine(store.At(t.TempDir())), &person{passwords: []string{goodPassword}})
	if kind := kindOf(t, err); kind != guest.KindNobody {
		t.Errorf("a Host that does not listen gives kind %d: %v", kind, err)
	}
}

func TestAnotherProgramOnThePort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Write([]byte("SSH-2.0-OpenSSH_9.2\r\n"))
		}
	}()
	s := &suite{t: t, address: l.Addr().String()}
	if _, err := s.connect(s.engine(store.At(t.TempDir())), &person{}); kindOf(t, err) != guest.KindNotImpero {
		t.Errorf("an SSH server gives %v", err)
	}
}
