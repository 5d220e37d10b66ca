package screen

import (
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"impero/core/picture"
	"impero/core/wire"
)

// plainVideo is a video of the high bits of each pixel, with a number that shows a picture left out. It tests what stands
// around a format; package video has real ones.
type plainVideo struct {
	w, h int
	next uint32
	open *int // coders not closed
}

// plainFormats are plain videos under the numbers of real ones; open counts what is not closed.
func plainFormats(open *int) []VideoFormat {
	made := func(w, h int, _ VideoContent) (*plainVideo, error) {
		if w < 64 || h < 64 {
			return nil, errors.New("too small")
		}
		*open++
		return &plainVideo{w: w, h: h, open: open}, nil
	}
	f := VideoFormat{NewEncoder: func(w, h int, c VideoContent) (VideoEncoder, error) { return made(w, h, c) }, NewDecoder: func(w, h int) (VideoDecoder, error) { return made(w, h, 0) }}
	a, b := f, f
	a.Number, b.Number = wire.VideoH264, wire.VideoVP8
	return []VideoFormat{a, b}
}

func (v *plainVideo) Encode(dst []byte, f *picture.Frame, r picture.Rect, key bool, coarse int) ([]byte, bool, error) {
	if key {
		v.next = 0
	}
	dst = binary.BigEndian.AppendUint32(dst, v.next)
	v.next++
	for y := range r.H {
		row := f.Row(r.Y+y, r.X, r.X+r.W)
		for ; len(row) >= 4; row = row[4:] {
			b, g, d := wireColour(binary.LittleEndian.Uint32(row), f.Order)
			dst = append(dst, b&0xf0, g&0xf0, d&0xf0)
		}
	}
	return dst, key, nil
}

func (v *plainVideo) Decode(f *picture.Frame, r picture.Rect, key bool, data []byte) error {
	if r.W != v.w || r.H != v.h || len(data) != 4+r.Area()*3 {
		return errors.New("wrong size")
	}
	if n := binary.BigEndian.Uint32(data); n != v.next && !key || key && n != 0 {
		return errors.New("a picture was left out")
	} else {
		v.next = n + 1
	}
	data = data[4:]
	for y := range r.H {
		row := f.Row(r.Y+y, r.X, r.X+r.W)
		for ; len(row) >= 4; row, data = row[4:], data[3:] {
			*(*[4]byte)(row) = framePixel(data[0], data[1], data[2], f.Order)
		}
	}
	return nil
}

func (v *plainVideo) Close() { *v.open-- }

// cinema is an encoder and a viewer, and a screen on which a film can play.
type cinema struct {
	t    *testing.T
	s    *scene
	e    *Encoder
	v    *viewer
	now  time.Time
	open int
	kind map[uint8]int // operations by kind
}

func newCinema(t *testing.T, w, h int) *cinema {
	c := &cinema{t: t, s: newScene(3, w, h, picture.BGRX), now: testStart}
	c.e = NewEncoder(EncoderConfig{Codecs: CodecJPEG | CodecVP8, Video: plainFormats(&c.open)})
	c.v = newViewer(picture.RGBX)
	c.v.dec = NewDecoder(DecoderConfig{Order: picture.RGBX, Video: plainFormats(&c.open)})
	c.s.text(c.s.f.Bounds(), 0)
	c.update()
	return c
}

// update encodes and shows what the scene drew, and counts operations.
func (c *cinema) update() {
	c.t.Helper()
	c.now = c.now.Add(16 * time.Millisecond)
	out, _ := encode(c.t, c.e, c.s, c.now)
	c.show(out)
}

func (c *cinema) show(out []byte) {
	c.t.Helper()
	c.kind = map[uint8]int{}
	for i := range c.v.dec.update.Ops {
		c.v.dec.update.Ops[i] = wire.PictureOp{}
	}
	if len(out) == 0 {
		return
	}
	c.v.feed(c.t, out)
	for _, o := range c.v.dec.update.Ops {
		c.kind[o.Kind]++
	}
}

func (c *cinema) play(r picture.Rect, pictures int) {
	c.t.Helper()
	for i := range pictures {
		c.s.photo(r, i*9)
		c.update()
	}
}

func TestVideoBeginsAndEnds(t *testing.T) {
	c := newCinema(t, 900, 700)
	film := picture.Rect{X: 128, Y: 64, W: 512, H: 384}
	c.play(film, hotUpdates)
	if c.kind[wire.OpVideo] != 0 || c.kind[wire.OpJPEG] == 0 {
		t.Fatalf("operations %v while it is not sure that it is a video", c.kind)
	}
	c.play(film, 1)
	if c.kind[wire.OpVideo] != 1 || c.kind[wire.OpJPEG] != 0 {
		t.Fatalf("operations %v once it is a video", c.kind)
	}
	if c.open != 2 {
		t.Errorf("%d coders for a video", c.open)
	}
	c.play(film, 30)
	c.s.fill(picture.Rect{X: 700, Y: 500, W: 40, H: 40}, 0xff)
	c.s.photo(film, 5)
	c.update()
	if c.kind[wire.OpVideo] != 1 || c.kind[wire.OpFill]+c.kind[wire.OpPalette] == 0 {
		t.Errorf("operations %v with something beside the video", c.kind)
	}
	settle(t, c.e, c.now, c.show)
	c.v.same(t, c.s.f, "after calm")
	if c.open != 0 || !c.v.last.Exact {
		t.Errorf("%d coders open after calm, exact %v", c.open, c.v.last.Exact)
	}
}

func TestSmallChangesEndAVideo(t *testing.T) {
	c := newCinema(t, 900, 700)
	film := picture.Rect{X: 128, Y: 64, W: 512, H: 384}
	c.play(film, 12)
	for range coolUpdates {
		if c.open != 2 {
			t.Fatal("ended too soon")
		}
		c.s.fill(picture.Rect{X: 200, Y: 200, W: 8, H: 8}, c.s.r.Uint32())
		c.update()
	}
	if c.open != 0 || c.kind[wire.OpEnd] != 1 || c.kind[wire.OpVideo] != 0 {
		t.Errorf("%d coders open, operations %v", c.open, c.kind)
	}
	settle(t, c.e, c.now, c.show)
	c.v.same(t, c.s.f, "after calm")
}

func TestVideoGrows(t *testing.T) {
	c := newCinema(t, 1000, 700)
	c.play(picture.Rect{X: 64, Y: 64, W: 320, H: 320}, 12)
	c.play(picture.Rect{X: 64, Y: 64, W: 896, H: 512}, 12)
	regions := 0
	for _, r := range c.e.videos.open {
		if r.enc != nil {
			regions++
			if r.rect != (picture.Rect{X: 64, Y: 64, W: 896, H: 512}) {
				t.Errorf("region %v", r.rect)
			}
		}
	}
	if regions != 1 {
		t.Errorf("%d regions", regions)
	}
	settle(t, c.e, c.now, c.show)
	c.v.same(t, c.s.f, "after calm")
}

// TestVideosThatMeetBeforeTheyBegan has two films become one at the moment they are found.
func TestVideosThatMeetBeforeTheyBegan(t *testing.T) {
	c := newCinema(t, 900, 700)
	v := &c.e.videos
	v.begin(picture.Rect{X: 64, Y: 64, W: 256, H: 256}, ContentFilm, testStart)
	v.begin(picture.Rect{X: 320, Y: 64, W: 256, H: 256}, ContentFilm, testStart)
	c.play(picture.Rect{X: 64, Y: 64, W: 512, H: 256}, 3)
	if c.kind[wire.OpVideo] != 1 || c.kind[wire.OpEnd] != 0 {
		t.Errorf("operations %v", c.kind)
	}
	settle(t, c.e, c.now, c.show)
	c.v.same(t, c.s.f, "after calm")
}

// TestCodecsAnewGoOnWithTheVideo forgets the codecs in the middle of a film, as a group does that takes viewers in.
func TestCodecsAnewGoOnWithTheVideo(t *testing.T) {
	c := newCinema(t, 900, 700)
	film := picture.Rect{X: 128, Y: 64, W: 512, H: 384}
	c.play(film, 12)
	c.e.codecs = true
	c.play(film, 1)
	if o := c.v.dec.update.Ops; len(o) != 1 || o[0].Kind != wire.OpVideo || !o[0].Key {
		t.Errorf("%d operations", len(o))
	}
	other := c.e.clone()
	v := &viewer{dec: c.v.dec}
	c.s.photo(film, 77)
	out, _ := encode(t, other, c.s, c.now)
	v.feed(t, out)
	if o := v.dec.update.Ops; len(o) != 1 || o[0].Kind != wire.OpVideo || !o[0].Key {
		t.Errorf("%d operations of a clone", len(o))
	}
	other.Close()
	c.e.Close()
	c.v.dec.Close()
	if c.open != 0 {
		t.Errorf("%d coders open after all are closed", c.open)
	}
}

func TestDecoderRefusesHostileVideo(t *testing.T) {
	at := picture.Rect{W: 128, H: 128}
	op := func(kind, region, format uint8, key bool, r picture.Rect) wire.PictureOp {
		o := operation(kind, r)
		o.Region, o.Format, o.Key = region, format, key
		if kind == wire.OpVideo {
			o.Data = make([]byte, 4+r.Area()*3)
		}
		return o
	}
	begin := op(wire.OpVideo, 0, wire.VideoH264, true, at)
	short := begin
	short.Data = short.Data[:9]
	for name, ops := range map[string][]wire.PictureOp{
		"no key first":        {op(wire.OpVideo, 0, wire.VideoH264, false, at)},
		"another rectangle":   {begin, op(wire.OpVideo, 0, wire.VideoH264, false, picture.Rect{X: 2, W: 128, H: 128})},
		"another format":      {begin, op(wire.OpVideo, 0, wire.VideoVP8, false, at)},
		"left out":            {begin, op(wire.OpVideo, 0, wire.VideoH264, false, at)},
		"end of none":         {op(wire.OpEnd, 0, 0, false, at)},
		"end of another":      {begin, op(wire.OpEnd, 1, 0, false, at)},
		"end of another size": {begin, op(wire.OpEnd, 0, 0, false, picture.Rect{W: 64, H: 64})},
		"goes on after end":   {begin, op(wire.OpEnd, 0, 0, false, at), op(wire.OpVideo, 0, wire.VideoH264, false, at)},
		"more than the screen": {begin, op(wire.OpVideo, 1, wire.VideoH264, true, picture.Rect{X: 128, W: 128, H: 128}),
			op(wire.OpVideo, 2, wire.VideoH264, true, picture.Rect{W: 64, H: 64})},
		"too small":   {op(wire.OpVideo, 0, wire.VideoH264, true, picture.Rect{W: 62, H: 62})},
		"broken data": {short},
	} {
		open := 0
		d := started(t, 256, 128)
		d.videos.formats = plainFormats(&open)
		m := wire.UpdateMessage{Sequence: 2, Layout: 1, Ops: ops}
		if _, err := d.Decode(wire.PictureUpdate, m.Append(nil)); !errors.Is(err, ErrPicture) {
			t.Errorf("%s: %v", name, err)
		}
		d.Close()
		if open != 0 {
			t.Errorf("%s: %d decoders left", name, open)
		}
	}
	d := started(t, 256, 128)
	m := wire.UpdateMessage{Sequence: 2, Layout: 1, Ops: []wire.PictureOp{begin}}
	if _, err := d.Decode(wire.PictureUpdate, m.Append(nil)); !errors.Is(err, ErrPicture) {
		t.Errorf("a format that was not asked for: %v", err)
	}
}

// TestAScrolledPageGoesOnAsTiles: a page that came as a video, since all of it was new at once, is scrolled by copies as soon as
// the way carries what is new of it then, and stays a video on a way that does not.
func TestAScrolledPageGoesOnAsTiles(t *testing.T) {
	for _, c := range []struct {
		name  string
		rate  float64
		video bool
	}{{"wide", 2.5e6, false}, {"narrow", 1e5, true}} {
		t.Run(c.name, func(t *testing.T) {
			cine := newCinema(t, 1024, 704)
			page := picture.Rect{W: 1024, H: 704}
			cine.e.videos.begin(page, ContentPage, cine.now)
			for i := range 4 * coolUpdates {
				cine.e.Pace(c.rate, c.rate)
				cine.s.scroll(page, 8+4*(i&1)) // not as the last time: it is to be found
				cine.s.take()
				cine.s.damage(page)
				cine.update()
			}
			if got := cine.open == 2; got != c.video {
				t.Errorf("a video: %t", got)
			}
			settle(t, cine.e, cine.now, cine.show)
			cine.v.same(t, cine.s.f, "after calm")
		})
	}
}
