package presenter

import (
	"image/color"
	"testing"

	"impero/core/guest"
	"impero/core/picture"
)

// heatColours has another colour for each kind.
func heatColours() (c [HeatKinds]color.NRGBA) {
	for i := range c {
		c[i] = color.NRGBA{R: uint8(100 + 20*i), A: 255}
	}
	return c
}

func TestHeatTellsHowThePictureCame(t *testing.T) {
	s, session, l := connected(t, fullControl())
	h := l.Heat()
	painted := func(as guest.Codec, r picture.Rect) {
		session.set(func() { session.painted = append(session.painted, guest.Painted{Rect: r, As: as, At: s.clock.Now()}) })
	}
	kindAt := func(x, y int) int {
		p := h.Image().RGBAAt(x, y)
		if p.A == 0 {
			return -1
		}
		return (int(float64(p.R)*255/float64(p.A)+0.5) - 95) / 20
	}
	look := func() bool { return h.Look(100, 60, heatColours()) }
	if !session.tracing || look() {
		t.Error("something is there before anything came")
	}
	for i, c := range []guest.Codec{guest.Copy, guest.Cached, guest.Palette, guest.JPEG, guest.Video, guest.Sketch} {
		painted(c, picture.Rect{X: 16 * i, Y: 8, W: 9, H: 1})
	}
	painted(guest.Raw, picture.Rect{X: 8, Y: 40, W: 1000, H: 1000}) // of a picture that is gone
	if !look() || h.Image().Rect.Dx() != 13 || h.Image().Rect.Dy() != 8 {
		t.Fatalf("the map is %v", h.Image().Rect)
	}
	for i := range 6 {
		equal(t, "kind", kindAt(2*i, 1), i)
		equal(t, "the next square", kindAt(2*i+1, 1), i)
	}
	equal(t, "above", kindAt(0, 0), -1)
	equal(t, "raw", kindAt(12, 7), int(HeatExact))
	equal(t, "beside raw", kindAt(0, 7), -1)
	before := h.Image().RGBAAt(0, 1).A
	s.clock.advance(heatCalm)
	painted(guest.Raw, picture.Rect{X: 0, Y: 8, W: 100, H: 8})
	look()
	for i, want := range []HeatKind{HeatExact, HeatExact, HeatExact, HeatRefined, HeatRefined, HeatRefined} {
		equal(t, "exact afterwards", kindAt(2*i, 1), int(want))
	}
	painted(guest.JPEG, picture.Rect{W: 8, H: 8})
	painted(guest.Palette, picture.Rect{W: 8, H: 8}) // at once: something else
	look()
	equal(t, "exact at once", kindAt(0, 0), int(HeatExact))
	s.clock.advance(heatFade / 2)
	if !look() || h.Image().RGBAAt(0, 1).A >= before {
		t.Error("it does not fade")
	}
	s.clock.advance(heatFade / 2)
	if !look() || h.Image().RGBAAt(0, 1).A != 0 || look() {
		t.Error("it is not gone")
	}
	h.Close()
	if session.tracing {
		t.Error("the session is watched on")
	}
}
