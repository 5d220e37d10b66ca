package host

import (
	"context"
	"errors"
	"reflect"
	"time"

	engine "impero/core/host"
	"impero/ui/shell/phrase"
)

// maxWork bounds the commands that wait for the engine. More can only come from
// a button that is pressed again and again; they are dropped.
const maxWork = 16

// View is what a Presenter tells; all of it is called through Options.Post.
type View interface {
	// Show shows a model, another one than before.
	Show(Model)
	// Notice says what has happened, for a few seconds.
	Notice(phrase.Phrase)
}

// Options are what a Presenter needs beside the engine.
type Options struct {
	// Post runs a function on the UI goroutine, soon and in order.
	Post func(func())
	// Now is the clock; nil for the computer's.
	Now func() time.Time
	// Service says that the Host is the computer's service, whose password this window does not set.
	Service bool
}

// Presenter stands between a Host and its window. Its methods may be called
// from any goroutine and do not wait.
type Presenter struct {
	engine Engine
	post   func(func())
	now    func() time.Time
	served bool
	view   View
	work   chan func()
	last   *Model // owned by Run
}

// NewPresenter makes a presenter; it does nothing before Run.
func NewPresenter(e Engine, v View, o Options) *Presenter {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Presenter{engine: e, post: o.Post, now: o.Now, served: o.Service, view: v, work: make(chan func(), maxWork)}
}

// Run shows the engine's state and does what the window asks for until ctx ends.
func (p *Presenter) Run(ctx context.Context) {
	p.publish()
	for {
		// The words for times change at midnight, addresses at any time:
		// once a minute is enough for both. The words of a lost connection count.
		wait := time.Minute
		if p.last.Counting() {
			wait = time.Second
		}
		pause := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			pause.Stop()
			return
		case <-p.engine.Changes():
		case <-pause.C:
		case f := <-p.work:
			f()
		}
		pause.Stop()
		p.publish()
	}
}

// publish shows the state if it reads differently from what is shown.
func (p *Presenter) publish() {
	m := Describe(p.engine.State(), p.now())
	if p.served {
		m = m.ofService()
	}
	if p.last != nil && reflect.DeepEqual(*p.last, m) {
		return
	}
	p.last = &m
	p.post(func() { p.view.Show(m) })
}

// do hands a command to Run.
func (p *Presenter) do(f func()) {
	select {
	case p.work <- f:
	default:
	}
}

func (p *Presenter) notice(text phrase.Phrase) { p.post(func() { p.view.Notice(text) }) }

// Start starts communication. What stands in its way is shown in the model.
func (p *Presenter) Start() {
	p.do(func() {
		switch err := p.engine.Start(); {
		case errors.Is(err, engine.ErrNoPassword):
			said := phrase.New("Choose a password first.")
			if p.served {
				said = phrase.New("An administrator of this computer sets a password first.")
			}
			p.notice(said)
		case err != nil: // the reason stands in the model, perhaps the same as before
			p.notice(phrase.New("Communication could not start"))
		}
	})
}

// Stop stops communication, which ends every session.
func (p *Presenter) Stop() { p.do(p.engine.Stop) }

// Disconnect ends the sessions given.
func (p *Presenter) Disconnect(ids ...uint32) {
	p.do(func() {
		for _, id := range ids {
			p.engine.Disconnect(id)
		}
	})
}

// DisconnectAll ends every session.
func (p *Presenter) DisconnectAll() { p.do(p.engine.DisconnectAll) }

// SetPassword makes pw the Host's password; done gets on the UI goroutine what
// stands in its way, the empty phrase if nothing does.
func (p *Presenter) SetPassword(pw string, done func(phrase.Phrase)) {
	p.do(func() {
		first := !p.engine.State().PasswordSet
		err := p.engine.SetPassword(pw)
		said := passwordTrouble(err)
		p.post(func() { done(said) })
		switch {
		case err != nil:
		case first:
			p.notice(phrase.New("Password set. Guests can log on with it."))
		default:
			p.notice(phrase.New("Password changed. It counts from the next logon on."))
		}
	})
}

// CheckMaintenance looks at the maintenance password for what a scope protects;
// done gets on the UI goroutine what stands in the way, the empty phrase if
// nothing does.
func (p *Presenter) CheckMaintenance(s engine.Scope, pw string, done func(phrase.Phrase)) {
	p.do(func() {
		said := maintenanceTrouble(p.engine.CheckMaintenance(s, pw), p.now())
		p.post(func() { done(said) })
	})
}

// maintenanceTrouble is why a maintenance password was not taken, in words.
func maintenanceTrouble(err error, now time.Time) phrase.Phrase {
	var locked *engine.MaintenanceLockedError
	switch {
	case err == nil:
		return phrase.Phrase{}
	case errors.As(err, &locked):
		return phrase.With("Too many wrong passwords. It is taken again from {{.Time}} on.", phrase.Args{"Time": clock(now.Add(locked.Wait), now)})
	}
	return phrase.New("The maintenance password is wrong.")
}

// passwordTrouble is why a password was not taken, in words.
func passwordTrouble(err error) phrase.Phrase {
	var wrong *engine.PasswordError
	switch {
	case err == nil:
		return phrase.Phrase{}
	case errors.As(err, &wrong):
		return lengthTrouble(wrong.Length)
	}
	return phrase.With("The password was not set, because it could not be kept: {{.Reason}}", phrase.Args{"Reason": err.Error()})
}
