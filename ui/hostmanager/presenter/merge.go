package presenter

import (
	"impero/core/config"
	"impero/ui/shell/phrase"
)

// meanwhile puts what somebody else made of the configuration under the changes that wait. Values that both changed keep
// this person's and are remembered as theirs, until the person has looked at them.
func (m *Manager) meanwhile(s Snapshot) {
	theirs := config.Diff(m.base.Document, s.Document)
	for _, c := range theirs {
		if c.Kind == config.Renamed {
			m.follow(c)
		}
		m.theirs[changed(c)] = true
	}
	m.take(s)
	if len(config.Diff(m.base.Document, m.doc)) == 0 { // they did the same
		m.say(Info, seenWords, "", "")
	} else {
		m.say(Info, phrase.Count("Somebody else made {{.Count}} changes. Yours are kept, and still wait.", len(theirs), nil), "", "")
	}
	m.view.Applied(false) // an open Apply tells of a state that is over
}

// seenWords say that nothing waits, so that all that others changed is simply shown.
var seenWords = phrase.New("Somebody else changed the configuration. You see it as it is now.")

// changed is what a change is about: an attribute, or an element as a whole.
func changed(c config.Change) rowKey {
	if c.Attribute == nil {
		return rowKey{c.Path, ""}
	}
	return rowKey{c.Path, c.Attribute.XML}
}

// follow gives the steps the new name of an element that somebody else renamed. Whether it is the same thing under another
// name only a person can tell, so that values set in it are told as changed by both.
func (m *Manager) follow(c config.Change) {
	was := c.Path.Parent().Instance(c.Element.XML, c.Old)
	move := func(p config.Path) config.Path {
		if p == was || isBelow(p, was) {
			return c.Path + p[len(was):]
		}
		return p
	}
	for i, s := range m.steps {
		moved, ok := s.(mover)
		if !ok {
			continue
		}
		m.steps[i] = moved.moved(move)
		if set, ok := m.steps[i].(setStep); ok && set != s {
			m.theirs[rowKey{set.path, set.attribute}] = true
		}
	}
	m.selected = move(m.selected)
}

// clash says whether a change that waits is about something that somebody else changed too.
func (m *Manager) clash(c config.Change) bool {
	switch c.Kind {
	case config.Changed:
		return m.theirs[changed(c)]
	case config.Renamed:
		return m.theirs[rowKey{c.Path.Parent().Instance(c.Element.XML, c.Old), c.Attribute.XML}]
	case config.Deleted:
		for k := range m.theirs {
			if k.path == c.Path || isBelow(k.path, c.Path) {
				return true
			}
		}
	}
	return false
}

// findClashes lists the changes that wait and that somebody else made too, in another way.
func (m *Manager) findClashes() {
	m.clashes = m.clashes[:0]
	m.clashing = map[rowKey]bool{}
	if len(m.theirs) == 0 {
		return
	}
	for _, c := range m.changes {
		if m.clash(c) {
			m.clashes = append(m.clashes, c)
			m.clashing[changed(c)] = true
		}
	}
}

// clashWords is a value that both changed, for the messages.
func (m *Manager) clashWords(c config.Change) phrase.Phrase {
	switch c.Kind {
	case config.Deleted:
		return phrase.With("Somebody else changed {{.Name}}, which you delete.", phrase.Args{"Name": c.Old})
	case config.Renamed:
		return phrase.With("Somebody else called it {{.Theirs}}; you call it {{.Mine}}.", phrase.Args{"Theirs": c.Old, "Mine": c.New})
	}
	name := key(c.Attribute.Name)
	if c.Attribute.Kind == config.Secret {
		return phrase.With("{{.Attribute}}: somebody else set another one too. Yours still waits.", phrase.Args{"Attribute": name})
	}
	return phrase.With("{{.Attribute}}: somebody else made it {{.Theirs}}. Yours, {{.Mine}}, still waits.",
		phrase.Args{"Attribute": name, "Theirs": valueWords(c.Attribute, c.Old), "Mine": valueWords(c.Attribute, c.New)})
}

// ShowConflict shows what both changed.
func (m *Manager) ShowConflict() {
	if len(m.clashes) > 0 {
		m.view.AskConflict(m.lines(m.clashes))
	}
}

// KeepMine leaves the values that both changed as this person wants them: they can be applied.
func (m *Manager) KeepMine() {
	m.theirs = map[rowKey]bool{}
	m.judge()
}

// TakeTheirs makes the values that both changed those of the other person. It can be undone.
func (m *Manager) TakeTheirs() {
	if !m.Editable() {
		return
	}
	list := m.clashes
	m.clashes = nil
	m.theirs = map[rowKey]bool{}
	for _, c := range list {
		s := revertStep{c, m.base.Document, m.before(c.Path)}
		now, _, err := s.do(m.doc)
		if err != nil {
			m.dropped(s, err)
			continue
		}
		m.doc, m.steps = now, append(m.steps[:m.done:m.done], s)
		m.done++
	}
	m.judge()
}

// before is where an element stands in what is in force, which may have another name there.
func (m *Manager) before(p config.Path) config.Path {
	for _, c := range m.changes {
		if c.Kind == config.Renamed && (p == c.Path || isBelow(p, c.Path)) {
			return c.Path.Parent().Instance(c.Element.XML, c.Old) + p[len(c.Path):]
		}
	}
	return p
}
