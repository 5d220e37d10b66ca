package screen

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"impero/core/picture"
	"impero/core/wire"
)

// newDesktop is an encoder with a tile cache, its viewer and a screen.
func newDesktop(t *testing.T, cache int) *cinema {
	c := &cinema{t: t, s: newScene(5, 1000, 700, picture.BGRX), now: testStart}
	c.e = NewEncoder(EncoderConfig{Codecs: CodecJPEG, Cache: cache})
	c.v = newViewer(picture.RGBX)
	c.v.dec = NewDecoder(DecoderConfig{Order: picture.RGBX, Cache: cache})
	c.s.text(c.s.f.Bounds(), 0)
	c.s.photo(picture.Rect{X: 500, Y: 100, W: 400, H: 300}, 0)
	c.update()
	settle(t, c.e, c.now, c.show)
	c.now = c.now.Add(time.Minute)
	return c
}

// later encodes what changed after the screen was calm, gives the bytes of it, and lets it become exact.
func (c *cinema) later() int {
	c.t.Helper()
	c.now = c.now.Add(time.Second)
	out, _ := encode(c.t, c.e, c.s, c.now)
	c.show(out)
	n := len(out)
	settle(c.t, c.e, c.now, c.show)
	c.v.same(c.t, c.s.f, "after calm")
	return n
}

func TestWhatWasSeenCostsLittle(t *testing.T) {
	for _, size := range []int{0, 10240 << 10, wire.MaxPictureCache} {
		c := newDesktop(t, size)
		c.s.was = append([]byte(nil), c.s.f.Pix...)
		c.s.fill(picture.Rect{X: 90, Y: 90, W: 850, H: 580}, 0xffffff)
		c.s.text(picture.Rect{X: 100, Y: 100, W: 830, H: 560}, 0x400000)
		opened := c.later()
		c.s.back()
		closed := c.later()
		switch limit := opened / 20; {
		case size == 0 && (closed < limit || c.kind[wire.OpCached] > 0):
			t.Errorf("without a cache: %d bytes to open a window, %d to close it", opened, closed)
		case size > 0 && closed > limit:
			t.Errorf("cache of %d bytes: %d bytes to open a window, %d to close it", size, opened, closed)
		}
	}
}

// TestSmallCacheForgets shows more pages than a cache holds, and finds the last of them.
func TestSmallCacheForgets(t *testing.T) {
	c := newDesktop(t, 100*slotBytes) // a page has 176 tiles
	var pages [][]byte
	for range 4 {
		c.s.fill(c.s.f.Bounds(), 0xffffff)
		c.s.text(picture.Rect{W: 500, H: 300}, 0x303030)
		c.later()
		pages = append(pages, append([]byte(nil), c.s.f.Pix...))
	}
	c.s.was = pages[2]
	c.s.back()
	if n := c.later(); n > 1000 {
		t.Errorf("%d bytes for the page before", n)
	}
	if n := len(c.v.dec.kept.tiles); n > 100 {
		t.Errorf("%d tiles kept", n)
	}
}

// TestWhatAWindowUncoversCostsLittle drags a window over a photograph and text, a few pixels at a time.
func TestWhatAWindowUncoversCostsLittle(t *testing.T) {
	for _, size := range []int{0, wire.MaxPictureCache} {
		c := newDesktop(t, size)
		ground := append([]byte(nil), c.s.f.Pix...)
		total := 0
		for step := range 40 {
			c.s.was = ground
			c.s.back()
			c.s.fill(picture.Rect{X: 120 + 9*step, Y: 60 + 4*step, W: 333, H: 222}, 0x2050a0)
			c.now = c.now.Add(16 * time.Millisecond)
			out, _ := encode(t, c.e, c.s, c.now)
			c.show(out)
			if total += len(out); step == 0 {
				total = 0
			}
		}
		settle(t, c.e, c.now, c.show)
		c.v.same(t, c.s.f, "after the drag")
		switch {
		case size == 0 && total < 30_000:
			t.Errorf("without a cache: %d bytes", total)
		case size > 0 && total > 15_000:
			t.Errorf("%d bytes for 39 steps", total)
		}
	}
}

// TestPartsAreNotJoined: only whole tiles are joined with their neighbours.
func TestPartsAreNotJoined(t *testing.T) {
	whole := picture.Rect{X: 64, Y: 64, W: 64, H: 64}
	for _, part := range []picture.Rect{{X: 32, Y: 64, W: 32, H: 64}, {X: 0, Y: 64, W: 64, H: 32}} {
		op := operation(wire.OpCached, part)
		op.Slot = 5
		if ops := appendSlot([]wire.PictureOp{op}, wire.OpCached, whole, 6); len(ops) != 2 {
			t.Errorf("a tile is joined with part %v", part)
		}
	}
}

// TestMovingThingsAreNotKept scrolls and plays without a pause: nothing of that comes again.
func TestMovingThingsAreNotKept(t *testing.T) {
	c := newDesktop(t, wire.MaxPictureCache)
	for i := range 30 {
		c.s.scroll(picture.Rect{X: 20, Y: 20, W: 400, H: 600}, 12)
		c.s.photo(picture.Rect{X: 500, Y: 100, W: 400, H: 300}, i*5)
		c.update()
		if n := c.kind[wire.OpKeep]; (n > 0) != (i == 0) {
			t.Errorf("%d keeps in update %d", n, i)
		}
	}
}

func TestDecoderRefusesHostileTiles(t *testing.T) {
	op := func(kind uint8, slot int, r picture.Rect) wire.PictureOp {
		o := operation(kind, r)
		o.Slot = uint16(slot)
		return o
	}
	whole := picture.Rect{W: 64, H: 64}
	for name, ops := range map[string][]wire.PictureOp{
		"keep beyond":      {op(wire.OpKeep, 4, whole)},
		"keep row beyond":  {op(wire.OpKeep, 2, picture.Rect{W: 192, H: 64})},
		"slot 65535":       {op(wire.OpKeep, 65535, picture.Rect{W: 128, H: 64})},
		"keep of a part":   {op(wire.OpKeep, 0, picture.Rect{W: 63, H: 64})},
		"keep not at tile": {op(wire.OpKeep, 0, picture.Rect{X: 1, W: 64, H: 64})},
		"nothing kept":     {op(wire.OpCached, 0, whole)},
		"cached beyond":    {op(wire.OpKeep, 0, whole), op(wire.OpCached, 4, whole)},
		"another size":     {op(wire.OpKeep, 0, whole), op(wire.OpCached, 0, picture.Rect{X: 192, W: 8, H: 64})},
		"part of none":     {op(wire.OpCached, 0, picture.Rect{W: 64, H: 32})},
		"part of another":  {op(wire.OpKeep, 0, whole), op(wire.OpCached, 0, picture.Rect{X: 192, W: 4, H: 32})},
		"parts of two":     {op(wire.OpKeep, 0, whole), op(wire.OpCached, 0, picture.Rect{X: 60, W: 8, H: 32})},
	} {
		d := started(t, 200, 64)
		d.kept.most = 4
		m := wire.UpdateMessage{Sequence: 2, Layout: 1, Ops: ops}
		if _, err := d.Decode(wire.PictureUpdate, m.Append(nil)); !errors.Is(err, ErrPicture) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := started(t, 200, 64)
	m := wire.UpdateMessage{Sequence: 2, Layout: 1, Ops: []wire.PictureOp{op(wire.OpKeep, 0, whole)}}
	if _, err := d.Decode(wire.PictureUpdate, m.Append(nil)); !errors.Is(err, ErrPicture) {
		t.Errorf("a cache that was not offered: %v", err)
	}
}

func TestAbilitiesComeBack(t *testing.T) {
	for _, a := range []Abilities{{}, {Codecs: CodecJPEG, Cache: 10240 << 10}, {Codecs: CodecJPEG | CodecH264 | CodecVP8, Cache: wire.MaxPictureCache}} {
		list := a.Capabilities()
		if got := AbilitiesOf(list); !reflect.DeepEqual(got, a) {
			t.Errorf("%+v came back as %+v", a, got)
		}
		for i := range list {
			if i > 0 && list[i].Number <= list[i-1].Number {
				t.Errorf("%+v: capabilities out of order", a)
			}
		}
	}
	for _, c := range []wire.Capability{{Number: wire.CapabilityTiles}, {Number: wire.CapabilityTiles, Parameter: []byte{1, 2, 3}}, {Number: 999}} {
		if a := AbilitiesOf([]wire.Capability{c}); a != (Abilities{}) {
			t.Errorf("%+v from %+v", a, c)
		}
	}
	huge := wire.Capability{Number: wire.CapabilityTiles, Parameter: []byte{255, 255, 255, 255}}
	if a := AbilitiesOf([]wire.Capability{huge}); a.Cache != wire.MaxPictureCache {
		t.Errorf("a cache of %d bytes", a.Cache)
	}
}
