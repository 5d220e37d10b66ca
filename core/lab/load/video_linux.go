package load

import (
	"math"
	"sync"

	"impero/core/lab/barcode"
	"impero/core/picture"
)

// video is a film over the whole display: a camera that moves over a landscape, and things that pass before it. Nothing
// stands still and nothing moves by whole pixels.
type video struct {
	d      *desktop
	frames []*bitmap
}

// videoFrames is how many pictures the film has; it runs to and fro.
const videoFrames = 24

func newVideo(d *desktop) (scene, error) {
	s := &video{d: d, frames: make([]*bitmap, videoFrames)}
	for i := range s.frames {
		var err error
		if s.frames[i], err = d.bitmap(Width, Height); err != nil {
			return nil, err
		}
	}
	land := photo(2300, 1400, 20)
	var all sync.WaitGroup
	for part := range 2 {
		all.Go(func() {
			for i := part; i < videoFrames; i += 2 {
				film(s.frames[i].Frame, land, float64(i))
			}
		})
	}
	all.Wait()
	s.draw(barcode.Number{})
	return s, nil
}

// film paints picture i.
func film(f, land *picture.Frame, i float64) {
	camera := affine{scale: 0.92 + 0.004*i, turn: 0.002 * i, fromX: 60 + 5.3*i, fromY: 40 + 2.7*i}
	for y := range f.H {
		sample(f, y, 0, f.W, land, camera)
	}
	for thing := range 4 {
		t := float64(thing)
		radius := 110 + 30*t
		x, y := 300+400*t+11.7*i*math.Cos(t), 260+150*t+8.3*i*math.Sin(t+1)
		skin := affine{scale: 1.3, turn: 0.3 * t, fromX: 900 - 9.1*i + 200*t, fromY: 300*t - 3.3*i}
		disc(f, land, x, y, radius, skin)
	}
}

// disc paints a round thing.
func disc(f, skin *picture.Frame, x, y, radius float64, a affine) {
	for row := max(0, int(y-radius)); row < min(f.H, int(y+radius)); row++ {
		dy := float64(row) - y
		half := math.Sqrt(max(0, radius*radius-dy*dy))
		from, to := max(0, int(x-half)), min(f.W, int(x+half))
		if from < to {
			sample(f, row, from, to, skin, a)
		}
	}
}

// draw shows the next picture, the number in it, in one request.
func (s *video) draw(n barcode.Number) {
	b := s.frames[toAndFro(n.Frame, videoFrames)]
	for _, p := range s.d.places {
		barcode.Draw(b.Pix[(p.Y*b.W+p.X)*4:], b.W*4, n)
	}
	s.d.put(s.d.back, b, b.Bounds(), 0, 0)
}

// toAndFro is the picture of n that a film which runs to its end and back shows as its i-th.
func toAndFro(i, n int) int {
	if i %= 2*n - 2; i >= n {
		i = 2*n - 2 - i
	}
	return i
}
