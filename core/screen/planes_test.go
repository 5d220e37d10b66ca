package screen

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"impero/core/picture"
)

// painted is a tile that shows f of each place as blue, green and red.
func painted(f func(x, y int) (b, g, r uint8)) *picture.Frame {
	tile := picture.NewFrame(tileSide, tileSide, picture.BGRX)
	for y := range tileSide {
		for x := range tileSide {
			b, g, r := f(x, y)
			copy(tile.Row(y, x, x+1), []byte{b, g, r, 255})
		}
	}
	return tile
}

// TestPlanesAreCodedWhereThatIsSmaller: photographs are, what repeats is left to zstd, and noise is left as it is.
func TestPlanesAreCodedWhereThatIsSmaller(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	gauss := func(most float64) uint8 { return uint8(int(rnd.NormFloat64() * most)) }
	cases := map[string]struct {
		tile   *picture.Frame
		filter uint8
	}{
		"photograph": {painted(func(x, y int) (uint8, uint8, uint8) {
			v := uint8(x+2*y) + gauss(3)
			return v + gauss(1), v, v + gauss(1)
		}), rawEntropy},
		"one colour more in each row": {painted(func(x, y int) (uint8, uint8, uint8) { return uint8(y), uint8(2 * y), uint8(x / 8) }), rawGradient},
		"pattern":                     {painted(func(x, y int) (uint8, uint8, uint8) { v := uint8((x*7 + y*13) % 5 * 40); return v, v ^ uint8(x%3), v }), rawGradient},
		"noise":                       {painted(func(int, int) (uint8, uint8, uint8) { return uint8(rnd.Int()), uint8(rnd.Int()), uint8(rnd.Int()) }), rawGradient},
	}
	for name, c := range cases {
		var coder rawCoder
		data := coder.appendRaw(nil, c.tile, c.tile.Bounds())
		if data[0] != c.filter {
			t.Errorf("%s: filter %d in %d bytes", name, data[0], len(data))
		}
		again := picture.NewFrame(tileSide, tileSide, picture.BGRX)
		blob := &reader{b: data}
		if err := paintBlobRaw(again, again.Bounds(), blob); err != nil || len(blob.b) > 0 || !bytes.Equal(again.Pix, c.tile.Pix) {
			t.Errorf("%s: %d bytes left, %v", name, len(blob.b), err)
		}
		if c.filter == rawEntropy {
			plain := appendPlanes(c.tile)
			if zstd := squeeze(t, plain); len(data)*10 > len(zstd)*9 {
				t.Errorf("%s: %d bytes, where zstd takes %d", name, len(data), len(zstd))
			}
		}
	}
}

// appendPlanes is a tile by the gradient filter alone.
func appendPlanes(f *picture.Frame) []byte {
	var c rawCoder
	b := []byte{rawGradient}
	n := 0
	for i := 0; i < len(f.Pix); i += 4 {
		blue, green, red := wireColour(binary.LittleEndian.Uint32(f.Pix[i:]), f.Order)
		c.plane[0][n], c.plane[1][n], c.plane[2][n] = green, blue-green, red-green
		n++
	}
	for i := range c.plane {
		b = appendResidual(b, c.plane[i][:n], f.W)
	}
	return b
}

// TestPlanesOfEverySize: each size comes back as it went, down to one pixel and with planes of one value.
func TestPlanesOfEverySize(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	coded := 0
	for i := range 400 {
		f := picture.NewFrame(tileSide, tileSide, []picture.Order{picture.BGRX, picture.RGBX}[i%2])
		r := picture.Rect{X: rnd.IntN(8), Y: rnd.IntN(8), W: 1 + rnd.IntN(56), H: 1 + rnd.IntN(56)}
		if i%8 == 0 {
			r = f.Bounds()
		}
		for y := r.Y; y < r.Y+r.H; y++ {
			for x := r.X; x < r.X+r.W; x++ {
				v := uint8(x) + uint8(rnd.IntN(2+i%9))
				copy(f.Row(y, x, x+1), []byte{v, v, v + uint8(i%2*rnd.IntN(3)), 255})
			}
		}
		var coder rawCoder
		data := coder.appendRaw(nil, f, r)
		if data[0] == rawEntropy {
			coded++
		}
		if len(data) > rawHead+3*r.Area() {
			t.Fatalf("%v takes %d bytes", r, len(data))
		}
		again, blob := picture.NewFrame(tileSide, tileSide, f.Order), &reader{b: data}
		if err := paintBlobRaw(again, r, blob); err != nil || len(blob.b) > 0 || !bytes.Equal(again.Pix, f.Pix) {
			t.Fatalf("%d, %v: %d bytes left, %v", i, r, len(blob.b), err)
		}
	}
	if coded < 100 {
		t.Errorf("only %d were coded", coded)
	}
}

// TestHostilePlanes: planes of another size, cut ones and rectangles that may not have them are refused.
func TestHostilePlanes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	photo := painted(func(x, y int) (uint8, uint8, uint8) { v := uint8(rnd.IntN(9)); return v, v, v })
	var coder rawCoder
	good := coder.appendRaw(nil, photo, photo.Bounds())
	if good[0] != rawEntropy {
		t.Fatal("not coded")
	}
	for name, c := range map[string]struct {
		r picture.Rect
		b []byte
	}{
		"fewer pixels":   {picture.Rect{W: 64, H: 63}, good},
		"more pixels":    {picture.Rect{W: 65, H: 64}, good},
		"cut":            {photo.Bounds(), good[:len(good)-1]},
		"a plane cut":    {photo.Bounds(), append([]byte{rawEntropy, 0, 3}, good[3:]...)},
		"an empty plane": {photo.Bounds(), []byte{rawEntropy, 0, 0, 0, 0, 0, 0}},
		"nothing":        {photo.Bounds(), []byte{rawEntropy}},
		"no such filter": {photo.Bounds(), append([]byte{3}, good[1:]...)},
	} {
		if err := paintBlobRaw(picture.NewFrame(70, 70, picture.BGRX), c.r, &reader{b: c.b}); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
