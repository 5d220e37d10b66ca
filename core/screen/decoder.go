package screen

import (
	"fmt"
	"runtime"
	"time"

	"impero/core/picture"
	"impero/core/wire"
)

// DecoderConfig tunes a Decoder; zero values mean the defaults.
type DecoderConfig struct {
	Order     picture.Order // of the frame's pixels
	MaxPixels int           // a larger desktop is refused; picture.MaxPixels
	Workers   int           // goroutines that paint at once; GOMAXPROCS, at most 4
	Video     []VideoFormat // formats that a Host may send
	Cache     int           // bytes of tiles to keep, at most wire.MaxPictureCache; 0: none
}

// Result is what one message changed. At most one of Layout, Cursor, Pointer and Times is set. Changed holds until the next Decode.
type Result struct {
	Sequence uint32         // of an update; 0 for other messages
	Sync     bool           // the update was a sync point: Frame may be another one than before
	Exact    bool           // the picture equals the Host's now
	Time     uint32         // the Host's clock when the update was made, ms mod 2³²
	Changed  []picture.Rect // rectangles of the frame that were painted, at most maxChanged
	Layout   *picture.Layout
	Cursor   *picture.Cursor
	Pointer  *Pointer
	Times    *Times
}

// Pointer is a place on the desktop, in pixels.
type Pointer struct{ X, Y int }

// Times is what the updates of about a second took at the Host: the mean of each, and what 95 of 100 were within.
type Times struct {
	Updates            int
	Capture, Capture95 time.Duration // to fetch a picture from the display
	Encode, Encode95   time.Duration // to make its update
	Queue, Queue95     time.Duration // that it waited before it was sent
}

const (
	maxChanged = 256 // with more rectangles their union is reported
	// paintFactor bounds the area that the operations of one update may paint, in areas of the desktop: pictures cost
	// the Guest time in proportion to what it shows, whatever a Host sends.
	paintFactor = 4
)

// Decoder applies picture messages to a frame. Not for concurrent use. Its memory is one frame of at most MaxPixels × 4
// bytes, two zstd windows of 1 MiB, a blob of at most wire.MaxPictureBlob while it decodes and 8 MiB between, one JPEG and a
// quarter of a frame while it paints a sketch, the tiles it keeps, and 16 bytes a pixel of its videos, which Close frees.
type Decoder struct {
	cfg     DecoderConfig
	frame   *picture.Frame
	next    *wire.LayoutMessage // announced, waits for its sync point
	layout  uint32
	seq     uint32
	err     error // of the message that broke the stream
	update  wire.UpdateMessage
	blobs   blobReader
	colours colourTable
	tables  jpegTables
	codec   jpegCodec
	videos  videoDecoders
	kept    tileSlots
	changed []picture.Rect
	batch   []painting
}

// NewDecoder makes a Decoder whose frame is empty until the first sync point.
func NewDecoder(cfg DecoderConfig) *Decoder {
	if cfg.MaxPixels <= 0 || cfg.MaxPixels > picture.MaxPixels {
		cfg.MaxPixels = picture.MaxPixels
	}
	if cfg.Workers <= 0 {
		cfg.Workers = min(4, runtime.GOMAXPROCS(0))
	}
	return &Decoder{cfg: cfg, frame: &picture.Frame{Order: cfg.Order}, codec: newJPEG(), videos: videoDecoders{formats: cfg.Video},
		kept: tileSlots{most: max(0, min(cfg.Cache, wire.MaxPictureCache)) / slotBytes}}
}

// Close frees what the Decoder holds outside Go's memory; it is the last call. The frame stays.
func (d *Decoder) Close() { d.videos.reset() }

// Frame is the picture. The Decoder paints in it and replaces it at a sync point of another size, whose pixels may take the
// memory of the one before.
func (d *Decoder) Frame() *picture.Frame { return d.frame }

// LayoutNumber is the number of the layout that Frame has; 0 before the first sync point.
func (d *Decoder) LayoutNumber() uint32 { return d.layout }

// Decode applies the body of one picture message. Messages of unknown optional kinds change nothing. After an error
// (which wraps ErrPicture) the frame may be half painted and every later call fails alike.
func (d *Decoder) Decode(kind uint8, body []byte) (Result, error) {
	if d.err != nil {
		return Result{}, d.err
	}
	r, err := d.decode(kind, body)
	if err != nil {
		d.err = fmt.Errorf("%w: %w", ErrPicture, err)
		return Result{}, d.err
	}
	return r, nil
}

func (d *Decoder) decode(kind uint8, body []byte) (Result, error) {
	switch kind {
	case wire.PictureLayout:
		return d.readLayout(body)
	case wire.PictureUpdate:
		return d.readUpdate(body)
	case wire.PictureCursor:
		m, err := wire.ParseCursorMessage(body)
		if err != nil {
			return Result{}, err
		}
		c, err := readCursor(m)
		return Result{Cursor: c}, err
	case wire.PicturePointer:
		m, err := wire.ParsePointerMessage(body)
		return Result{Pointer: &Pointer{X: int(m.X), Y: int(m.Y)}}, err
	case wire.PictureTimes:
		m, err := wire.ParseTimesMessage(body)
		return Result{Times: timesOf(m)}, err
	}
	if kind < wire.PictureOptional {
		return Result{}, fmt.Errorf("message of unknown kind %d", kind)
	}
	return Result{}, nil
}

func timesOf(m wire.TimesMessage) *Times {
	span := func(v uint32) time.Duration { return time.Duration(v) * time.Microsecond }
	return &Times{
		Updates: int(m.Updates), Capture: span(m.Capture), Capture95: span(m.Capture95),
		Encode: span(m.Encode), Encode95: span(m.Encode95), Queue: span(m.Queue), Queue95: span(m.Queue95),
	}
}

// readLayout remembers a layout; its frame is made at the sync point that names it.
func (d *Decoder) readLayout(body []byte) (Result, error) {
	m, err := wire.ParseLayoutMessage(body)
	if err != nil {
		return Result{}, err
	}
	if err := picture.CheckSize(int(m.W), int(m.H)); err != nil {
		return Result{}, err
	}
	if int(m.W)*int(m.H) > d.cfg.MaxPixels {
		return Result{}, fmt.Errorf("screen of %d × %d pixels, limit %d in all", m.W, m.H, d.cfg.MaxPixels)
	}
	d.next = &m
	l := pictureLayout(m)
	return Result{Layout: &l}, nil
}

func (d *Decoder) readUpdate(body []byte) (Result, error) {
	m := &d.update
	if err := m.Parse(body); err != nil {
		return Result{}, err
	}
	d.changed = d.changed[:0]
	if err := d.begin(m); err != nil {
		return Result{}, err
	}
	blob, err := d.openBlob(m)
	if err != nil {
		return Result{}, err
	}
	if err := d.apply(m, blob); err != nil {
		return Result{}, err
	}
	if len(blob.b) > 0 {
		return Result{}, fmt.Errorf("%d bytes of blob too many", len(blob.b))
	}
	d.seq = m.Sequence
	return Result{Sequence: m.Sequence, Sync: m.Flags&wire.UpdateSync != 0, Exact: m.Flags&wire.UpdateExact != 0, Time: m.Time, Changed: d.report()}, nil
}

// begin checks an update's place in the stream and does what its flags say.
func (d *Decoder) begin(m *wire.UpdateMessage) error {
	sync := m.Flags&wire.UpdateSync != 0
	fresh := sync || m.Flags&wire.UpdateCodecs != 0
	if m.Sequence <= d.seq || !fresh && m.Sequence != d.seq+1 {
		return fmt.Errorf("update %d after %d", m.Sequence, d.seq)
	}
	switch {
	case sync && d.next != nil && d.next.Layout == m.Layout:
		d.meet(*d.next)
	case m.Layout != d.layout || d.next != nil:
		return fmt.Errorf("update of layout %d", m.Layout)
	case sync:
		blacken(d.frame)
	}
	if sync {
		d.changed = append(d.changed, d.frame.Bounds())
	}
	if fresh {
		d.colours.reset()
		d.tables.reset()
		d.blobs.reset()
		d.videos.reset()
		d.kept.reset()
	}
	return nil
}

// meet takes up an announced layout: the frame is black.
func (d *Decoder) meet(l wire.LayoutMessage) {
	d.layout, d.next = l.Layout, nil
	if d.frame.W == int(l.W) && d.frame.H == int(l.H) {
		blacken(d.frame)
		return
	}
	f := &picture.Frame{W: int(l.W), H: int(l.H), Order: d.cfg.Order}
	if n := f.W * f.H * 4; n <= cap(d.frame.Pix) { // a Host that goes to and fro between sizes makes no garbage
		f.Pix = d.frame.Pix[:n]
	} else {
		f.Pix = make([]byte, n)
	}
	blacken(f)
	d.frame = f
}

// openBlob checks that operations lie in the frame and do not paint too much, and gives the blob they draw from. A blob
// larger than they can use is refused before it is decompressed.
func (d *Decoder) openBlob(m *wire.UpdateMessage) (*reader, error) {
	bounds := d.frame.Bounds()
	area, use := 0, 0
	for i := range m.Ops {
		o := &m.Ops[i]
		r := opRect(o)
		if !bounds.Contains(r) {
			return nil, fmt.Errorf("rectangle %v outside the screen of %d × %d", r, bounds.W, bounds.H)
		}
		area += r.Area()
		switch o.Kind {
		case wire.OpPalette:
			use += paletteHead + r.Area() + r.H
		case wire.OpRaw:
			use += rawHead + 3*r.Area()
		}
	}
	if area > paintFactor*bounds.Area() {
		return nil, fmt.Errorf("operations on %d pixels of a screen of %d", area, bounds.Area())
	}
	if int(m.BlobSize) > use {
		return nil, fmt.Errorf("blob of %d bytes where %d can be used", m.BlobSize, use)
	}
	if m.BlobSize == 0 {
		return &reader{}, nil
	}
	b, err := d.blobs.decompress(m.BlobStream, m.Blob, int(m.BlobSize))
	return &reader{b: b}, err
}

// report gives what was painted.
func (d *Decoder) report() []picture.Rect {
	if len(d.changed) <= maxChanged {
		return d.changed
	}
	var all picture.Rect
	for _, r := range d.changed {
		all = all.Union(r)
	}
	d.changed = append(d.changed[:0], all)
	return d.changed
}
