package measure

import (
	"errors"
	"math"

	"impero/core/picture"
)

// MaxPSNR stands for pictures that are equal.
const MaxPSNR = 99

var errSizes = errors.New("compare pictures: their sizes differ")

// Compare gives the peak signal-to-noise ratio of red, green and blue in dB, at most MaxPSNR, and the share of pixels
// that are exactly the same.
func Compare(a, b *picture.Frame) (psnr, exact float64, err error) {
	if a.W != b.W || a.H != b.H || a.W == 0 {
		return 0, 0, errSizes
	}
	swap := 0 // of red and blue
	if a.Order != b.Order {
		swap = 2
	}
	var squares uint64
	same := 0
	for i := 0; i < len(a.Pix); i += 4 {
		p, q := a.Pix[i:i+4:i+4], b.Pix[i:i+4:i+4]
		d0, d1, d2 := int(p[0])-int(q[swap]), int(p[1])-int(q[1]), int(p[2])-int(q[2-swap])
		if d0|d1|d2 == 0 {
			same++
			continue
		}
		squares += uint64(d0*d0 + d1*d1 + d2*d2)
	}
	exact = float64(same) / float64(a.W*a.H)
	if squares == 0 {
		return MaxPSNR, exact, nil
	}
	mean := float64(squares) / float64(3*a.W*a.H)
	return min(MaxPSNR, 10*math.Log10(255*255/mean)), exact, nil
}
