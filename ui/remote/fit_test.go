package remote

import (
	"math/rand/v2"
	"testing"
)

func TestFit(t *testing.T) {
	for _, c := range []struct {
		name          string
		w, h          int
		room          [2]float32
		density       float32
		mode          Mode
		want          area
		scale         float64
		wantWholePart bool
	}{
		{name: "exact", w: 1024, h: 700, room: [2]float32{1024, 700}, density: 1, want: area{0, 0, 1024, 700}, scale: 1},
		{name: "smaller room", w: 1920, h: 1080, room: [2]float32{960, 700}, density: 1, want: area{0, 80, 960, 540}, scale: 0.5},
		{name: "larger room", w: 100, h: 100, room: [2]float32{300, 200}, density: 1, want: area{50, 0, 200, 200}, scale: 2},
		{name: "nearly exact is exact", w: 1000, h: 500, room: [2]float32{1005, 600}, density: 1, want: area{2, 50, 1000, 500}, scale: 1},
		{name: "dense", w: 1000, h: 500, room: [2]float32{500, 250}, density: 2, want: area{0, 0, 500, 250}, scale: 1},
		{name: "actual size, room larger", w: 100, h: 50, room: [2]float32{201, 150}, density: 1, mode: Actual, want: area{50, 50, 100, 50}, scale: 1},
		{name: "actual size, room smaller", w: 1000, h: 500, room: [2]float32{200, 100}, density: 1, mode: Actual, want: area{0, 0, 1000, 500}, scale: 1},
		{name: "no picture", room: [2]float32{200, 100}, density: 1},
		{name: "no room", w: 10, h: 10, density: 1},
	} {
		got, scale := fit(c.w, c.h, c.room[0], c.room[1], c.density, c.mode)
		if got != c.want || scale != c.scale {
			t.Errorf("%s: %v at %v, not %v at %v", c.name, got, scale, c.want, c.scale)
		}
	}
}

// Whatever the sizes, the picture lies in the room, and a pixel's middle leads
// back to the pixel.
func TestPixelIsTheInverseOfFit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		w, h := 1+r.IntN(4000), 1+r.IntN(3000)
		roomW, roomH := 50+r.Float32()*3000, 50+r.Float32()*2000
		density := []float32{1, 1.25, 1.5, 2}[r.IntN(4)]
		a, scale := fit(w, h, roomW, roomH, density, Fit)
		if a.X < 0 || a.Y < 0 || a.X+a.W > roomW+1/density || a.Y+a.H > roomH+1/density {
			t.Fatalf("%d × %d in %v × %v at %v lies at %v", w, h, roomW, roomH, density, a)
		}
		if a.W < 1 || a.H < 1 {
			continue // thinner than a pixel
		}
		x, y := r.IntN(w), r.IntN(h)
		mx := a.X + (float32(x)+0.5)*a.W/float32(w)
		my := a.Y + (float32(y)+0.5)*a.H/float32(h)
		if px, py, ok := a.pixel(mx, my, w, h); !ok || px != x || py != y {
			t.Fatalf("%d, %d of %d × %d at scale %v leads to %d, %d", x, y, w, h, scale, px, py)
		}
	}
}

func TestPixelOutsideIsTheNearest(t *testing.T) {
	a := area{10, 20, 100, 50}
	for _, c := range []struct {
		x, y   float32
		px, py int
	}{{-500, -500, 0, 0}, {500, 500, 199, 99}, {10, 20, 0, 0}, {109.9, 69.9, 199, 99}, {60, 1000, 100, 99}} {
		if px, py, ok := a.pixel(c.x, c.y, 200, 100); !ok || px != c.px || py != c.py {
			t.Errorf("%v, %v leads to %d, %d", c.x, c.y, px, py)
		}
	}
	if _, _, ok := (area{}).pixel(1, 1, 10, 10); ok {
		t.Error("no picture has a pixel")
	}
}
