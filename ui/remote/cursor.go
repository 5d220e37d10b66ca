package remote

import (
	"image"

	"fyne.io/fyne/v2/driver/desktop"

	"impero/core/picture"
)

// shape is a Host's cursor as the local one. Fyne compares cursors by address:
// one shape is one value.
type shape struct {
	img  image.Image
	x, y int
}

// Image implements desktop.Cursor.
func (s *shape) Image() (image.Image, int, int) { return s.img, s.x, s.y }

// cursorOf makes the local cursor of a Host's.
func cursorOf(c picture.Cursor) desktop.Cursor {
	if c.W <= 0 || c.H <= 0 || c.W > picture.MaxCursorSide || c.H > picture.MaxCursorSide || len(c.Pix) < c.W*c.H*4 {
		return desktop.HiddenCursor
	}
	img := &image.NRGBA{Pix: append([]byte(nil), c.Pix[:c.W*c.H*4]...), Stride: c.W * 4, Rect: image.Rect(0, 0, c.W, c.H)}
	return &shape{img: img, x: max(0, min(c.HotX, c.W-1)), y: max(0, min(c.HotY, c.H-1))}
}
