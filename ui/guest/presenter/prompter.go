package presenter

import (
	"context"
	"time"

	"impero/core/guest"
)

// prompter is the person behind an attempt, as the engine sees it. Its methods
// run on the goroutine of Connect and bring everything to the UI goroutine.
type prompter struct {
	attempt *Attempt
	post    func(func())
	ctx     context.Context // of this run: what comes late from an older one is dropped
	trusted <-chan bool
	values  <-chan []string
	logon   Logon
}

// show runs f on the UI goroutine while this run of the attempt still counts.
func (p *prompter) show(f func()) {
	p.post(func() {
		if p.ctx.Err() == nil {
			f()
		}
	})
}

// Progress implements guest.Prompter.
func (p *prompter) Progress(s guest.Step) {
	p.show(func() {
		p.attempt.step = s
		if p.attempt.stage == StageWaiting { // the Host's user said yes
			p.attempt.connecting()
			return
		}
		p.attempt.changed()
	})
}

// Identity implements guest.Prompter.
func (p *prompter) Identity(ctx context.Context, id guest.Identity) (bool, error) {
	a := p.attempt
	p.show(func() {
		a.stopClock()
		a.ident, a.stage = id, StageIdentity
		a.changed()
	})
	select {
	case yes := <-p.trusted:
		return yes, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// Logon implements guest.Prompter. What was given in advance answers the first
// form, if it answers all of it.
func (p *prompter) Logon(ctx context.Context, f guest.Form) ([]string, error) {
	if values, whole := p.logon.fill(&f); whole && !f.Failed {
		return values, nil
	}
	a := p.attempt
	p.show(func() {
		a.stopClock()
		a.form, a.stage, a.busy = f, StageLogon, false
		a.asked++
		a.changed()
	})
	select {
	case values := <-p.values:
		return values, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// AskingUser implements guest.Waiter.
func (p *prompter) AskingUser(limit time.Duration) {
	p.show(func() { p.attempt.waiting(limit) })
}

// fill puts what is known into the fields of a form and tells whether that is
// everything.
func (l Logon) fill(f *guest.Form) (values []string, whole bool) {
	whole = len(f.Fields) > 0
	fields := make([]guest.FormField, len(f.Fields))
	copy(fields, f.Fields)
	f.Fields = fields
	for i := range fields {
		field := &fields[i]
		value := ""
		switch field.Kind {
		case guest.FieldUser:
			if field.Value == "" {
				field.Value = l.User
			}
			value = field.Value
		case guest.FieldPassword:
			value = l.Password
		}
		whole = whole && value != ""
		values = append(values, value)
	}
	return values, whole
}
