package load

import (
	"math"

	"impero/core/lab/barcode"
	"impero/core/picture"
)

// drag is a window that somebody drags about the desktop.
type drag struct {
	d      *desktop
	window uint32
}

const dragW, dragH = 880, 540

func newDrag(d *desktop) (scene, error) {
	content, err := d.bitmap(dragW, dragH)
	if err != nil {
		return nil, err
	}
	if err := paintWindow(content.Frame, content.Bounds(), "Report - Editor", 8); err != nil {
		return nil, err
	}
	x, y := dragPlace(0)
	s := &drag{d: d, window: d.window(picture.Rect{X: x, Y: y, W: dragW, H: dragH}, 0, 0)}
	d.put(s.window, content, content.Bounds(), 0, 0)
	return s, nil
}

// dragPlace is a path of some 10 pixels a step between the two numbers, which it never covers.
func dragPlace(step int) (x, y int) {
	angle := 2 * math.Pi * float64(step)
	return 520 + int(440*math.Sin(angle/280)), 274 + int(170*math.Sin(angle/190))
}

func (s *drag) draw(n barcode.Number) {
	x, y := dragPlace(n.Frame)
	s.d.c.Send(opConfigureWindow, 0, s.window, configureXY, uint32(x), uint32(y))
	s.d.mark(n)
}
