package video

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"impero/core/picture"
	"impero/core/screen"
	"impero/core/wire"
)

// film paints picture n of a film in r of f: something smooth that moves, with a little noise.
func film(f *picture.Frame, r picture.Rect, n int) {
	rnd := rand.New(rand.NewPCG(uint64(n), 5))
	for y := range r.H {
		row := f.Row(r.Y+y, r.X, r.X+r.W)
		for x := range r.W {
			v := 128 + 90*math.Sin(float64(x+n*3)/23)*math.Cos(float64(y-n*2)/31)
			noise := int(rnd.Uint32() & 3)
			row[x*4], row[x*4+1], row[x*4+2], row[x*4+3] = byte(int(v)+noise), byte(200-int(v)/2+noise), byte((x+n)/5+noise), 255
		}
	}
}

// psnr is how close r of f is to g's, in dB.
func psnr(f, g *picture.Frame, r picture.Rect) float64 {
	sum, n := 0.0, 0
	for y := range r.H {
		a, b := f.Row(r.Y+y, r.X, r.X+r.W), g.Row(r.Y+y, r.X, r.X+r.W)
		for i := range a {
			if i&3 == 3 {
				continue
			}
			d := float64(a[i])
			if f.Order == g.Order {
				d -= float64(b[i])
			} else {
				d -= float64(b[i&^3+2-i&3])
			}
			sum += d * d
			n++
		}
	}
	return 10 * math.Log10(255*255/(sum/float64(n)))
}

// coded is a film of n pictures, the first a key, and each picture's data.
func coded(t testing.TB, v screen.VideoFormat, w, h, n, coarse int) (f *picture.Frame, pictures [][]byte) {
	t.Helper()
	enc, err := v.NewEncoder(w, h, screen.ContentFilm)
	if err != nil {
		t.Fatal(err)
	}
	defer enc.Close()
	f = picture.NewFrame(w, h, picture.BGRX)
	for i := range n {
		film(f, f.Bounds(), i)
		b, _, err := enc.Encode(nil, f, f.Bounds(), i == 0, coarse)
		if err != nil {
			t.Fatal(err)
		}
		pictures = append(pictures, b)
	}
	return f, pictures
}

// TestFormats is the suite that every format passes.
func TestFormats(t *testing.T) {
	if len(Formats()) == 0 {
		t.Skip("this build has no video")
	}
	for _, v := range Formats() {
		name := map[uint8]string{wire.VideoH264: "H264", wire.VideoVP8: "VP8"}[v.Number]
		t.Run(name, func(t *testing.T) {
			t.Run("comes back", func(t *testing.T) { comesBack(t, v) })
			t.Run("coarser is smaller", func(t *testing.T) { coarserIsSmaller(t, v) })
			t.Run("begins again", func(t *testing.T) { beginsAgain(t, v) })
			t.Run("refuses", func(t *testing.T) { refuses(t, v) })
			t.Run("survives damage", func(t *testing.T) { survivesDamage(t, v) })
			t.Run("sizes", func(t *testing.T) { sizes(t, v) })
		})
	}
}

func comesBack(t *testing.T, v screen.VideoFormat) {
	for _, order := range []picture.Order{picture.BGRX, picture.RGBX} {
		for _, r := range []picture.Rect{{X: 6, Y: 4, W: 320, H: 240}, {X: 1, Y: 1, W: 98, H: 66}, {W: 400, H: 300}} {
			enc, err := v.NewEncoder(r.W, r.H, screen.ContentFilm)
			if err != nil {
				t.Fatal(err)
			}
			dec, err := v.NewDecoder(r.W, r.H)
			if err != nil {
				t.Fatal(err)
			}
			f, g := picture.NewFrame(400, 300, order), picture.NewFrame(400, 300, picture.RGBX-order)
			clean := picture.NewFrame(400, 300, g.Order)
			for i := range 12 {
				film(f, r, i)
				b, _, err := enc.Encode([]byte("before"), f, r, i == 0, 24)
				if err != nil || !bytes.HasPrefix(b, []byte("before")) {
					t.Fatalf("picture %d: %v", i, err)
				}
				if err := dec.Decode(g, r, i == 0, b[6:]); err != nil {
					t.Fatalf("picture %d: %v", i, err)
				}
				if q := psnr(f, g, r); q < 32 {
					t.Errorf("picture %d of %v: %.1f dB", i, r, q)
				}
			}
			for y := range g.H {
				for x := range g.W {
					p := g.Row(y, x, x+1)
					if p[3] != 255 {
						t.Fatal("a pixel that is not opaque")
					}
					if in := (picture.Rect{X: x, Y: y, W: 1, H: 1}); r.Intersect(in).Empty() && !bytes.Equal(p, clean.Row(y, x, x+1)) {
						t.Fatalf("painted outside %v", r)
					}
				}
			}
			enc.Close()
			dec.Close()
		}
	}
}

func coarserIsSmaller(t *testing.T, v screen.VideoFormat) {
	size := func(coarse int) (n int) {
		_, pictures := coded(t, v, 320, 240, 8, coarse)
		for _, p := range pictures {
			n += len(p)
		}
		return n
	}
	if fine, coarse := size(20), size(40); coarse*2 > fine {
		t.Errorf("%d bytes fine, %d coarse", fine, coarse)
	}
	enc, err := v.NewEncoder(320, 240, screen.ContentFilm)
	if err != nil {
		t.Fatal(err)
	}
	defer enc.Close()
	dec, err := v.NewDecoder(320, 240)
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	f, g := picture.NewFrame(320, 240, picture.BGRX), picture.NewFrame(320, 240, picture.BGRX)
	before := 0.0
	for i := range 8 { // the same picture, finer and finer: no key in between
		film(f, f.Bounds(), 0)
		b, _, err := enc.Encode(nil, f, f.Bounds(), i == 0, 44-4*i)
		if err != nil {
			t.Fatal(err)
		}
		if err := dec.Decode(g, g.Bounds(), i == 0, b); err != nil {
			t.Fatalf("picture %d: %v", i, err)
		}
		before = max(before, psnr(f, g, f.Bounds()))
		if i == 0 && before > 40 {
			t.Errorf("%.1f dB at once", before)
		}
	}
	if before < 40 {
		t.Errorf("%.1f dB at last", before)
	}
}

func beginsAgain(t *testing.T, v screen.VideoFormat) {
	enc, err := v.NewEncoder(160, 120, screen.ContentFilm)
	if err != nil {
		t.Fatal(err)
	}
	defer enc.Close()
	f := picture.NewFrame(160, 120, picture.BGRX)
	for i := range 6 {
		film(f, f.Bounds(), i)
		b, _, err := enc.Encode(nil, f, f.Bounds(), i%3 == 0, 26)
		if err != nil {
			t.Fatal(err)
		}
		if i%3 > 0 {
			continue
		}
		dec, err := v.NewDecoder(160, 120)
		if err != nil {
			t.Fatal(err)
		}
		if err := dec.Decode(f, f.Bounds(), true, b); err != nil {
			t.Errorf("key %d to one who joins: %v", i, err)
		}
		dec.Close()
	}
}

func refuses(t *testing.T, v screen.VideoFormat) {
	_, pictures := coded(t, v, 160, 120, 2, 26)
	_, others := coded(t, v, 176, 144, 2, 26)
	f := picture.NewFrame(200, 200, picture.BGRX)
	r := picture.Rect{W: 160, H: 120}
	for name, c := range map[string]struct {
		r    picture.Rect
		key  bool
		data []byte
	}{
		"nothing":          {r, true, nil},
		"noise":            {r, true, []byte("this is no video, whoever reads it")},
		"no key first":     {r, false, pictures[1]},
		"no key as key":    {r, true, pictures[1]},
		"key as no key":    {r, false, pictures[0]},
		"another size":     {r, true, others[0]},
		"another place":    {picture.Rect{W: 176, H: 144}, true, others[0]},
		"outside":          {picture.Rect{X: 100, W: 160, H: 120}, true, pictures[0]},
		"two pictures":     {r, true, append(bytes.Clone(pictures[0]), pictures[0]...)},
		"cut to its start": {r, true, pictures[0][:8]},
	} {
		dec, err := v.NewDecoder(160, 120)
		if err != nil {
			t.Fatal(err)
		}
		if err := dec.Decode(f, c.r, c.key, c.data); err == nil && !(name == "two pictures" && v.Number == wire.VideoVP8) {
			t.Errorf("%s is accepted", name) // behind a VP8 frame there is padding, not another one
		}
		dec.Close()
	}
}

func survivesDamage(t *testing.T, v screen.VideoFormat) {
	_, pictures := coded(t, v, 160, 120, 4, 26)
	rnd := rand.New(rand.NewPCG(1, 1))
	f := picture.NewFrame(160, 120, picture.BGRX)
	for range 300 {
		dec, err := v.NewDecoder(160, 120)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range pictures {
			p = bytes.Clone(p)
			for range rnd.IntN(4) {
				p[rnd.IntN(len(p))] ^= byte(1 << rnd.IntN(8))
			}
			if dec.Decode(f, f.Bounds(), i == 0, p[:len(p)-rnd.IntN(3)]) != nil {
				break
			}
		}
		dec.Close()
	}
}

func sizes(t *testing.T, v screen.VideoFormat) {
	for _, s := range [][2]int{{0, 0}, {14, 16}, {17, 16}, {16, 17}, {4098, 16}, {4096, 4096}, {-2, 64}} {
		if e, err := v.NewEncoder(s[0], s[1], screen.ContentFilm); err == nil {
			t.Errorf("encoder of %v", s)
			e.Close()
		}
		if d, err := v.NewDecoder(s[0], s[1]); err == nil {
			t.Errorf("decoder of %v", s)
			d.Close()
		}
	}
}

// FuzzDecode gives decoders anything at all, after a look at it and without one.
func FuzzDecode(f *testing.F) {
	for i, v := range Formats() {
		_, pictures := coded(f, v, 64, 48, 2, 30)
		f.Add(uint8(i), true, pictures[0])
		f.Add(uint8(i), false, pictures[1])
	}
	f.Fuzz(func(t *testing.T, n uint8, key bool, data []byte) {
		if len(Formats()) == 0 {
			return
		}
		v := Formats()[int(n)%len(Formats())]
		_, pictures := coded(t, v, 64, 48, 1, 30)
		dec, err := v.NewDecoder(64, 48)
		if err != nil {
			t.Fatal(err)
		}
		defer dec.Close()
		g := picture.NewFrame(70, 60, picture.BGRX)
		r := picture.Rect{X: 2, Y: 2, W: 64, H: 48}
		if err := dec.Decode(g, r, true, pictures[0]); err != nil {
			t.Fatal(err)
		}
		dec.Decode(g, r, key, data)
	})
}

// FuzzHead gives our own look at a stream anything at all.
func FuzzHead(f *testing.F) {
	for _, v := range Formats() {
		_, pictures := coded(f, v, 64, 48, 2, 30)
		f.Add(pictures[0])
		f.Add(pictures[1])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if checkH264(data, true, 64, 48) == nil && checkH264(data, false, 64, 48) == nil {
			t.Error("H.264 that is a key and none")
		}
		if checkVP8(data, true, 64, 48) == nil && checkVP8(data, true, 48, 64) == nil {
			t.Error("VP8 of two sizes")
		}
	})
}

func benchmark(b *testing.B, decode bool) {
	for _, v := range Formats() {
		b.Run(map[uint8]string{wire.VideoH264: "H264", wire.VideoVP8: "VP8"}[v.Number], func(b *testing.B) {
			f, pictures := coded(b, v, 1920, 1080, 10, 26)
			enc, err := v.NewEncoder(f.W, f.H, screen.ContentFilm)
			if err != nil {
				b.Fatal(err)
			}
			defer enc.Close()
			dec, err := v.NewDecoder(f.W, f.H)
			if err != nil {
				b.Fatal(err)
			}
			defer dec.Close()
			i, total := 0, 0
			var out []byte
			b.ReportAllocs()
			for b.Loop() {
				if decode {
					err = dec.Decode(f, f.Bounds(), i%len(pictures) == 0, pictures[i%len(pictures)])
				} else {
					b.StopTimer()
					film(f, f.Bounds(), i)
					b.StartTimer()
					out, _, err = enc.Encode(out[:0], f, f.Bounds(), i == 0, 26)
					total += len(out)
				}
				if err != nil {
					b.Fatal(err)
				}
				i++
			}
			if !decode {
				b.ReportMetric(float64(total)/float64(i), "B/picture")
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) { benchmark(b, false) }
func BenchmarkDecode(b *testing.B) { benchmark(b, true) }
