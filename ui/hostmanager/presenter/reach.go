package presenter

import (
	"context"
	"errors"
	"time"

	"impero/ui/shell/phrase"
)

// The pauses after which a Host that is gone is looked for again: the first, and the longest; each is twice the one before.
const (
	firstPause = time.Second
	maxPause   = time.Minute
)

// reach is how a Host that is gone is looked for.
type reach struct {
	seeking bool          // it is looked for now
	quiet   bool          // not because the person asked for it
	pause   time.Duration // before the next try
	next    time.Time     // when that is; zero for none
	shut    bool          // it is there, and wants the person to log on again
}

// Start looks for the Host's service, at first and again after it was gone.
func (m *Manager) Start() {
	if m.doc == nil {
		m.phase = Connecting
	}
	m.reach = reach{}
	m.seek()
	m.view.Show(PartState)
}

func (m *Manager) seek() {
	m.seeking = m.do(func(ctx context.Context) {
		place, err := m.backend.Hello(ctx)
		m.o.Post(func() { m.greeted(place, err) })
	})
}

// again looks for a Host that is gone, by itself.
func (m *Manager) again() {
	if m.phase == Gone && !m.seeking && !m.shut {
		m.quiet = true
		m.seek()
	}
}

func (m *Manager) greeted(place Place, err error) {
	if err != nil {
		m.place.Start = place.Start // it is known without an answer, and what the person needs
		m.lost(err)
		return
	}
	m.place = place
	if place.Wants == WantsNothing {
		m.LogOn(Account{})
		return
	}
	if m.quiet && m.doc != nil {
		m.lockedOut() // a question in the midst of an edit would take its keys
		return
	}
	m.phase, m.seeking = Asking, false
	m.view.Show(PartState)
	m.view.AskAccount(phrase.Phrase{})
}

// lockedOut says that the Host is back and wants an account or password again, and keeps all that is shown.
func (m *Manager) lockedOut() {
	m.phase, m.reach = Gone, reach{shut: true}
	m.reason = phrase.New("The Host service is back. Log on again to go on; your changes are kept.")
	m.say(Info, m.reason, "", "")
	m.view.Show(PartAll)
}

// GiveUpLogOn says that the person gives no account; it returns whether there is something to go on showing.
func (m *Manager) GiveUpLogOn() bool {
	if m.doc == nil {
		return false
	}
	m.lockedOut()
	return true
}

// LogOn gives the Host what it wants.
func (m *Manager) LogOn(a Account) {
	m.do(func(ctx context.Context) {
		rights, err := m.backend.Open(ctx, a)
		m.o.Post(func() { m.opened(a, rights, err) })
	})
}

func (m *Manager) opened(a Account, r Rights, err error) {
	var denied *DeniedError
	switch {
	case errors.As(err, &denied):
		m.view.AskAccount(deniedWords(denied, a.Maintenance != ""))
	case err != nil:
		m.lost(err)
	default:
		m.rights = r
		m.load(m.loaded)
	}
}

// lost keeps all that is shown, says why nothing can be applied, and has it looked for again.
func (m *Manager) lost(err error) {
	reason := goneWords(err, m.place)
	same := m.phase == Gone && reason.String() == m.reason.String()
	switch {
	case !same:
		m.say(Warning, reason, "", "")
	case m.seeking && !m.quiet:
		m.view.Notice(reason)
	}
	if m.seeking || m.pause == 0 {
		m.pause = min(max(2*m.pause, firstPause), maxPause)
	}
	m.phase, m.reason, m.busy, m.shut, m.seeking = Gone, reason, false, false, false
	m.next = m.o.Now().Add(m.pause)
	select {
	case <-m.wait: // the newest pause counts
	default:
	}
	m.wait <- m.pause
	m.view.Applied(false)
	m.view.Show(PartAll)
}
