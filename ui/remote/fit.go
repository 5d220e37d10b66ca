package remote

import "math"

// Mode says how large the picture is shown.
type Mode uint8

const (
	Fit    Mode = 0 // the whole desktop, as large as the room allows
	Actual Mode = 1 // a pixel of the Host for a pixel here; the room scrolls
)

// snap is how near the scale must be to 1 to be made 1, where a picture is
// sharp.
const snap = 0.01

// area is a rectangle in units.
type area struct{ X, Y, W, H float32 }

// fit places a picture of w × h pixels in a room of roomW × roomH units, where a
// unit is density pixels. The edges are on whole pixels; scale is pixels here
// for a pixel there. Everything is 0 for an empty picture or room.
func fit(w, h int, roomW, roomH, density float32, m Mode) (a area, scale float64) {
	if w <= 0 || h <= 0 || roomW <= 0 || roomH <= 0 || density <= 0 {
		return area{}, 0
	}
	across, down := float64(roomW*density), float64(roomH*density)
	scale = 1
	if m == Fit {
		scale = min(across/float64(w), down/float64(h))
		if math.Abs(scale-1) < snap && float64(w) <= across+1 && float64(h) <= down+1 {
			scale = 1
		}
	}
	pw, ph := math.Round(float64(w)*scale), math.Round(float64(h)*scale)
	px, py := max(0, math.Floor((across-pw)/2)), max(0, math.Floor((down-ph)/2))
	d := float64(density)
	return area{float32(px / d), float32(py / d), float32(pw / d), float32(ph / d)}, scale
}

// pixel gives the pixel of a w × h picture shown in a that lies under x, y; the
// nearest one if that is outside. ok is false where there is no picture.
func (a area) pixel(x, y float32, w, h int) (px, py int, ok bool) {
	if a.W <= 0 || a.H <= 0 || w <= 0 || h <= 0 {
		return 0, 0, false
	}
	at := func(v, from, length float32, n int) int {
		p := math.Floor(float64(v-from) * float64(n) / float64(length))
		return int(max(0, min(p, float64(n-1))))
	}
	return at(x, a.X, a.W, w), at(y, a.Y, a.H, h), true
}

// holds tells whether a point lies in a.
func (a area) holds(x, y float32) bool {
	return x >= a.X && y >= a.Y && x < a.X+a.W && y < a.Y+a.H
}
