package wire

import "encoding/binary"

// A remote-control activity carries its pictures on one reliable, ordered byte stream from Host to Guest. In it stand
// picture messages, one after the other:
//
//	length u32 · kind u8 · body
//
// The kinds from PictureOptional on may be skipped by a Guest that does not know them; any other unknown kind ends
// the activity.
const (
	PictureLayout   uint8 = 1
	PictureUpdate   uint8 = 2
	PictureCursor   uint8 = 3
	PicturePointer  uint8 = 4
	PictureOptional uint8 = 128
	PictureTimes    uint8 = 128
)

// Limits of picture messages.
const (
	PictureHeaderLen   = 5        // length and kind
	MaxPictureBody     = 32 << 20 // of any body: a receiver holds at most one
	MaxPictureJPEG     = 8 << 20  // of one JPEG
	MaxPictureVideo    = 8 << 20  // of one picture of a video
	MaxVideoRegions    = 4        // videos open at once
	MaxPictureCache    = 32 << 20 // of the tiles that a Guest keeps
	MaxPictureBlob     = 64 << 20 // of an update's blob once decompressed
	MaxUnacknowledged  = 32       // updates on the way to a Guest
	MaxPictureMonitors = 16
	MaxPictureName     = 64     // bytes of a monitor's name
	MaxPictureSide     = 16384  // of a desktop, in pixels
	MaxCursorSide      = 256    // of a cursor, in pixels
	maxCursorData      = 262144 // 256 × 256 × 4
	maxLayoutBody      = 9 + MaxPictureMonitors*(10+MaxPictureName)
	maxCursorBody      = 13 + maxCursorData
	pointerBody        = 4
	timesBody          = 26
	minOperation       = 9          // kind and rectangle
	MaxPictureTime     = 60_000_000 // of a TimesMessage, in µs
	maxSketchShift     = 4
)

// PictureLimit is the largest body of a kind, in bytes. A receiver checks it before it takes the body.
func PictureLimit(kind uint8) int {
	switch kind {
	case PictureLayout:
		return maxLayoutBody
	case PictureCursor:
		return maxCursorBody
	case PicturePointer:
		return pointerBody
	case PictureTimes:
		return timesBody
	}
	return MaxPictureBody
}

// AppendPictureHeader appends the header of a picture message whose body has n bytes.
func AppendPictureHeader(b []byte, n int, kind uint8) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(n)), kind)
}

// ParsePictureHeader takes the header of a picture message apart; b has at least PictureHeaderLen bytes. It refuses a
// body beyond its kind's limit and a kind that must be known and is not.
func ParsePictureHeader(b []byte) (n int, kind uint8, err error) {
	if len(b) < PictureHeaderLen {
		return 0, 0, malformed("%d bytes of a picture header", len(b))
	}
	size, kind := binary.BigEndian.Uint32(b), b[4]
	if kind == 0 || kind > PicturePointer && kind < PictureOptional {
		return 0, kind, malformed("picture message of unknown kind %d", kind)
	}
	if uint64(size) > uint64(PictureLimit(kind)) {
		return 0, kind, malformed("picture message of kind %d with %d bytes, limit %d", kind, size, PictureLimit(kind))
	}
	return int(size), kind, nil
}

// LayoutMonitor is one monitor of a LayoutMessage: its place in the desktop in pixels, not empty.
type LayoutMonitor struct {
	X, Y, W, H uint16
	Primary    bool
	Name       string // at most MaxPictureName bytes
}

// LayoutMessage (PictureLayout, Host → Guest) says how large the desktop is and where its monitors stand:
//
//	layout u32 · width u16 · height u16 · monitors u8 count (1–16) × { x u16 · y u16 · width u16 · height u16 · primary bool · name text8 (≤ 64) }
//
// layout is never 0.
type LayoutMessage struct {
	Layout   uint32
	W, H     uint16
	Monitors []LayoutMonitor
}

// Append appends the body of m.
func (m LayoutMessage) Append(b []byte) []byte {
	e := Encoder{B: b}
	e.U32(m.Layout)
	e.U16(m.W)
	e.U16(m.H)
	e.U8(uint8(len(m.Monitors)))
	for _, o := range m.Monitors {
		e.U16(o.X)
		e.U16(o.Y)
		e.U16(o.W)
		e.U16(o.H)
		e.Bool(o.Primary)
		e.Text8(o.Name)
	}
	return e.B
}

// ParseLayoutMessage reads a body that Append wrote. Monitors lie inside the desktop.
func ParseLayoutMessage(b []byte) (LayoutMessage, error) {
	d := Decoder{B: b}
	m := LayoutMessage{Layout: d.U32(), W: d.U16(), H: d.U16()}
	n := int(d.U8())
	if d.Err == nil && (m.Layout == 0 || m.W == 0 || m.H == 0 || m.W > MaxPictureSide || m.H > MaxPictureSide) {
		d.fail("layout %d of %d × %d pixels", m.Layout, m.W, m.H)
	}
	if d.Err == nil && (n < 1 || n > MaxPictureMonitors) {
		d.fail("%d monitors, limit %d", n, MaxPictureMonitors)
	}
	for i := 0; i < n && d.Err == nil; i++ {
		o := LayoutMonitor{X: d.U16(), Y: d.U16(), W: d.U16(), H: d.U16(), Primary: d.Bool(), Name: d.Text8(MaxPictureName)}
		if d.Err == nil && (o.W == 0 || o.H == 0 || int(o.X)+int(o.W) > int(m.W) || int(o.Y)+int(o.H) > int(m.H)) {
			d.fail("monitor %d lies outside the desktop", i)
		}
		m.Monitors = append(m.Monitors, o)
	}
	if err := d.Close(); err != nil {
		return LayoutMessage{}, err
	}
	return m, nil
}

// Encodings of a cursor's pixels.
const (
	CursorRaw  uint8 = 0 // data is the pixels
	CursorZstd uint8 = 1 // data is one zstd frame that gives exactly the pixels
)

// CursorMessage (PictureCursor, Host → Guest) gives the cursor's shape, straight-alpha red, green, blue, alpha, rows
// from the top; 0 × 0 is a hidden cursor:
//
//	width u16 · height u16 · hotX u16 · hotY u16 · encoding u8 · data bytes32 (≤ 262144)
//
// encoding is 0 for raw pixels, 1 for zstd.
type CursorMessage struct {
	W, H, HotX, HotY uint16
	Encoding         uint8
	Data             []byte
}

// Append appends the body of m.
func (m CursorMessage) Append(b []byte) []byte {
	e := Encoder{B: b}
	e.U16(m.W)
	e.U16(m.H)
	e.U16(m.HotX)
	e.U16(m.HotY)
	e.U8(m.Encoding)
	e.Bytes32(m.Data)
	return e.B
}

// ParseCursorMessage reads a body that Append wrote. The hot spot lies inside the cursor, raw data has width × height × 4
// bytes and zstd fewer. Data aliases b.
func ParseCursorMessage(b []byte) (CursorMessage, error) {
	d := Decoder{B: b}
	m := CursorMessage{W: d.U16(), H: d.U16(), HotX: d.U16(), HotY: d.U16(), Encoding: d.U8(), Data: d.Bytes32(maxCursorData)}
	if err := d.Close(); err != nil {
		return CursorMessage{}, err
	}
	if err := m.check(); err != nil {
		return CursorMessage{}, err
	}
	return m, nil
}

func (m CursorMessage) check() error {
	size := int(m.W) * int(m.H) * 4
	switch {
	case m.W > MaxCursorSide || m.H > MaxCursorSide || (m.W == 0) != (m.H == 0):
		return malformed("cursor of %d × %d", m.W, m.H)
	case size == 0 && (m.HotX != 0 || m.HotY != 0 || m.Encoding != CursorRaw):
		return malformed("hidden cursor with a hot spot or an encoding")
	case size > 0 && (m.HotX >= m.W || m.HotY >= m.H):
		return malformed("hot spot %d,%d outside a cursor of %d × %d", m.HotX, m.HotY, m.W, m.H)
	case m.Encoding == CursorRaw && len(m.Data) != size:
		return malformed("%d bytes for %d of a cursor", len(m.Data), size)
	case m.Encoding == CursorZstd && (len(m.Data) == 0 || len(m.Data) >= size):
		return malformed("%d bytes of zstd for %d of a cursor", len(m.Data), size)
	case m.Encoding > CursorZstd:
		return malformed("cursor in unknown encoding %d", m.Encoding)
	}
	return nil
}

// PointerMessage (PicturePointer, Host → Guest) says where the Host's pointer is, in desktop pixels:
//
//	x u16 · y u16
type PointerMessage struct{ X, Y uint16 }

// Append appends the body of m.
func (m PointerMessage) Append(b []byte) []byte {
	e := Encoder{B: b}
	e.U16(m.X)
	e.U16(m.Y)
	return e.B
}

// ParsePointerMessage reads a body that Append wrote.
func ParsePointerMessage(b []byte) (PointerMessage, error) {
	d := Decoder{B: b}
	m := PointerMessage{X: d.U16(), Y: d.U16()}
	if err := d.Close(); err != nil {
		return PointerMessage{}, err
	}
	if m.X >= MaxPictureSide || m.Y >= MaxPictureSide {
		return PointerMessage{}, malformed("pointer at %d,%d", m.X, m.Y)
	}
	return m, nil
}
