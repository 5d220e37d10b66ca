package presenter

import (
	"context"
	"errors"

	"impero/core/config"
	"impero/ui/shell/phrase"
)

// Line is one change, in words.
type Line struct {
	Where, Name phrase.Phrase // element; attribute, or what was done to the element
	Old, New    phrase.Phrase
	Effect      phrase.Phrase
	Ends        bool // it restarts something
	Part        bool // it tells what is in the new element above it, and is no change of its own
}

// Plan is what applying would do.
type Plan struct {
	Title   phrase.Phrase
	Lines   []Line
	Warning phrase.Phrase // whose sessions end; empty if none does
	Act     phrase.Phrase // the button
}

// PrepareApply asks the Host whose sessions would end, then the View with the Plan.
func (m *Manager) PrepareApply() {
	if why := m.CanApply(); !why.Empty() {
		m.view.Notice(why)
		return
	}
	if len(m.clashes) > 0 {
		m.ShowConflict()
		return
	}
	m.do(func(ctx context.Context) {
		sessions, err := m.backend.Sessions(ctx)
		m.o.Post(func() {
			switch {
			case errors.Is(err, ErrGone):
				m.lost(err)
			case m.CanApply().Empty():
				m.view.AskApply(m.plan(sessions, err))
			}
		})
	})
}

func (m *Manager) plan(sessions []Session, err error) Plan {
	p := Plan{Title: phrase.Count("Apply {{.Count}} changes to {{.Host}}?", len(m.changes), phrase.Args{"Host": m.place.Host}),
		Lines: m.lines(m.changes), Act: phrase.New("Apply")}
	effect := config.Now
	for _, c := range m.changes {
		if c.Effect == config.RestartsCommunication || c.Effect == config.RestartsHost && effect != config.RestartsCommunication {
			effect = c.Effect
		}
	}
	switch {
	case m.place.Stopped:
	case effect == config.RestartsCommunication:
		p.Act, p.Warning = phrase.New("Apply and restart"), restartWarning(sessions, err)
	case effect == config.RestartsHost:
		p.Warning = phrase.New("Some of it takes effect when the Host is started again. No session ends now.")
	}
	return p
}

func restartWarning(sessions []Session, err error) phrase.Phrase {
	if err != nil {
		return phrase.New("Communication restarts, which ends every session there is.")
	}
	if len(sessions) == 0 {
		return phrase.New("Communication restarts. Nobody is connected now.")
	}
	var names []phrase.Phrase
	for _, s := range sessions {
		name := phrase.With("{{.Guest}} from {{.Address}}", phrase.Args{"Guest": s.Who, "Address": s.From})
		if s.Profile != "" {
			name = phrase.With("{{.Guest}} from {{.Address}} by {{.Profile}}", phrase.Args{"Guest": s.Who, "Address": s.From, "Profile": s.Profile})
		}
		names = append(names, name)
	}
	return phrase.Count("Communication restarts, which ends {{.Count}} sessions: {{.Guests}}.", len(sessions), phrase.Args{"Guests": Commas(names)})
}

// lines are changes in words. What was set in a new element follows it.
func (m *Manager) lines(changes []config.Change) []Line {
	list := make([]Line, 0, len(changes))
	for _, c := range changes {
		l := Line{Where: m.where(c.Path), Old: none, New: none, Effect: key(c.Effect.Name()), Ends: c.Effect >= config.RestartsCommunication && !m.place.Stopped}
		kind := phrase.Args{"Kind": key(c.Element.Name)}
		switch c.Kind {
		case config.Made:
			l.Name, l.New = phrase.With("New: {{.Kind}}", kind), phrase.Plain(c.New)
		case config.Deleted:
			l.Name, l.Old, l.New = phrase.With("Deleted: {{.Kind}}", kind), phrase.Plain(c.Old), phrase.New("gone")
		case config.Renamed:
			l.Name, l.Old, l.New = phrase.With("Renamed: {{.Kind}}", kind), phrase.Plain(c.Old), phrase.Plain(c.New)
		default:
			l.Name, l.Old, l.New = key(c.Attribute.Name), valueWords(c.Attribute, c.Old), valueWords(c.Attribute, c.New)
			if c.Attribute.Kind == config.Secret {
				l.New = secretWords(c.New)
			}
		}
		list = append(list, l)
		if c.Kind == config.Made {
			list = m.inside(list, c.Path, phrase.Phrase{})
		}
	}
	return list
}

// inside adds what is set in a new element, and below it.
func (m *Manager) inside(list []Line, p config.Path, where phrase.Phrase) []Line {
	kind, err := m.doc.Element(p)
	if err != nil {
		return list
	}
	for _, a := range kind.Attributes {
		value, err := m.doc.Get(p, a.XML)
		if err != nil || value == a.Default || a.XML == kind.Label && where.Empty() {
			continue
		}
		l := Line{Where: where, Name: key(a.Name), Old: valueWords(a, a.Default), New: valueWords(a, value), Part: true}
		if a.Kind == config.Secret {
			l.New = secretWords(value)
		}
		list = append(list, l)
	}
	for _, c := range m.doc.Children(p) {
		list = m.inside(list, c, m.where(c))
	}
	return list
}

func secretWords(now string) phrase.Phrase {
	if now == "" {
		return phrase.New("Not set")
	}
	return phrase.New("a new password")
}

// Apply hands the changes to the Host.
func (m *Manager) Apply() {
	if !m.CanApply().Empty() {
		return
	}
	d, revision := m.doc.Clone(), m.base.Revision
	n := len(m.changes)
	m.busy = m.do(func(ctx context.Context) {
		faults, err := m.backend.Check(ctx, d)
		if err == nil && len(faults) > 0 {
			err = &config.InvalidError{Faults: faults}
		}
		var out Outcome
		if err == nil {
			out, err = m.backend.Apply(ctx, d, revision)
		}
		m.o.Post(func() { m.applied(n, out, err) })
	})
	m.view.Show(PartState)
}

func (m *Manager) applied(n int, out Outcome, err error) {
	m.busy = false
	if m.missed {
		m.missed = false
		defer m.reload()
	}
	var conflict *ConflictError
	switch {
	case err == nil:
		m.steps, m.done = nil, 0
		m.take(out.Snapshot)
		m.tellApplied(n, out)
		m.judge()
		m.view.Applied(true)
		return
	case errors.As(err, &conflict):
		m.meanwhile(conflict.Now)
		m.judge()
		m.view.Notice(phrase.New("Nothing was applied: somebody else changed the configuration. Look at it, then apply again."))
		m.ShowConflict()
		return
	case errors.Is(err, ErrGone):
		m.lost(err)
		return
	}
	m.refused(err)
	m.view.Applied(false)
	m.view.Show(PartAll)
}

// refused tells why the Host did not take the changes.
func (m *Manager) refused(err error) {
	var invalid *config.InvalidError
	var denied *DeniedError
	var fault *config.Fault
	switch {
	case errors.As(err, &invalid):
		for _, f := range invalid.Faults {
			m.say(Wrong, MessageWords(f.Message), f.Path, f.Attribute)
		}
	case errors.As(err, &fault):
		m.say(Wrong, MessageWords(fault.Message), fault.Path, fault.Attribute)
	case errors.As(err, &denied):
		m.say(Wrong, phrase.New("The maintenance password is wrong. Type the one in force into Old Password."), localPath+"/HostComputer/Security/Maintenance", "OldPassword")
	case errors.Is(err, ErrNotAllowed):
		m.rights.Change, m.rights.Reason = false, phrase.New("Your account may not change the configuration.")
		m.say(Wrong, m.rights.Reason, "", "")
	default:
		m.say(Wrong, phrase.With("Nothing was applied: {{.Reason}}", phrase.Args{"Reason": err.Error()}), "", "")
	}
	m.view.Notice(phrase.New("Nothing was applied. Messages say why."))
}

func (m *Manager) tellApplied(n int, out Outcome) {
	text := phrase.Count("{{.Count}} changes applied.", n, nil)
	m.say(Good, text, "", "")
	if out.Restarted {
		m.say(Info, phrase.Count("Communication was restarted, which ended {{.Count}} sessions.", out.Ended, nil), "", "")
	}
	if out.Pending {
		m.say(Warning, phrase.New("Something takes effect only when the Host is started again."), "", "")
	}
	m.view.Notice(text)
}

// Discard forgets the waiting changes.
func (m *Manager) Discard() {
	if m.doc == nil {
		return
	}
	m.steps, m.done = nil, 0
	m.take(m.base)
	m.judge()
}
