package core_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/host"
	"impero/core/role"
	"impero/core/seam"
	"impero/core/session"
	"impero/core/store"
	"impero/core/wire"
)

// changed gives a suite's Access with a change.
func (s *suite) setAccess(change func(*host.Access)) {
	s.t.Helper()
	a := s.h.Access()
	change(&a)
	if err := s.h.SetAccess(a); err != nil {
		s.t.Fatal(err)
	}
}

// closed waits for the session's end, and gives why.
func closed(t *testing.T, g *guest.Session) guest.Kind {
	t.Helper()
	select {
	case <-g.Done():
	case <-time.After(20 * time.Second):
		t.Fatal("the session did not end")
	}
	return kindOf(t, g.Err())
}

func TestARoleThatChangesActsAtOnce(t *testing.T) {
	desk := role.New("Desk", role.SeeScreen, role.UseKeyboardMouse, role.Tunnel)
	served := make(chan error, 1)
	s := newSuite(t, "", false, granting(new(people), desk), func(s *suite) {
		s.cfg.Activities = map[wire.StreamKind]host.Activity{kindTunnel: {Permission: role.Tunnel, Serve: func(_ context.Context, st *session.Stream) {
			st.Accept()
			_, err := st.Read(make([]byte, 1))
			served <- err
		}}}
	})
	g := dialRaw(t, s.address).logOn("Desk", "secret")
	g.say(wire.ChannelControl, 1, &wire.StreamOpen{Kind: wire.KindScreen, Credit: 1 << 20})
	g.say(wire.ChannelControl, 3, &wire.StreamOpen{Kind: kindTunnel})
	g.say(wire.ChannelInput, 1, &wire.Button{Button: 1, Down: true})
	if all, ended := g.hear(); len(all) > 0 || ended != nil {
		t.Fatalf("answered %s, %v", list(all), ended)
	}
	s.awaitDone(1, "button")

	s.setAccess(func(a *host.Access) { a.Roles = []role.Role{desk.Deny(role.UseKeyboardMouse)} })
	if all, ended := g.hear(); !slices.EqualFunc(all, []wire.Message{&wire.Denied{Permission: uint16(role.UseKeyboardMouse)}}, sameMessage) || ended != nil {
		t.Fatalf("the keyboard taken away: %s, %v", list(all), ended)
	}
	s.awaitDone(2, "the button that the Guest held is let go")

	s.setAccess(func(a *host.Access) { a.Roles = []role.Role{role.New("Desk", role.SeeScreen)} })
	if err := <-served; codeOf(err) != wire.CloseDenied {
		t.Errorf("the tunnel ended with %v", err)
	}
	g.hear()

	s.setAccess(func(a *host.Access) { a.Roles = []role.Role{role.New("Desk")} })
	g.say(wire.ChannelControl, 1, &wire.ScreenRefresh{}) // under way
	all, ended := g.hear()
	if ended != nil || !slices.ContainsFunc(all, func(m wire.Message) bool { return sameMessage(m, &wire.StreamReset{Code: wire.CloseDenied}) }) {
		t.Fatalf("the screen taken away: %s, %v", list(all), ended)
	}
	if st := s.h.State(); len(st.Sessions) != 1 || st.Sessions[0].Activity != "" || st.Sessions[0].User != "Desk" {
		t.Errorf("the Host says %+v", st.Sessions)
	}

	s.setAccess(func(a *host.Access) { a.Roles, a.System.Users = nil, nil })
	if _, ended := g.hear(); ended == nil || ended.Code != wire.CloseRoleEnded {
		t.Errorf("a role that is gone ends with %v", ended)
	}
}

func TestAnAccountThatIsGoneEndsItsSession(t *testing.T) {
	p := &people{of: map[string]account{"anna": {password: "secret"}, "ben": {password: "secret"}}}
	s := newSuite(t, "", false, granting(p), func(s *suite) { s.cfg.Access.System.Default = "Full control" })
	anna, ben := dialRaw(t, s.address).logOn("anna", "secret"), dialRaw(t, s.address).logOn("ben", "secret")
	p.remove("anna")
	s.setAccess(func(*host.Access) {})
	if _, ended := anna.hear(); ended == nil || ended.Code != wire.CloseRoleEnded {
		t.Errorf("anna's session ends with %v", ended)
	}
	if _, ended := ben.hear(); ended != nil {
		t.Errorf("ben's session ends with %v", ended)
	}
	s.setAccess(func(a *host.Access) { a.Addresses = host.AddressList{Enabled: true, Entries: []string{"10.0.0.0/8"}} })
	if _, ended := ben.hear(); ended == nil || ended.Code != wire.CloseAddress {
		t.Errorf("an address that is not listed any more ends with %v", ended)
	}
	if _, err := s.connect(s.engine(store.At(t.TempDir())), &person{passwords: []string{"x"}}); kindOf(t, err) != guest.KindAddress {
		t.Errorf("it connects anew with %v", err)
	}
	s.await("the refusal to be told", func(st host.State) bool { return st.Refused != nil && st.Refused.Reason == host.ReasonAddress })
}

// TestRolesOfTheSystem: an account's own entry goes before its groups', those before the Default Role; the name is the
// system's, however it was typed.
func TestRolesOfTheSystem(t *testing.T) {
	p := &people{of: map[string]account{
		"anna":      {password: "secret", groups: []string{"desk", "floor"}},
		"ACME\\ben": {password: "secret", called: "ben@acme.example", groups: []string{"desk"}},
		"carl":      {password: "secret"},
		"dora":      {password: "secret", groups: []string{"desk", "floor"}},
	}}
	s := newSuite(t, "", false, granting(p), func(s *suite) {
		s.cfg.Access.Roles = []role.Role{role.New("Files", role.SendFiles, role.SeeScreen), role.New("No files", role.SeeScreen).Deny(role.SendFiles)}
		s.cfg.Access.System = host.SystemAccess{
			Accounts: p, Default: "View only",
			Users:  []host.Assignment{{Name: "Anna", Role: "Full control"}, {Name: "BEN@acme.example", Role: "Files"}},
			Groups: []host.Assignment{{Name: "desk", Role: "Files"}, {Name: "floor", Role: "No files"}},
		}
	})
	for user, want := range map[string][]uint16{"anna": {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, "ACME\\ben": {1, 13}, "carl": {1}, "dora": {1}} {
		g := dialRaw(t, s.address).logOn(user, "secret")
		if !slices.Equal(g.done.Permissions, want) {
			t.Errorf("%s got %q with %v, want %v", user, g.done.Role, g.done.Permissions, want)
		}
		g.c.Close()
	}
}

// TestRefusalsOfTheSystemAreAlike: what the Host sends for a wrong, unknown, expired, locked and stale account is the same,
// byte for byte, and it takes the same time; its log tells them apart, and the password is cleared.
func TestRefusalsOfTheSystemAreAlike(t *testing.T) {
	p := &people{of: map[string]account{
		"anna": {password: "secret"}, "ben": {password: "secret", outcome: host.Expired},
		"carl": {password: "secret", outcome: host.Locked}, "dora": {password: "secret", outcome: host.MustChange},
	}}
	log := new(book)
	s := newSuite(t, "", false, granting(p), func(s *suite) {
		s.cfg.Log, s.cfg.Access.Attempts.Limit = slog.New(slog.NewTextHandler(log, nil)), 10
	})
	tries := []struct{ user, password, says string }{
		{"anna", "wrong", "the password is wrong"}, {"emil", "secret", "there is no such account"}, {"ben", "secret", "has expired"},
		{"carl", "secret", "is locked"}, {"dora", "secret", "must be changed"},
	}
	var first []byte
	for _, x := range tries {
		g := dialRaw(t, s.address)
		g.d.Receive(t.Context())
		began := time.Now()
		g.d.Send((&wire.SystemLogon{User: x.user, Password: []byte(x.password)}).Start("raw"))
		m, err := g.d.Receive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 900*time.Millisecond || took > 3*time.Second {
			t.Errorf("%s: answered after %s", x.user, took)
		}
		got := wire.AppendMessage(nil, 0, m)
		if first == nil {
			first = got
		}
		if m.Type() != wire.TypeLogonFailed || !bytes.Equal(got, first) {
			t.Errorf("%s: answered %+v", x.user, m)
		}
		if !log.has(x.says) {
			t.Errorf("%s: the log does not say that %s:\n%s", x.user, x.says, log)
		}
		g.c.Close()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, pw := range p.seen {
		if bytes.ContainsFunc(pw, func(r rune) bool { return r != 0 }) {
			t.Error("a password stayed in memory after it was checked")
		}
	}
	if log.has("secret") {
		t.Error("a password is in the log")
	}
}

func TestAGuestLogsOnWithAnAccount(t *testing.T) {
	p := &people{of: map[string]account{"anna": {password: "secret"}}}
	s := newSuite(t, "", false, granting(p), func(s *suite) { s.cfg.Access.System.Default = "Full control" })
	who := &person{users: "anna", passwords: []string{"wrong", "secret"}}
	g, err := s.connect(s.engine(store.At(t.TempDir())), who)
	if err != nil {
		t.Fatal(err)
	}
	if len(who.forms) != 2 || !who.forms[0].System || who.forms[0].Fields[0].Kind != guest.FieldUser || !who.forms[1].Failed || who.forms[1].Left != 2 ||
		who.forms[1].Fields[0].Value != "anna" {
		t.Errorf("the forms were %+v", who.forms)
	}
	if info := g.Info(); info.Role != "Full control" || !info.MayControl {
		t.Errorf("the session is %+v", info)
	}
	if st := s.h.State(); st.Sessions[0].User != "anna" || st.Refused == nil || st.Refused.User != "anna" || st.Refused.Reason != host.ReasonPassword {
		t.Errorf("the Host says %+v, %+v", st.Sessions[0], st.Refused)
	}
}

func TestModesThatAreNotThereRefuseEverybody(t *testing.T) {
	for _, mode := range []host.Mode{host.ModeSecurityServer, host.ModePortal} {
		s := newSuite(t, "", false, func(s *suite) {
			s.cfg.Access.Mode = mode
			s.starts = func(func() error) error { return nil }
		})
		if _, err := s.connect(s.engine(store.At(t.TempDir())), &person{passwords: []string{"x"}}); kindOf(t, err) != guest.KindMode {
			t.Errorf("%s: %v", mode, err)
		}
		if st := s.h.State(); st.Mode != mode || !st.CanLogOn() {
			t.Errorf("%s: the Host says %+v", mode, st)
		}
	}
}

// book is a log that can be looked into.
type book struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *book) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func (b *book) has(text string) bool { return strings.Contains(b.String(), text) }

// prompts is the Host's user.
type prompts struct {
	answer func(ctx context.Context, q *seam.Ask) seam.Answer
	asked  chan *seam.Ask

	mu       sync.Mutex
	watching []seam.Watcher
	notices  []seam.Notice
	hangUp   func(uint32)
	told     chan struct{}
}

func newPrompts(answer func(context.Context, *seam.Ask) seam.Answer) *prompts {
	return &prompts{answer: answer, asked: make(chan *seam.Ask, 16), told: make(chan struct{}, 1)}
}

func says(a seam.Answer) func(context.Context, *seam.Ask) seam.Answer {
	return func(context.Context, *seam.Ask) seam.Answer { return a }
}

func silence(ctx context.Context, _ *seam.Ask) seam.Answer {
	<-ctx.Done()
	return seam.AnswerRefuse
}

func (p *prompts) Ask(ctx context.Context, q *seam.Ask) seam.Answer {
	p.asked <- q
	return p.answer(ctx, q)
}

func (p *prompts) change(f func()) {
	p.mu.Lock()
	f()
	p.mu.Unlock()
	select {
	case p.told <- struct{}{}:
	default:
	}
}

func (p *prompts) Watching(list []seam.Watcher) { p.change(func() { p.watching = list }) }
func (p *prompts) Notice(n *seam.Notice)        { p.change(func() { p.notices = append(p.notices, *n) }) }
func (p *prompts) Ends(f func(uint32))          { p.change(func() { p.hangUp = f }) }

func (p *prompts) await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		p.mu.Lock()
		done := ok()
		p.mu.Unlock()
		if done {
			return
		}
		select {
		case <-p.told:
		case <-limit:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// confirming has a suite ask its user for a role that says so.
func confirming(c role.Confirm, user *prompts) func(*suite) {
	return func(s *suite) {
		p := &people{of: map[string]account{"anna": {password: "secret"}}}
		granting(p)(s)
		s.cfg.Access.Roles = []role.Role{role.FullControl().Confirmed(c).Only("Desk", role.SeeScreen, role.UseKeyboardMouse)}
		s.cfg.Access.System.Default = "Desk"
		s.cfg.Access.Confirm.Timeout = 2 * time.Second
		if user != nil {
			s.prompts = user
		}
	}
}

// waiting is a person that is told to wait for the Host's user.
type waiting struct {
	person
	told chan time.Duration
}

func (w *waiting) AskingUser(limit time.Duration) { w.told <- limit }

func TestTheHostsUserConfirms(t *testing.T) {
	for name, c := range map[string]struct {
		confirm role.Confirm
		user    *prompts
		in      func() bool
		kind    guest.Kind // 0 for let in
		role    string
		asked   bool
	}{
		"allow":              {role.ConfirmAlways, newPrompts(says(seam.AnswerAllow)), nil, 0, "Desk", true},
		"only let watch":     {role.ConfirmAlways, newPrompts(says(seam.AnswerWatch)), nil, 0, "View only", true},
		"refuse":             {role.ConfirmAlways, newPrompts(says(seam.AnswerRefuse)), nil, guest.KindUserRefused, "", true},
		"nobody answers":     {role.ConfirmAlways, newPrompts(silence), nil, guest.KindUserAway, "", true},
		"nobody to ask":      {role.ConfirmAlways, nil, nil, guest.KindUserAway, "", true},
		"not known who":      {role.ConfirmLoggedIn, newPrompts(says(seam.AnswerRefuse)), nil, guest.KindUserRefused, "", true},
		"somebody logged in": {role.ConfirmLoggedIn, newPrompts(says(seam.AnswerRefuse)), func() bool { return true }, guest.KindUserRefused, "", true},
		"nobody logged in":   {role.ConfirmLoggedIn, newPrompts(says(seam.AnswerRefuse)), func() bool { return false }, 0, "Desk", false},
		"never":              {role.ConfirmNever, newPrompts(says(seam.AnswerRefuse)), nil, 0, "Desk", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSuite(t, "", false, confirming(c.confirm, c.user), func(s *suite) { s.cfg.Access.Confirm.LoggedIn = c.in })
			w := &waiting{person{users: "anna", passwords: []string{"secret"}}, make(chan time.Duration, 4)}
			g, err := s.connectAs(s.engine(store.At(t.TempDir())), w)
			switch {
			case c.kind != 0:
				if kindOf(t, err) != c.kind {
					t.Errorf("ended with %v", err)
				}
			case err != nil:
				t.Fatal(err)
			default:
				if info := g.Info(); info.Role != c.role || info.MayControl != (c.role == "Desk") {
					t.Errorf("let in with %+v", info)
				}
			}
			if len(w.told) != map[bool]int{true: 1}[c.asked] || c.asked && <-w.told != 2*time.Second {
				t.Errorf("the Guest was told %d times that the user is asked", len(w.told))
			}
			if c.user == nil || !c.asked {
				return
			}
			if q := <-c.user.asked; q.User != "anna" || q.Computer != "ops-laptop" || q.From != "127.0.0.1" || !q.System || q.Seconds != 2 ||
				!slices.Equal(q.Permissions, []uint16{1, 2}) {
				t.Errorf("the user was asked %+v", q)
			}
		})
	}
}

// TestNobodyIsAskedBeforeTheLogon: a stranger cannot have a window opened.
func TestNobodyIsAskedBeforeTheLogon(t *testing.T) {
	user := newPrompts(says(seam.AnswerAllow))
	s := newSuite(t, "", false, confirming(role.ConfirmAlways, user))
	if _, err := s.connect(s.engine(store.At(t.TempDir())), &person{users: "anna", passwords: []string{"wrong"}}); err == nil || len(user.asked) > 0 {
		t.Errorf("%d questions, %v", len(user.asked), err)
	}
}

// TestAGuestThatGivesUpTakesItsQuestionBack, whether it says so or vanishes.
func TestAGuestThatGivesUpTakesItsQuestionBack(t *testing.T) {
	gone := make(chan struct{}, 2)
	user := newPrompts(func(ctx context.Context, _ *seam.Ask) seam.Answer {
		<-ctx.Done()
		gone <- struct{}{}
		return seam.AnswerAllow // too late
	})
	s := newSuite(t, "", false, confirming(role.ConfirmAlways, user), func(s *suite) { s.cfg.Access.Confirm.Timeout = time.Minute })
	for _, leave := range []func(*raw){func(g *raw) { g.d.Close(wire.CloseDone, "") }, func(g *raw) { g.c.Close() }} {
		g := dialRaw(t, s.address)
		g.d.Receive(t.Context())
		g.d.Send((&wire.SystemLogon{User: "anna", Password: []byte("secret")}).Start("raw"))
		if m, err := g.d.Receive(t.Context()); err != nil || m.Type() != wire.TypeLogonWait {
			t.Fatalf("answered %+v, %v", m, err)
		}
		<-user.asked
		leave(g)
		select {
		case <-gone:
		case <-time.After(20 * time.Second):
			t.Fatal("the question stayed")
		}
	}
	if st := s.h.State(); len(st.Sessions) > 0 {
		t.Errorf("a Guest that had gone is in: %+v", st.Sessions)
	}
}

func TestTheUserSeesWhoWatchesAndEndsIt(t *testing.T) {
	user := newPrompts(says(seam.AnswerRefuse))
	s := newSuite(t, "", false, confirming(role.ConfirmNever, user), func(s *suite) {
		s.cfg.Access.Notify = host.Notify{Before: true, During: true, After: true}
	})
	g, err := s.connect(s.engine(store.At(t.TempDir())), &person{users: "anna", passwords: []string{"secret"}})
	if err != nil {
		t.Fatal(err)
	}
	user.await(t, "who watches", func() bool {
		return len(user.watching) == 1 && user.watching[0].Name == "anna" && user.watching[0].Controls
	})
	s.setAccess(func(a *host.Access) { a.Roles = []role.Role{role.New("Desk", role.SeeScreen)} })
	user.await(t, "who only watches", func() bool { return len(user.watching) == 1 && !user.watching[0].Controls })
	user.mu.Lock()
	hangUp, id := user.hangUp, user.watching[0].Session
	user.mu.Unlock()
	hangUp(id)
	if kind := closed(t, g); kind != guest.KindHostUser {
		t.Errorf("the session ended as %d", kind)
	}
	user.await(t, "nobody to watch", func() bool { return len(user.watching) == 0 })
	user.await(t, "both notices", func() bool { return len(user.notices) == 2 })
	if a, b := user.notices[0], user.notices[1]; a.Phase != seam.PhaseBefore || b.Phase != seam.PhaseAfter || a.Name != "anna" || b.From != "127.0.0.1" {
		t.Errorf("the notices were %+v", user.notices)
	}
}

// machine is a computer that only notes what is done to it.
type machine chan host.AfterSession

func (m machine) Do(_ context.Context, what host.AfterSession) error {
	m <- what
	return nil
}

func TestWhatHappensAfterTheLastSession(t *testing.T) {
	m := make(machine, 8)
	s := newSuite(t, "", false, granting(new(people)), func(s *suite) {
		s.cfg.Machine, s.cfg.Access.After = m, host.AfterLock
	})
	a, b := dialRaw(t, s.address).logOn("View only", "secret"), dialRaw(t, s.address).logOn("Full control", "secret")
	s.await("two sessions", func(st host.State) bool { return len(st.Sessions) == 2 })
	a.say(wire.ChannelControl, 0, &wire.Close{})
	s.await("one session", func(st host.State) bool { return len(st.Sessions) == 1 })
	if len(m) > 0 {
		t.Error("the computer is locked while a session goes on")
	}
	b.say(wire.ChannelControl, 0, &wire.Close{})
	if got := <-m; got != host.AfterLock {
		t.Errorf("%s was done", got)
	}
	c := dialRaw(t, s.address).logOn("View only", "secret")
	s.await("a session", func(st host.State) bool { return len(st.Sessions) == 1 })
	s.h.DisconnectAll()
	if _, ended := c.hear(); ended == nil || ended.Code != wire.CloseHostUser {
		t.Errorf("ended with %v", ended)
	}
	s.await("no session", func(st host.State) bool { return len(st.Sessions) == 0 })
	if len(m) > 0 {
		t.Error("the computer is locked against the user who ended the session")
	}
}

func TestWrongTriesEndSessionsFromThere(t *testing.T) {
	s := newSuite(t, "", false, granting(new(people)), func(s *suite) {
		s.cfg.Access.Attempts = host.Attempts{Limit: 1, Action: host.AttemptDisconnect}
	})
	g := dialRaw(t, s.address).logOn("View only", "secret")
	if _, err := s.connect(s.engine(store.At(t.TempDir())), &person{users: "nobody", passwords: []string{"wrong"}}); kindOf(t, err) != guest.KindLockedOut {
		t.Errorf("one wrong try ends with %v", err)
	}
	if _, ended := g.hear(); ended == nil || ended.Code != wire.CloseLockedOut {
		t.Errorf("the session from the same address ends with %v", ended)
	}
}

var errNobody = errors.New("nobody")

// TestASystemThatCannotBeAskedLetsNobodyIn, and its Guest is told no more than for a wrong password.
func TestASystemThatCannotBeAskedLetsNobodyIn(t *testing.T) {
	p := &people{broken: errNobody}
	s := newSuite(t, "", false, granting(p))
	who := &person{users: "View only", passwords: []string{"secret"}}
	if _, err := s.connect(s.engine(store.At(t.TempDir())), who); kindOf(t, err) != guest.KindLockedOut || !who.forms[1].Failed {
		t.Errorf("ended with %v", err)
	}
}
