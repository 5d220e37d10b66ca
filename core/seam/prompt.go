package seam

import (
	"fmt"

	"impero/core/wire"
)

// Message numbers of what the agent shows to the user and what he says.
const (
	typeAsk      = 32
	typeAskEnd   = 33
	typeVerdict  = 34
	typeWatching = 35
	typeNotice   = 36
	typeHangUp   = 37
)

// Limits of texts about a Guest, in bytes.
const (
	maxGuest = wire.MaxUser // of an account
	maxFrom  = 64           // of an address
)

// Ask has the user asked whether a Guest may come in, within some seconds. From the daemon.
//
//	id u32 · seconds u16 · user text16 (≤ 256) · computer text8 (≤ 64) · from text8 (≤ 64) · system bool ·
//	permissions u8 count (≤ 64) × u16
//
// User is the account that the Host checked, empty for the Host's own password; system, whether it is one of this system.
// Computer is what the Guest calls itself, which nobody has checked. Permissions are those that it would have.
type Ask struct {
	ID             uint32
	Seconds        uint16
	User, Computer string
	From           string
	System         bool
	Permissions    []uint16
}

// AskEnd takes an Ask back: the Guest gave up, or the time is over. From the daemon.
//
//	id u32
type AskEnd struct{ ID uint32 }

// Answer is what the user says of a Guest.
type Answer uint8

const (
	AnswerAllow  Answer = 1
	AnswerWatch  Answer = 2 // it may see the screen and nothing else
	AnswerRefuse Answer = 3
	AnswerNobody Answer = 4 // there is nobody to ask here
)

// Verdict answers an Ask. From the agent.
//
//	id u32 · answer u8
type Verdict struct {
	ID     uint32
	Answer Answer
}

// Watcher is a Guest that sees the screen now.
type Watcher struct {
	Session  uint32
	Name     string // of the Guest, ≤ 256 bytes
	Controls bool   // it may use keyboard and mouse
}

// Watching says who sees the screen now, all of them, at each change; nobody is an empty list. From the daemon.
//
//	watchers u8 count (≤ 8) × { session u32 · name text16 (≤ 256) · controls bool }
type Watching struct{ Watchers []Watcher }

// Phase says when a Notice is.
type Phase uint8

const (
	PhaseBefore Phase = 1 // a session begins
	PhaseAfter  Phase = 2 // one has ended
)

// Notice tells the user that a Guest has come or gone. From the daemon.
//
//	phase u8 · name text16 (≤ 256) · from text8 (≤ 64) · seconds u32
//
// Seconds is how long the session was, after it.
type Notice struct {
	Phase   Phase
	Name    string
	From    string
	Seconds uint32
}

// HangUp ends a session, as the Host's user. From the agent.
//
//	session u32
type HangUp struct{ Session uint32 }

// prompt is a message of this file.
type prompt interface {
	number() uint8
	append(*wire.Encoder)
	parse(*wire.Decoder) error
}

func (*Ask) number() uint8      { return typeAsk }
func (*AskEnd) number() uint8   { return typeAskEnd }
func (*Verdict) number() uint8  { return typeVerdict }
func (*Watching) number() uint8 { return typeWatching }
func (*Notice) number() uint8   { return typeNotice }
func (*HangUp) number() uint8   { return typeHangUp }

func newPrompt(kind uint8) prompt {
	switch kind {
	case typeAsk:
		return new(Ask)
	case typeAskEnd:
		return new(AskEnd)
	case typeVerdict:
		return new(Verdict)
	case typeWatching:
		return new(Watching)
	case typeNotice:
		return new(Notice)
	case typeHangUp:
		return new(HangUp)
	}
	return nil
}

func (m *Ask) append(e *wire.Encoder) {
	e.U32(m.ID)
	e.U16(m.Seconds)
	e.Text16(m.User)
	e.Text8(m.Computer)
	e.Text8(m.From)
	e.Bool(m.System)
	e.U8(uint8(len(m.Permissions)))
	for _, p := range m.Permissions {
		e.U16(p)
	}
}

func (m *Ask) parse(d *wire.Decoder) error {
	m.ID, m.Seconds = d.U32(), d.U16()
	m.User, m.Computer, m.From, m.System = d.Text16(maxGuest), d.Text8(wire.MaxName), d.Text8(maxFrom), d.Bool()
	n := int(d.U8())
	if n > wire.MaxPermission {
		return fmt.Errorf("%w: a question with %d permissions", wire.ErrMalformed, n)
	}
	for ; n > 0 && d.Err == nil; n-- {
		m.Permissions = append(m.Permissions, d.U16())
	}
	return nil
}

func (m *AskEnd) append(e *wire.Encoder)      { e.U32(m.ID) }
func (m *AskEnd) parse(d *wire.Decoder) error { m.ID = d.U32(); return nil }

func (m *Verdict) append(e *wire.Encoder) { e.U32(m.ID); e.U8(uint8(m.Answer)) }

func (m *Verdict) parse(d *wire.Decoder) error {
	m.ID, m.Answer = d.U32(), Answer(d.U8())
	if d.Err == nil && (m.Answer < AnswerAllow || m.Answer > AnswerNobody) {
		return fmt.Errorf("%w: answer %d of the user", wire.ErrMalformed, m.Answer)
	}
	return nil
}

func (m *Watching) append(e *wire.Encoder) {
	e.U8(uint8(len(m.Watchers)))
	for _, w := range m.Watchers {
		e.U32(w.Session)
		e.Text16(w.Name)
		e.Bool(w.Controls)
	}
}

func (m *Watching) parse(d *wire.Decoder) error {
	n := int(d.U8())
	if n > MaxViewers {
		return fmt.Errorf("%w: %d who watch", wire.ErrMalformed, n)
	}
	for ; n > 0 && d.Err == nil; n-- {
		m.Watchers = append(m.Watchers, Watcher{Session: d.U32(), Name: d.Text16(maxGuest), Controls: d.Bool()})
	}
	return nil
}

func (m *Notice) append(e *wire.Encoder) {
	e.U8(uint8(m.Phase))
	e.Text16(m.Name)
	e.Text8(m.From)
	e.U32(m.Seconds)
}

func (m *Notice) parse(d *wire.Decoder) error {
	m.Phase, m.Name, m.From, m.Seconds = Phase(d.U8()), d.Text16(maxGuest), d.Text8(maxFrom), d.U32()
	if d.Err == nil && m.Phase != PhaseBefore && m.Phase != PhaseAfter {
		return fmt.Errorf("%w: notice of phase %d", wire.ErrMalformed, m.Phase)
	}
	return nil
}

func (m *HangUp) append(e *wire.Encoder)      { e.U32(m.Session) }
func (m *HangUp) parse(d *wire.Decoder) error { m.Session = d.U32(); return nil }
