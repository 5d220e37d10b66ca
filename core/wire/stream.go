package wire

// StreamKind says what a stream carries, and so its channel.
type StreamKind uint16

const (
	// KindScreen: the Guest opens it; picture messages flow to the Guest, input for that screen goes by its number.
	KindScreen StreamKind = 1
)

// Channel is the channel of a stream's data.
func (k StreamKind) Channel() Channel {
	if k == KindScreen {
		return ChannelScreen
	}
	return ChannelBulk
}

// Limits of streams.
const (
	MaxStreams     = 64      // open at once in a session, both sides together
	MaxCredit      = 8 << 20 // bytes a side may allow the other on one stream: the most a reader keeps
	MaxStreamParam = 1024
	MaxDetail      = 512
)

// StreamOpen opens the stream named in the frame's header: odd numbers are the Guest's, even ones the Host's, each
// higher than the one before.
//
//	kind u16 · credit u32 (≤ 8 MiB) · parameter bytes16 (≤ 1024)
//
// credit is how many bytes of data the other side may send at first.
type StreamOpen struct {
	Kind      StreamKind
	Credit    uint32
	Parameter []byte
}

// StreamAccept answers a StreamOpen.
//
//	credit u32 (≤ 8 MiB)
type StreamAccept struct{ Credit uint32 }

// StreamData carries the next bytes of a stream, on its kind's channel.
//
//	offset u32 · data: the rest of the body (1 byte at least)
//
// The bytes of a stream are numbered from 0 in each direction; offset is the number of the first one here, mod 2³². They
// never exceed the credit given.
type StreamData struct {
	Offset uint32
	Data   []byte
}

// StreamCredit says how much of a stream has arrived and how much may come.
//
//	received u64 · limit u64
//
// received counts the bytes that arrived without a gap, and 1 more once StreamEnd did. The other side may send the bytes
// whose number is below limit. Neither ever falls, and limit is at most received and 8 MiB.
type StreamCredit struct{ Received, Limit uint64 }

// StreamEnd says that no more data comes in this direction; it follows the last data on the same channel.
//
//	offset u32
//
// offset is how many bytes there were, mod 2³².
type StreamEnd struct{ Offset uint32 }

// StreamReset ends a stream in both directions at once, or refuses to open it.
//
//	code u16 · detail text16 (≤ 512)
type StreamReset struct {
	Code   CloseCode
	Detail string
}

// Close ends the session; nothing follows.
//
//	code u16 · detail text16 (≤ 512)
type Close struct {
	Code   CloseCode
	Detail string
}

// Ping asks for a Pong with the same token.
//
//	token u64
type Ping struct{ Token uint64 }

// Pong answers a Ping.
//
//	token u64
type Pong struct{ Token uint64 }

func (*StreamOpen) Type() Type   { return TypeStreamOpen }
func (*StreamAccept) Type() Type { return TypeStreamAccept }
func (*StreamData) Type() Type   { return TypeStreamData }
func (*StreamCredit) Type() Type { return TypeStreamCredit }
func (*StreamEnd) Type() Type    { return TypeStreamEnd }
func (*StreamReset) Type() Type  { return TypeStreamReset }
func (*Close) Type() Type        { return TypeClose }
func (*Ping) Type() Type         { return TypePing }
func (*Pong) Type() Type         { return TypePong }

func (m *StreamOpen) Append(e *Encoder) {
	e.U16(uint16(m.Kind))
	e.U32(m.Credit)
	e.Bytes16(m.Parameter)
}

func (m *StreamOpen) parse(d *Decoder) {
	m.Kind = StreamKind(d.U16())
	m.Credit = d.credit()
	m.Parameter = d.Bytes16(MaxStreamParam)
}

func (m *StreamAccept) Append(e *Encoder) { e.U32(m.Credit) }
func (m *StreamAccept) parse(d *Decoder)  { m.Credit = d.credit() }

func (m *StreamData) Append(e *Encoder) { e.U32(m.Offset); e.Raw(m.Data) }
func (m *StreamData) parse(d *Decoder) {
	m.Offset = d.U32()
	if m.Data = d.Take(len(d.B)); len(m.Data) == 0 {
		d.fail("stream data without a byte")
	}
}

func (m *StreamCredit) Append(e *Encoder) { e.U64(m.Received); e.U64(m.Limit) }
func (m *StreamCredit) parse(d *Decoder) {
	if m.Received, m.Limit = d.U64(), d.U64(); m.Limit > m.Received && m.Limit-m.Received > MaxCredit {
		d.fail("credit of %d bytes, %d allowed", m.Limit-m.Received, MaxCredit)
	}
}

func (m *StreamEnd) Append(e *Encoder) { e.U32(m.Offset) }
func (m *StreamEnd) parse(d *Decoder)  { m.Offset = d.U32() }

func (m *StreamReset) Append(e *Encoder) { e.U16(uint16(m.Code)); e.Text16(m.Detail) }
func (m *StreamReset) parse(d *Decoder)  { m.Code, m.Detail = CloseCode(d.U16()), d.Text16(MaxDetail) }

func (m *Close) Append(e *Encoder) { e.U16(uint16(m.Code)); e.Text16(m.Detail) }
func (m *Close) parse(d *Decoder)  { m.Code, m.Detail = CloseCode(d.U16()), d.Text16(MaxDetail) }

func (m *Ping) Append(e *Encoder) { e.U64(m.Token) }
func (m *Ping) parse(d *Decoder)  { m.Token = d.U64() }
func (m *Pong) Append(e *Encoder) { e.U64(m.Token) }
func (m *Pong) parse(d *Decoder)  { m.Token = d.U64() }

func (d *Decoder) credit() uint32 {
	v := d.U32()
	if d.Err == nil && v > MaxCredit {
		d.fail("credit of %d bytes, %d allowed", v, MaxCredit)
	}
	return v
}
