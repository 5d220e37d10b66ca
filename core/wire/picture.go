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
	minOperation       = 9 // kind and rectangle
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

// Flags of an UpdateMessage.
const (
	UpdateSync   uint8 = 1 // the Guest forgets all: codecs as below, and the picture is black with the size of the layout
	UpdateExact  uint8 = 2 // after it the Guest's picture equals the Host's, byte for byte
	UpdateCodecs uint8 = 4 // the Guest forgets both zstd streams, the colour table and the JPEG tables; the picture stays
	updateBlob   uint8 = 8 // a blob follows the operations
)

// Kinds of operations.
const (
	OpFill    uint8 = 1
	OpCopy    uint8 = 2
	OpJPEG    uint8 = 3
	OpPalette uint8 = 4
	OpRaw     uint8 = 5
	OpVideo   uint8 = 6
	OpEnd     uint8 = 7
	OpKeep    uint8 = 8
	OpCached  uint8 = 9
	OpSketch  uint8 = 10
)

// Formats of a video.
const (
	VideoH264 uint8 = 1 // ITU-T H.264, Annex B
	VideoVP8  uint8 = 2 // RFC 6386
)

// PictureOp is one operation on the picture; operations apply in order. Rectangle X, Y, W, H is in desktop pixels and not empty.
type PictureOp struct {
	Kind         uint8
	X, Y, W, H   uint16
	Colour       [3]byte // OpFill: blue, green, red
	FromX, FromY uint16  // OpCopy: left upper corner of the source
	Region       uint8   // OpVideo, OpEnd: below MaxVideoRegions
	Format       uint8   // OpVideo
	Key          bool    // OpVideo: needs no picture before it
	Shift        uint8   // OpSketch: 1 to maxSketchShift
	Slot         uint16  // OpKeep, OpCached: of the first tile
	Data         []byte  // OpJPEG, OpSketch: 1 … MaxPictureJPEG bytes, OpVideo: 1 … MaxPictureVideo
}

// UpdateMessage (PictureUpdate, Host → Guest) changes the picture:
//
//	sequence u32 · layout u32 · flags u8 · time u32 · operations u16 count × operation · blob if flags has 8
//	operation: kind u8 · x u16 · y u16 · width u16 · height u16 · the rest by kind
//	rest of a fill (kind 1): blue u8 · green u8 · red u8
//	rest of a copy (kind 2): x u16 · y u16
//	rest of a JPEG (kind 3): data bytes32 (≤ 8 MiB)
//	rest of a palette (kind 4) and a raw (kind 5): (empty)
//	rest of a video (kind 6): region u8 · format u8 · key bool · data bytes32 (≤ 8 MiB)
//	rest of an end of video (kind 7): region u8
//	rest of a keep (kind 8) and a cached (kind 9): slot u16
//	rest of a sketch (kind 10): shift u8 · data bytes32 (≤ 8 MiB)
//	blob: stream u8 · size u32 · data bytes32
//
// flags are 1 sync, 2 exact, 4 codecs, 8 blob. sequence is never 0, and one more than that of the update before; with
// sync or codecs any higher one. time is the Host's clock in ms, mod 2³². Palette and raw operations take their pixels
// from the blob, in order (core/screen says how).
type UpdateMessage struct {
	Sequence, Layout uint32
	Flags            uint8 // UpdateSync or UpdateCodecs, UpdateExact
	Time             uint32
	Ops              []PictureOp
	BlobStream       uint8  // which of the two zstd streams Blob continues
	BlobSize         uint32 // bytes Blob gives once decompressed
	Blob             []byte
}

// Append appends the body of m.
func (m *UpdateMessage) Append(b []byte) []byte {
	e := Encoder{B: b}
	e.U32(m.Sequence)
	e.U32(m.Layout)
	flags := m.Flags &^ updateBlob
	if len(m.Blob) > 0 {
		flags |= updateBlob
	}
	e.U8(flags)
	e.U32(m.Time)
	e.U16(uint16(len(m.Ops)))
	for i := range m.Ops {
		o := &m.Ops[i]
		e.U8(o.Kind)
		e.U16(o.X)
		e.U16(o.Y)
		e.U16(o.W)
		e.U16(o.H)
		switch o.Kind {
		case OpFill:
			e.Raw(o.Colour[:])
		case OpCopy:
			e.U16(o.FromX)
			e.U16(o.FromY)
		case OpJPEG:
			e.Bytes32(o.Data)
		case OpVideo:
			e.U8(o.Region)
			e.U8(o.Format)
			e.Bool(o.Key)
			e.Bytes32(o.Data)
		case OpEnd:
			e.U8(o.Region)
		case OpKeep, OpCached:
			e.U16(o.Slot)
		case OpSketch:
			e.U8(o.Shift)
			e.Bytes32(o.Data)
		}
	}
	if len(m.Blob) > 0 {
		e.U8(m.BlobStream)
		e.U32(m.BlobSize)
		e.Bytes32(m.Blob)
	}
	return e.B
}

// Parse reads a body that Append wrote into m and reuses m.Ops. Data and Blob alias b. That rectangles lie inside the
// layout is for the reader to check, who knows it. A body of n bytes takes at most 6 n bytes of memory for its operations.
func (m *UpdateMessage) Parse(b []byte) error {
	d := Decoder{B: b}
	ops := m.Ops[:0]
	*m = UpdateMessage{Sequence: d.U32(), Layout: d.U32(), Flags: d.U8(), Time: d.U32()}
	n := int(d.U16())
	if d.Err == nil && (m.Sequence == 0 || m.Layout == 0) {
		d.fail("update %d of layout %d", m.Sequence, m.Layout)
	}
	if d.Err == nil && (m.Flags > 15 || m.Flags&UpdateSync != 0 && m.Flags&UpdateCodecs != 0) {
		d.fail("update with flags %#x", m.Flags)
	}
	if d.Err == nil && len(d.B) < n*minOperation {
		d.fail("%d operations in %d bytes", n, len(d.B))
	}
	if cap(ops) < n && d.Err == nil {
		ops = make([]PictureOp, 0, n)
	}
	for i := 0; i < n && d.Err == nil; i++ {
		ops = append(ops, parseOp(&d))
	}
	if m.Flags&updateBlob != 0 {
		m.parseBlob(&d)
	}
	m.Flags &^= updateBlob
	m.Ops = ops
	if err := d.Close(); err != nil {
		*m = UpdateMessage{Ops: ops[:0]}
		return err
	}
	return nil
}

func (m *UpdateMessage) parseBlob(d *Decoder) {
	m.BlobStream, m.BlobSize = d.U8(), d.U32()
	m.Blob = d.Bytes32(MaxPictureBody)
	if d.Err == nil && (m.BlobStream > 1 || m.BlobSize == 0 || m.BlobSize > MaxPictureBlob || len(m.Blob) == 0) {
		d.fail("blob of %d bytes in %d on stream %d", m.BlobSize, len(m.Blob), m.BlobStream)
	}
}

func parseOp(d *Decoder) PictureOp {
	o := PictureOp{Kind: d.U8(), X: d.U16(), Y: d.U16(), W: d.U16(), H: d.U16()}
	if d.Err == nil && (o.W == 0 || o.H == 0 || int(o.X)+int(o.W) > MaxPictureSide || int(o.Y)+int(o.H) > MaxPictureSide) {
		d.fail("rectangle %d,%d of %d × %d", o.X, o.Y, o.W, o.H)
	}
	switch o.Kind {
	case OpFill:
		copy(o.Colour[:], d.Take(3))
	case OpCopy:
		o.FromX, o.FromY = d.U16(), d.U16()
	case OpJPEG:
		o.Data = parseJPEG(d)
	case OpPalette, OpRaw:
	case OpVideo:
		parseVideo(d, &o)
	case OpEnd:
		o.Region = parseRegion(d)
	case OpKeep, OpCached:
		o.Slot = d.U16()
	case OpSketch:
		o.Shift = d.U8()
		if d.Err == nil && (o.Shift < 1 || o.Shift > maxSketchShift) {
			d.fail("sketch with shift %d", o.Shift)
		}
		o.Data = parseJPEG(d)
	default:
		d.fail("operation of unknown kind %d", o.Kind)
	}
	return o
}

func parseJPEG(d *Decoder) []byte {
	data := d.Bytes32(MaxPictureJPEG)
	if d.Err == nil && len(data) == 0 {
		d.fail("empty JPEG")
	}
	return data
}

// parseVideo reads the rest of a video: colours are shared by two by two pixels, so its rectangle is even.
func parseVideo(d *Decoder, o *PictureOp) {
	o.Region, o.Format, o.Key = parseRegion(d), d.U8(), d.Bool()
	if d.Err == nil && (o.X|o.Y|o.W|o.H)&1 != 0 {
		d.fail("video in an odd rectangle %d,%d of %d × %d", o.X, o.Y, o.W, o.H)
	}
	if d.Err == nil && (o.Format < VideoH264 || o.Format > VideoVP8) {
		d.fail("video of unknown format %d", o.Format)
	}
	if o.Data = d.Bytes32(MaxPictureVideo); d.Err == nil && len(o.Data) == 0 {
		d.fail("empty picture of a video")
	}
}

func parseRegion(d *Decoder) uint8 {
	n := d.U8()
	if d.Err == nil && n >= MaxVideoRegions {
		d.fail("video region %d, limit %d", n, MaxVideoRegions)
	}
	return n
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
