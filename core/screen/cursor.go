package screen

import (
	"fmt"

	"github.com/klauspost/compress/zstd"

	"impero/core/picture"
	"impero/core/wire"
)

// cursorWindow is the zstd window of a cursor's pixels: the largest cursor. An encoder may declare up to twice the size
// of what it codes; the output itself is bounded by the cursor's own size.
const cursorWindow = picture.MaxCursorSide * picture.MaxCursorSide * 4

// AppendCursor appends a Cursor message. The cursor has at most picture.MaxCursorSide a side, its hot spot is moved
// inside it and its pixels are complete; otherwise a hidden cursor is sent.
func AppendCursor(dst []byte, c picture.Cursor) ([]byte, error) {
	if c.W < 1 || c.H < 1 || c.W > wire.MaxCursorSide || c.H > wire.MaxCursorSide || len(c.Pix) != c.W*c.H*4 {
		return appendMessage(dst, wire.PictureCursor, wire.CursorMessage{}.Append), nil
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(cursorWindow))
	if err != nil {
		return dst, fmt.Errorf("start compression: %w", err)
	}
	m := wire.CursorMessage{W: uint16(c.W), H: uint16(c.H), HotX: uint16(max(0, min(c.HotX, c.W-1))), HotY: uint16(max(0, min(c.HotY, c.H-1)))}
	m.Encoding, m.Data = wire.CursorZstd, z.EncodeAll(c.Pix, nil)
	if len(m.Data) >= len(c.Pix) {
		m.Encoding, m.Data = wire.CursorRaw, c.Pix
	}
	return appendMessage(dst, wire.PictureCursor, m.Append), nil
}

// AppendPointer appends a Pointer message; places left of or above the desktop become 0.
func AppendPointer(dst []byte, x, y int) []byte {
	m := wire.PointerMessage{X: uint16(max(0, min(x, wire.MaxPictureSide-1))), Y: uint16(max(0, min(y, wire.MaxPictureSide-1)))}
	return appendMessage(dst, wire.PicturePointer, m.Append)
}

// readCursor undoes AppendCursor's body. The pixels are a copy.
func readCursor(m wire.CursorMessage) (*picture.Cursor, error) {
	c := &picture.Cursor{W: int(m.W), H: int(m.H), HotX: int(m.HotX), HotY: int(m.HotY)}
	size := c.W * c.H * 4
	if m.Encoding == wire.CursorRaw {
		c.Pix = append(c.Pix, m.Data...)
		return c, nil
	}
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(2*cursorWindow), zstd.WithDecoderMaxWindow(2*cursorWindow), zstd.WithDecodeAllCapLimit(true))
	if err != nil {
		return nil, fmt.Errorf("start decompression: %w", err)
	}
	defer z.Close()
	c.Pix, err = z.DecodeAll(m.Data, make([]byte, 0, size))
	if err != nil {
		return nil, fmt.Errorf("decompress cursor: %w", err)
	}
	if len(c.Pix) != size {
		return nil, fmt.Errorf("%d bytes of pixels for a cursor of %d × %d", len(c.Pix), c.W, c.H)
	}
	return c, nil
}
