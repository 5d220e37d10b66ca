package load

import (
	"impero/core/lab/barcode"
	"impero/core/picture"
)

// typing is text that grows by a letter at a cursor.
type typing struct {
	d        *desktop
	face     *typeface
	cell     *bitmap // the letter and the cursor behind it
	line     *bitmap
	window   uint32
	text     string
	row, col int
}

const (
	typingCols = 96
	typingRows = 30
	typedFrom  = 12 // the first row that is typed; those above stand there
)

func newTyping(d *desktop) (scene, error) {
	face, err := newTypeface(true, 16)
	if err != nil {
		return nil, err
	}
	s := &typing{d: d, face: face, row: typedFrom, text: newWriter(5).sentence(typingCols * (typingRows - typedFrom))}
	width := face.glyphs['m'].advance
	if s.cell, err = d.bitmap(2*width, face.line); err != nil {
		return nil, err
	}
	if s.line, err = d.bitmap((typingCols+2)*width, face.line); err != nil {
		return nil, err
	}
	page, err := d.bitmap(s.line.W, face.line*(typingRows+1))
	if err != nil {
		return nil, err
	}
	paint(page.Frame, page.Bounds(), paper)
	paint(s.line.Frame, s.line.Bounds(), paper)
	for row, text := 0, newWriter(4); row < typedFrom; row++ {
		face.draw(page.Frame, 0, row*face.line, text.sentence(typingCols)[:typingCols], black)
	}
	s.window = d.window(picture.Rect{X: 320, Y: 240, W: page.W, H: page.H}, 0, 0)
	d.put(s.window, page, page.Bounds(), 0, 0)
	return s, nil
}

func (s *typing) draw(n barcode.Number) {
	width := s.cell.W / 2
	letter := s.text[(n.Frame-1)%len(s.text):][:1]
	paint(s.cell.Frame, s.cell.Bounds(), paper)
	s.face.draw(s.cell.Frame, 0, 0, letter, black)
	paint(s.cell.Frame, picture.Rect{X: width + 1, Y: 1, W: width - 2, H: s.cell.H - 2}, bar)
	s.d.put(s.window, s.cell, s.cell.Bounds(), s.col*width, s.row*s.cell.H)
	if s.col++; s.col == typingCols {
		s.col = 0
		if s.row++; s.row == typingRows {
			s.row = typedFrom
		}
		s.d.put(s.window, s.line, s.line.Bounds(), 0, s.row*s.cell.H)
	}
	s.d.mark(n)
}
