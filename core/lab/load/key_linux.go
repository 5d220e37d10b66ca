package load

import (
	"impero/core/lab/barcode"
	"impero/core/picture"
	"impero/core/x11"
)

// key is a window that changes its colour at each key.
type key struct {
	d      *desktop
	window uint32
}

func newKey(d *desktop) (scene, error) {
	s := &key{d: d, window: d.window(picture.Rect{X: 760, Y: 440, W: 400, H: 200}, 0, 0)}
	s.flip(0)
	d.c.Send(opSetInputFocus, focusPointerRoot, s.window, 0)
	return s, nil
}

func (s *key) flip(n int) {
	colour := uint32(0x1e90ff)
	if n%2 == 1 {
		colour = 0xff8c00
	}
	s.d.c.Send(opChangeGC, 0, s.d.gc, gcForeground, colour)
	s.d.c.Send(opPolyFillRect, 0, s.window, s.d.gc, x11.Pair(0, 0), x11.Pair(400, 200))
}

func (s *key) draw(n barcode.Number) {
	s.flip(n.Frame)
	s.d.mark(n)
}
