package rfb

import (
	"fmt"
	"io"

	"impero/core/picture"
)

// raw reads pixels as they are.
func (c *Conn) raw(r picture.Rect) error {
	for y := r.Y; y < r.Y+r.H; y++ {
		row := c.frame.Row(y, r.X, r.X+r.W)
		if _, err := io.ReadFull(c.in, row); err != nil {
			return err
		}
		opaque(row)
	}
	return nil
}

// opaque sets the fourth byte of each pixel, which servers leave as it happens to be.
func opaque(row []byte) {
	for i := 3; i < len(row); i += 4 {
		row[i] = 255
	}
}

// copyRect copies what the picture has elsewhere.
func (c *Conn) copyRect(r picture.Rect) error {
	x, err := c.u16()
	if err != nil {
		return err
	}
	y, err := c.u16()
	if err != nil {
		return err
	}
	from := picture.Rect{X: x, Y: y, W: r.W, H: r.H}
	if !c.frame.Bounds().Contains(from) {
		return fmt.Errorf("%w: copy of %v", ErrProtocol, from)
	}
	for i := range r.H {
		if r.Y > y { // from below, or what is still needed would be overwritten
			i = r.H - 1 - i
		}
		copy(c.frame.Row(r.Y+i, r.X, r.X+r.W), c.frame.Row(y+i, x, x+r.W))
	}
	return nil
}

// fill paints one colour.
func fill(f *picture.Frame, r picture.Rect, colour [4]byte) {
	first := f.Row(r.Y, r.X, r.X+r.W)
	for at := 0; at < len(first); at += 4 {
		copy(first[at:], colour[:])
	}
	for y := r.Y + 1; y < r.Y+r.H; y++ {
		copy(f.Row(y, r.X, r.X+r.W), first)
	}
}
