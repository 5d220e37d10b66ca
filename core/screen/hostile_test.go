package screen

import (
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"testing"

	"github.com/klauspost/compress/zstd"

	"impero/core/picture"
	"impero/core/wire"
)

// started is a decoder with a black screen of w × h, at update 1.
func started(t testing.TB, w, h uint16) *Decoder {
	t.Helper()
	d := NewDecoder(DecoderConfig{MaxPixels: 1 << 22})
	l := wire.LayoutMessage{Layout: 1, W: w, H: h, Monitors: []wire.LayoutMonitor{{W: w, H: h}}}
	if _, err := d.Decode(wire.PictureLayout, l.Append(nil)); err != nil {
		t.Fatal(err)
	}
	m := wire.UpdateMessage{Sequence: 1, Layout: 1, Flags: wire.UpdateSync}
	if _, err := d.Decode(wire.PictureUpdate, m.Append(nil)); err != nil {
		t.Fatal(err)
	}
	return d
}

func squeeze(t testing.TB, b []byte) []byte {
	t.Helper()
	var w blobWriter
	w.reset()
	_, data, err := w.compress(b, false)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Clone(data)
}

func TestDecoderRefusesHostileUpdates(t *testing.T) {
	whole := operation(wire.OpRaw, picture.Rect{W: 64, H: 64})
	pixels := make([]byte, 1+64*64*3)
	palette := operation(wire.OpPalette, picture.Rect{W: 8, H: 1})
	fill := operation(wire.OpFill, picture.Rect{W: 64, H: 64})
	copyOut := operation(wire.OpCopy, picture.Rect{W: 10, H: 10})
	copyOut.FromX = 60
	sketch := operation(wire.OpSketch, picture.Rect{W: 64, H: 64})
	sketch.Shift = 3
	data, err := newJPEG().encode(nil, picture.NewFrame(16, 16, picture.BGRX), picture.Rect{W: 16, H: 16}, 50)
	if err != nil {
		t.Fatal(err)
	}
	var tables jpegTables
	if sketch.Data, err = tables.shorten(data, 0); err != nil {
		t.Fatal(err)
	}
	noSketch := sketch
	noSketch.Data = []byte("no JPEG")
	jpeg := operation(wire.OpJPEG, picture.Rect{W: 8, H: 8})
	jpeg.Data = []byte{0xff, 0xd8, 0xff, 0xd9}
	for name, m := range map[string]wire.UpdateMessage{
		"number again":         {Sequence: 1},
		"number left out":      {Sequence: 3},
		"another layout":       {Layout: 2},
		"outside":              {Ops: []wire.PictureOp{operation(wire.OpFill, picture.Rect{X: 1, W: 64, H: 1})}},
		"copy from outside":    {Ops: []wire.PictureOp{copyOut}},
		"painting too much":    {Ops: []wire.PictureOp{fill, fill, fill, fill, fill}},
		"no blob":              {Ops: []wire.PictureOp{whole}},
		"blob without use":     {Blob: squeeze(t, []byte{1}), BlobSize: 1},
		"blob too large":       {Ops: []wire.PictureOp{palette}, Blob: squeeze(t, pixels), BlobSize: uint32(len(pixels))},
		"blob too small":       {Ops: []wire.PictureOp{whole}, Blob: squeeze(t, pixels[:100]), BlobSize: 100},
		"blob not all used":    {Ops: []wire.PictureOp{palette, whole}, Blob: squeeze(t, append(pixels, make([]byte, 50)...)), BlobSize: uint32(len(pixels) + 50)},
		"size that is not met": {Ops: []wire.PictureOp{whole}, Blob: squeeze(t, pixels[:100]), BlobSize: uint32(len(pixels))},
		"data too long":        {Ops: []wire.PictureOp{palette}, Blob: append(squeeze(t, make([]byte, 8)), squeeze(t, make([]byte, 8))...), BlobSize: 8},
		"not zstd":             {Ops: []wire.PictureOp{whole}, Blob: []byte("not zstd at all"), BlobSize: uint32(len(pixels))},
		"filter":               {Ops: []wire.PictureOp{whole}, Blob: squeeze(t, append([]byte{2}, pixels[1:]...)), BlobSize: uint32(len(pixels))},
		"palette mode":         {Ops: []wire.PictureOp{palette}, Blob: squeeze(t, []byte{8, 0, 0, 0, 0}), BlobSize: 5},
		"palette index":        {Ops: []wire.PictureOp{palette}, Blob: squeeze(t, []byte{paletteOwn | 3, 0, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 1}), BlobSize: 13},
		"palette too long":     {Ops: []wire.PictureOp{palette}, Blob: squeeze(t, []byte{0, 0, 2, 0, 1, 2, 0}), BlobSize: 7},
		"palette cut":          {Ops: []wire.PictureOp{palette}, Blob: squeeze(t, []byte{3, 0, 0, 0}), BlobSize: 4},
		"not a JPEG":           {Ops: []wire.PictureOp{jpeg}},
		"not a sketch":         {Ops: []wire.PictureOp{noSketch}},
		"sketch too large":     {Ops: []wire.PictureOp{sketch}},
	} {
		t.Run(name, func(t *testing.T) {
			d := started(t, 64, 64)
			if m.Sequence == 0 {
				m.Sequence = 2
			}
			if m.Layout == 0 {
				m.Layout = 1
			}
			_, err := d.Decode(wire.PictureUpdate, m.Append(nil))
			if !errors.Is(err, ErrPicture) {
				t.Fatalf("error %v", err)
			}
			if _, again := d.Decode(wire.PicturePointer, wire.PointerMessage{}.Append(nil)); again == nil {
				t.Error("the decoder went on after an error")
			}
		})
	}
}

func TestDecoderRefusesOtherMessages(t *testing.T) {
	big := wire.LayoutMessage{Layout: 2, W: 4096, H: 4096, Monitors: []wire.LayoutMonitor{{W: 1, H: 1}}}
	bomb := wire.CursorMessage{W: 8, H: 8, Encoding: wire.CursorZstd, Data: zeros(t, 1<<16)}
	short := wire.CursorMessage{W: 8, H: 8, Encoding: wire.CursorZstd, Data: zeros(t, 8)}
	for name, m := range map[string]struct {
		kind uint8
		body []byte
	}{
		"too large a screen":   {wire.PictureLayout, big.Append(nil)},
		"cursor too large":     {wire.PictureCursor, bomb.Append(nil)},
		"cursor too small":     {wire.PictureCursor, short.Append(nil)},
		"unknown kind":         {9, nil},
		"pointer cut":          {wire.PicturePointer, []byte{1, 2, 3}},
		"update of old layout": {wire.PictureUpdate, (&wire.UpdateMessage{Sequence: 2, Layout: 7, Flags: wire.UpdateSync}).Append(nil)},
	} {
		d := started(t, 64, 64)
		if _, err := d.Decode(m.kind, m.body); !errors.Is(err, ErrPicture) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := started(t, 64, 64)
	if _, err := d.Decode(wire.PictureTimes+3, []byte("whatever")); err != nil {
		t.Errorf("optional message: %v", err)
	}
}

func zeros(t testing.TB, n int) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	return z.EncodeAll(make([]byte, n), nil)
}

// TestBombIsRefusedBeforeMemory offers 64 MiB out of a few kilobytes, with and without operations that could use it.
func TestBombIsRefusedBeforeMemory(t *testing.T) {
	data := squeeze(t, make([]byte, wire.MaxPictureBlob))
	raws := make([]wire.PictureOp, 3)
	for i := range raws {
		raws[i] = operation(wire.OpRaw, picture.Rect{W: 1024, H: 1024})
	}
	for name, m := range map[string]wire.UpdateMessage{
		"nothing to use it":      {BlobSize: wire.MaxPictureBlob},
		"more than can be used":  {Ops: raws, BlobSize: wire.MaxPictureBlob},
		"promise without a bomb": {Ops: raws, BlobSize: 3 << 20, Blob: data[:20]},
	} {
		d := started(t, 1024, 1024)
		m.Sequence, m.Layout = 2, 1
		if m.Blob == nil {
			m.Blob = data
		}
		body := m.Append(nil)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := d.Decode(wire.PictureUpdate, body)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 4<<20 {
			t.Errorf("%s: took %d bytes of memory for %d received", name, n, len(body))
		}
	}
}

func TestSplitterKeepsLimits(t *testing.T) {
	for name, head := range map[string][]byte{
		"body too long":    wire.AppendPictureHeader(nil, wire.MaxPictureBody+1, wire.PictureUpdate),
		"pointer too long": wire.AppendPictureHeader(nil, 5, wire.PicturePointer),
		"unknown kind":     wire.AppendPictureHeader(nil, 0, 5),
		"kind 0":           wire.AppendPictureHeader(nil, 0, 0),
	} {
		var s Splitter
		s.Feed(head[:3])
		if _, _, ok, err := s.Next(); ok || err != nil {
			t.Errorf("%s: %v, %v on half a header", name, ok, err)
		}
		s.Feed(head[3:])
		if _, _, ok, err := s.Next(); ok || !errors.Is(err, ErrPicture) {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
		s.Feed(wire.AppendPictureHeader(nil, 0, wire.PictureUpdate))
		if _, _, ok, err := s.Next(); ok || err == nil {
			t.Errorf("%s: went on after the error", name)
		}
	}
}

func TestSplitterTakesNoMemoryForPromises(t *testing.T) {
	var s Splitter
	s.Feed(wire.AppendPictureHeader(nil, wire.MaxPictureBody, wire.PictureUpdate))
	if _, _, ok, err := s.Next(); ok || err != nil || cap(s.buf) > 1<<10 {
		t.Errorf("%v, %v, buffer of %d bytes", ok, err, cap(s.buf))
	}
}

func TestCursorComesBack(t *testing.T) {
	noise := make([]byte, 5*7*4)
	for i := range noise {
		noise[i] = byte(i * i * 31)
	}
	for name, c := range map[string]struct{ in, out picture.Cursor }{
		"plain":        {picture.Cursor{W: 32, H: 32, HotX: 3, HotY: 4, Pix: make([]byte, 4096)}, picture.Cursor{W: 32, H: 32, HotX: 3, HotY: 4, Pix: make([]byte, 4096)}},
		"noise":        {picture.Cursor{W: 5, H: 7, Pix: noise}, picture.Cursor{W: 5, H: 7, Pix: noise}},
		"hot outside":  {picture.Cursor{W: 5, H: 7, HotX: 99, HotY: -1, Pix: noise}, picture.Cursor{W: 5, H: 7, HotX: 4, Pix: noise}},
		"hidden":       {picture.Cursor{}, picture.Cursor{}},
		"too large":    {picture.Cursor{W: 257, H: 1, Pix: make([]byte, 257*4)}, picture.Cursor{}},
		"pixels short": {picture.Cursor{W: 5, H: 7, Pix: noise[1:]}, picture.Cursor{}},
	} {
		b, err := AppendCursor(nil, c.in)
		if err != nil {
			t.Fatal(err)
		}
		var s Splitter
		s.Feed(b)
		kind, body, _, _ := s.Next()
		r, err := NewDecoder(DecoderConfig{}).Decode(kind, body)
		if err != nil || r.Cursor == nil || r.Cursor.W != c.out.W || r.Cursor.H != c.out.H || r.Cursor.HotX != c.out.HotX ||
			r.Cursor.HotY != c.out.HotY || !bytes.Equal(r.Cursor.Pix, c.out.Pix) {
			t.Errorf("%s: %+v, %v", name, r.Cursor, err)
		}
	}
}

func TestLayoutIsCutToTheWire(t *testing.T) {
	s := newScene(1, 100, 80, picture.BGRX)
	e := NewEncoder(EncoderConfig{})
	l := picture.Layout{W: 100, H: 80, Monitors: []picture.Monitor{
		{Name: "left\n" + string(bytes.Repeat([]byte("ä"), 60)), Rect: picture.Rect{X: -10, W: 60, H: 80}, Primary: true},
		{Name: "gone", Rect: picture.Rect{X: 100, W: 60, H: 80}},
	}}
	e.SetLayout(l)
	out, _ := encode(t, e, s, testStart)
	var split Splitter
	split.Feed(out)
	kind, body, _, _ := split.Next()
	r, err := NewDecoder(DecoderConfig{}).Decode(kind, body)
	if err != nil || r.Layout == nil || len(r.Layout.Monitors) != 1 {
		t.Fatalf("%+v, %v", r.Layout, err)
	}
	m := r.Layout.Monitors[0]
	if m.Rect != (picture.Rect{W: 50, H: 80}) || !m.Primary || len(m.Name) != 64 || m.Name[:6] != "leftää"[:6] {
		t.Errorf("%+v", m)
	}
}

// realStream is a stream with all kinds of messages and operations.
func realStream(t testing.TB, codecs Codecs) []byte {
	t.Helper()
	s := newScene(7, 80, 70, picture.BGRX)
	e := NewEncoder(EncoderConfig{Codecs: codecs, RefreshTiles: 2})
	out, err := AppendCursor(nil, picture.Cursor{W: 4, H: 4, Pix: make([]byte, 64)})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		switch i {
		case 1:
			s.photo(picture.Rect{X: 10, Y: 10, W: 60, H: 40}, 0)
		case 2:
			s.scroll(s.f.Bounds(), 12)
		case 3:
			e.codecs = true
			s.text(s.f.Bounds(), 0x123456)
		case 4:
			e.Sync()
		}
		b, _ := encode(t, e, s, testStart)
		out = append(out, b...)
	}
	settle(t, e, testStart, func(b []byte) { out = append(out, b...) })
	out = appendMessage(out, wire.PictureTimes, wire.TimesMessage{Updates: 1, Encode: 2000}.Append)
	return AppendPointer(out, 5, 6)
}

// videoStream begins a video, goes on with it and ends it.
func videoStream() []byte {
	r := picture.Rect{X: 2, W: 64, H: 64}
	l := wire.LayoutMessage{Layout: 1, W: 70, H: 64, Monitors: []wire.LayoutMonitor{{W: 70, H: 64}}}
	out := appendMessage(nil, wire.PictureLayout, l.Append)
	for i := range 3 {
		op := operation(wire.OpVideo, r)
		op.Format, op.Key, op.Data = wire.VideoVP8, i == 0, make([]byte, 4+r.Area()*3)
		op.Data[3] = byte(i)
		if i == 2 {
			op = operation(wire.OpEnd, r)
		}
		m := wire.UpdateMessage{Sequence: uint32(i + 1), Layout: 1, Ops: []wire.PictureOp{op}}
		if i == 0 {
			m.Flags = wire.UpdateSync
		}
		out = appendMessage(out, wire.PictureUpdate, m.Append)
	}
	return out
}

// keepStream keeps two tiles and paints them elsewhere.
func keepStream() []byte {
	l := wire.LayoutMessage{Layout: 1, W: 200, H: 130, Monitors: []wire.LayoutMonitor{{W: 200, H: 130}}}
	out := appendMessage(nil, wire.PictureLayout, l.Append)
	keep, cached := operation(wire.OpKeep, picture.Rect{W: 128, H: 64}), operation(wire.OpCached, picture.Rect{X: 64, Y: 64, W: 64, H: 64})
	keep.Slot, cached.Slot = 3, 4
	m := wire.UpdateMessage{Sequence: 1, Layout: 1, Flags: wire.UpdateSync, Ops: []wire.PictureOp{keep, cached}}
	return appendMessage(out, wire.PictureUpdate, m.Append)
}

func FuzzDecode(f *testing.F) {
	f.Add(realStream(f, CodecJPEG))
	f.Add(realStream(f, 0))
	f.Add(videoStream())
	f.Add(keepStream())
	f.Add(wire.AppendPictureHeader(nil, 4, wire.PicturePointer))
	f.Fuzz(func(t *testing.T, stream []byte) {
		open := 0
		d := NewDecoder(DecoderConfig{MaxPixels: 1 << 18, Video: plainFormats(&open), Cache: 20 * slotBytes})
		defer func() {
			if d.Close(); open != 0 {
				t.Errorf("%d videos left", open)
			}
		}()
		var s Splitter
		s.Feed(stream)
		for {
			kind, body, ok, err := s.Next()
			if !ok || err != nil {
				return
			}
			r, err := d.Decode(kind, body)
			g := d.Frame()
			if len(g.Pix) != g.W*g.H*4 || g.W*g.H > 1<<18 {
				t.Fatalf("frame of %d × %d in %d bytes", g.W, g.H, len(g.Pix))
			}
			if err != nil {
				return
			}
			for _, c := range r.Changed {
				if c.Empty() || !g.Bounds().Contains(c) {
					t.Fatalf("changed %v of %v", c, g.Bounds())
				}
			}
		}
	})
}

// FuzzBlob feeds bytes to the pixel codecs without zstd in the way.
func FuzzBlob(f *testing.F) {
	f.Add(uint8(8), uint8(2), []byte{3, 1, 5, 9, 9, 9, 0, 1, 2, 3})
	f.Add(uint8(3), uint8(3), append([]byte{rawGradient}, make([]byte, 27)...))
	f.Add(uint8(3), uint8(3), []byte{rawEntropy, 0, 1, 7, 0, 1, 0, 0, 1, 9})
	photo := desk().f
	var coder rawCoder
	f.Add(uint8(63), uint8(63), coder.appendRaw(nil, photo, picture.Rect{X: 1280, Y: 192, W: 64, H: 64}))
	f.Fuzz(func(t *testing.T, w, h uint8, b []byte) {
		r := picture.Rect{X: 1, Y: 1, W: 1 + int(w%64), H: 1 + int(h%64)}
		var table colourTable
		table.reset()
		g := picture.NewFrame(70, 70, picture.BGRX)
		var tile paletteTile
		err := tile.take(&table, r, g.Order, &reader{b: b})
		if err == nil {
			err = tile.paint(g, r)
		}
		if err == nil && len(b) == 0 {
			t.Error("a palette tile out of nothing")
		}
		checkPainted(t, g, r, err == nil)
		g = picture.NewFrame(70, 70, picture.BGRX)
		err = paintBlobRaw(g, r, &reader{b: bytes.Clone(b)})
		if err == nil && len(b) < r.Area()*3 && b[0] != rawEntropy {
			t.Error("a raw rectangle out of too little")
		}
		checkPainted(t, g, r, err == nil)
	})
}

// checkPainted fails if anything outside r was painted, or if a pixel of a picture that was accepted is not opaque.
func checkPainted(t *testing.T, g *picture.Frame, r picture.Rect, accepted bool) {
	t.Helper()
	for i := 3; i < len(g.Pix) && accepted; i += 4 {
		if g.Pix[i] != 255 {
			t.Fatal("a pixel that is not opaque")
		}
	}
	takeRect(g, picture.NewFrame(g.W, g.H, g.Order), r)
	if !bytes.Equal(g.Pix, picture.NewFrame(g.W, g.H, g.Order).Pix) {
		t.Fatalf("painted outside %v", r)
	}
}

// FuzzSplitter cuts any stream in any way: the messages are those of the stream in one piece.
func FuzzSplitter(f *testing.F) {
	f.Add(realStream(f, 0), uint16(3))
	f.Add([]byte{0, 0, 0, 4, 4, 0, 1, 0, 2, 0, 0, 0, 0, 200}, uint16(1))
	f.Fuzz(func(t *testing.T, stream []byte, step uint16) {
		want := split(stream, len(stream))
		if got := split(stream, 1+int(step)); !bytes.Equal(got, want) {
			t.Fatalf("cut by %d: %d bytes of messages, in one piece %d", step, len(got), len(want))
		}
	})
}

// split gives all messages of a stream fed by pieces, each with its length before it, and a mark for an error.
func split(stream []byte, step int) (out []byte) {
	var s Splitter
	for {
		n := min(step, len(stream))
		s.Feed(stream[:n])
		stream = stream[n:]
		for {
			kind, body, ok, err := s.Next()
			if err != nil {
				return append(out, "error"...)
			}
			if !ok {
				break
			}
			out = append(binary.BigEndian.AppendUint32(append(out, kind), uint32(len(body))), body...)
		}
		if len(stream) == 0 {
			return out
		}
	}
}
