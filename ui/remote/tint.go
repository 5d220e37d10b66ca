package remote

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// tint is a picture that lies over the Host's, in squares of cell pixels of it.
type tint struct {
	raster *canvas.Raster
	image  func() *image.RGBA
	cell   int
}

// SetTint lays an image over the picture, a pixel of it over a square of cell
// pixels of the Host's; nil takes it away. Meanwhile Fyne draws the picture, and
// keyboard and mouse are the Host's as ever. image is called on the UI goroutine and
// its last result is kept; an empty one is none.
func (s *Screen) SetTint(img func() *image.RGBA, cell int) {
	s.tint = nil
	if img != nil {
		t := &tint{image: img, cell: cell}
		t.raster = canvas.NewRaster(func(int, int) image.Image { return t.image() })
		t.raster.ScaleMode = canvas.ImageScalePixels
		s.tint = t
	}
	s.clipped = nil // it holds another picture
	s.choose()
	s.Refresh()
}

// Retint shows that the image of SetTint is another one.
func (s *Screen) Retint() {
	if s.tint != nil {
		s.tint.place(s)
		s.tint.raster.Refresh()
	}
}

// place puts the tint over the picture.
func (t *tint) place(s *Screen) {
	size := t.image().Rect.Size()
	t.raster.Hidden = s.w == 0 || s.h == 0 || size.X == 0 || size.Y == 0
	if t.raster.Hidden {
		return
	}
	t.raster.Move(s.onPicture(0, 0))
	t.raster.Resize(fyne.NewSize(s.shown.W*float32(size.X*t.cell)/float32(s.w), s.shown.H*float32(size.Y*t.cell)/float32(s.h)))
}
