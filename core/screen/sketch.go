package screen

import (
	"impero/core/picture"
	"impero/core/wire"
)

const (
	sketchShift   = 3         // a sketch has one pixel for 8 × 8
	sketchQuality = 60        // as JPEG
	sketchArea    = 320 * 200 // a smaller screen is soon there without
	wideWay       = 0.1       // as is one for which an update may take so many bytes a pixel
)

// sketch makes f a small picture of itself, in dst's memory: each pixel is the mean of some of those it stands for.
func sketch(dst, f *picture.Frame) *picture.Frame {
	w, h := sketchSide(f.W, sketchShift), sketchSide(f.H, sketchShift)
	if dst == nil || dst.W != w || dst.H != h || dst.Order != f.Order {
		dst = picture.NewFrame(w, h, f.Order)
	}
	for y := range h {
		out := dst.Row(y, 0, w)
		for x := range w {
			var sum [3]int
			n := 0
			for sy := y<<sketchShift + 1; sy < min((y+1)<<sketchShift, f.H); sy += 3 {
				row := f.Row(sy, x<<sketchShift, min((x+1)<<sketchShift, f.W))
				for ; len(row) >= 4; row = row[min(len(row), 12):] {
					sum[0], sum[1], sum[2] = sum[0]+int(row[0]), sum[1]+int(row[1]), sum[2]+int(row[2])
					n++
				}
			}
			if n > 0 {
				out[x*4], out[x*4+1], out[x*4+2] = byte(sum[0]/n), byte(sum[1]/n), byte(sum[2]/n)
			}
		}
	}
	return dst
}

// sketchSide is how many pixels of a sketch stand for n.
func sketchSide(n int, shift uint8) int { return (n + 1<<shift - 1) >> shift }

// enlarge paints r of f with a sketch of it.
func enlarge(f *picture.Frame, r picture.Rect, small *picture.Frame, shift uint8) {
	for y := range r.H {
		row := f.Row(r.Y+y, r.X, r.X+r.W)
		if y&(1<<shift-1) != 0 {
			copy(row, f.Row(r.Y+y-1, r.X, r.X+r.W))
			continue
		}
		from := small.Row(y>>shift, 0, small.W)
		for x := range r.W {
			copy(row[x*4:x*4+4], from[x>>shift*4:])
		}
	}
}

// sketched makes the first update of a sync point a sketch of f, which is there at once; what is under it is not known to
// ref, so that all of it follows. It gives false where a sketch would not help.
func (e *Encoder) sketched(f *picture.Frame) bool {
	if !e.sync || e.pace.rate == 0 || e.pace.budget() > float64(f.W*f.H)*wideWay || e.cfg.Codecs&CodecJPEG == 0 || f.W*f.H < sketchArea {
		return false
	}
	clear(e.ref.Pix) // no pixel of a frame has a fourth byte of 0: everything differs
	e.small = sketch(e.small, f)
	return true
}

// sketchOp codes e.small.
func (e *Encoder) sketchOp(ops []wire.PictureOp, f *picture.Frame) ([]wire.PictureOp, error) {
	data, err := e.photos.codec.encode(e.sketch[:0], e.small, e.small.Bounds(), sketchQuality)
	if err == nil {
		data, err = e.photos.tables.shorten(data, 0)
	}
	if err != nil {
		return ops, err
	}
	e.sketch = data
	op := operation(wire.OpSketch, f.Bounds())
	op.Shift, op.Data = sketchShift, data
	return append(ops, op), nil
}

// known says whether ref holds what the viewers have in tile i: under a sketch it does not.
func (e *Encoder) known(i int) bool {
	t := e.grid.tile(i)
	return e.ref.Row(t.Y, t.X, t.X+1)[3] != 0
}

// paintSketch paints r with the small picture of it.
func (d *Decoder) paintSketch(r picture.Rect, o *wire.PictureOp) error {
	w, h := sketchSide(r.W, o.Shift), sketchSide(r.H, o.Shift)
	data, err := d.tables.complete(o.Data, w, h)
	if err != nil {
		return err
	}
	small := picture.NewFrame(w, h, d.frame.Order)
	if err := d.codec.decode(small, small.Bounds(), data); err != nil {
		return err
	}
	enlarge(d.frame, r, small, o.Shift)
	return nil
}
