package wire

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
