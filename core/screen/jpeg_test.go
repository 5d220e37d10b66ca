package screen

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"impero/core/picture"
)

// codecs are all that this build has; both directions of every pair must fit.
func codecs() map[string]jpegCodec {
	return map[string]jpegCodec{"standard library": &goJPEG{}, "this build's": newJPEG()}
}

func TestJPEGCodecsUnderstandEachOther(t *testing.T) {
	for from, enc := range codecs() {
		for to, dec := range codecs() {
			for _, order := range []picture.Order{picture.BGRX, picture.RGBX} {
				for _, r := range []picture.Rect{{X: 3, Y: 5, W: 200, H: 64}, {X: 0, Y: 0, W: 1, H: 1}, {X: 290, Y: 50, W: 10, H: 50}, {X: 0, Y: 0, W: 300, H: 100}} {
					s := newScene(1, 300, 100, order)
					s.gradient()
					data, err := enc.encode([]byte("kept"), s.f, r, 92)
					if err != nil || string(data[:4]) != "kept" {
						t.Fatalf("%s: %v", from, err)
					}
					out := picture.NewFrame(300, 100, order)
					if err := dec.decode(out, r, data[4:]); err != nil {
						t.Fatalf("%s → %s, %v: %v", from, to, r, err)
					}
					if e := meanError(s.f, out, r); e > 3 {
						t.Errorf("%s → %s, order %d, %v: mean error %.1f of 255", from, to, order, r, e)
					}
					checkOutside(t, out, r)
				}
			}
		}
	}
}

// gradient paints what JPEG keeps well, with different red and blue.
func (s *scene) gradient() {
	for y := range s.f.H {
		row := s.f.Row(y, 0, s.f.W)
		for x := range s.f.W {
			px := framePixel(byte(x/2), byte(y), byte(255-x/2), s.f.Order)
			copy(row[x*4:], px[:])
		}
	}
}

func meanError(a, b *picture.Frame, r picture.Rect) float64 {
	sum, n := 0.0, 0
	for y := r.Y; y < r.Y+r.H; y++ {
		ra, rb := a.Row(y, r.X, r.X+r.W), b.Row(y, r.X, r.X+r.W)
		for i := range ra {
			sum += math.Abs(float64(ra[i]) - float64(rb[i]))
			n++
		}
	}
	return sum / float64(n)
}

// checkOutside fails if a pixel outside r is not black, or one inside is not opaque.
func checkOutside(t *testing.T, f *picture.Frame, r picture.Rect) {
	t.Helper()
	for y := range f.H {
		for x := range f.W {
			p := f.Row(y, x, x+1)
			in := x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H
			if p[3] != 255 || !in && (p[0] != 0 || p[1] != 0 || p[2] != 0) {
				t.Fatalf("pixel %d,%d is %v after decoding to %v", x, y, p, r)
			}
		}
	}
}

func TestJPEGCodecsRefuseDamage(t *testing.T) {
	s := newScene(1, 64, 64, picture.BGRX)
	s.photo(s.f.Bounds(), 0)
	for name, c := range codecs() {
		data, err := c.encode(nil, s.f, s.f.Bounds(), 92)
		if err != nil {
			t.Fatal(err)
		}
		for _, cut := range []int{1, 20, 200, len(data) / 2} {
			if err := c.decode(s.f, s.f.Bounds(), data[:cut]); err == nil {
				t.Errorf("%s: decoded the first %d of %d bytes", name, cut, len(data))
			}
		}
		if err := c.decode(s.f, s.f.Bounds(), data); err != nil {
			t.Errorf("%s: whole after damaged: %v", name, err)
		}
	}
}

func TestJPEGTablesGoOnce(t *testing.T) {
	for name, c := range codecs() {
		s := newScene(1, 128, 64, picture.BGRX)
		s.photo(s.f.Bounds(), 0)
		var host, there jpegTables
		var sizes []int
		for i := range 3 {
			data, err := c.encode(nil, s.f, s.f.Bounds(), 92)
			if err != nil {
				t.Fatal(err)
			}
			if data, err = host.shorten(data, 0); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			sizes = append(sizes, len(data))
			whole, err := there.complete(data, 128, 64)
			if err != nil {
				t.Fatalf("%s, JPEG %d: %v", name, i, err)
			}
			if err := c.decode(s.f, s.f.Bounds(), whole); err != nil {
				t.Fatalf("%s, JPEG %d: %v", name, i, err)
			}
		}
		if sizes[0]-sizes[1] < 400 || bytes.Contains(host.buf, []byte{0xff, markDHT}) {
			t.Errorf("%s: sizes %v: tables were sent again", name, sizes)
		}
	}
}

func TestJPEGFormIsStrict(t *testing.T) {
	s := newScene(1, 64, 48, picture.BGRX)
	s.photo(s.f.Bounds(), 0)
	var host jpegTables
	data, err := newJPEG().encode(nil, s.f, s.f.Bounds(), 92)
	if err != nil {
		t.Fatal(err)
	}
	if data, err = host.shorten(data, 0); err != nil {
		t.Fatal(err)
	}
	p, err := scanJPEG(data)
	if err != nil {
		t.Fatal(err)
	}
	edit := func(f func(b []byte) []byte) []byte { return f(bytes.Clone(data)) }
	bare := append([]byte{0xff, markSOI}, data[p.sofAt:]...)
	for name, bad := range map[string][]byte{
		"empty":            {},
		"no tables yet":    bare,
		"another size":     edit(func(b []byte) []byte { b[p.sofAt+6]++; return b }),
		"progressive":      edit(func(b []byte) []byte { b[p.sofAt+1] = 0xc2; return b }),
		"12 bits":          edit(func(b []byte) []byte { b[p.sofAt+4] = 12; return b }),
		"sampling 4×1":     edit(func(b []byte) []byte { b[p.sofAt+11] = 0x41; return b }),
		"one component":    edit(func(b []byte) []byte { b[p.sofAt+9] = 1; return b }),
		"trailing byte":    edit(func(b []byte) []byte { return append(b, 0) }),
		"no end":           edit(func(b []byte) []byte { return b[:len(b)-2] }),
		"second scan":      edit(func(b []byte) []byte { return append(b[:len(b)-2], data[p.scan:]...) }),
		"restart marker":   edit(func(b []byte) []byte { return append(b[:len(b)-2], 0xff, 0xd0, 0xff, markEOI) }),
		"comment":          append([]byte{0xff, markSOI, 0xff, markCOM, 0, 3, 'x'}, data[2:]...),
		"segment too long": edit(func(b []byte) []byte { b[4], b[5] = 0xff, 0xff; return b }),
		"huge tables":      append(append([]byte{0xff, markSOI}, bytes.Repeat(data[2:p.sofAt], 8)...), data[p.sofAt:]...),
	} {
		var there jpegTables
		if _, err := there.complete(bad, 64, 48); !errors.Is(err, errJPEG) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var there jpegTables
	if _, err := there.complete(data, 64, 48); err != nil {
		t.Errorf("good JPEG: %v", err)
	}
	if _, err := there.complete(bare, 64, 48); err != nil {
		t.Errorf("good JPEG without tables: %v", err)
	}
}
