package capture

import (
	"encoding/binary"

	"impero/core/picture"
)

const (
	opaque    = 0xff000000ff000000 // the fourth bytes of two pixels
	copyChunk = 4096               // stays in the nearest cache between the two passes of copyOpaque
)

// copyOpaque copies pixels from src to dst (equal lengths, a multiple of four) and sets their fourth bytes to 255, which
// an X server leaves undefined. A copy by the runtime and then single bytes are twice as fast as one pass of words.
func copyOpaque(dst, src []byte) {
	for len(src) > 0 {
		n := min(copyChunk, len(src))
		d := dst[:n]
		copy(d, src)
		for len(d) >= 32 {
			e := d[:32:32]
			e[3], e[7], e[11], e[15], e[19], e[23], e[27], e[31] = 255, 255, 255, 255, 255, 255, 255, 255
			d = d[32:]
		}
		for ; len(d) >= 4; d = d[4:] {
			d[3] = 255
		}
		dst, src = dst[n:], src[n:]
	}
}

// swapOpaque is copyOpaque from RGBA to BGRX.
func swapOpaque(dst, src []byte) {
	le := binary.LittleEndian
	for len(src) >= 8 && len(dst) >= 8 {
		v := le.Uint64(src)
		le.PutUint64(dst, v&0x0000ff000000ff00|v>>16&0x000000ff000000ff|v&0x000000ff000000ff<<16|opaque)
		src, dst = src[8:], dst[8:]
	}
	for len(src) >= 4 && len(dst) >= 4 {
		v := le.Uint32(src)
		le.PutUint32(dst, v&0xff00|v>>16&0xff|v&0xff<<16|0xff000000)
		src, dst = src[4:], dst[4:]
	}
}

// put copies tight pixels of r's size into f at r, which lies inside f.
func put(f *picture.Frame, r picture.Rect, src []byte) {
	if r.X == 0 && r.W == f.W {
		copyOpaque(f.Pix[r.Y*f.W*4:(r.Y+r.H)*f.W*4], src)
		return
	}
	for y := range r.H {
		copyOpaque(f.Row(r.Y+y, r.X, r.X+r.W), src[y*r.W*4:(y+1)*r.W*4])
	}
}

// straightCursor makes a cursor from w × h premultiplied ARGB words, little-endian, as XFixes gives them. Larger ones than
// picture.MaxCursorSide are cut to a part around the hot spot; one without any visible pixel becomes the hidden cursor.
func straightCursor(w, h, hotX, hotY int, argb []byte) *picture.Cursor {
	x0, cw := cutSide(w, hotX)
	y0, ch := cutSide(h, hotY)
	cur := &picture.Cursor{W: cw, H: ch, HotX: min(max(hotX-x0, 0), max(cw-1, 0)), HotY: min(max(hotY-y0, 0), max(ch-1, 0)), Pix: make([]byte, cw*ch*4)}
	visible := false
	for y := range ch {
		for x := range cw {
			v := binary.LittleEndian.Uint32(argb[((y0+y)*w+x0+x)*4:])
			a := v >> 24
			if a == 0 {
				continue
			}
			visible = true
			p := cur.Pix[(y*cw+x)*4:]
			p[0], p[1], p[2], p[3] = straight(v>>16&255, a), straight(v>>8&255, a), straight(v&255, a), byte(a)
		}
	}
	if !visible {
		return &picture.Cursor{}
	}
	return cur
}

func straight(v, a uint32) byte { return byte(min(255, (v*255+a/2)/a)) }

// cutSide gives where a side of n pixels begins and how long it is when it is cut to the largest cursor around hot.
func cutSide(n, hot int) (from, length int) {
	if n <= picture.MaxCursorSide {
		return 0, n
	}
	return min(max(hot-picture.MaxCursorSide/2, 0), n-picture.MaxCursorSide), picture.MaxCursorSide
}
