package presenter

import (
	"impero/core/config"
	"impero/ui/shell/phrase"
)

// rowKey names one attribute of one element.
type rowKey struct {
	path      config.Path
	attribute string // XML name; "" for the element itself
}

// waiting says where the changes are that are not applied.
type waiting struct {
	rows  map[rowKey]bool
	made  map[config.Path]bool // elements that are new: all their rows wait
	own   map[config.Path]bool // elements with a change in them
	below map[config.Path]bool // elements with a change in them or below
}

// take makes a configuration the one in force and does the steps on top of it.
func (m *Manager) take(s Snapshot) {
	m.base = s
	m.doc = s.Document.Clone()
	if len(m.steps) > 0 {
		m.replay()
	}
	if m.done == 0 {
		m.theirs = map[rowKey]bool{}
	}
}

// judge finds out what waits, what is wrong and what is to be shown.
func (m *Manager) judge() {
	m.changes = config.Diff(m.base.Document, m.doc)
	m.faults = m.doc.Validate()
	m.findClashes()
	m.index()
	for m.selected != config.Root {
		if _, err := m.doc.Element(m.selected); err == nil {
			break
		}
		m.selected = m.selected.Parent()
	}
	m.flatten()
	m.fillRows()
	m.stand()
	m.view.Show(PartAll)
}

func (m *Manager) index() {
	m.waiting = waiting{rows: map[rowKey]bool{}, made: map[config.Path]bool{}, own: map[config.Path]bool{}, below: map[config.Path]bool{}}
	for _, c := range m.changes {
		at := c.Path
		switch c.Kind {
		case config.Made:
			m.waiting.made[at] = true
		case config.Deleted:
			at = at.Parent()
		default:
			m.waiting.rows[rowKey{at, c.Attribute.XML}] = true
		}
		m.waiting.own[at] = true
		for ; at != "" && !m.waiting.below[at]; at = at.Parent() {
			m.waiting.below[at] = true
		}
	}
	m.wrong, m.faulty = map[rowKey]*config.Fault{}, map[config.Path]bool{}
	for _, f := range m.faults {
		m.faulty[f.Path] = true
		for at := f.Path; at != ""; at = at.Parent() {
			if k := (rowKey{at, ""}); m.wrong[k] == nil {
				m.wrong[k] = f
			}
		}
		if k := (rowKey{f.Path, f.Attribute}); m.wrong[k] == nil {
			m.wrong[k] = f
		}
	}
}

// BannerAct is what the button of a Banner does.
type BannerAct uint8

// The acts.
const (
	BannerNothing  BannerAct = 0
	BannerAgain    BannerAct = 1 // Start
	BannerConflict BannerAct = 2 // ShowConflict
)

// Banner is a state that lasts.
type Banner struct {
	Text    phrase.Phrase
	Act     BannerAct
	Label   phrase.Phrase
	Command string // to be copied; empty for none
	Grave   bool   // nothing can be applied
}

// Banner gives the gravest state that lasts; nil if there is none.
func (m *Manager) Banner() *Banner {
	switch {
	case m.phase == Gone && m.shut:
		return &Banner{Text: m.reason, Act: BannerAgain, Label: phrase.New("Log on…"), Grave: true}
	case m.phase == Gone:
		return &Banner{Text: m.reason, Act: BannerAgain, Label: phrase.New("Try again"), Command: m.place.Start, Grave: true}
	case m.phase == Ready && len(m.clashes) > 0:
		text := phrase.Count("Somebody else changed {{.Count}} values that you changed too. Yours are kept, and still wait.", len(m.clashes), nil)
		return &Banner{Text: text, Act: BannerConflict, Label: phrase.New("Show changes…")}
	case m.phase == Ready && !m.rights.Change:
		return &Banner{Text: m.rights.Reason}
	case m.phase == Ready && !m.base.Trouble.Empty():
		return &Banner{Text: m.base.Trouble}
	}
	return nil
}
