package wire

import "encoding/binary"

// Type is a message's number, 15 bits. On the wire its highest bit is the critical bit: a receiver that does not know
// the number skips the message if the bit is 0, and ends the connection with CloseUnknown if it is 1.
type Type uint16

// Critical is the critical bit in a frame's type field.
const Critical = 0x8000

// FrameHeaderLen is the length of a frame's header.
const FrameHeaderLen = 10

// Frame is one message in a record's plaintext; a record holds one frame or more, whole.
//
//	type u16 (bit 15: critical) · stream u32 · length u32 · body (length bytes)
//
// stream is 0 for a message that belongs to the connection or session as a whole.
type Frame struct {
	Type     Type
	Critical bool
	Stream   uint32
	Body     []byte
}

// Append appends the encoding of f.
func (f Frame) Append(b []byte) []byte {
	e := Encoder{B: b}
	e.U16(typeField(f.Type, f.Critical))
	e.U32(f.Stream)
	e.Bytes32(f.Body)
	return e.B
}

// typeField is a frame's first field.
func typeField(t Type, critical bool) uint16 {
	if critical {
		return uint16(t) | Critical
	}
	return uint16(t) &^ Critical
}

// NextFrame takes the first frame of a record's plaintext and gives what follows it. The frame's body aliases b.
func NextFrame(b []byte) (f Frame, rest []byte, err error) {
	d := Decoder{B: b}
	t := d.U16()
	f = Frame{Type: Type(t &^ Critical), Critical: t&Critical != 0, Stream: d.U32(), Body: d.Bytes32(MaxBulkRecord)}
	if d.Err != nil {
		return Frame{}, nil, d.Err
	}
	return f, d.B, nil
}

// AppendMessage appends m as a frame with its critical bit.
func AppendMessage(b []byte, stream uint32, m Message) []byte {
	spec, _ := Lookup(m.Type())
	e := Encoder{B: b}
	e.U16(typeField(m.Type(), spec.Critical))
	e.U32(stream)
	at := len(e.B)
	e.U32(0)
	e.B = appendBody(e.B, m)
	binary.BigEndian.PutUint32(e.B[at:], uint32(len(e.B)-at-4))
	return e.B
}

// appendBody appends m's fields. The messages that come often are named, because an encoder handed through the
// interface is allocated and one handed to a known method is not.
func appendBody(b []byte, m Message) []byte {
	e := Encoder{B: b}
	switch m := m.(type) {
	case *StreamData:
		m.Append(&e)
	case *StreamCredit:
		m.Append(&e)
	case *ScreenAck:
		m.Append(&e)
	case *Key:
		m.Append(&e)
	case *Pointer:
		m.Append(&e)
	case *Button:
		m.Append(&e)
	case *Wheel:
		m.Append(&e)
	case *Ping:
		m.Append(&e)
	case *Pong:
		m.Append(&e)
	default:
		return appendAny(b, m)
	}
	return e.B
}

func appendAny(b []byte, m Message) []byte {
	e := Encoder{B: b}
	m.Append(&e)
	return e.B
}
