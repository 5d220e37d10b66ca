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
	"impero/core/lab"
	"impero/core/logs/event"
	"impero/core/role"
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
	changed := func(r role.Role) *wire.RoleChanged {
		m := &wire.RoleChanged{Role: r.Name}
		for _, p := range r.Allowed() {
			m.Permissions = append(m.Permissions, uint16(p))
		}
		return m
	}
	watching := desk.Deny(role.UseKeyboardMouse)
	if all, ended := g.hear(); !slices.EqualFunc(all, []wire.Message{changed(watching)}, sameMessage) || ended != nil {
		t.Fatalf("the keyboard taken away: %s, %v", list(all), ended)
	}
	s.setAccess(func(*host.Access) {})
	if all, _ := g.hear(); len(all) > 0 {
		t.Errorf("a change that changes nothing for the Guest is told: %s", list(all))
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
	if ended := g.ends(); ended == nil || ended.Code != wire.CloseRoleEnded {
		t.Errorf("a role that is gone ends with %v", ended)
	}
}

// TestAGuestHearsOfItsRole: what is given and taken while the session goes on is told to the Guest, and counts.
func TestAGuestHearsOfItsRole(t *testing.T) {
	desk := role.New("Desk", role.SeeScreen)
	s := newSuite(t, "", false, granting(&people{of: map[string]account{"Desk": {password: "secret"}}}, desk))
	g, err := s.connect(s.engine(store.At(t.TempDir())), &person{users: "Desk", passwords: []string{"secret"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []role.Role{role.New("Desk", role.SeeScreen, role.UseKeyboardMouse), desk} {
		s.setAccess(func(a *host.Access) { a.Roles = []role.Role{r} })
		may := r.Allows(role.UseKeyboardMouse)
		for limit := time.After(10 * time.Second); g.Info().MayControl != may; {
			select {
			case <-g.Updates():
			case <-limit:
				t.Fatalf("the Guest thinks that it may control: %v", !may)
			}
		}
		g.Button(1, true)
		g.Button(1, false)
		if may {
			s.awaitLines("button 1 down")
		}
	}
	if g.Info().Role != "Desk" {
		t.Errorf("the role is %q", g.Info().Role)
	}
}

func TestAnAccountThatIsGoneEndsItsSession(t *testing.T) {
	p := &people{of: map[string]account{"anna": {password: "secret"}, "ben": {password: "secret"}}}
	s := newSuite(t, "", false, granting(p), func(s *suite) { s.cfg.Access.System.Default = "Full control" })
	anna, ben := dialRaw(t, s.address).logOn("anna", "secret"), dialRaw(t, s.address).logOn("ben", "secret")
	p.remove("anna")
	s.setAccess(func(*host.Access) {})
	if ended := anna.ends(); ended == nil || ended.Code != wire.CloseRoleEnded {
		t.Errorf("anna's session ends with %v", ended)
	}
	if _, ended := ben.hear(); ended != nil {
		t.Errorf("ben's session ends with %v", ended)
	}
	s.setAccess(func(a *host.Access) { a.Addresses = host.AddressList{Enabled: true, Entries: []string{"10.0.0.0/8"}} })
	if ended := ben.ends(); ended == nil || ended.Code != wire.CloseAddress {
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
		"fred": {password: "secret"}, // to whom no role is given
	}}
	log := new(book)
	s := newSuite(t, "", false, granting(p), func(s *suite) {
		s.cfg.Log, s.cfg.Access.Attempts.Limit = slog.New(slog.NewTextHandler(log, nil)), 10
	})
	tries := []struct{ user, password, says string }{
		{"anna", "wrong", "the password is wrong"}, {"emil", "secret", "there is no such account"}, {"ben", "secret", "has expired"},
		{"carl", "secret", "is locked"}, {"dora", "secret", "must be changed"}, {"fred", "secret", "no role is given"},
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

// TestAKnownHostElsewhere: a Host that is known under another port is not taken to be new, and not let pass unasked either.
func TestAKnownHostElsewhere(t *testing.T) {
	s := newSuite(t, "Full control", false)
	proxy := lab.StartProxy(t, s.address)
	e, direct := s.engine(store.At(t.TempDir())), s.address
	first := &person{passwords: []string{goodPassword}}
	g, err := s.connect(e, first)
	if err != nil {
		t.Fatal(err)
	}
	g.Close()
	s.address = proxy.Addr()
	again := &person{passwords: []string{goodPassword}}
	if g, err = s.connect(e, again); err != nil {
		t.Fatal(err)
	}
	g.Close()
	if len(first.asked) != 1 || len(first.asked[0].KnownAs) != 0 || len(again.asked) != 1 || !slices.Equal(again.asked[0].KnownAs, []string{direct}) {
		t.Errorf("asked %+v, then %+v", first.asked, again.asked)
	}
}

// TestASessionEndsWithItsTime: one that may last so long ends then, and its Guest is told why.
func TestASessionEndsWithItsTime(t *testing.T) {
	const length = 700 * time.Millisecond
	w, with := witnessed(t)
	s := newSuite(t, "Full control", false, with, func(s *suite) { s.cfg.Access.SessionTime = length })
	g := s.mustConnect()
	st := s.h.State()
	if len(st.Sessions) != 1 || !st.Sessions[0].Ends.Equal(st.Sessions[0].Since.Add(length)) {
		t.Errorf("the Host says %+v", st.Sessions)
	}
	select {
	case <-g.Done():
	case <-time.After(20 * time.Second):
		t.Fatal("it goes on")
	}
	if lasted := time.Since(st.Sessions[0].Since); kindOf(t, g.Err()) != guest.KindTime || lasted < length {
		t.Errorf("after %v it ended with %v", lasted, g.Err())
	}
	if e := w.await(t, event.SessionEnded); e.What != "by this Host: Time" {
		t.Errorf("the event is %+v", e)
	}
}
