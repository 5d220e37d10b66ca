//go:build !windows && !darwin

package pane

import (
	"github.com/jezek/xgb/render"
	"github.com/jezek/xgb/xproto"

	"impero/core/picture"
)

// bandHeight keeps a request for a cursor's pixels below the least that each
// server takes: 64 lines of 256 pixels are 64 KiB.
const bandHeight = 64

// SetCursor gives the pointer the Host's shape while it is over the pane; one of
// 0 × 0 hides it, nil leaves it as Fyne's window has it. A shape that makes no
// sense hides it.
func (p *Pane) SetCursor(c *picture.Cursor) {
	old := p.paint.cursor
	p.paint.cursor = 0
	if c != nil {
		w, h, pix := c.W, c.H, c.Pix
		if w <= 0 || h <= 0 || w > picture.MaxCursorSide || h > picture.MaxCursorSide || len(pix) < w*h*4 {
			w, h, pix = 1, 1, make([]byte, 4)
		}
		p.paint.cursor = p.makeCursor(w, h, max(0, min(c.HotX, w-1)), max(0, min(c.HotY, h-1)), premultiplied(pix[:w*h*4]))
	}
	xproto.ChangeWindowAttributes(p.conn, p.window, xproto.CwCursor, []uint32{uint32(p.paint.cursor)})
	if old != 0 {
		xproto.FreeCursor(p.conn, old)
	}
}

// makeCursor makes a cursor of pixels as RENDER wants them; 0 if the connection
// is gone.
func (p *Pane) makeCursor(w, h, x, y int, pix []byte) xproto.Cursor {
	pixmap, err1 := xproto.NewPixmapId(p.conn)
	gc, err2 := xproto.NewGcontextId(p.conn)
	source, err3 := render.NewPictureId(p.conn)
	cursor, err4 := xproto.NewCursorId(p.conn)
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
		return 0
	}
	const depth = 32
	xproto.CreatePixmap(p.conn, depth, pixmap, xproto.Drawable(p.window), uint16(w), uint16(h))
	xproto.CreateGC(p.conn, gc, xproto.Drawable(pixmap), 0, nil)
	for top := 0; top < h; top += bandHeight {
		n := min(bandHeight, h-top)
		xproto.PutImage(p.conn, xproto.ImageFormatZPixmap, xproto.Drawable(pixmap), gc, uint16(w), uint16(n), 0, int16(top), 0, depth, pix[top*w*4:(top+n)*w*4])
	}
	render.CreatePicture(p.conn, source, xproto.Drawable(pixmap), p.argb, 0, nil)
	render.CreateCursor(p.conn, cursor, source, uint16(x), uint16(y))
	render.FreePicture(p.conn, source)
	xproto.FreeGC(p.conn, gc)
	xproto.FreePixmap(p.conn, pixmap)
	return cursor
}

// premultiplied turns pixels of RGBA into BGRA with the colours multiplied by
// how opaque they are.
func premultiplied(pix []byte) []byte {
	out := make([]byte, len(pix))
	for i := 0; i+3 < len(pix); i += 4 {
		a := uint(pix[i+3])
		part := func(v byte) byte { return byte((uint(v)*a + 127) / 255) }
		out[i], out[i+1], out[i+2], out[i+3] = part(pix[i+2]), part(pix[i+1]), part(pix[i]), byte(a)
	}
	return out
}
