package core_test

import (
	"context"
	"errors"
	"impero/core/logs/event"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/host"
	"impero/core/role"
	"impero/core/seam"
	"impero/core/store"
	"impero/core/wire"
)

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
	for _, leave := range []func(*raw){func(g *raw) { g.d.Close(wire.CloseDone, "") }, func(g *raw) { g.c.Close() }} {
		s := newSuite(t, "", false, confirming(role.ConfirmAlways, user), func(s *suite) { s.cfg.Access.Confirm.Timeout = time.Minute })
		g := dialRaw(t, s.address)
		g.d.Receive(t.Context())
		g.d.Send((&wire.SystemLogon{User: "anna", Password: []byte("secret")}).Start("raw"))
		if m, err := g.d.Receive(t.Context()); err != nil || m.Type() != wire.TypeLogonWait {
			t.Fatalf("answered %+v, %v", m, err)
		}
		<-user.asked
		if st := s.h.State(); st.Waiting != 1 {
			t.Errorf("%d wait, says the Host", st.Waiting)
		}
		leave(g)
		select {
		case <-gone:
		case <-time.After(20 * time.Second):
			t.Fatal("the question stayed")
		}
		if st := s.h.State(); len(st.Sessions) > 0 {
			t.Errorf("a Guest that had gone is in: %+v", st.Sessions)
		}
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

// TestWhoWasRefusedMayNotAskAtOnce: the Host's user is not asked again and again, the Guest hears when it may, and the event log
// tells what became of each question.
func TestWhoWasRefusedMayNotAskAtOnce(t *testing.T) {
	w, with := witnessed(t)
	user := newPrompts(says(seam.AnswerRefuse))
	s := newSuite(t, "", false, confirming(role.ConfirmAlways, user), with)
	ask := func() error {
		_, err := s.connectAs(s.engine(store.At(t.TempDir())), &person{users: "anna", passwords: []string{"secret"}})
		return err
	}
	if err := ask(); kindOf(t, err) != guest.KindUserRefused || waitOf(err) != 0 {
		t.Fatalf("the first ends with %v, in %v", err, waitOf(err))
	}
	if err := ask(); kindOf(t, err) != guest.KindUserRefused || waitOf(err) < time.Second || waitOf(err) > 6*time.Second {
		t.Errorf("the second ends with %v, in %v", err, waitOf(err))
	}
	if n := len(user.asked); n != 1 {
		t.Errorf("the user was asked %d times", n)
	}
	w.await(t, event.NotConfirmed)
	var codes []string
	for _, e := range w.all() {
		if e.Code == event.ConfirmAsked || e.Code == event.NotConfirmed || e.Code == event.Confirmed {
			codes = append(codes, string(e.Code))
			if !strings.Contains(e.Who, "anna") && !strings.Contains(e.Who, "127.0.0.1") {
				t.Errorf("%s is of %q", e.Code, e.Who)
			}
		}
	}
	if got := strings.Join(codes, " "); got != "CASK+ CFRM- CFRM-" && got != "CASK+ CFRM-" {
		t.Errorf("the events are %s", got)
	}
}

// waitOf is how long an error tells to wait.
func waitOf(err error) time.Duration {
	var e *guest.Error
	if errors.As(err, &e) {
		return e.Wait
	}
	return 0
}
