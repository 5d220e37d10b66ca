package remote

import (
	"encoding/binary"
	"image"
	"sync"

	"impero/core/picture"
)

// surface is two copies of the picture: the source paints the back one, the UI
// goroutine shows the front one and takes over only what changed. So neither
// waits for more than a copy of changed pixels. Both cost 4 bytes a pixel.
type surface struct {
	mu      sync.Mutex
	back    *image.RGBA    // guarded by mu
	waiting []picture.Rect // guarded by mu: changed in back, not yet in front

	front *image.RGBA // owned by the UI goroutine; never nil
}

func newSurface() *surface {
	one := func() *image.RGBA {
		img := image.NewRGBA(image.Rect(0, 0, 1, 1))
		img.Pix[3] = 255
		return img
	}
	return &surface{back: one(), front: one()}
}

// take copies what changed in a frame. It may run on any goroutine and reports
// whether there is something to show.
func (s *surface) take(f *picture.Frame, changed []picture.Rect) bool {
	if !sensible(f) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.back.Rect.Dx() != f.W || s.back.Rect.Dy() != f.H {
		s.back = image.NewRGBA(image.Rect(0, 0, f.W, f.H))
		changed, s.waiting = []picture.Rect{f.Bounds()}, s.waiting[:0]
	}
	for _, r := range changed {
		r = r.Intersect(f.Bounds())
		if r.Empty() {
			continue
		}
		paint(s.back, f, r)
		s.waiting = append(s.waiting, r)
	}
	s.waiting = bounded(s.waiting)
	return len(s.waiting) > 0
}

// paint copies r, which lies in both, in the order of bytes that an image.RGBA
// has.
func paint(to *image.RGBA, f *picture.Frame, r picture.Rect) {
	for y := r.Y; y < r.Y+r.H; y++ {
		from := f.Row(y, r.X, r.X+r.W)
		at := to.Pix[y*to.Stride+r.X*4:][:len(from)]
		if f.Order == picture.RGBX {
			copy(at, from)
			continue
		}
		for i := 0; i+8 <= len(at); i += 8 { // two pixels at a time
			v := binary.LittleEndian.Uint64(from[i:])
			binary.LittleEndian.PutUint64(at[i:], v&0xff00ff00ff00ff00|v>>16&0x000000ff000000ff|v&0x000000ff000000ff<<16)
		}
		if n := len(at); n%8 != 0 {
			at[n-4], at[n-3], at[n-2], at[n-1] = from[n-2], from[n-3], from[n-4], from[n-1]
		}
	}
}

// show takes over what changed and reports whether that was something, and
// whether the size is another.
func (s *surface) show() (changed, resized bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.front.Rect != s.back.Rect {
		s.front = image.NewRGBA(s.back.Rect)
		copy(s.front.Pix, s.back.Pix)
		s.waiting = s.waiting[:0]
		return true, true
	}
	for _, r := range s.waiting {
		for y := r.Y; y < r.Y+r.H; y++ {
			o := y*s.back.Stride + r.X*4
			copy(s.front.Pix[o:o+r.W*4], s.back.Pix[o:o+r.W*4])
		}
	}
	changed = len(s.waiting) > 0
	s.waiting = s.waiting[:0]
	return changed, false
}

// copied is the part r of the picture as it is shown, for a screenshot.
func (s *surface) copied(r picture.Rect) *image.RGBA {
	r = r.Intersect(picture.Rect{W: s.front.Rect.Dx(), H: s.front.Rect.Dy()}) // the next picture may be smaller
	img := image.NewRGBA(image.Rect(0, 0, r.W, r.H))
	for y := range r.H {
		copy(img.Pix[y*img.Stride:(y+1)*img.Stride], s.front.Pix[s.front.PixOffset(r.X, r.Y+y):])
	}
	return img
}
