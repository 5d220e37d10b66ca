package screen

import (
	"errors"
	"fmt"

	"impero/core/picture"
	"impero/core/wire"
)

const (
	maxBatch = 64              // operations that are painted side by side; each takes 1.1 KiB
	fewPixel = 4 * maxTileArea // are painted by one goroutine
)

// painting is an operation taken apart and checked, on its way to the frame. Nothing it needs changes before it is done.
type painting struct {
	kind    uint8
	rect    picture.Rect
	data    []byte       // of a JPEG (complete), a raw, a video
	filter  uint8        // of a raw
	colour  [4]byte      // of a fill
	palette paletteTile  // of a palette
	video   VideoDecoder // of a video
	key     bool         // of a video
	err     error
}

// paint does it.
func (p *painting) paint(f *picture.Frame, codec jpegCodec) error {
	switch p.kind {
	case wire.OpFill:
		fillRect(f, p.rect, p.colour)
	case wire.OpJPEG:
		return codec.decode(f, p.rect, p.data)
	case wire.OpVideo:
		return p.video.Decode(f, p.rect, p.key, p.data)
	case wire.OpPalette:
		return p.palette.paint(f, p.rect)
	case wire.OpRaw:
		return paintRaw(f, p.rect, p.data, p.filter)
	}
	return nil
}

// apply does the operations in order; those that touch nothing but their own rectangle, side by side as long as these do
// not overlap.
func (d *Decoder) apply(m *wire.UpdateMessage, blob *reader) error {
	for i := range m.Ops {
		o := &m.Ops[i]
		r := opRect(o)
		var err error
		switch o.Kind {
		case wire.OpFill, wire.OpJPEG, wire.OpVideo, wire.OpPalette, wire.OpRaw:
			err = d.prepare(o, r, blob)
		default:
			if err = d.flush(); err == nil {
				err = d.paint(o, r)
			}
		}
		if err != nil {
			return err
		}
		if m.Flags&wire.UpdateSync == 0 && o.Kind != wire.OpKeep && o.Kind != wire.OpEnd {
			d.changed = append(d.changed, r)
		}
	}
	return d.flush()
}

// prepare checks an operation that stands for itself, and puts it with those that are painted together.
func (d *Decoder) prepare(o *wire.PictureOp, r picture.Rect, blob *reader) (err error) {
	if err := d.makeRoom(o, r); err != nil {
		return err
	}
	n := len(d.batch)
	if n == cap(d.batch) {
		d.batch = append(d.batch, painting{})
	}
	d.batch = d.batch[:n+1]
	p := &d.batch[n]
	p.kind, p.rect = o.Kind, r
	switch o.Kind {
	case wire.OpFill:
		p.colour = framePixel(o.Colour[0], o.Colour[1], o.Colour[2], d.frame.Order)
	case wire.OpJPEG:
		p.data, err = d.tables.complete(o.Data, r.W, r.H)
	case wire.OpVideo:
		p.data, p.key = o.Data, o.Key
		p.video, err = d.videos.take(o, r, d.frame.Bounds())
	case wire.OpPalette:
		err = p.palette.take(&d.colours, r, d.frame.Order, blob)
	case wire.OpRaw:
		p.data, p.filter, err = takeRaw(r, blob)
	}
	if err == nil && blob.short {
		err = errShortBlob
	}
	if err != nil {
		d.batch = d.batch[:n]
	}
	return err
}

// makeRoom paints what was put together if r overlaps some of it, there is too much, or o ends a video that is among it.
func (d *Decoder) makeRoom(o *wire.PictureOp, r picture.Rect) error {
	full := len(d.batch) >= maxBatch
	for i := range d.batch {
		full = full || !r.Intersect(d.batch[i].rect).Empty()
	}
	if at := &d.videos.open[o.Region]; o.Kind == wire.OpVideo && at.dec != nil && (at.rect != r || at.format != o.Format) {
		full = true
	}
	if full {
		return d.flush()
	}
	return nil
}

// flush paints what was put together.
func (d *Decoder) flush() error {
	pixels := 0
	for i := range d.batch {
		pixels += d.batch[i].rect.Area()
	}
	workers := d.cfg.Workers
	if pixels <= fewPixel {
		workers = 1
	}
	inParallel(len(d.batch), workers, func(i int) {
		p := &d.batch[i]
		p.err = p.paint(d.frame, d.codec)
	})
	var err error
	for i := range d.batch {
		p := &d.batch[i]
		if err == nil {
			err = p.err
		}
		p.data, p.palette.packed, p.video, p.err = nil, nil, nil, nil
	}
	d.batch = d.batch[:0]
	return err
}

// paint does an operation that needs what others painted.
func (d *Decoder) paint(o *wire.PictureOp, r picture.Rect) error {
	switch o.Kind {
	case wire.OpCopy:
		if from := (picture.Rect{X: int(o.FromX), Y: int(o.FromY), W: r.W, H: r.H}); !d.frame.Bounds().Contains(from) {
			return fmt.Errorf("copy from %v outside the screen", from)
		}
		copyRect(d.frame, r, int(o.FromX), int(o.FromY))
		return nil
	case wire.OpEnd:
		if at := &d.videos.open[o.Region]; at.dec == nil || at.rect != r {
			return fmt.Errorf("end of no video in region %d", o.Region)
		}
		d.videos.end(o.Region)
		return nil
	case wire.OpKeep, wire.OpCached:
		return d.kept.do(d.frame, o.Kind, r, int(o.Slot))
	case wire.OpSketch:
		return d.paintSketch(r, o)
	}
	return errors.New("operation of unknown kind")
}
