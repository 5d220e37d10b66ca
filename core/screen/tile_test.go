package screen

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"impero/core/picture"
)

// coloured paints r with n colours in a random pattern.
func coloured(f *picture.Frame, r picture.Rect, n int, rnd *rand.Rand) {
	list := make([][4]byte, n)
	for i := range list {
		list[i] = [4]byte{byte(i), byte(i * 7), byte(rnd.Uint32()), 255}
	}
	for y := r.Y; y < r.Y+r.H; y++ {
		row := f.Row(y, r.X, r.X+r.W)
		for x := range r.W {
			px := list[rnd.IntN(n)]
			copy(row[x*4:], px[:])
		}
	}
}

// TestTilesWithoutLoss sends palette and raw tiles of every depth one after the other through the shared table.
func TestTilesWithoutLoss(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	slots := newSlotTable()
	var there colourTable
	there.reset()
	var c colours
	var coder rawCoder
	for _, order := range []picture.Order{picture.BGRX, picture.RGBX} {
		for i := range 600 {
			f := picture.NewFrame(80, 70, order)
			r := picture.Rect{X: rnd.IntN(10), Y: rnd.IntN(6), W: 1 + rnd.IntN(64), H: 1 + rnd.IntN(64)}
			coloured(f, r, []int{1, 2, 3, 4, 5, 16, 17, 40, 64, 65, 256}[i%11], rnd)
			other := picture.NewFrame(80, 70, order)
			c.count(f, r)
			blob := &reader{b: slots.appendPalette(nil, &c, r.W, r.H, order)}
			if n := len(blob.b); n > paletteHead+r.Area()+r.H {
				t.Fatalf("palette tile of %v takes %d bytes", r, n)
			}
			var tile paletteTile
			err := tile.take(&there, r, order, blob)
			if err == nil {
				err = tile.paint(other, r)
			}
			if err != nil || len(blob.b) != 0 || blob.short {
				t.Fatalf("tile %d, %d colours: %v, %d bytes left", i, c.n, err, len(blob.b))
			}
			if !bytes.Equal(f.Pix, other.Pix) {
				t.Fatalf("tile %d, %d colours, %v: palette changed pixels", i, c.n, r)
			}
			again := picture.NewFrame(80, 70, order)
			blob = &reader{b: coder.appendRaw(nil, f, r)}
			if err := paintBlobRaw(again, r, blob); err != nil || len(blob.b) != 0 || !bytes.Equal(f.Pix, again.Pix) {
				t.Fatalf("tile %d, %v: raw changed pixels: %v", i, r, err)
			}
		}
	}
}

// paintBlobRaw takes a raw rectangle and paints it at once.
func paintBlobRaw(f *picture.Frame, r picture.Rect, blob *reader) error {
	data, filter, err := takeRaw(r, blob)
	if err == nil {
		err = paintRaw(f, r, data, filter)
	}
	return err
}

func TestRawPlain(t *testing.T) {
	f := picture.NewFrame(3, 2, picture.RGBX)
	err := paintBlobRaw(f, picture.Rect{X: 1, W: 2, H: 2}, &reader{b: []byte{rawPlain, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}})
	want := []byte{0, 0, 0, 255, 3, 2, 1, 255, 6, 5, 4, 255, 0, 0, 0, 255, 9, 8, 7, 255, 12, 11, 10, 255}
	if err != nil || !bytes.Equal(f.Pix, want) {
		t.Errorf("%v, %v", f.Pix, err)
	}
}

func TestColoursCounted(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 2))
	var c colours
	for range 300 {
		f := picture.NewFrame(64, 64, picture.BGRX)
		n := 1 + rnd.IntN(300)
		coloured(f, f.Bounds(), n, rnd)
		seen := map[[4]byte]bool{}
		for i := 0; i < len(f.Pix); i += 4 {
			seen[[4]byte(f.Pix[i:])] = true
		}
		c.count(f, f.Bounds())
		if want := min(len(seen), maxColours+1); c.n != want {
			t.Fatalf("%d colours counted, want %d", c.n, want)
		}
	}
}

// TestDifferCoversEveryChange changes pixels at random and looks for one outside the rectangles.
func TestDifferCoversEveryChange(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	for range 400 {
		w, h := 1+rnd.IntN(300), 1+rnd.IntN(200)
		a, b := picture.NewFrame(w, h, 0), picture.NewFrame(w, h, 0)
		changed := map[int]bool{}
		for range rnd.IntN(40) {
			i := rnd.IntN(w * h)
			a.Pix[i*4+rnd.IntN(3)]++
			changed[i] = true
		}
		g := newGrid(w, h)
		var d differ
		d.reset(g)
		var rects []picture.Rect
		for row := range g.rows {
			first := row * g.cols
			d.run(a, b, g, first, g.cols)
		}
		for i := d.changed.next(0); i >= 0; i = d.changed.next(i + 1) {
			rects = d.rects(i, g.tile(i), rects)
		}
		for _, r := range joinRects(slices.Clone(rects)) {
			if r.Empty() || r.Area() > maxTileArea || !a.Bounds().Contains(r) {
				t.Fatalf("joined to %v", r)
			}
			takeRect(b, a, r)
		}
		if !bytes.Equal(a.Pix, b.Pix) {
			t.Fatalf("%d × %d: %d changes, some outside %v", w, h, len(changed), rects)
		}
	}
}

func TestBlinkingCursorIsSmall(t *testing.T) {
	s := newScene(1, 800, 600, picture.BGRX)
	s.text(s.f.Bounds(), 0)
	e := NewEncoder(EncoderConfig{Codecs: CodecJPEG})
	encode(t, e, s, testStart)
	for i := range 4 {
		s.fill(picture.Rect{X: 100, Y: 100, W: 1, H: 14}, uint32(i&1)*0xffffff)
		s.damage(s.f.Bounds())
		if out, ok := encode(t, e, s, testStart); !ok || len(out) > 60 {
			t.Errorf("%d bytes for a blink", len(out))
		}
	}
}

func TestScrollHintIsOneCopy(t *testing.T) {
	s := newScene(1, 640, 480, picture.BGRX)
	s.text(s.f.Bounds(), 0)
	e := NewEncoder(EncoderConfig{Codecs: CodecJPEG})
	v := newViewer(picture.BGRX)
	out, _ := encode(t, e, s, testStart)
	v.feed(t, out)
	hinted := 0
	for range 20 {
		s.scroll(picture.Rect{X: 30, Y: 20, W: 500, H: 440}, 12)
		out, ok := encode(t, e, s, testStart)
		if !ok || len(e.copies) != 1 {
			t.Fatalf("%d copies", len(e.copies))
		}
		hinted += len(out)
		v.feed(t, out)
		v.same(t, s.f, "after a scroll")
	}
	if hinted > 20*2000 {
		t.Errorf("%d bytes for 20 scrolled lines", hinted)
	}
}
