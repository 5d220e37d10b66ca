package presenter

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"impero/core/guest"
	"impero/ui/shell/phrase"
)

// statusTime is how long a message stays in the status bar.
const statusTime = 8 * time.Second

// maxMatches bounds what the Host field offers.
const maxMatches = 8

// Windows are what the desk opens; the view implements it. All calls come on
// the UI goroutine.
type Windows interface {
	// Changed repaints the main window, if there is one.
	Changed()
	// Attempt opens the window of an attempt.
	Attempt(*Attempt)
	// Session opens the window of a session.
	Session(*Live)
	// Raise brings the window of a session to the front.
	Raise(*Live)
}

// Config is what a Desk is made of.
type Config struct {
	Engine  Engine
	Post    func(func()) // runs a function on the UI goroutine
	Clock   Clock        // nil for WallClock
	Windows Windows
	// FieldErrors tells that there is a Host field that shows errors.
	FieldErrors bool
}

// Desk is the Guest as a whole: what the main window shows, the attempts and
// the sessions.
type Desk struct {
	engine  Engine
	post    func(func())
	clock   Clock
	windows Windows
	field   bool

	ctx      context.Context
	stop     context.CancelFunc
	running  sync.WaitGroup
	attempts []*Attempt
	sessions []*Live
	wrong    phrase.Phrase // under the Host field
	status   phrase.Phrase
	hush     func() // stops the clock of status
	sequence int    // of sessions
	past     int
}

// NewDesk makes a desk; Close ends it.
func NewDesk(c Config) *Desk {
	if c.Clock == nil {
		c.Clock = WallClock(c.Post)
	}
	d := &Desk{engine: c.Engine, post: c.Post, clock: c.Clock, windows: c.Windows, field: c.FieldErrors}
	d.ctx, d.stop = context.WithCancel(context.Background())
	return d
}

// Close ends all attempts and sessions and returns when their goroutines are
// gone. Nothing is posted that still does anything.
func (d *Desk) Close() {
	d.stop()
	d.running.Wait()
}

// Connect starts an attempt. What cannot be an address is said under the Host
// field; a Host that already has a session gets its window to the front, since
// a Guest has one session with a Host. It returns nil in both cases.
func (d *Desk) Connect(typed, profile string, logon Logon) *Attempt {
	target, err := d.engine.Target(typed, profile)
	if err != nil {
		d.wrong = troubleOf(asError(err), d.clock.Now()).Text
		d.windows.Changed()
		return nil
	}
	return d.connectTo(target, logon)
}

// connectTo is Connect with a target.
func (d *Desk) connectTo(target guest.Target, logon Logon) *Attempt {
	d.wrong = phrase.Phrase{}
	for _, l := range d.sessions {
		if l.Info().Target == target && !l.Over() {
			d.windows.Raise(l)
			d.Say(phrase.With("There is a session with {{.Host}} already.", phrase.Args{"Host": target.Host}))
			return nil
		}
	}
	a := &Attempt{desk: d, target: target, logon: logon}
	d.attempts = append(d.attempts, a)
	d.run(a)
	d.windows.Attempt(a)
	d.windows.Changed()
	return a
}

// run connects on a goroutine of its own.
func (d *Desk) run(a *Attempt) {
	ctx, cancel := context.WithCancel(d.ctx)
	a.cancel = cancel
	a.begin()
	p := &prompter{attempt: a, post: d.post, ctx: ctx, trusted: a.trusted, values: a.values, logon: a.logon}
	a.logon.Password = "" // a second try asks
	d.running.Add(1)
	go func() {
		defer d.running.Done()
		s, err := d.engine.Connect(ctx, a.target, p)
		d.post(func() { d.finish(a, s, err) })
		if err == nil {
			select {
			case <-s.Done():
			case <-d.ctx.Done():
				s.Close()
			}
		}
		cancel()
	}()
}

// finish takes what Connect returned.
func (d *Desk) finish(a *Attempt, s Session, err error) {
	switch {
	case d.ctx.Err() != nil: // run closes s
	case a.stage == StageGone:
		if s != nil {
			d.closing(s)
		}
	case err != nil:
		d.past++
		a.fail(asError(err))
	default:
		l := newLive(d, s)
		d.sessions = append(d.sessions, l)
		d.windows.Session(l)
		l.watch()
		a.gone()
	}
	d.windows.Changed()
}

// closing ends a session without waiting for it.
func (d *Desk) closing(s Session) {
	d.running.Add(1)
	go func() {
		defer d.running.Done()
		s.Close()
	}()
}

// fieldError says an error under the Host field, if there is one and a belongs
// to what stands in it.
func (d *Desk) fieldError(a *Attempt, text phrase.Phrase) bool {
	if !d.field {
		return false
	}
	d.wrong = text
	d.windows.Changed()
	return true
}

func (d *Desk) forgetAttempt(a *Attempt) {
	d.attempts = slices.DeleteFunc(d.attempts, func(b *Attempt) bool { return a == b })
	d.windows.Changed()
}

// FieldError is what stands under the Host field; empty for the helper line.
func (d *Desk) FieldError() phrase.Phrase { return d.wrong }

// Typed is called when the text of the Host field changes: the error was about
// the old one.
func (d *Desk) Typed() {
	if !d.wrong.Empty() {
		d.wrong = phrase.Phrase{}
		d.windows.Changed()
	}
}

// Say shows a message in the status bar for a while.
func (d *Desk) Say(p phrase.Phrase) {
	if d.hush != nil {
		d.hush()
	}
	d.status = p
	d.hush = d.clock.After(statusTime, func() {
		d.status = phrase.Phrase{}
		d.windows.Changed()
	})
	d.windows.Changed()
}

// Status is the state in words: a message, else what is going on.
func (d *Desk) Status() phrase.Phrase {
	if !d.status.Empty() {
		return d.status
	}
	for _, a := range d.attempts {
		if a.stage != StageFailed && a.stage != StageChangedKey {
			return phrase.With("Connecting to {{.Host}}", phrase.Args{"Host": a.target.Host})
		}
	}
	return phrase.New("Ready")
}

// Past is another number after the list of recent Hosts has changed.
func (d *Desk) Past() int { return d.past }

// Sessions lists the open sessions, the oldest first.
func (d *Desk) Sessions() []*Live { return d.sessions }

// Open counts the sessions that have not ended.
func (d *Desk) Open() int {
	n := 0
	for _, l := range d.sessions {
		if !l.Over() {
			n++
		}
	}
	return n
}

// Matches lists Hosts of the past whose name holds what was typed, those that
// begin with it first, as they are typed with a profile.
func (d *Desk) Matches(typed, profile string) []string {
	usual := guest.DefaultPort
	if p, ok := d.profile(profile); ok {
		usual = p.Port
	}
	typed = strings.ToLower(strings.TrimSpace(typed))
	var begin, within []string
	seen := map[string]bool{}
	for _, r := range d.engine.Recent() {
		name := r.Target.Short(usual)
		low := sameName(name)
		if r.Unlisted || seen[low] {
			continue
		}
		seen[low] = true
		switch {
		case strings.HasPrefix(low, typed):
			begin = append(begin, name)
		case strings.Contains(low, typed):
			within = append(within, name)
		}
	}
	all := append(begin, within...)
	return all[:min(len(all), maxMatches)]
}
