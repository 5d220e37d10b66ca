package presenter

import "impero/core/config"

// step is one thing a person did. All are kept until they are applied: a person makes few. They are done again after an undo and on top of what others changed.
type step interface {
	// do does it in d, or gives another document in the place of d, and says which element it is about.
	do(d *config.Document) (now *config.Document, about config.Path, err error)
}

type setStep struct {
	path             config.Path
	attribute, value string
}

func (s setStep) do(d *config.Document) (*config.Document, config.Path, error) {
	return d, s.path, d.Set(s.path, s.attribute, s.value)
}

type renameStep struct {
	path  config.Path
	label string
}

func (s renameStep) do(d *config.Document) (*config.Document, config.Path, error) {
	p, err := d.Rename(s.path, s.label)
	return d, p, err
}

type makeStep struct {
	parent config.Path
	xml    string
}

func (s makeStep) do(d *config.Document) (*config.Document, config.Path, error) {
	p, err := d.Make(s.parent, s.xml)
	return d, p, err
}

type copyStep struct{ path config.Path }

func (s copyStep) do(d *config.Document) (*config.Document, config.Path, error) {
	p, err := d.Copy(s.path)
	return d, p, err
}

type deleteStep struct{ path config.Path }

func (s deleteStep) do(d *config.Document) (*config.Document, config.Path, error) {
	return d, s.path.Parent(), d.Delete(s.path)
}

type importStep struct{ text []byte }

func (s importStep) do(d *config.Document) (*config.Document, config.Path, error) {
	next, err := d.Import(s.text)
	if err != nil {
		return d, "", err
	}
	return next, "", nil
}

// revertStep takes back one change of this person, so that what somebody else made of it holds.
type revertStep struct {
	change config.Change
	was    *config.Document
	from   config.Path
}

func (s revertStep) do(d *config.Document) (*config.Document, config.Path, error) {
	return d, s.change.Path, d.Revert(s.change, s.was, s.from)
}

// mover is a step about an element, which somebody else may have renamed meanwhile.
type mover interface {
	moved(func(config.Path) config.Path) step
}

func (s setStep) moved(to func(config.Path) config.Path) step {
	return setStep{to(s.path), s.attribute, s.value}
}

func (s renameStep) moved(to func(config.Path) config.Path) step {
	return renameStep{to(s.path), s.label}
}

func (s makeStep) moved(to func(config.Path) config.Path) step { return makeStep{to(s.parent), s.xml} }

func (s copyStep) moved(to func(config.Path) config.Path) step { return copyStep{to(s.path)} }

func (s deleteStep) moved(to func(config.Path) config.Path) step { return deleteStep{to(s.path)} }

// run does a step for the first time. It shows what it is about, and returns whether it could be done.
func (m *Manager) run(s step) (config.Path, error) {
	if !m.Editable() {
		return "", ErrNotAllowed
	}
	now, about, err := s.do(m.doc)
	if err != nil {
		return "", err
	}
	m.doc = now
	m.steps = append(m.steps[:m.done:m.done], s)
	m.done++
	if about != "" && about != m.selected {
		m.visit(about)
	}
	m.judge()
	return about, nil
}

// CanUndo says whether there is a step to take back.
func (m *Manager) CanUndo() bool { return m.done > 0 && m.Editable() }

// CanRedo says whether a step was undone and nothing was done since.
func (m *Manager) CanRedo() bool { return m.done < len(m.steps) && m.Editable() }

// Undo takes the last step back.
func (m *Manager) Undo() { m.travel(-1, m.CanUndo()) }

// Redo does again what was undone last.
func (m *Manager) Redo() { m.travel(+1, m.CanRedo()) }

func (m *Manager) travel(by int, can bool) {
	if !can {
		return
	}
	m.done += by
	s := m.steps[min(m.done, len(m.steps)-1)]
	if by > 0 {
		s = m.steps[m.done-1]
	}
	about := m.replay()
	if by < 0 {
		about = m.aboutUndone(s)
	}
	if _, err := m.doc.Element(about); err == nil && about != "" && about != m.selected {
		m.visit(about)
	}
	if set, ok := s.(setStep); ok {
		m.row = set.attribute
	}
	m.judge()
}

// aboutUndone is the element that shows what undoing a step did.
func (m *Manager) aboutUndone(s step) config.Path {
	switch s := s.(type) {
	case setStep:
		return s.path
	case renameStep:
		return s.path
	case deleteStep:
		return s.path
	case copyStep:
		return s.path
	case makeStep:
		return s.parent
	case revertStep:
		return s.change.Path
	}
	return ""
}

// replay does the steps on a copy of what is in force. A step that cannot be done there is dropped; it returns what the
// last one is about.
func (m *Manager) replay() config.Path {
	d, about := m.base.Document.Clone(), config.Path("")
	kept := make([]step, 0, len(m.steps))
	done := 0
	for i, s := range m.steps {
		if i >= m.done {
			kept = append(kept, s)
			continue
		}
		now, p, err := s.do(d)
		if err != nil {
			m.dropped(s, err)
			continue
		}
		d, about = now, p
		kept = append(kept, s)
		done++
	}
	m.doc, m.steps, m.done = d, kept, done
	return about
}
