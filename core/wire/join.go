package wire

// Sizes of what joins a connection to a session.
const (
	SessionLen = 16 // the name of a session
	ProofLen   = 32 // HMAC-SHA-256

	// MaxSkip is the most messages one Skip stands for: as many as a side keeps.
	MaxSkip = 8192
)

// SessionJoin asks that this connection belong to a session that there is already: one more (purpose attach), or in
// place of the one that was lost (purpose resume).
//
//	session 16 · ticket u32 · control u64 · proof 32
//
// session is the name that LogonDone gave. ticket is the number of the ticket used, higher than every one before. control
// is how many numbered messages of the Host have arrived on channel control in this session. proof is that of
// PROTOCOL.md §10.3.
type SessionJoin struct {
	Session [SessionLen]byte
	Ticket  uint32
	Control uint64
	Proof   [ProofLen]byte
}

// SessionJoined says that it does from now on.
//
//	control u64 · input u64 · proof 32
//
// control and input are how many numbered messages of the Guest have arrived on those channels in this session.
type SessionJoined struct {
	Control, Input uint64
	Proof          [ProofLen]byte
}

// Received says how many numbered messages have arrived, so that the other side need not keep them.
//
//	control u64 · input u64
type Received struct{ Control, Input uint64 }

// Skip stands for numbered messages of its channel that are not sent again.
//
//	count u32 (1 to 8192)
type Skip struct{ Count uint32 }

func (*SessionJoin) Type() Type   { return TypeSessionJoin }
func (*SessionJoined) Type() Type { return TypeSessionJoined }
func (*Received) Type() Type      { return TypeReceived }
func (*Skip) Type() Type          { return TypeSkip }

func (m *SessionJoin) Append(e *Encoder) {
	e.Raw(m.Session[:])
	e.U32(m.Ticket)
	e.U64(m.Control)
	e.Raw(m.Proof[:])
}

func (m *SessionJoin) parse(d *Decoder) {
	copy(m.Session[:], d.Take(SessionLen))
	m.Ticket = d.U32()
	m.Control = d.U64()
	copy(m.Proof[:], d.Take(ProofLen))
}

func (m *SessionJoined) Append(e *Encoder) {
	e.U64(m.Control)
	e.U64(m.Input)
	e.Raw(m.Proof[:])
}

func (m *SessionJoined) parse(d *Decoder) {
	m.Control, m.Input = d.U64(), d.U64()
	copy(m.Proof[:], d.Take(ProofLen))
}

func (m *Received) Append(e *Encoder) { e.U64(m.Control); e.U64(m.Input) }
func (m *Received) parse(d *Decoder)  { m.Control, m.Input = d.U64(), d.U64() }

func (m *Skip) Append(e *Encoder) { e.U32(m.Count) }
func (m *Skip) parse(d *Decoder) {
	if m.Count = d.U32(); d.Err == nil && (m.Count < 1 || m.Count > MaxSkip) {
		d.fail("%d messages are skipped, 1 to %d allowed", m.Count, MaxSkip)
	}
}
