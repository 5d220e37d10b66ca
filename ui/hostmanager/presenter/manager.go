package presenter

import (
	"context"
	"sync"
	"time"

	"impero/core/config"
	"impero/ui/shell/phrase"
)

// maxWork bounds what waits for the Backend. More can only come from a button that is pressed again and again; it is
// dropped.
const maxWork = 16

// Part is what of the window reads differently; parts are added up.
type Part uint8

// The parts.
const (
	PartTree     Part = 1
	PartTable    Part = 2 // with the path over it and the hint under it
	PartMessages Part = 4
	PartState    Part = 8 // toolbar, banner, status bar
	PartAll      Part = PartTree | PartTable | PartMessages | PartState
)

// View is what a Manager tells; all of it is called on the goroutine of the window.
type View interface {
	// Show says that parts read differently.
	Show(Part)
	// AskAccount asks for what Place.Wants; trouble is what was wrong with the last answer, empty the first time.
	AskAccount(trouble phrase.Phrase)
	// AskApply shows what would be applied.
	AskApply(Plan)
	// AskConflict shows what somebody else and this person changed both, in the order of the tree: Old is theirs, New is this person's.
	AskConflict(both []Line)
	// Applied says that the changes were applied, or that it failed: an open Apply can go.
	Applied(ok bool)
	// Notice says what has happened, for a few seconds.
	Notice(phrase.Phrase)
}

// Phase is how far a Manager is.
type Phase uint8

// The phases.
const (
	Connecting Phase = 1 // nothing is known yet
	Asking     Phase = 2 // the person has to log on
	Ready      Phase = 3
	Gone       Phase = 4 // the Host's service does not answer; what was shown stays
)

// Options are what a Manager needs beside the Backend.
type Options struct {
	// Post runs a function on the goroutine of the window, soon and in order.
	Post func(func())
	// Say puts a phrase into the person's language; search needs it. Nil says it in English.
	Say func(phrase.Phrase) string
	// Now is the clock; nil for the computer's.
	Now func() time.Time
}

// Manager is Host Manager without its window. Its methods belong to the goroutine of the window, but for Run.
type Manager struct {
	backend Backend
	view    View
	o       Options
	work    chan func(context.Context)
	ready   chan struct{} // tells the watcher that the Host answers
	wait    chan time.Duration
	reach

	phase  Phase
	place  Place
	rights Rights
	reason phrase.Phrase // why the phase is Gone
	busy   bool          // something is being applied

	base   Snapshot         // what is in force
	doc    *config.Document // with the steps done; nil before it was loaded
	steps  []step
	done   int             // steps of steps that are done; the others were undone
	theirs map[rowKey]bool // what somebody else changed since the steps began, and the person has not looked at
	missed bool            // somebody else changed something while this person's changes were applied

	changes  []config.Change // from base to doc
	clashes  []config.Change // those of changes that are about theirs
	clashing map[rowKey]bool
	waiting  waiting
	faults   []*config.Fault
	wrong    map[rowKey]*config.Fault // also of the elements around, under the empty attribute
	faulty   map[config.Path]bool     // elements with a fault in them

	open     map[config.Path]bool
	nodes    []Node
	selected config.Path
	row      string // attribute that the hint is about
	rows     []Row
	only     bool // Changed only
	trail    trail
	log      []Message
	words    map[string]string // texts of the search by their keys
	people   map[SystemName]presence
}

// New makes a Manager; nothing happens before Run and Start.
func New(b Backend, v View, o Options) *Manager {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Say == nil {
		o.Say = phrase.Phrase.String
	}
	return &Manager{backend: b, view: v, o: o, work: make(chan func(context.Context), maxWork), ready: make(chan struct{}, 1),
		wait:  make(chan time.Duration, 1),
		phase: Connecting, theirs: map[rowKey]bool{}, open: map[config.Path]bool{}, words: map[string]string{}, people: map[SystemName]presence{}}
}

// Run speaks to the Backend until ctx ends; it is called on a goroutine of its own.
func (m *Manager) Run(ctx context.Context) {
	var watching sync.WaitGroup
	watching.Go(func() { m.watch(ctx) })
	defer watching.Wait()
	again := time.NewTimer(0)
	defer again.Stop()
	again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case f := <-m.work:
			f(ctx)
		case pause := <-m.wait:
			again.Reset(pause)
		case <-again.C:
			m.o.Post(m.again)
		}
	}
}

// watch hears of changes that others make, whenever the Host answers.
func (m *Manager) watch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.ready:
		}
		err := m.backend.Watch(ctx, func() { m.o.Post(m.reload) })
		if ctx.Err() == nil {
			m.o.Post(func() { m.lost(err) })
		}
	}
}

// do hands work to Run; it returns whether there was room.
func (m *Manager) do(f func(context.Context)) bool {
	select {
	case m.work <- f:
		return true
	default:
		return false
	}
}

func (m *Manager) load(then func(Snapshot)) {
	m.do(func(ctx context.Context) {
		s, err := m.backend.Load(ctx)
		m.o.Post(func() {
			if err != nil {
				m.lost(err)
				return
			}
			then(s)
		})
	})
}

// loaded takes the configuration after a logon: for the first time, or again with the steps that wait.
func (m *Manager) loaded(s Snapshot) {
	first := m.doc == nil
	m.phase, m.reach = Ready, reach{}
	if first || m.done == 0 || s.Revision == m.base.Revision {
		m.take(s)
	} else {
		m.meanwhile(s)
	}
	if first {
		m.openBranches()
		m.selected = startPath
	}
	if s.Trouble.Empty() { // else that is what counts
		m.say(Good, phrase.With("Configuration read from {{.Service}}.", phrase.Args{"Service": m.place.Service}), "", "")
	}
	select {
	case m.ready <- struct{}{}:
	default:
	}
	m.judge()
}

// reload looks what somebody else changed.
func (m *Manager) reload() {
	if m.busy {
		m.missed = true
	}
	if m.phase == Ready && !m.busy {
		m.load(m.reloaded)
	}
}

func (m *Manager) reloaded(s Snapshot) {
	switch {
	case m.busy:
		m.missed = true
		return
	case s.Revision == m.base.Revision:
		if s.Trouble.String() == m.base.Trouble.String() {
			return
		}
		m.base.Trouble, m.base.Written = s.Trouble, s.Written
	case m.done == 0:
		m.take(s)
		m.say(Info, seenWords, "", "")
	default:
		m.meanwhile(s)
	}
	m.judge()
}

// Phase says how far it is.
func (m *Manager) Phase() Phase { return m.phase }

// Place says what it speaks to; the zero Place before that is known.
func (m *Manager) Place() Place { return m.place }

// Rights say who the person is and what it may.
func (m *Manager) Rights() Rights { return m.rights }

// Loaded says whether there is a configuration to show.
func (m *Manager) Loaded() bool { return m.doc != nil }

// Editable says whether values can be changed now; why not is in the Banner. What waits while the Host is gone can
// still be changed.
func (m *Manager) Editable() bool { return m.doc != nil && m.rights.Change && !m.busy }

// Waiting says how many changes are not applied yet.
func (m *Manager) Waiting() int { return len(m.changes) }

// Faults says how many values are wrong.
func (m *Manager) Faults() int { return len(m.faults) }

// CanApply says whether there is something to apply that can be, and if not, why; empty if it can.
func (m *Manager) CanApply() phrase.Phrase {
	switch {
	case m.doc == nil || m.phase == Connecting || m.phase == Asking:
		return phrase.New("No configuration is loaded.")
	case m.phase == Gone:
		return phrase.New("The configuration is out of reach. Your changes are kept.")
	case !m.rights.Change:
		return m.rights.Reason
	case m.busy:
		return phrase.New("The changes are being applied.")
	case len(m.changes) == 0:
		return phrase.New("Nothing was changed.")
	case len(m.faults) > 0:
		return phrase.New("A value is not right yet. Messages say where.")
	}
	return phrase.Phrase{}
}
