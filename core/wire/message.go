package wire

// Message numbers. A number is never used again for another message.
const (
	TypeGuestHello    Type = 0x01
	TypeHostHello     Type = 0x02
	TypeHostIdentity  Type = 0x03
	TypeHostFinished  Type = 0x04
	TypeGuestFinished Type = 0x05
	TypeRefuse        Type = 0x06
	TypeHostLevels    Type = 0x07

	TypeClose    Type = 0x10
	TypePing     Type = 0x11
	TypePong     Type = 0x12
	TypeReceived Type = 0x13
	TypeSkip     Type = 0x14

	TypeLogonOffer  Type = 0x20
	TypeLogonStart  Type = 0x21
	TypeLogonData   Type = 0x22
	TypeLogonPrompt Type = 0x23
	TypeLogonAnswer Type = 0x24
	TypeLogonFailed Type = 0x25
	TypeLogonDone   Type = 0x26

	TypeSessionJoin   Type = 0x27
	TypeSessionJoined Type = 0x28
	TypeLogonWait     Type = 0x29
	TypeRoleChanged   Type = 0x2a

	TypeStreamOpen   Type = 0x30
	TypeStreamAccept Type = 0x31
	TypeStreamData   Type = 0x32
	TypeStreamCredit Type = 0x33
	TypeStreamEnd    Type = 0x34
	TypeStreamReset  Type = 0x35

	TypeScreenAck     Type = 0x40
	TypeScreenRefresh Type = 0x41
	TypeDisplayState  Type = 0x42
	TypeDenied        Type = 0x43

	TypeKey        Type = 0x50
	TypePointer    Type = 0x51
	TypeButton     Type = 0x52
	TypeWheel      Type = 0x53
	TypeText       Type = 0x54
	TypeReleaseAll Type = 0x55
)

// Message is one message's fields. Only types of this package implement it.
type Message interface {
	Type() Type
	Append(*Encoder)
	parse(*Decoder)
}

// Side is one of the two ends.
type Side uint8

const (
	FromGuest Side = 1
	FromHost  Side = 2
	FromBoth  Side = FromGuest | FromHost
)

// State is where a session stands, the same on both sides but for what is under way.
type State uint8

const (
	StateHello    State = 1  // the hellos, in clear
	StateIdentity State = 2  // identity and finished, under the handshake keys
	StateLogon    State = 4  // the logon conversation
	StateOpen     State = 8  // logged on
	StateClosed   State = 16 // a Close or Refuse was sent or received
)

// Spec is the row of PROTOCOL.md's message table.
type Spec struct {
	Type     Type
	Name     string
	From     Side
	States   State
	Channel  Channel // 0: the channel of its stream's kind
	Critical bool
	OnStream bool // the frame names a stream; else stream is 0
	New      func() Message
}

// Specs lists every message in order of number.
func Specs() []Spec {
	live := StateLogon | StateOpen
	c := ChannelControl
	return []Spec{
		{TypeGuestHello, "GuestHello", FromGuest, StateHello, c, true, false, func() Message { return new(GuestHello) }},
		{TypeHostHello, "HostHello", FromHost, StateHello, c, true, false, func() Message { return new(HostHello) }},
		{TypeHostIdentity, "HostIdentity", FromHost, StateIdentity, c, true, false, func() Message { return new(HostIdentity) }},
		{TypeHostFinished, "HostFinished", FromHost, StateIdentity, c, true, false, func() Message { return new(HostFinished) }},
		{TypeGuestFinished, "GuestFinished", FromGuest, StateIdentity, c, true, false, func() Message { return new(GuestFinished) }},
		{TypeRefuse, "Refuse", FromHost, StateHello, c, true, false, func() Message { return new(Refuse) }},
		{TypeHostLevels, "HostLevels", FromHost, StateHello, c, true, false, func() Message { return new(HostLevels) }},
		{TypeClose, "Close", FromBoth, live, c, true, false, func() Message { return new(Close) }},
		{TypePing, "Ping", FromBoth, live, c, true, false, func() Message { return new(Ping) }},
		{TypePong, "Pong", FromBoth, live, c, true, false, func() Message { return new(Pong) }},
		{TypeReceived, "Received", FromBoth, StateOpen, c, true, false, func() Message { return new(Received) }},
		{TypeSkip, "Skip", FromGuest, StateOpen, ChannelInput, true, false, func() Message { return new(Skip) }},
		{TypeLogonOffer, "LogonOffer", FromHost, StateLogon, c, true, false, func() Message { return new(LogonOffer) }},
		{TypeLogonStart, "LogonStart", FromGuest, StateLogon, c, true, false, func() Message { return new(LogonStart) }},
		{TypeLogonData, "LogonData", FromBoth, StateLogon, c, true, false, func() Message { return new(LogonData) }},
		{TypeLogonPrompt, "LogonPrompt", FromHost, StateLogon, c, true, false, func() Message { return new(LogonPrompt) }},
		{TypeLogonAnswer, "LogonAnswer", FromGuest, StateLogon, c, true, false, func() Message { return new(LogonAnswer) }},
		{TypeLogonFailed, "LogonFailed", FromHost, StateLogon, c, true, false, func() Message { return new(LogonFailed) }},
		{TypeLogonDone, "LogonDone", FromHost, StateLogon, c, true, false, func() Message { return new(LogonDone) }},
		{TypeSessionJoin, "SessionJoin", FromGuest, StateLogon, c, true, false, func() Message { return new(SessionJoin) }},
		{TypeSessionJoined, "SessionJoined", FromHost, StateLogon, c, true, false, func() Message { return new(SessionJoined) }},
		{TypeLogonWait, "LogonWait", FromHost, StateLogon, c, false, false, func() Message { return new(LogonWait) }},
		{TypeRoleChanged, "RoleChanged", FromHost, StateOpen, c, false, false, func() Message { return new(RoleChanged) }},
		{TypeStreamOpen, "StreamOpen", FromBoth, StateOpen, c, true, true, func() Message { return new(StreamOpen) }},
		{TypeStreamAccept, "StreamAccept", FromBoth, StateOpen, c, true, true, func() Message { return new(StreamAccept) }},
		{TypeStreamData, "StreamData", FromBoth, StateOpen, 0, true, true, func() Message { return new(StreamData) }},
		{TypeStreamCredit, "StreamCredit", FromBoth, StateOpen, c, true, true, func() Message { return new(StreamCredit) }},
		{TypeStreamEnd, "StreamEnd", FromBoth, StateOpen, 0, true, true, func() Message { return new(StreamEnd) }},
		{TypeStreamReset, "StreamReset", FromBoth, StateOpen, c, true, true, func() Message { return new(StreamReset) }},
		{TypeScreenAck, "ScreenAck", FromGuest, StateOpen, c, false, true, func() Message { return new(ScreenAck) }},
		{TypeScreenRefresh, "ScreenRefresh", FromGuest, StateOpen, c, false, true, func() Message { return new(ScreenRefresh) }},
		{TypeDisplayState, "DisplayState", FromHost, StateOpen, c, false, true, func() Message { return new(DisplayState) }},
		{TypeDenied, "Denied", FromHost, StateOpen, c, false, false, func() Message { return new(Denied) }},
		{TypeKey, "Key", FromGuest, StateOpen, ChannelInput, true, true, func() Message { return new(Key) }},
		{TypePointer, "Pointer", FromGuest, StateOpen, ChannelInput, true, true, func() Message { return new(Pointer) }},
		{TypeButton, "Button", FromGuest, StateOpen, ChannelInput, true, true, func() Message { return new(Button) }},
		{TypeWheel, "Wheel", FromGuest, StateOpen, ChannelInput, true, true, func() Message { return new(Wheel) }},
		{TypeText, "Text", FromGuest, StateOpen, ChannelInput, true, true, func() Message { return new(Text) }},
		{TypeReleaseAll, "ReleaseAll", FromGuest, StateOpen, ChannelInput, true, true, func() Message { return new(ReleaseAll) }},
	}
}

// byType indexes Specs; all numbers are below 0x80. Written once, only read afterwards.
var byType = func() (t [0x80]*Spec) {
	for _, s := range Specs() {
		t[s.Type] = &s
	}
	return t
}()

// Numbered says whether a message of the open session counts among those that are sent again after a loss, PROTOCOL.md
// §10.2: all on control and input but these. A message that is not known counts too.
func (t Type) Numbered() bool {
	switch t {
	case TypeClose, TypePing, TypePong, TypeReceived, TypeSkip:
		return false
	}
	return true
}

// Lookup gives a message's row, and whether the number is known.
func Lookup(t Type) (Spec, bool) {
	if int(t) < len(byType) && byType[t] != nil {
		return *byType[t], true
	}
	return Spec{}, false
}

// Parse takes the body of a message of a known number. Its byte fields alias body.
func Parse(t Type, body []byte) (Message, error) {
	if int(t) >= len(byType) || byType[t] == nil {
		return nil, malformed("unknown message %#x", uint16(t))
	}
	m := byType[t].New()
	d := Decoder{B: body}
	m.parse(&d)
	if err := d.Close(); err != nil {
		return nil, err
	}
	return m, nil
}
