package presenter

import (
	"context"
	"time"

	"impero/core/guest"
	"impero/ui/shell/level"
	"impero/ui/shell/phrase"
)

// Stage is what the window of an attempt shows.
type Stage uint8

// The stages. StageGone means that the window closes: the session is there, or
// the person gave up.
const (
	StageConnecting Stage = iota + 1
	StageIdentity
	StageLogon
	StageFailed
	StageChangedKey
	StageGone
	StageWaiting // for the Host's user
)

// Waiting is in words after quiet, and says what it waits for after patience.
const (
	quiet    = 300 * time.Millisecond
	patience = 5 * time.Second
)

// Attempt is one attempt to connect, from Enter to the first picture.
type Attempt struct {
	// OnChange is called after every change; the view sets it.
	OnChange func()

	desk    *Desk
	target  guest.Target
	logon   Logon // given in advance
	cancel  context.CancelFunc
	stage   Stage
	step    guest.Step
	since   time.Time // of the first step, or of the last answer
	stop    func()    // of the running clock
	ident   guest.Identity
	form    guest.Form
	asked   int           // how many forms this attempt has shown
	busy    bool          // the form was sent, its answer is awaited
	limit   time.Duration // of StageWaiting
	fault   *guest.Error
	trusted chan bool
	values  chan []string
}

// Logon is what is known before the Host asks.
type Logon struct{ User, Password string }

// Target is where the attempt leads.
func (a *Attempt) Target() guest.Target { return a.target }

// Stage is what to show.
func (a *Attempt) Stage() Stage { return a.stage }

// Host is the name in the window's head.
func (a *Attempt) Host() string { return a.target.Host }

// Called is the Host as the user would type it: with a port that is not the
// usual one. The same computer may have another Host on another port.
func (a *Attempt) Called() string { return a.target.String() }

// Where is the address and profile in the window's head.
func (a *Attempt) Where() string { return a.target.Address() + "  ·  " + a.target.Profile }

// Busy tells that a form was sent and its answer is awaited.
func (a *Attempt) Busy() bool { return a.busy }

// Progress says which step is under way; nothing in the first moments, since
// words that vanish at once cannot be read.
func (a *Attempt) Progress() phrase.Phrase {
	if a.desk.clock.Now().Sub(a.since) < quiet {
		return phrase.Phrase{}
	}
	places := phrase.Args{"Host": a.target.Host, "Address": a.target.Address()}
	switch a.step {
	case guest.StepDial:
		return phrase.With("Opening a connection to {{.Address}}", places)
	case guest.StepSecure:
		return phrase.With("Exchanging keys with {{.Host}}", places)
	case guest.StepIdentity:
		return phrase.With("Checking the identity of {{.Host}}", places)
	case guest.StepLogon:
		return phrase.With("Logging on to {{.Host}}", places)
	case guest.StepScreen:
		return phrase.With("Waiting for the first picture of {{.Host}}", places)
	}
	return phrase.With("Looking up {{.Host}}", places)
}

// Seconds says how long it takes already; nothing in the first second.
func (a *Attempt) Seconds() phrase.Phrase {
	n := int(a.desk.clock.Now().Sub(a.since) / time.Second)
	if a.stage == StageWaiting {
		return phrase.Count("{{.Count}} seconds left", max(int(a.limit/time.Second)-n, 0), nil)
	}
	if n < 1 {
		return phrase.Phrase{}
	}
	return phrase.Count("{{.Count}} seconds", n, nil)
}

// Left is how much of the time is left that the Host's user has, from 1 to 0, in
// StageWaiting.
func (a *Attempt) Left() float64 {
	if a.limit <= 0 {
		return 0
	}
	return max(0, 1-float64(a.desk.clock.Now().Sub(a.since))/float64(a.limit))
}

// Patience says what it waits for when it takes long.
func (a *Attempt) Patience() phrase.Phrase {
	if a.desk.clock.Now().Sub(a.since) < patience {
		return phrase.Phrase{}
	}
	switch a.step {
	case guest.StepLogon:
		return phrase.New("The Host checks the password. It answers slower after wrong tries.")
	case guest.StepScreen:
		return phrase.New("The Host prepares its screen.")
	case guest.StepSecure:
		return phrase.New("The other side is there and is slow to answer.")
	}
	return phrase.New("It may be off, or a firewall drops the connection. Waiting ends by itself.")
}

// Identity is what the Host shows at first contact, in StageIdentity.
func (a *Attempt) Identity() guest.Identity { return a.ident }

// Level is the encryption level of the connection, in StageIdentity and
// StageLogon.
func (a *Attempt) Level() level.Level {
	if a.stage == StageLogon {
		return level.Of(a.form.Level)
	}
	return level.Of(a.ident.Level)
}

// Form is what the Host asks for, in StageLogon.
func (a *Attempt) Form() guest.Form { return a.form }

// FormNumber counts the forms of this attempt: another number, another form.
func (a *Attempt) FormNumber() int { return a.asked }

// FormError is what stands under the last field after a wrong try.
func (a *Attempt) FormError() phrase.Phrase {
	left := a.form.Left
	switch alone := onlyPassword(a.form); {
	case !a.form.Failed:
		return phrase.Phrase{}
	case alone && left < 0:
		return phrase.New("The password is wrong.")
	case alone:
		return phrase.Count("The password is wrong. {{.Count}} attempts left.", left, nil)
	case left < 0:
		return phrase.New("User or password is wrong.")
	}
	return phrase.Count("User or password is wrong. {{.Count}} attempts left.", left, nil)
}

// onlyPassword tells whether a form asks for a password and nothing else. Of more
// the Host does not tell which is wrong.
func onlyPassword(f guest.Form) bool {
	return len(f.Fields) == 1 && f.Fields[0].Kind == guest.FieldPassword
}

// Trouble is the error, in StageFailed and StageChangedKey.
func (a *Attempt) Trouble() Trouble {
	t := troubleOf(a.fault, a.desk.clock.Now())
	if a.fault.Kind == guest.KindLogonFailed && onlyPassword(a.form) {
		t.Text = phrase.With("The password is wrong, and {{.Host}} takes no more tries now.", args(a.fault))
	}
	return t
}

// Changed is both keys, in StageChangedKey.
func (a *Attempt) Changed() *guest.ChangedKey { return a.fault.Changed }

// KnownUse says how the known key was used, in StageChangedKey.
func (a *Attempt) KnownUse() phrase.Phrase {
	c := a.fault.Changed
	return phrase.Count("Used {{.Count}} times since {{.Date}}", c.Used, phrase.Args{"Date": date(c.Since, a.desk.clock.Now(), longMonth)})
}

// Accept answers StageIdentity.
func (a *Attempt) Accept(matches bool) {
	if a.stage != StageIdentity {
		return
	}
	a.trusted <- matches
	if !matches {
		a.Cancel()
		return
	}
	a.connecting()
}

// Submit answers StageLogon: a value for each field, in order.
func (a *Attempt) Submit(values []string) {
	if a.stage != StageLogon || a.busy || len(values) != len(a.form.Fields) {
		return
	}
	a.busy = true
	a.values <- values
	a.startClock()
	a.changed()
}

// Cancel gives up and closes the window, in every stage, at once.
func (a *Attempt) Cancel() {
	a.cancel()
	a.gone()
}

// Again starts anew after a failure, in the same window.
func (a *Attempt) Again() {
	if a.stage == StageFailed {
		a.desk.run(a)
	}
}

// begin is the state before the engine's first word.
func (a *Attempt) begin() {
	a.step, a.fault = guest.StepResolve, nil
	a.form, a.asked, a.busy = guest.Form{}, 0, false
	a.trusted, a.values = make(chan bool, 1), make(chan []string, 1)
	a.connecting()
}

func (a *Attempt) connecting() {
	a.stage = StageConnecting
	a.startClock()
	a.changed()
}

// waiting is that the Host's user is asked.
func (a *Attempt) waiting(limit time.Duration) {
	a.stage, a.busy, a.limit = StageWaiting, false, limit
	a.startClock()
	a.changed()
}

// startClock counts the seconds of waiting from now.
func (a *Attempt) startClock() {
	a.since = a.desk.clock.Now()
	a.stopClock()
	a.stop = a.desk.clock.After(quiet, a.tick)
}

func (a *Attempt) stopClock() {
	if a.stop != nil {
		a.stop()
		a.stop = nil
	}
}

func (a *Attempt) tick() {
	if a.stage != StageConnecting && a.stage != StageWaiting && !a.busy {
		return
	}
	past := a.desk.clock.Now().Sub(a.since)
	a.stop = a.desk.clock.After(time.Second-past%time.Second, a.tick)
	a.changed()
}

func (a *Attempt) fail(e *guest.Error) {
	a.stopClock()
	a.busy, a.fault = false, e
	trouble := a.Trouble()
	switch {
	case e.Kind == guest.KindChangedKey && e.Changed != nil:
		a.stage = StageChangedKey
	case trouble.Silent:
		a.gone()
		return
	case trouble.Field && a.desk.fieldError(a, trouble.Text):
		a.gone()
		return
	default:
		a.stage = StageFailed
	}
	a.changed()
}

func (a *Attempt) gone() {
	if a.stage == StageGone {
		return
	}
	a.stopClock()
	a.stage = StageGone
	a.desk.forgetAttempt(a)
	a.changed()
}

func (a *Attempt) changed() {
	if a.OnChange != nil {
		a.OnChange()
	}
}
