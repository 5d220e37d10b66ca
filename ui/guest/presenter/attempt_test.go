package presenter

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"impero/core/guest"
)

func TestAttemptGoesThroughAllSteps(t *testing.T) {
	s := newStand(t, true)
	session := newFakeSession(guest.Info{MayControl: true, Level: "Very high", Since: s.clock.now})
	form := guest.Form{Left: -1, Fields: []guest.FormField{{Kind: guest.FieldUser}, {Kind: guest.FieldPassword}}}
	answers := make(chan []string, 2)
	s.engine.connect = func(ctx context.Context, target guest.Target, p guest.Prompter) (Session, error) {
		p.Progress(guest.StepDial)
		if yes, err := p.Identity(ctx, guest.Identity{Target: target, HostName: "till", Fingerprint: "AAAA BBBB"}); !yes || err != nil {
			return nil, errors.New("not accepted")
		}
		for _, f := range []guest.Form{form, {Left: 2, Failed: true, Fields: form.Fields}} {
			values, err := p.Logon(ctx, f)
			if err != nil {
				return nil, err
			}
			answers <- values
		}
		p.Progress(guest.StepScreen)
		session.info.Target = target
		return session, nil
	}
	a := s.desk.Connect("till-042", guest.ProfileInternet, Logon{User: "anna"})
	equal(t, "stage", a.Stage(), StageConnecting)
	s.until("identity", func() bool { return a.Stage() == StageIdentity })
	equal(t, "fingerprint", a.Identity().Fingerprint, "AAAA BBBB")
	a.Accept(true)
	s.until("logon", func() bool { return a.Stage() == StageLogon })
	equal(t, "user filled in", a.Form().Fields[0].Value, "anna")
	equal(t, "error", a.FormError().Key, "")
	a.Submit([]string{"one"})
	if a.Busy() {
		t.Error("a form was taken with too few values")
	}
	a.Submit([]string{"anna", "wrong"})
	if !a.Busy() || a.Stage() != StageLogon {
		t.Error("the form does not stay while its answer is awaited")
	}
	a.Submit([]string{"anna", "again"})
	s.until("second form", func() bool { return a.FormNumber() == 2 })
	equal(t, "attempts left", a.FormError().Count, 2)
	if a.Busy() {
		t.Error("still busy with the second form")
	}
	a.Submit([]string{"anna", "right"})
	s.until("session", func() bool { return len(s.windows.sessions) == 1 })
	equal(t, "stage", a.Stage(), StageGone)
	equal(t, "first answer", strings.Join(<-answers, " "), "anna wrong")
	equal(t, "second answer", strings.Join(<-answers, " "), "anna right")
	equal(t, "sessions", s.desk.Open(), 1)
}

func TestPasswordGivenInAdvanceIsUsedOnce(t *testing.T) {
	s := newStand(t, false)
	tries := make(chan []string, 2)
	s.engine.connect = func(ctx context.Context, _ guest.Target, p guest.Prompter) (Session, error) {
		form := guest.Form{Left: 1, Fields: []guest.FormField{{Kind: guest.FieldPassword}}}
		first, err := p.Logon(ctx, form)
		if err != nil {
			return nil, err
		}
		tries <- first
		form.Failed = true
		_, err = p.Logon(ctx, form)
		return nil, err
	}
	a := s.desk.Connect("till", "", Logon{Password: "given"})
	s.until("the form after the failure", func() bool { return a.Stage() == StageLogon })
	equal(t, "first answer", (<-tries)[0], "given")
	equal(t, "left", a.FormError().Count, 1)
	a.Cancel()
	equal(t, "stage", a.Stage(), StageGone)
}

func TestWrongPasswordSaysWhatWasAsked(t *testing.T) {
	password := guest.FormField{Kind: guest.FieldPassword}
	both := []guest.FormField{{Kind: guest.FieldUser}, password}
	for _, c := range []struct {
		fields []guest.FormField
		left   int
		want   string
	}{
		{[]guest.FormField{password}, -1, "The password is wrong."},
		{[]guest.FormField{password}, 2, "The password is wrong. {{.Count}} attempts left."},
		{both, -1, "User or password is wrong."},
		{both, 2, "User or password is wrong. {{.Count}} attempts left."},
	} {
		a := &Attempt{form: guest.Form{Fields: c.fields, Failed: true, Left: c.left}}
		equal(t, "words", a.FormError().Key, c.want)
	}
}

func TestNoTriesLeftSaysWhatWasAsked(t *testing.T) {
	for want, field := range map[string]guest.FieldKind{
		"The password is wrong, and till takes no more tries now.":     guest.FieldPassword,
		"User or password is wrong, and till takes no more tries now.": guest.FieldUser,
	} {
		s := newStand(t, true)
		s.engine.connect = func(ctx context.Context, target guest.Target, p guest.Prompter) (Session, error) {
			if _, err := p.Logon(ctx, guest.Form{Fields: []guest.FormField{{Kind: field}}}); err != nil {
				return nil, err
			}
			return nil, &guest.Error{Kind: guest.KindLogonFailed, Target: target}
		}
		a := s.desk.Connect("till", "", Logon{})
		s.until("logon", func() bool { return a.Stage() == StageLogon })
		a.Submit([]string{"no"})
		s.until("the failure", func() bool { return a.Stage() == StageFailed })
		equal(t, "words", a.Trouble().Text.String(), want)
	}
}

func TestCancelWorksInEveryStage(t *testing.T) {
	steps := map[string]func(ctx context.Context, p guest.Prompter){
		"connecting": func(ctx context.Context, p guest.Prompter) { p.Progress(guest.StepDial) },
		"identity":   func(ctx context.Context, p guest.Prompter) { _, _ = p.Identity(ctx, guest.Identity{}) },
		"logon":      func(ctx context.Context, p guest.Prompter) { _, _ = p.Logon(ctx, guest.Form{}) },
	}
	stages := map[string]Stage{"connecting": StageConnecting, "identity": StageIdentity, "logon": StageLogon}
	for name, step := range steps {
		t.Run(name, func(t *testing.T) {
			s := newStand(t, true)
			ended := make(chan struct{})
			s.engine.connect = func(ctx context.Context, target guest.Target, p guest.Prompter) (Session, error) {
				defer close(ended)
				step(ctx, p)
				<-ctx.Done()
				return nil, &guest.Error{Kind: guest.KindCancelled, Target: target, Err: ctx.Err()}
			}
			a := s.desk.Connect("till", "", Logon{})
			s.until(name, func() bool { return a.Stage() == stages[name] })
			a.Cancel()
			equal(t, "stage", a.Stage(), StageGone)
			<-ended
			equal(t, "status", s.desk.Status().Key, "Ready")
		})
	}
}

func TestSessionThatComesAfterCancelIsClosed(t *testing.T) {
	s := newStand(t, true)
	session := newFakeSession(guest.Info{})
	release := make(chan struct{})
	s.engine.connect = func(context.Context, guest.Target, guest.Prompter) (Session, error) {
		<-release
		return session, nil
	}
	a := s.desk.Connect("till", "", Logon{})
	a.Cancel()
	close(release)
	(<-s.queue)() // what Connect gave
	<-session.done
	equal(t, "windows of sessions", len(s.windows.sessions), 0)
}

func TestCloseEndsEverything(t *testing.T) {
	s := newStand(t, true)
	session := s.opens(guest.Info{Since: s.clock.now})
	s.desk.Connect("one", "", Logon{})
	s.until("session", func() bool { return s.desk.Open() == 1 })
	s.engine.connect = func(ctx context.Context, _ guest.Target, p guest.Prompter) (Session, error) {
		_, err := p.Logon(ctx, guest.Form{})
		return nil, err
	}
	s.desk.Connect("two", "", Logon{})
	s.desk.Close() // returns only when all goroutines are gone
	<-session.done
}

func TestWaitingIsInWordsAfterAMoment(t *testing.T) {
	s := newStand(t, true)
	s.engine.connect = func(ctx context.Context, _ guest.Target, p guest.Prompter) (Session, error) {
		p.Progress(guest.StepDial)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	a := s.desk.Connect("till:6510", "", Logon{})
	changes := 0
	a.OnChange = func() { changes++ }
	s.until("the step", func() bool { return changes > 0 })
	equal(t, "words at once", a.Progress().Key, "")
	s.clock.advance(quiet)
	equal(t, "words", a.Progress().String(), "Opening a connection to till:6510")
	equal(t, "seconds", a.Seconds().Key, "")
	s.clock.advance(2 * time.Second)
	equal(t, "seconds", a.Seconds().Count, 2)
	equal(t, "patience", a.Patience().Key, "")
	before := changes
	s.clock.advance(3 * time.Second)
	equal(t, "changes in 3 seconds", changes-before, 3)
	if a.Patience().Empty() {
		t.Error("after 5 seconds it does not say what it waits for")
	}
}

// everyKind is each way an attempt can fail.
func everyKind() []guest.Kind {
	var all []guest.Kind
	for k := guest.KindBadAddress; k <= guest.KindHistory; k++ {
		all = append(all, k)
	}
	return all
}

func TestEveryKindOfErrorHasWords(t *testing.T) {
	now := newClock().now
	for _, kind := range everyKind() {
		e := &guest.Error{Kind: kind, Target: guest.Target{Host: "till", Port: 6502, Profile: guest.ProfileInternet}, Detail: "why"}
		w := troubleOf(e, now)
		if w.Silent {
			continue
		}
		text := w.Text.String()
		if text == "" || !strings.HasSuffix(text, ".") && kind != guest.KindNoDisplay && kind != guest.KindKnownHosts && kind != guest.KindProfiles {
			t.Errorf("kind %d says %q", kind, text)
		}
		if !w.Field && w.Title.Empty() {
			t.Errorf("kind %d has no title", kind)
		}
		if strings.Contains(text, "{{") || strings.ContainsAny(text, "!") {
			t.Errorf("kind %d says %q", kind, text)
		}
		if w.Details == "" {
			t.Errorf("kind %d has no details", kind)
		}
		if kind != guest.KindInternal && w.Title.Key == "Something went wrong in this Guest" {
			t.Errorf("kind %d has no words of its own", kind)
		}
	}
}

func TestEveryKindOfErrorIsShown(t *testing.T) {
	for _, kind := range everyKind() {
		s := newStand(t, false)
		s.fails(&guest.Error{Kind: kind, Changed: &guest.ChangedKey{Known: "A", Shown: "B", Since: s.clock.now, Used: 3}})
		a := s.desk.Connect("till", "", Logon{})
		s.until("the end", func() bool { return a.Stage() != StageConnecting })
		want := StageFailed
		switch kind {
		case guest.KindCancelled, guest.KindNotTrusted:
			want = StageGone
		case guest.KindChangedKey:
			want = StageChangedKey
		}
		equal(t, "stage", a.Stage(), want)
	}
}

func TestNameNotFoundStandsUnderTheField(t *testing.T) {
	s := newStand(t, true)
	s.fails(&guest.Error{Kind: guest.KindNameNotFound})
	a := s.desk.Connect("till-04", "", Logon{})
	s.until("the end", func() bool { return a.Stage() == StageGone })
	equal(t, "error", s.desk.FieldError().String(), "Nothing is called till-04 on this network. Check the spelling, or type the IP address.")
	s.desk.Typed()
	equal(t, "error after typing", s.desk.FieldError().Key, "")
}

func TestBadAddressOpensNoWindow(t *testing.T) {
	s := newStand(t, true)
	for typed, want := range map[string]string{"": "Type the name", "no such": `"no such" is not`} {
		if s.desk.Connect(typed, "", Logon{}) != nil {
			t.Errorf("%q started an attempt", typed)
		}
		if got := s.desk.FieldError().String(); !strings.HasPrefix(got, want) {
			t.Errorf("%q says %q", typed, got)
		}
	}
	equal(t, "windows", len(s.windows.attempts), 0)
}

func TestTryAgainStartsAnew(t *testing.T) {
	s := newStand(t, true)
	s.fails(&guest.Error{Kind: guest.KindNobody})
	a := s.desk.Connect("till", "", Logon{})
	s.until("failure", func() bool { return a.Stage() == StageFailed })
	if !a.Trouble().Again {
		t.Fatal("nobody listening is no reason to try again")
	}
	s.opens(guest.Info{Since: s.clock.now})
	a.Again()
	equal(t, "stage", a.Stage(), StageConnecting)
	s.until("session", func() bool { return s.desk.Open() == 1 })
	equal(t, "attempt windows", len(s.windows.attempts), 1)
}

func TestChangedKeyHasNoWayOn(t *testing.T) {
	s := newStand(t, true)
	s.fails(&guest.Error{Kind: guest.KindChangedKey, Changed: &guest.ChangedKey{Known: "A", Shown: "B", Since: s.clock.now.AddDate(0, -8, 0), Used: 41}})
	a := s.desk.Connect("till", "", Logon{})
	s.until("changed key", func() bool { return a.Stage() == StageChangedKey })
	equal(t, "use", a.KnownUse().Count, 41)
	a.Accept(true)
	a.Submit(nil)
	a.Again()
	equal(t, "stage", a.Stage(), StageChangedKey)
	if a.Trouble().Again {
		t.Error("a changed key offers to try again")
	}
}

func TestLockedOutSaysUntilWhen(t *testing.T) {
	now := newClock().now
	w := troubleOf(&guest.Error{Kind: guest.KindLockedOut, Wait: 18*time.Minute + time.Second}, now)
	equal(t, "text", w.Text.String(), "This Host accepts no logon from here until 09:31, after too many wrong tries.")
}

// TestWaitingForTheHostsUser: a countdown while the Host's user is asked, then the way on, or the words for a no.
func TestWaitingForTheHostsUser(t *testing.T) {
	s := newStand(t, true)
	answer := make(chan error)
	session := newFakeSession(guest.Info{MayControl: true, Level: "Very high", Since: s.clock.now})
	s.engine.connect = func(_ context.Context, target guest.Target, p guest.Prompter) (Session, error) {
		p.(guest.Waiter).AskingUser(30 * time.Second)
		if err := <-answer; err != nil {
			return nil, err
		}
		p.Progress(guest.StepScreen)
		session.info.Target = target
		return session, nil
	}
	a := s.desk.Connect("till-042", guest.ProfileInternet, Logon{})
	s.until("waiting", func() bool { return a.Stage() == StageWaiting })
	equal(t, "seconds left", a.Seconds().Count, 30)
	if a.Left() != 1 {
		t.Errorf("%f of the time is left", a.Left())
	}
	answer <- &guest.Error{Kind: guest.KindUserAway, Wait: 30 * time.Second, Target: a.Target()}
	s.until("the words", func() bool { return a.Stage() == StageFailed })
	equal(t, "words", a.Trouble().Text.Key, "Nobody at {{.Host}} answered within {{.Count}} seconds.")
	equal(t, "seconds", a.Trouble().Text.Count, 30)
	a.Again()
	s.until("waiting again", func() bool { return a.Stage() == StageWaiting })
	answer <- &guest.Error{Kind: guest.KindUserRefused, Target: a.Target()}
	s.until("the words", func() bool { return a.Stage() == StageFailed })
	equal(t, "words", a.Trouble().Text.Key, "The person at {{.Host}} said no.")
	a.Again()
	s.until("waiting again", func() bool { return a.Stage() == StageWaiting })
	answer <- nil
	s.until("session", func() bool { return len(s.windows.sessions) == 1 })
}
