package rfb

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"

	"impero/core/picture"
)

var all = picture.Rect{X: 3, Y: 2, W: 70, H: 66}

// mixed is a made-up pixel, blue first.
func mixed(x, y int) [3]byte { return [3]byte{byte(x * 3), byte(y * 3), byte(x ^ y)} }

// pixels writes r's pixels, red first or blue first.
func pixels(r picture.Rect, redFirst bool, pixel func(x, y int) [3]byte) []byte {
	var out []byte
	for y := range r.H {
		for x := range r.W {
			p := pixel(x, y)
			if redFirst {
				p[0], p[2] = p[2], p[0]
			}
			out = append(out, p[:]...)
		}
	}
	return out
}

func TestOpenSaysWhatItWants(t *testing.T) {
	_, s := open(t, 80, 70)
	heard := s.heard.Bytes()
	if !bytes.HasPrefix(heard, append([]byte("RFB 003.008\n"), securityNone, 1)) {
		t.Errorf("heard %q", heard)
	}
	if !bytes.HasSuffix(heard, []byte{3, 0, 0, 0, 0, 0, 0, 80, 0, 70}) {
		t.Error("the whole picture was not asked for")
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, c := range map[string]struct{ says, want string }{
		"another protocol": {"SSH-2.0-OpenSSH\r\n", "begins"},
		"a password":       {"RFB 003.008\n\x01\x02", "security"},
		"a refusal":        {"RFB 003.008\n\x00\x00\x00\x00\x04full", "full"},
		"a long reason":    {"RFB 003.008\n\x00\xff\xff\xff\xff", "reason"},
		"a huge picture":   {"RFB 003.008\n\x01\x01\x00\x00\x00\x00\xff\xff\xff\xff" + strings.Repeat("\x00", 20), "screen of"},
		"a long name":      {"RFB 003.008\n\x01\x01\x00\x00\x00\x00\x00\x10\x00\x10" + strings.Repeat("\x00", 16) + "\x7f\xff\xff\xff", "name"},
		"an end":           {"RFB 003.008\n\x01", "EOF"},
	} {
		s := &script{}
		s.Buffer.WriteString(c.says)
		if _, err := Open(s); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestRawAndCopy(t *testing.T) {
	c, s := open(t, 100, 100)
	var body []byte
	for y := range all.H {
		for x := range all.W {
			p := mixed(x, y)
			body = append(body, p[0], p[1], p[2], 7)
		}
	}
	see(t, c, s, update(all, encodingRaw, body))
	check(t, c, all, mixed)
	for _, to := range []picture.Rect{{X: 5, Y: 8, W: 70, H: 66}, {X: 1, Y: 0, W: 70, H: 66}} { // both overlap
		see(t, c, s, update(to, encodingCopyRect, u16s(nil, all.X, all.Y)))
		check(t, c, to, mixed)
		see(t, c, s, update(all, encodingRaw, body))
	}
}

func TestTightFilters(t *testing.T) {
	c, s := open(t, 100, 100)
	var d [2]deflater
	see(t, c, s, update(all, encodingTight, []byte{tightFill << 4, 1, 2, 3}))
	check(t, c, all, func(int, int) [3]byte { return [3]byte{3, 2, 1} })

	for range 2 { // the second goes on with the first's stream
		see(t, c, s, update(all, encodingTight, d[0].tightBody([]byte{0x00}, pixels(all, true, mixed))))
		check(t, c, all, mixed)
	}
	small := picture.Rect{X: 9, Y: 9, W: 3, H: 1}
	see(t, c, s, update(small, encodingTight, d[0].tightBody([]byte{0x40, filterCopy}, pixels(small, true, mixed))))
	check(t, c, small, mixed)

	two := []byte{0x50, filterPalette, 1, 10, 20, 30, 40, 50, 60}
	var rows []byte
	for range all.H {
		rows = append(rows, bytes.Repeat([]byte{0x55}, (all.W+7)/8)...)
	}
	see(t, c, s, update(all, encodingTight, d[1].tightBody(two, rows)))
	check(t, c, all, func(x, _ int) [3]byte {
		if x%2 == 1 {
			return [3]byte{60, 50, 40}
		}
		return [3]byte{30, 20, 10}
	})

	many := []byte{0x50, filterPalette, 255}
	for i := range 256 {
		many = append(many, byte(i), 1, 2)
	}
	var indexes []byte
	for i := range all.Area() {
		indexes = append(indexes, byte(i))
	}
	see(t, c, s, update(all, encodingTight, d[1].tightBody(many, indexes)))
	check(t, c, all, func(x, y int) [3]byte { return [3]byte{2, 1, byte(y*all.W + x)} })
}

// TestTightGradient: what is sent is the difference to left + above − both, kept in 0…255.
func TestTightGradient(t *testing.T) {
	c, s := open(t, 100, 100)
	at := func(x, y, i int) int {
		if x < 0 || y < 0 {
			return 0
		}
		return int(mixed(x, y)[2-i])
	}
	var diff []byte
	for y := range all.H {
		for x := range all.W {
			for i := range 3 {
				expected := max(0, min(255, at(x-1, y, i)+at(x, y-1, i)-at(x-1, y-1, i)))
				diff = append(diff, byte(at(x, y, i)-expected))
			}
		}
	}
	var d deflater
	see(t, c, s, update(all, encodingTight, d.tightBody([]byte{0x40, filterGradient}, diff)))
	check(t, c, all, mixed)
}

func TestTightResetAndJPEG(t *testing.T) {
	c, s := open(t, 100, 100)
	for range 2 { // each with a stream of its own: bit 0 says so
		var d deflater
		see(t, c, s, update(all, encodingTight, d.tightBody([]byte{0x01}, pixels(all, true, mixed))))
		check(t, c, all, mixed)
	}
	img := image.NewRGBA(image.Rect(0, 0, all.W, all.H))
	for i := range all.Area() {
		img.SetRGBA(i%all.W, i/all.W, color.RGBA{200, 100, 50, 255})
	}
	var data bytes.Buffer
	if err := jpeg.Encode(&data, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	body := append([]byte{tightJPEG << 4, byte(data.Len()) | 0x80, byte(data.Len() >> 7)}, data.Bytes()...)
	see(t, c, s, update(all, encodingTight, body))
	p := c.Frame().Row(30, 30, 31)
	if max(p[0], 50)-min(p[0], 50) > 3 || max(p[2], 200)-min(p[2], 200) > 3 {
		t.Errorf("the picture shows %v", p)
	}
}

func TestZRLETiles(t *testing.T) {
	c, s := open(t, 100, 100)
	var d deflater
	r := picture.Rect{X: 3, Y: 2, W: 64, H: 8}
	palette := []byte{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5}
	level := func(n int) [3]byte { return [3]byte{byte(n), byte(n), byte(n)} }
	nibbles := append([]byte{5}, palette...)
	runs := append([]byte{128 + 3}, palette[:9]...)
	plain := []byte{128}
	for range r.H {
		nibbles = append(nibbles, bytes.Repeat([]byte{0x04}, 32)...)
		runs = append(runs, 0, 0x81, 61, 2) // one of the first colour, 62 of the second, one of the third
		plain = append(plain, 9, 9, 9, 63)
	}
	for name, tile := range map[string]struct {
		data  []byte
		pixel func(x, y int) [3]byte
	}{
		"raw":          {append([]byte{0}, pixels(r, false, mixed)...), mixed},
		"solid":        {[]byte{1, 7, 8, 9}, func(int, int) [3]byte { return [3]byte{7, 8, 9} }},
		"packed":       {nibbles, func(x, _ int) [3]byte { return level(1 + x%2*4) }},
		"two":          {append([]byte{2, 1, 1, 1, 2, 2, 2}, bytes.Repeat([]byte{0xaa}, 64)...), func(x, _ int) [3]byte { return level(2 - x%2) }},
		"runs":         {plain, func(int, int) [3]byte { return level(9) }},
		"palette runs": {runs, func(x, _ int) [3]byte { return level(1 + min(x, 1) + x/63) }},
	} {
		t.Log(name)
		see(t, c, s, update(r, encodingZRLE, d.zrleBody(tile.data)))
		check(t, c, r, tile.pixel)
	}
	// Four tiles, two of them narrow.
	four := append([]byte{1, 1, 1, 1, 1, 2, 2, 2}, 1, 3, 3, 3, 1, 4, 4, 4)
	see(t, c, s, update(all, encodingZRLE, d.zrleBody(four)))
	check(t, c, all, func(x, y int) [3]byte { return level(1 + x/64 + y/64*2) })
}

func TestMessagesThatDoNotPaint(t *testing.T) {
	c, s := open(t, 100, 100)
	s.heard.Reset()
	s.Buffer.Write([]byte{messageBell})
	s.Buffer.Write([]byte{messageCutText, 0, 0, 0, 0, 0, 0, 2, 'h', 'i'})
	s.Buffer.Write([]byte{messageColours, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6})
	s.Buffer.Write([]byte{messageEndOfContinuous})
	s.Buffer.Write([]byte{messageFence, 0, 0, 0, 0x80, 0, 0, 3, 2, 'a', 'b'})
	for range 5 {
		if painted, err := c.Next(); err != nil || painted {
			t.Fatalf("painted %v: %v", painted, err)
		}
	}
	want := []byte{150, 1, 0, 0, 0, 0, 0, 100, 0, 100, messageFence, 0, 0, 0, 0, 0, 0, 3, 2, 'a', 'b'}
	if !bytes.Equal(s.heard.Bytes(), want) {
		t.Errorf("answered %v, want %v", s.heard.Bytes(), want)
	}
	s.heard.Reset()
	see(t, c, s, update(picture.Rect{W: 2, H: 2}, encodingCursor, make([]byte, 2*2*4+2)))
	if s.heard.Len() > 0 {
		t.Error("asked a server that sends by itself")
	}
	see(t, c, s, update(picture.Rect{W: 50, H: 60}, encodingExtSize, append([]byte{1, 0, 0, 0}, make([]byte, 16)...)))
	if f := c.Frame(); f.W != 50 || f.H != 60 || !bytes.Equal(s.heard.Bytes(), []byte{150, 1, 0, 0, 0, 0, 0, 50, 0, 60}) {
		t.Errorf("picture of %d × %d, said %v", f.W, f.H, s.heard.Bytes())
	}
	if err := c.Key('a', true); err != nil || !bytes.HasSuffix(s.heard.Bytes(), []byte{4, 1, 0, 0, 0, 0, 0, 'a'}) {
		t.Errorf("said %v: %v", s.heard.Bytes(), err)
	}
}

func TestHostileServer(t *testing.T) {
	var d deflater
	r := picture.Rect{W: 64, H: 64}
	for name, message := range map[string][]byte{
		"unknown message":   {77},
		"unknown encoding":  update(r, 99, nil),
		"outside":           update(picture.Rect{X: 90, W: 20, H: 20}, encodingRaw, nil),
		"copy from outside": update(r, encodingCopyRect, u16s(nil, 90, 90)),
		"huge size":         update(picture.Rect{W: 65535, H: 65535}, encodingSize, nil),
		"huge cursor":       update(picture.Rect{W: 65535, H: 65535}, encodingCursor, nil),
		"huge clipboard":    {messageCutText, 0, 0, 0, 0xff, 0xff, 0xff, 0xff},
		"huge fence":        {messageFence, 0, 0, 0, 0x80, 0, 0, 0, 255},
		"tight control":     update(r, encodingTight, []byte{0xa0}),
		"tight filter":      update(r, encodingTight, []byte{0x40, 9}),
		"tight colour":      update(r, encodingTight, d.tightBody([]byte{0x41, filterPalette, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1}, bytes.Repeat([]byte{3}, r.Area()))),
		"tight short":       update(r, encodingTight, (&deflater{}).tightBody([]byte{0x01}, make([]byte, 100))),
		"tight garbage":     update(r, encodingTight, []byte{0x01, 3, 1, 2, 3}),
		"no JPEG":           update(r, encodingTight, []byte{tightJPEG << 4, 3, 1, 2, 3}),
		"zrle huge":         update(r, encodingZRLE, []byte{0xff, 0xff, 0xff, 0xff}),
		"zrle tile":         update(r, encodingZRLE, (&deflater{}).zrleBody(append([]byte{129}, make([]byte, 500)...))),
		"zrle run":          update(r, encodingZRLE, (&deflater{}).zrleBody(append([]byte{128, 1, 1, 1}, bytes.Repeat([]byte{255}, 50)...))),
		"continuous twice":  {messageEndOfContinuous, messageEndOfContinuous},
	} {
		c, s := open(t, 100, 100)
		s.Buffer.Write(message)
		var err error
		for err == nil {
			_, err = c.Next()
		}
		if !errors.Is(err, ErrProtocol) && !strings.Contains(err.Error(), "JPEG") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// FuzzServer has a server say anything at all after the handshake: it must not crash us or take memory without end.
func FuzzServer(f *testing.F) {
	var d deflater
	r := picture.Rect{W: 20, H: 20}
	f.Add(update(r, encodingRaw, make([]byte, r.Area()*4)))
	f.Add(update(r, encodingCopyRect, []byte{0, 1, 0, 1}))
	f.Add(update(r, encodingTight, []byte{tightFill << 4, 1, 2, 3}))
	f.Add(update(r, encodingTight, d.tightBody([]byte{0x01}, pixels(r, true, mixed))))
	f.Add(update(r, encodingTight, (&deflater{}).tightBody([]byte{0x41, filterGradient}, pixels(r, true, mixed))))
	f.Add(update(r, encodingTight, (&deflater{}).tightBody([]byte{0x41, filterPalette, 1, 1, 2, 3, 4, 5, 6}, make([]byte, 60))))
	f.Add(update(r, encodingZRLE, (&deflater{}).zrleBody(append([]byte{0}, pixels(r, false, mixed)...))))
	f.Add(update(r, encodingZRLE, (&deflater{}).zrleBody([]byte{128, 1, 2, 3, 255, 144})))
	f.Add([]byte{messageFence, 0, 0, 0, 0x80, 0, 0, 3, 2, 'a', 'b', messageEndOfContinuous, messageBell})
	f.Fuzz(func(t *testing.T, says []byte) {
		s := &script{}
		s.Buffer.Write(hello(64, 64))
		c := newConn(s)
		c.maxPixels = 128 * 128
		if err := c.handshake(); err != nil {
			t.Fatal(err)
		}
		s.Buffer.Write(says)
		for err := error(nil); err == nil; {
			_, err = c.Next()
		}
	})
}
