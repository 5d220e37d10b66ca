package load

import (
	"strings"

	"impero/core/lab/barcode"
	"impero/core/picture"
	"impero/core/x11"
)

// scroll is a terminal full of text that moves up by a line, with a new line below.
type scroll struct {
	d    *desktop
	face *typeface
	text *writer
	page picture.Rect
	line *bitmap
}

func newScroll(d *desktop) (scene, error) {
	face, err := newTypeface(true, 13)
	if err != nil {
		return nil, err
	}
	face.harden()
	s := &scroll{d: d, face: face, text: newWriter(6)}
	s.page = picture.Rect{X: 64, Y: 96, W: Width - 128, H: 880 / face.line * face.line}
	if s.line, err = d.bitmap(s.page.W, face.line); err != nil {
		return nil, err
	}
	page, err := d.bitmap(s.page.W, s.page.H)
	if err != nil {
		return nil, err
	}
	for y := 0; y < s.page.H; y += face.line {
		s.write()
		copy(page.Pix[y*page.W*4:], s.line.Pix)
	}
	d.put(d.back, page, page.Bounds(), s.page.X, s.page.Y)
	return s, nil
}

// inks are a terminal's colours, the usual one most often.
var inks = [][3]byte{black, black, black, black, black, {160, 60, 30}, {40, 130, 30}, {30, 40, 190}}

// write makes the next line: as programs report what they do, between 40 and 220 letters, cut at the edge, some words in
// colour.
func (s *scroll) write() {
	paint(s.line.Frame, s.line.Bounds(), paper)
	x := 4
	for _, word := range strings.Fields(s.text.sentence(40 + s.text.dice.IntN(180))) {
		x = s.face.draw(s.line.Frame, x, 0, word+" ", inks[s.text.dice.IntN(len(inks))])
	}
}

func (s *scroll) draw(n barcode.Number) {
	s.write()
	step, p := s.face.line, s.page
	s.d.c.Send(opCopyArea, 0, s.d.back, s.d.back, s.d.gc, x11.Pair(p.X, p.Y+step), x11.Pair(p.X, p.Y), x11.Pair(p.W, p.H-step))
	s.d.put(s.d.back, s.line, s.line.Bounds(), p.X, p.Y+p.H-step)
	s.d.mark(n)
}
