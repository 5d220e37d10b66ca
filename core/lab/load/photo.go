package load

import (
	"math"
	"math/rand/v2"

	"impero/core/picture"
)

// noise is a field of w × h values about 0, whose detail is as strong as in photographs: the finer, the weaker.
// Details are no larger than coarsest and no smaller than finest pixels.
func noise(w, h int, seed uint64, coarsest, finest int) []float32 {
	dice := rand.New(rand.NewPCG(seed, 7))
	field := make([]float32, w*h)
	for cell := coarsest; cell >= finest; cell /= 2 {
		strength := float32(math.Pow(float64(cell)/512, 0.65))
		across := w/cell + 2
		lattice := make([]float32, across*(h/cell+2))
		for i := range lattice {
			lattice[i] = (dice.Float32()*2 - 1) * strength
		}
		addLattice(field, w, h, lattice, across, cell)
	}
	return field
}

// addLattice adds values given at every cell'th pixel, and between them what lies between.
func addLattice(field []float32, w, h int, lattice []float32, across, cell int) {
	step := 1 / float32(cell)
	for y := range h {
		top := lattice[y/cell*across:]
		bottom := lattice[(y/cell+1)*across:]
		down := float32(y%cell) * step
		row := field[y*w : (y+1)*w]
		for x := 0; x < w; x += cell {
			i := x / cell
			left, right := top[i]+(bottom[i]-top[i])*down, top[i+1]+(bottom[i+1]-top[i+1])*down
			slope := (right - left) * step
			part := row[x:min(x+cell, w)]
			for j := range part {
				part[j] += left
				left += slope
			}
		}
	}
}

// photo is a picture like a photograph: regions with sharp edges, each with a texture, in soft colours.
func photo(w, h int, seed uint64) *picture.Frame {
	f := picture.NewFrame(w, h, picture.BGRX)
	light, regions := noise(w, h, seed, 512, 1), noise(w, h, seed+1, 256, 16)
	warm := noise(w, h, seed+2, 512, 32)
	for i := range light {
		level, tint := 120+light[i]*70, warm[i]*45
		switch region := regions[i]; {
		case region > 0.35:
			level, tint = level*0.55+20, tint+18
		case region < -0.45:
			level, tint = level+65, tint-14
		}
		f.Pix[i*4], f.Pix[i*4+1], f.Pix[i*4+2] = clamp(level-tint), clamp(level), clamp(level+tint)
	}
	return f
}

func clamp(v float32) byte { return byte(max(0, min(255, v))) }

// affine says where a pixel of the picture comes from: (x·scale + y·turn + fromX, y·scale − x·turn + fromY).
type affine struct{ scale, turn, fromX, fromY float64 }

const fraction = 8 // bits of a pixel's place between its neighbours

// sample paints pixels x0 ≤ x < x1 of row y of f with what a says of src, smoothly; places outside go round.
func sample(f *picture.Frame, y, x0, x1 int, src *picture.Frame, a affine) {
	const one = 1 << fraction
	u := int((float64(x0)*a.scale + float64(y)*a.turn + a.fromX) * one)
	v := int((float64(y)*a.scale - float64(x0)*a.turn + a.fromY) * one)
	du, dv := int(a.scale*one), int(-a.turn*one)
	row := f.Row(y, x0, x1)
	for at := 0; at < len(row); at += 4 {
		x, y := wrap(u>>fraction, src.W-1), wrap(v>>fraction, src.H-1)
		right, down := uint32(u&(one-1)), uint32(v&(one-1))
		p := (y*src.W + x) * 4
		q := p + src.W*4
		upper, lower := src.Pix[p:p+8:p+8], src.Pix[q:q+8:q+8]
		for i := range 3 {
			top := uint32(upper[i])*(one-right) + uint32(upper[i+4])*right
			bottom := uint32(lower[i])*(one-right) + uint32(lower[i+4])*right
			row[at+i] = byte((top*(one-down) + bottom*down) >> (2 * fraction))
		}
		row[at+3] = 255
		u, v = u+du, v+dv
	}
}

func wrap(v, n int) int {
	if v >= 0 && v < n {
		return v
	}
	if v %= n; v < 0 {
		v += n
	}
	return v
}
