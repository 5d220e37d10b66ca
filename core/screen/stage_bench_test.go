package screen

import (
	"testing"
	"time"

	"impero/core/picture"
	"impero/core/wire"
)

// These measure the Encoder's parts one by one, each on a 1080p desktop.

func dragging(s *scene, i int) {
	x, y := 40+i*7%400, 40+i*5%300
	from := picture.Rect{X: x, Y: y, W: 900, H: 600}
	to := picture.Rect{X: 40 + (i+1)*7%400, Y: 40 + (i+1)*5%300, W: 900, H: 600}
	copyRect(s.f, to, from.X, from.Y)
	s.fill(picture.Rect{X: from.X, Y: from.Y, W: from.W, H: max(0, to.Y-from.Y)}, 0xf0f0f0)
	s.fill(picture.Rect{X: from.X, Y: from.Y, W: max(0, to.X-from.X), H: from.H}, 0xf0f0f0)
	s.damage(to)
	s.moves = append(s.moves, picture.Move{Dst: to, FromX: from.X, FromY: from.Y})
}

func BenchmarkEncodeDrag(b *testing.B) { benchEncode(b, dragging) }
func BenchmarkDecodeDrag(b *testing.B) { benchDecode(b, 50, dragging) }

// BenchmarkShift searches for a scroll of most of the screen and says where it holds.
func BenchmarkShift(b *testing.B) {
	for name, across := range map[string]bool{"down": false, "across": true} {
		b.Run(name, func(b *testing.B) {
			s := desk()
			ref := &picture.Frame{W: s.f.W, H: s.f.H, Pix: append([]byte(nil), s.f.Pix...)}
			box := picture.Rect{X: 50, Y: 50, W: 1080, H: 980}
			if across {
				s.shifted(box, -36, 0)
			} else {
				s.shifted(box, 0, -36)
			}
			var finder shiftFinder
			var where shiftMap
			var rects []picture.Rect
			b.ReportAllocs()
			for b.Loop() {
				d, ok := finder.find(ref, s.f, box, across)
				if !ok {
					b.Fatal("not found")
				}
				if across {
					where.look(ref, s.f, box, d, 0)
					rects = where.sideways(rects[:0])
				} else {
					where.look(ref, s.f, box, 0, d)
					rects = where.down(rects[:0])
				}
			}
		})
	}
}

// BenchmarkRects outlines what changed everywhere on the screen: a page of text over another.
func BenchmarkRects(b *testing.B) {
	s := desk()
	ref := &picture.Frame{W: s.f.W, H: s.f.H, Pix: append([]byte(nil), s.f.Pix...)}
	s.text(s.f.Bounds(), 0x303030)
	g := newGrid(s.f.W, s.f.H)
	var d differ
	d.reset(g)
	for row := range g.rows {
		d.run(s.f, ref, g, row*g.cols, g.cols)
	}
	var rects []picture.Rect
	b.ReportAllocs()
	for b.Loop() {
		rects = rects[:0]
		for i := d.changed.next(0); i >= 0; i = d.changed.next(i + 1) {
			rects = d.rects(i, g.tile(i), rects)
		}
		rects = joinRects(rects)
	}
}

// BenchmarkTiles codes all tiles of a screen of text, of photographs without loss, and of both.
func BenchmarkTiles(b *testing.B) {
	for _, c := range []struct {
		name  string
		part  picture.Rect
		lossy bool
	}{{"palette", picture.Rect{W: 1088, H: 1024}, false}, {"raw", picture.Rect{X: 1216, Y: 128, W: 576, H: 448}, false}, {"photo", picture.Rect{X: 1216, Y: 128, W: 576, H: 448}, true}} {
		b.Run(c.name, func(b *testing.B) {
			s := desk()
			g := newGrid(s.f.W, s.f.H)
			var rects []picture.Rect
			g.each(picture.Rect{X: c.part.X, Y: c.part.Y, W: c.part.W, H: c.part.H}, func(i int) { rects = append(rects, g.tile(i)) })
			coder := tileCoder{workers: 2, slots: newSlotTable()}
			photos := photoCoder{codec: newJPEG(), quality: 92, workers: 2}
			var ops []wire.PictureOp
			b.ReportAllocs()
			for b.Loop() {
				coder.begin()
				coder.add(s.f, rects, c.lossy)
				var err error
				if ops, err = photos.code(ops[:0], s.f, coder.photos, 92); err != nil {
					b.Fatal(err)
				}
			}
			size := len(coder.blob)
			for i := range ops {
				size += len(ops[i].Data)
			}
			b.ReportMetric(float64(size), "B")
		})
	}
}

// BenchmarkBlob compresses the palette tiles of a screen of text.
func BenchmarkBlob(b *testing.B) {
	s := desk()
	g := newGrid(s.f.W, s.f.H)
	var rects []picture.Rect
	g.each(picture.Rect{W: 1088, H: 1024}, func(i int) { rects = append(rects, g.tile(i)) })
	coder := tileCoder{workers: 2, slots: newSlotTable()}
	coder.begin()
	coder.add(s.f, rects, false)
	var w blobWriter
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		w.reset() // else it finds the same blob again
		_, data, err := w.compress(coder.blob, false)
		if err != nil {
			b.Fatal(err)
		}
		size = len(data)
	}
	b.ReportMetric(float64(size), "B")
}

// BenchmarkSketch makes and shows the first picture of a screen.
func BenchmarkSketch(b *testing.B) {
	s := desk()
	e := NewEncoder(EncoderConfig{Codecs: CodecJPEG})
	e.Pace(firstRate, firstRate)
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		e.Sync()
		buf, _, _, _ = e.Encode(buf[:0], s.f, nil, nil, testStart)
	}
	b.ReportMetric(float64(len(buf)), "B/update")
}

// BenchmarkKeyAnswer is a window of 400 × 200 pixels that changes its colour, with a line of blocks elsewhere: what the
// load "key" draws.
func BenchmarkKeyAnswer(b *testing.B) {
	s := newScene(5, 1920, 1080, picture.BGRX)
	s.photo(s.f.Bounds(), 3)
	e := NewEncoder(EncoderConfig{Codecs: CodecJPEG, Cache: wire.MaxPictureCache})
	now := testStart
	buf, _, _, _ := e.Encode(nil, s.f, nil, nil, now)
	settle(b, e, now, func([]byte) {})
	window, line := picture.Rect{X: 760, Y: 440, W: 400, H: 200}, picture.Rect{X: 64, Y: 64, W: 496, H: 16}
	now = now.Add(10 * time.Second)
	b.ReportAllocs()
	for i := uint32(0); b.Loop(); i++ {
		now = now.Add(80 * time.Millisecond)
		s.fill(window, 0x1e90ff+i&1*0x444444)
		for k := range 31 {
			s.fill(picture.Rect{X: line.X + k*16, Y: line.Y, W: 16, H: 16}, i>>(k&7)&1*0xffffff)
		}
		e.Pace(100e6, 100e6)
		buf, _, _, _ = e.Encode(buf[:0], s.f, []picture.Rect{window, line}, nil, now)
	}
}
