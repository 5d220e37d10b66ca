package load

import (
	"image/color"

	"impero/core/lab/barcode"
	"impero/core/picture"
)

// web is a long page of text and pictures between a browser's bars, drawn anew at each step of its scrolling.
type web struct {
	d    *desktop
	page *bitmap
}

const (
	webTop, webBottom = 96, 992
	webLong           = 9000
	webStep           = 12 // pixels a frame
)

func newWeb(d *desktop) (scene, error) {
	page, err := d.bitmap(Width, webLong)
	if err != nil {
		return nil, err
	}
	if err := paintPage(page.Frame); err != nil {
		return nil, err
	}
	frame, err := d.bitmap(Width, webTop)
	if err != nil {
		return nil, err
	}
	paint(frame.Frame, frame.Bounds(), color.RGBA{222, 225, 230, 255})
	d.put(d.back, frame, frame.Bounds(), 0, 0)
	d.put(d.back, frame, frame.Bounds(), 0, webBottom)
	s := &web{d: d, page: page}
	s.show(0)
	return s, nil
}

// show puts the page with its row y at the top, down to its end and back again.
func (s *web) show(step int) {
	const way = (webLong - (webBottom - webTop)) / webStep
	if step %= 2 * way; step > way {
		step = 2*way - step
	}
	s.d.put(s.d.back, s.page, picture.Rect{Y: step * webStep, W: Width, H: webBottom - webTop}, 0, webTop)
}

func (s *web) draw(n barcode.Number) {
	s.show(n.Frame)
	s.d.mark(n)
}

// paintPage paints a page: a list of links, two columns of text, and pictures in them.
func paintPage(f *picture.Frame) error {
	body, err := newTypeface(false, 17)
	if err != nil {
		return err
	}
	head, err := newTypeface(false, 30)
	if err != nil {
		return err
	}
	paint(f, f.Bounds(), color.RGBA{255, 255, 255, 255})
	paint(f, picture.Rect{W: 280, H: f.H}, color.RGBA{244, 246, 248, 255})
	text, photos := newWriter(9), photo(1400, 900, 12)
	link := [3]byte{180, 90, 20}
	for y := 24; y+40 < f.H; y += 34 {
		body.draw(f, 32, y, text.sentence(18)[:18], link)
	}
	for _, left := range []int{340, 1130} {
		for y := 30; y+500 < f.H; {
			head.draw(f, left, y, text.sentence(30)[:30], black)
			y = paragraph(f, body, text, left, y+50, 7+text.dice.IntN(5))
			copyPart(f, left, y+10, photos, text.dice.IntN(600), text.dice.IntN(500), 360+text.dice.IntN(200), 220+text.dice.IntN(100))
			y = paragraph(f, body, text, left, y+370, 5+text.dice.IntN(6)) + 60
		}
	}
	return nil
}

// paragraph writes lines from y on and gives where the next begins.
func paragraph(f *picture.Frame, face *typeface, text *writer, x, y, lines int) int {
	for range lines {
		face.draw(f, x, y, text.sentence(64)[:64], black)
		y += face.line + 4
	}
	return y
}

// copyPart paints w × h pixels of src, from sx, sy on, at x, y of f.
func copyPart(f *picture.Frame, x, y int, src *picture.Frame, sx, sy, w, h int) {
	for row := range min(h, f.H-y) {
		copy(f.Row(y+row, x, x+w), src.Row(sy+row, sx, sx+w))
	}
}
