package wire

// Limits of input.
const (
	MaxButton = 9    // buttons 1 left, 2 middle, 3 right, 8 back, 9 forward; wheels are Wheel messages
	MaxNotch  = 64   // wheel notches in one message, either way
	MaxText   = 1024 // bytes of one Text message
)

// Key presses or releases a key of the Guest's keyboard.
//
//	usage u16 · down bool · character u32
//
// usage is the key's place, a code of the USB HID keyboard page (HID Usage Tables §10). character is the Unicode
// character the Guest's layout gave it, 0 if none or unknown: a hint.
type Key struct {
	Usage     uint16
	Down      bool
	Character rune
}

// Pointer moves the pointer.
//
//	layout u32 · x u16 · y u16
//
// x and y are desktop pixels of the named layout; the Host ignores a position in a layout that is no longer its own.
type Pointer struct {
	Layout uint32
	X, Y   uint16
}

// Button presses or releases a mouse button where the pointer is.
//
//	button u8 (1 to 9 but 4 to 7) · down bool
type Button struct {
	Button uint8
	Down   bool
}

// Wheel turns the wheels.
//
//	dx i16 (−64 to 64) · dy i16 (−64 to 64)
//
// Notches; right and down are positive. Not both are 0.
type Wheel struct{ DX, DY int16 }

// Text types characters that no key of the Guest gave.
//
//	text text16 (1 to 1024)
type Text struct{ Text string }

// ReleaseAll lets go of every key and button this Guest holds.
//
//	(empty)
type ReleaseAll struct{}

// ScreenAck says that the Guest shows the picture up to an update.
//
//	sequence u32
type ScreenAck struct{ Sequence uint32 }

// ScreenRefresh asks for the whole picture anew, from a sync point.
//
//	(empty)
type ScreenRefresh struct{}

// Denied says that the Host left something undone because the role does not allow it. At most one a second and
// permission is sent.
//
//	permission u16
type Denied struct{ Permission uint16 }

// DisplayState says whether the Host has a display to show on this stream.
//
//	ready bool · reason text16 (≤ 512)
type DisplayState struct {
	Ready  bool
	Reason string
}

func (*Key) Type() Type           { return TypeKey }
func (*Pointer) Type() Type       { return TypePointer }
func (*Button) Type() Type        { return TypeButton }
func (*Wheel) Type() Type         { return TypeWheel }
func (*Text) Type() Type          { return TypeText }
func (*ReleaseAll) Type() Type    { return TypeReleaseAll }
func (*ScreenAck) Type() Type     { return TypeScreenAck }
func (*ScreenRefresh) Type() Type { return TypeScreenRefresh }
func (*Denied) Type() Type        { return TypeDenied }
func (*DisplayState) Type() Type  { return TypeDisplayState }

func (m *Key) Append(e *Encoder) {
	e.U16(m.Usage)
	e.Bool(m.Down)
	e.U32(uint32(m.Character))
}

func (m *Key) parse(d *Decoder) {
	m.Usage, m.Down = d.U16(), d.Bool()
	c := d.U32()
	if c > 0x10ffff || c >= 0xd800 && c < 0xe000 {
		d.fail("%#x is not a character", c)
	}
	m.Character = rune(c)
}

func (m *Pointer) Append(e *Encoder) { e.U32(m.Layout); e.U16(m.X); e.U16(m.Y) }
func (m *Pointer) parse(d *Decoder)  { m.Layout, m.X, m.Y = d.U32(), d.U16(), d.U16() }

func (m *Button) Append(e *Encoder) { e.U8(m.Button); e.Bool(m.Down) }
func (m *Button) parse(d *Decoder) {
	m.Button, m.Down = d.U8(), d.Bool()
	if d.Err == nil && (m.Button < 1 || m.Button > MaxButton || m.Button >= 4 && m.Button <= 7) {
		d.fail("button %d", m.Button)
	}
}

func (m *Wheel) Append(e *Encoder) { e.I16(m.DX); e.I16(m.DY) }
func (m *Wheel) parse(d *Decoder) {
	m.DX, m.DY = d.I16(), d.I16()
	if d.Err == nil && (m.DX == 0 && m.DY == 0 || max(m.DX, m.DY) > MaxNotch || min(m.DX, m.DY) < -MaxNotch) {
		d.fail("wheel by %d, %d", m.DX, m.DY)
	}
}

func (m *Text) Append(e *Encoder) { e.Text16(m.Text) }
func (m *Text) parse(d *Decoder) {
	if m.Text = d.Text16(MaxText); d.Err == nil && m.Text == "" {
		d.fail("empty text")
	}
}

func (*ReleaseAll) Append(*Encoder)    {}
func (*ReleaseAll) parse(*Decoder)     {}
func (m *ScreenAck) Append(e *Encoder) { e.U32(m.Sequence) }
func (m *ScreenAck) parse(d *Decoder)  { m.Sequence = d.U32() }
func (*ScreenRefresh) Append(*Encoder) {}
func (*ScreenRefresh) parse(*Decoder)  {}

func (m *Denied) Append(e *Encoder) { e.U16(m.Permission) }
func (m *Denied) parse(d *Decoder)  { m.Permission = d.U16() }

func (m *DisplayState) Append(e *Encoder) { e.Bool(m.Ready); e.Text16(m.Reason) }
func (m *DisplayState) parse(d *Decoder)  { m.Ready, m.Reason = d.Bool(), d.Text16(MaxDetail) }
