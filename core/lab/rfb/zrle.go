package rfb

import (
	"fmt"
	"io"

	"impero/core/picture"
)

const (
	zrleSide = 64
	maxZRLE  = 64 << 20 // compressed bytes of a rectangle; an 8K picture that does not compress has 100 MB and comes in parts
)

type zrleDecoder struct {
	stream  stream
	packed  []byte
	palette [128][4]byte
	pixels  [zrleSide * zrleSide * 3]byte
}

// zrleRect reads a rectangle of the ZRLE encoding (RFC 6143, 7.7.6).
func (c *Conn) zrleRect(r picture.Rect) error {
	n, err := c.u32()
	if err != nil {
		return err
	}
	if n > maxZRLE {
		return fmt.Errorf("%w: %d bytes of data", ErrProtocol, n)
	}
	z := &c.zrle
	if cap(z.packed) < int(n) {
		z.packed = make([]byte, n)
	}
	data := z.packed[:n]
	if _, err := io.ReadFull(c.in, data); err != nil {
		return err
	}
	if err := z.stream.feed(data); err != nil {
		return err
	}
	for y := r.Y; y < r.Y+r.H; y += zrleSide {
		for x := r.X; x < r.X+r.W; x += zrleSide {
			tile := picture.Rect{X: x, Y: y, W: min(zrleSide, r.X+r.W-x), H: min(zrleSide, r.Y+r.H-y)}
			if err := z.tile(c.frame, tile); err != nil {
				return err
			}
		}
	}
	return nil
}

func (z *zrleDecoder) byte() (byte, error) {
	err := z.stream.read(z.pixels[:1])
	return z.pixels[0], err
}

func (z *zrleDecoder) pixel() ([4]byte, error) {
	err := z.stream.read(z.pixels[:3])
	return [4]byte{z.pixels[0], z.pixels[1], z.pixels[2], 255}, err
}

// tile reads one tile; what its first byte says stands in the RFC's table of subencodings.
func (z *zrleDecoder) tile(f *picture.Frame, r picture.Rect) error {
	kind, err := z.byte()
	if err != nil {
		return err
	}
	count := int(kind & 127)
	for i := range count {
		if z.palette[i], err = z.pixel(); err != nil {
			return err
		}
	}
	switch {
	case kind == 0:
		return z.rawTile(f, r)
	case kind == 1:
		fill(f, r, z.palette[0])
		return nil
	case kind <= 16:
		return z.packedTile(f, r, count)
	case kind == 128:
		return z.runs(f, r, 0)
	case kind >= 130:
		return z.runs(f, r, count)
	}
	return fmt.Errorf("%w: ZRLE tile %d", ErrProtocol, kind)
}

func (z *zrleDecoder) rawTile(f *picture.Frame, r picture.Rect) error {
	pix := z.pixels[:r.Area()*3]
	if err := z.stream.read(pix); err != nil {
		return err
	}
	for y := r.Y; y < r.Y+r.H; y++ {
		row := f.Row(y, r.X, r.X+r.W)
		for at := 0; at < len(row); at += 4 {
			row[at], row[at+1], row[at+2], row[at+3] = pix[0], pix[1], pix[2], 255
			pix = pix[3:]
		}
	}
	return nil
}

func (z *zrleDecoder) packedTile(f *picture.Frame, r picture.Rect, count int) error {
	bits := 4
	if count <= 2 {
		bits = 1
	} else if count <= 4 {
		bits = 2
	}
	pitch := (r.W*bits + 7) / 8
	indexes := z.pixels[:pitch*r.H]
	if err := z.stream.read(indexes); err != nil {
		return err
	}
	for y := range r.H {
		row, line := f.Row(r.Y+y, r.X, r.X+r.W), indexes[y*pitch:(y+1)*pitch]
		for x := range r.W {
			at := x * bits
			index := int(line[at/8]>>(8-bits-at%8)) & (1<<bits - 1)
			if index >= count {
				return fmt.Errorf("%w: colour %d of %d", ErrProtocol, index, count)
			}
			copy(row[x*4:x*4+4], z.palette[index][:])
		}
	}
	return nil
}

// runs reads run-length coded pixels: of the palette's count colours, or each with its own if that is 0.
func (z *zrleDecoder) runs(f *picture.Frame, r picture.Rect, count int) error {
	for at, area := 0, r.Area(); at < area; {
		colour, long, err := z.run(count)
		if err != nil {
			return err
		}
		n := 1
		if long {
			if n, err = z.length(area - at); err != nil {
				return err
			}
		}
		for ; n > 0; n-- {
			y := at / r.W
			x := at - y*r.W
			copy(f.Row(r.Y+y, r.X+x, r.X+x+1), colour[:])
			at++
		}
	}
	return nil
}

// run reads the colour of a run and whether a length follows.
func (z *zrleDecoder) run(count int) (colour [4]byte, long bool, err error) {
	if count == 0 {
		colour, err = z.pixel()
		return colour, true, err
	}
	b, err := z.byte()
	if err != nil {
		return colour, false, err
	}
	if int(b&127) >= count {
		return colour, false, fmt.Errorf("%w: colour %d of %d", ErrProtocol, b&127, count)
	}
	return z.palette[b&127], b >= 128, nil
}

func (z *zrleDecoder) length(most int) (int, error) {
	for n := 1; ; {
		b, err := z.byte()
		if err != nil {
			return 0, err
		}
		if n += int(b); n > most {
			return 0, fmt.Errorf("%w: a run of %d pixels, %d are left", ErrProtocol, n, most)
		}
		if b != 255 {
			return n, nil
		}
	}
}
