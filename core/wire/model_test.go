package wire

import "testing"

// A model is a whole session as PROTOCOL.md has it, seen by a third who reads along: both sides' Checkers, the order of
// the handshake, the turns of the logon, streams and credits. It is what FuzzSession plays against.
type model struct {
	guest, host Checker // each checks what comes from that side
	next        int     // index in handshakeOrder of the next message
	phase       phase
	fields      int // of the prompt to be answered, 0 if LogonData is due
	rounds      int
	tries       int
	highest     [3]uint32 // by side: the highest stream opened
	streams     map[uint32]*modelStream
	over        bool
	code        CloseCode
}

type phase uint8

const (
	phaseOffer phase = 1
	phaseStart phase = 2
	phaseHost  phase = 3
	phaseGuest phase = 4
)

// Limits of PROTOCOL.md §9.
const (
	modelRounds = 16
	modelTries  = 3
)

type modelStream struct {
	opener   Side
	kind     StreamKind
	accepted bool
	limit    [3]uint64 // by side: the first byte it may not send
	sent     [3]uint64 // by side
	ended    Side
}

var handshakeOrder = [...]Type{TypeGuestHello, TypeHostHello, TypeHostIdentity, TypeHostFinished, TypeGuestFinished}

func newModel() *model {
	m := &model{guest: Checker{From: FromGuest}, host: Checker{From: FromHost}, phase: phaseOffer, streams: map[uint32]*modelStream{}}
	m.enter(StateHello)
	return m
}

func (m *model) enter(s State) { m.guest.State, m.host.State = s, s }

func (m *model) end(code CloseCode) {
	m.over, m.code = true, code
	m.enter(StateClosed)
}

// step takes one frame from a side and says whether it was let through.
func (m *model) step(from Side, ch Channel, f Frame) (Message, error) {
	k := &m.guest
	if from == FromHost {
		k = &m.host
	}
	msg, err := k.Check(ch, f)
	if err != nil {
		if !m.over {
			m.end(err.(*Violation).Code)
		}
		return nil, err
	}
	if msg == nil {
		return nil, nil
	}
	if code := m.apply(from, ch, f.Stream, msg); code != CloseDone && !m.over {
		m.end(code)
	}
	return msg, nil
}

// apply moves the model; CloseDone is well.
func (m *model) apply(from Side, ch Channel, stream uint32, msg Message) CloseCode {
	switch msg := msg.(type) {
	case *Refuse:
		m.end(msg.Code)
		return CloseDone
	case *Close:
		m.end(msg.Code)
		return CloseDone
	case *Ping, *Pong, *Denied, *RoleChanged, *Received, *Skip, *HostLevels:
		return CloseDone
	}
	switch m.guest.State {
	case StateHello, StateIdentity:
		return m.shake(msg.Type())
	case StateLogon:
		return m.logon(from, msg)
	}
	return m.onStream(from, ch, stream, msg)
}

func (m *model) shake(t Type) CloseCode {
	if handshakeOrder[m.next] != t {
		return CloseProtocol
	}
	m.next++
	switch t {
	case TypeHostHello:
		m.enter(StateIdentity)
	case TypeGuestFinished:
		m.enter(StateLogon)
	}
	return CloseDone
}

func (m *model) logon(from Side, msg Message) CloseCode {
	switch msg := msg.(type) {
	case *LogonOffer:
		return m.turn(phaseOffer, phaseStart)
	case *LogonStart:
		if m.tries++; m.tries > modelTries {
			return CloseLogonFailed
		}
		m.rounds = 0
		return m.turn(phaseStart, phaseHost)
	case *LogonPrompt:
		m.fields = len(msg.Fields)
		return m.round()
	case *LogonAnswer:
		if m.fields != len(msg.Values) {
			return CloseProtocol
		}
		return m.turn(phaseGuest, phaseHost)
	case *LogonData:
		if from == FromHost {
			m.fields = 0
			return m.round()
		}
		if m.fields != 0 {
			return CloseProtocol
		}
		return m.turn(phaseGuest, phaseHost)
	case *LogonFailed:
		return m.turn(phaseHost, phaseStart)
	case *SessionJoin:
		return m.turn(phaseOffer, phaseHost)
	case *SessionJoined:
		m.enter(StateOpen)
		return m.turn(phaseHost, phaseOffer)
	case *LogonDone:
		if code := m.turn(phaseHost, phaseOffer); code != CloseDone {
			return code
		}
		m.enter(StateOpen)
	}
	return CloseDone
}

func (m *model) turn(now, next phase) CloseCode {
	if m.phase != now {
		return CloseProtocol
	}
	m.phase = next
	return CloseDone
}

func (m *model) round() CloseCode {
	if m.rounds++; m.rounds > modelRounds {
		return CloseLimit
	}
	return m.turn(phaseHost, phaseGuest)
}

func (m *model) onStream(from Side, ch Channel, id uint32, msg Message) CloseCode {
	owner := FromHost
	if id%2 == 1 {
		owner = FromGuest
	}
	if open, ok := msg.(*StreamOpen); ok {
		if owner != from || id <= m.highest[from] {
			return CloseProtocol
		}
		m.highest[from] = id
		if len(m.streams) < MaxStreams {
			m.streams[id] = &modelStream{opener: from, kind: open.Kind}
			m.streams[id].limit[FromBoth-from] = uint64(open.Credit)
		}
		return CloseDone
	}
	s := m.streams[id]
	switch {
	case id > m.highest[owner]:
		return CloseProtocol
	case s == nil:
		return CloseDone
	}
	switch msg := msg.(type) {
	case *StreamAccept:
		if s.accepted || s.opener == from {
			return CloseProtocol
		}
		s.accepted = true
		s.limit[s.opener] = uint64(msg.Credit)
	case *StreamCredit:
		return s.allow(FromBoth-from, msg)
	case *StreamData:
		return s.send(from, ch, msg)
	case *StreamEnd:
		if s.ended |= from; s.ended == FromBoth {
			delete(m.streams, id)
		}
	case *StreamReset:
		delete(m.streams, id)
	}
	return CloseDone
}

func (s *modelStream) allow(to Side, m *StreamCredit) CloseCode {
	if m.Limit < s.limit[to] || m.Received > s.sent[to]+1 {
		return CloseProtocol
	}
	s.limit[to] = m.Limit
	return CloseDone
}

func (s *modelStream) send(from Side, ch Channel, m *StreamData) CloseCode {
	if ch != s.kind.Channel() || s.ended&from != 0 || from == s.opener && !s.accepted || m.Offset != uint32(s.sent[from]) {
		return CloseProtocol
	}
	if s.sent[from] += uint64(len(m.Data)); s.sent[from] > s.limit[from] {
		return CloseLimit
	}
	return CloseDone
}

// inBounds fails the test if the model let more through than the protocol allows.
func (m *model) inBounds(t testing.TB) {
	t.Helper()
	if m.rounds > modelRounds+1 || m.tries > modelTries+1 || len(m.streams) > MaxStreams {
		t.Fatalf("%d rounds, %d tries, %d streams", m.rounds, m.tries, len(m.streams))
	}
	if m.guest.State != m.host.State || m.over != (m.guest.State == StateClosed) {
		t.Fatalf("sides stand in states %d and %d, over is %t", m.guest.State, m.host.State, m.over)
	}
}

// A move is one frame of a script.
type move struct {
	from   Side
	ch     Channel
	stream uint32
	m      Message
}

// wholeSession is the sequence of PROTOCOL.md §8.11: first contact, one wrong password, logon, screen, input, end.
func wholeSession() []move {
	c := ChannelControl
	return []move{
		{FromGuest, c, 0, goodGuestHello()}, {FromHost, c, 0, goodHostHello()},
		{FromHost, c, 0, goodHostIdentity("studio-3")}, {FromHost, c, 0, &HostFinished{}}, {FromGuest, c, 0, &GuestFinished{}},
		{FromHost, c, 0, &LogonOffer{[]Method{MethodPassword}}},
		{FromGuest, c, 0, &LogonStart{Method: MethodPassword, Data: []byte("KE1")}}, {FromHost, c, 0, &LogonData{[]byte("KE2")}},
		{FromGuest, c, 0, &LogonData{}}, {FromHost, c, 0, &LogonFailed{2, 0}},
		{FromGuest, c, 0, &LogonStart{Method: MethodPassword, Data: []byte("KE1")}}, {FromHost, c, 0, &LogonData{[]byte("KE2")}},
		{FromHost, c, 0, &Ping{1}}, {FromGuest, c, 0, &Pong{1}},
		{FromGuest, c, 0, &LogonData{[]byte("KE3")}}, {FromHost, c, 0, &LogonPrompt{"Code", []Field{{FieldSecret, "Code"}}}},
		{FromGuest, c, 0, &LogonAnswer{[][]byte{[]byte("1")}}}, {FromHost, c, 0, &LogonDone{Role: "Full control", Permissions: []uint16{1, 2}}},
		{FromGuest, c, 1, &StreamOpen{Kind: KindScreen, Credit: 1 << 20}}, {FromHost, c, 1, &StreamAccept{1 << 20}},
		{FromHost, c, 1, &DisplayState{Ready: true}}, {FromHost, ChannelScreen, 1, &StreamData{0, []byte("picture")}},
		{FromGuest, c, 1, &ScreenAck{1}}, {FromGuest, c, 1, &StreamCredit{7, 1<<20 + 7}},
		{FromGuest, ChannelInput, 1, &Pointer{1, 2, 3}}, {FromGuest, ChannelInput, 1, &Key{4, true, 'a'}},
		{FromHost, c, 0, &Denied{2}}, {FromHost, c, 0, &RoleChanged{"View only", []uint16{1}}}, {FromGuest, ChannelInput, 1, &ReleaseAll{}},
		{FromHost, ChannelScreen, 1, &StreamEnd{7}}, {FromHost, c, 1, &StreamReset{Code: CloseNoDisplay}},
		{FromGuest, ChannelInput, 1, &Pointer{1, 2, 3}}, // under way when the reset came: skipped
		{FromGuest, c, 0, &Close{Code: CloseDone}},
	}
}

func frameOf(mv move) Frame {
	f, _, err := NextFrame(AppendMessage(nil, mv.stream, mv.m))
	if err != nil {
		panic(err)
	}
	return f
}

func TestWholeSession(t *testing.T) {
	m := newModel()
	script := wholeSession()
	for i, mv := range script {
		if msg, err := m.step(mv.from, mv.ch, frameOf(mv)); msg == nil || m.over != (i == len(script)-1) {
			t.Fatalf("move %d, %T: %v; over with %s", i, mv.m, err, m.code)
		}
		m.inBounds(t)
	}
	if m.code != CloseDone {
		t.Errorf("the session ended with %s", m.code)
	}
}

// TestNoMessageTwiceOrLeftOut plays the session with one move of the handshake left out, and with one doubled.
func TestNoMessageTwiceOrLeftOut(t *testing.T) {
	script := wholeSession()
	const handshake = 5
	for i := range handshake {
		for what, moves := range map[string][]move{
			"left out": append(append([]move(nil), script[:i]...), script[i+1:]...),
			"doubled":  append(append([]move(nil), script[:i+1]...), script[i:]...),
		} {
			m := newModel()
			for _, mv := range moves {
				m.step(mv.from, mv.ch, frameOf(mv))
			}
			if m.code != CloseProtocol {
				t.Errorf("with %T %s the session ends with %s", script[i].m, what, m.code)
			}
		}
	}
}
