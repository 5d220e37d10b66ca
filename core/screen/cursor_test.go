package screen

import (
	"bytes"
	"testing"

	"impero/core/picture"
	"impero/core/wire"
)

func TestCursorsOfEverySizeArrive(t *testing.T) {
	for side := 1; side <= picture.MaxCursorSide; side++ {
		for _, w := range []int{1, side} {
			c := picture.Cursor{W: w, H: side, HotX: w - 1, Pix: make([]byte, w*side*4)}
			for i := range c.Pix {
				c.Pix[i] = byte(i / 64)
			}
			b, err := AppendCursor(nil, c)
			if err != nil {
				t.Fatal(err)
			}
			d := NewDecoder(DecoderConfig{})
			r, err := d.Decode(wire.PictureCursor, b[wire.PictureHeaderLen:])
			if err != nil || r.Cursor == nil || !bytes.Equal(r.Cursor.Pix, c.Pix) || r.Cursor.HotX != c.HotX {
				t.Fatalf("a cursor of %d × %d: %v", w, side, err)
			}
		}
	}
}
