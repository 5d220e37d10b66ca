package load

import (
	"context"
	"time"

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

// keyFilm is the window of key, with a film of 30 pictures a second beside it that takes no notice of keys. It ends with
// the last frame.
type keyFilm struct {
	*key
	end   chan struct{} // closed: the film shall end
	ended chan struct{}
}

func (s *keyFilm) draw(n barcode.Number) {
	if n.Last {
		close(s.end)
		<-s.ended
	}
	s.key.draw(n)
}

// besideKey is where the film plays.
var besideKey = picture.Rect{X: 64, Y: 300, W: 640, H: 480}

func newKeyFilm(d *desktop) (scene, error) {
	s, err := newKey(d)
	if err != nil {
		return nil, err
	}
	c, err := x11.Dial(context.Background(), d.display)
	if err != nil {
		return nil, err
	}
	side := &desktop{display: d.display, c: c}
	d.side = side
	film, err := newReel(side)
	if err != nil {
		return nil, err
	}
	k := &keyFilm{s.(*key), make(chan struct{}), make(chan struct{})}
	window := side.window(besideKey, 0, 0)
	if err := side.finish(); err != nil {
		return nil, err
	}
	go k.play(side, window, film)
	return k, nil
}

// play shows film in a window until it shall end or the display is gone.
func (s *keyFilm) play(d *desktop, window uint32, film []*bitmap) {
	defer close(s.ended)
	tick := time.NewTicker(time.Second / 30)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-tick.C:
		case <-s.end:
			return
		}
		b := film[toAndFro(i, len(film))]
		d.put(window, b, b.Bounds(), 0, 0)
		if d.finish() != nil {
			return
		}
	}
}

// newReel paints a film of the size of besideKey.
func newReel(d *desktop) ([]*bitmap, error) {
	if err := d.prepare(); err != nil {
		return nil, err
	}
	reel, land := make([]*bitmap, videoFrames), photo(2300, 1400, 20)
	for i := range reel {
		var err error
		if reel[i], err = d.bitmap(besideKey.W, besideKey.H); err != nil {
			return nil, err
		}
		film(reel[i].Frame, land, float64(i))
	}
	return reel, nil
}
