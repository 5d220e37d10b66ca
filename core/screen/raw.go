package screen

import (
	"encoding/binary"
	"fmt"

	"impero/core/picture"
)

// Filters of a raw rectangle.
const (
	rawPlain    = 0
	rawGradient = 1
	rawEntropy  = 2 // as rawGradient, each plane coded by itself: of a photograph zstd finds hardly anything again, and this takes a quarter less
	rawHead     = 1
)

// predict is the median edge detector: a is the left, b the upper and c the upper left neighbour.
func predict(a, b, c uint8) uint8 {
	lo, hi := min(a, b), max(a, b)
	if c >= hi {
		return lo
	}
	if c <= lo {
		return hi
	}
	return a + b - c
}

// rawCoder codes rectangles of at most maxTileArea pixels without loss. Its zero value is ready.
type rawCoder struct{ plane [3][maxTileArea]uint8 }

// appendRaw appends r of f by the gradient filter, with its planes coded if that is smaller than what zstd will make of them.
func (c *rawCoder) appendRaw(b []byte, f *picture.Frame, r picture.Rect) []byte {
	n := 0
	for y := r.Y; y < r.Y+r.H; y++ {
		row := f.Row(y, r.X, r.X+r.W)
		for ; len(row) >= 4; row = row[4:] {
			blue, green, red := wireColour(binary.LittleEndian.Uint32(row), f.Order)
			c.plane[0][n], c.plane[1][n], c.plane[2][n] = green, blue-green, red-green
			n++
		}
	}
	at := len(b)
	b = append(b, rawGradient)
	for i := range c.plane {
		b = appendResidual(b, c.plane[i][:n], r.W)
	}
	if n >= smallPhoto {
		b = codePlanes(b, at, n)
	}
	return b
}

func appendResidual(b, plane []uint8, w int) []byte {
	at := len(b)
	b = append(b, plane...)
	out := b[at:]
	for x := w - 1; x > 0; x-- {
		out[x] -= plane[x-1]
	}
	for o := w; o < len(plane); o += w {
		up, row, res := plane[o-w:o], plane[o:o+w], out[o:o+w]
		res[0] -= up[0]
		for x := 1; x < len(row) && x < len(up) && x < len(res); x++ {
			res[x] -= predict(row[x-1], up[x], up[x-1])
		}
	}
	return b
}

// takeRaw takes one raw rectangle of r's size from the front of blob.
func takeRaw(r picture.Rect, blob *reader) (data []byte, filter uint8, err error) {
	filter = blob.u8()
	switch {
	case filter > rawEntropy:
		return nil, 0, fmt.Errorf("raw rectangle with filter %d", filter)
	case filter == rawEntropy:
		data, err = takeEntropy(r, blob)
		return data, filter, err
	}
	if data = blob.take(r.Area() * 3); data == nil {
		return nil, 0, errShortBlob
	}
	return data, filter, nil
}

// paintRaw paints r of f with what takeRaw gave, which it uses up.
func paintRaw(f *picture.Frame, r picture.Rect, data []byte, filter uint8) error {
	if filter == rawEntropy {
		return paintEntropy(f, r, data)
	}
	if filter == rawPlain {
		for y := range r.H {
			row := f.Row(r.Y+y, r.X, r.X+r.W)
			for x := range r.W {
				p := data[(y*r.W+x)*3:]
				*(*[4]byte)(row[x*4:]) = framePixel(p[0], p[1], p[2], f.Order)
			}
		}
		return nil
	}
	paintGradient(f, r, data)
	return nil
}

// paintGradient paints r of f with the planes of the gradient filter, which it uses up.
func paintGradient(f *picture.Frame, r picture.Rect, data []byte) {
	n := r.Area()
	for i := range 3 {
		restore(data[i*n:(i+1)*n], r.W)
	}
	for y := range r.H {
		row := f.Row(r.Y+y, r.X, r.X+r.W)
		g, b, d := data[y*r.W:(y+1)*r.W], data[n+y*r.W:n+(y+1)*r.W], data[2*n+y*r.W:2*n+(y+1)*r.W]
		for x, v := range g {
			*(*[4]byte)(row[x*4:]) = framePixel(b[x]+v, v, d[x]+v, f.Order)
		}
	}
}

// restore undoes appendResidual in place.
func restore(plane []uint8, w int) {
	for x := 1; x < w; x++ {
		plane[x] += plane[x-1]
	}
	for o := w; o < len(plane); o += w {
		up, row := plane[o-w:o], plane[o:o+w]
		row[0] += up[0]
		left := row[0]
		for x := 1; x < len(row) && x < len(up); x++ {
			left = row[x] + predict(left, up[x], up[x-1])
			row[x] = left
		}
	}
}
