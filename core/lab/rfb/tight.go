package rfb

import (
	"fmt"
	"io"

	"impero/core/picture"
)

// Limits of the Tight encoding: a length has at most three bytes, and what is shorter than smallest is not compressed.
const (
	maxTight    = 1<<22 - 1
	smallest    = 12
	maxFiltered = picture.MaxPixels * 3
)

const (
	tightFill      = 8
	tightJPEG      = 9
	filterCopy     = 0
	filterPalette  = 1
	filterGradient = 2
)

type tightDecoder struct {
	streams  [4]stream
	palette  [256][4]byte
	filtered []byte
	packed   []byte
}

// tightRect reads a rectangle of the Tight encoding.
func (c *Conn) tightRect(r picture.Rect) error {
	control, err := c.in.ReadByte()
	if err != nil {
		return err
	}
	t := &c.tight
	for i := range t.streams {
		if control>>i&1 == 1 {
			t.streams[i].reset()
		}
	}
	switch kind := control >> 4; {
	case kind == tightFill:
		colour, err := c.tightPixel()
		if err != nil {
			return err
		}
		fill(c.frame, r, colour)
		return nil
	case kind == tightJPEG:
		data, err := c.tightData()
		if err != nil {
			return err
		}
		return c.jpeg.Decode(c.frame, r, data)
	case kind > tightJPEG:
		return fmt.Errorf("%w: Tight control %#x", ErrProtocol, control)
	}
	filter := byte(filterCopy)
	if control&0x40 != 0 {
		if filter, err = c.in.ReadByte(); err != nil {
			return err
		}
	}
	s := &t.streams[control>>4&3]
	switch filter {
	case filterCopy:
		return c.tightCopy(r, s)
	case filterPalette:
		return c.tightPalette(r, s)
	case filterGradient:
		return c.tightGradient(r, s)
	}
	return fmt.Errorf("%w: Tight filter %d", ErrProtocol, filter)
}

// tightPixel reads a colour, red first, and gives it blue first.
func (c *Conn) tightPixel() ([4]byte, error) {
	b, err := c.take(3)
	if err != nil {
		return [4]byte{}, err
	}
	return [4]byte{b[2], b[1], b[0], 255}, nil
}

// tightData reads a length of 7, 7 and 8 bits, least significant first, and that many bytes.
func (c *Conn) tightData() ([]byte, error) {
	n := 0
	for shift := 0; shift <= 14; shift += 7 {
		b, err := c.in.ReadByte()
		if err != nil {
			return nil, err
		}
		if shift == 14 {
			n |= int(b) << shift
			break
		}
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	if n > maxTight {
		return nil, fmt.Errorf("%w: %d bytes of data", ErrProtocol, n)
	}
	if cap(c.tight.packed) < n {
		c.tight.packed = make([]byte, n)
	}
	b := c.tight.packed[:n]
	_, err := io.ReadFull(c.in, b)
	return b, err
}

// unpack reads n bytes of filtered data, compressed by s unless they are few. n is at most maxFiltered because a
// rectangle lies in the frame.
func (c *Conn) unpack(s *stream, n int) ([]byte, error) {
	if n < smallest {
		return c.take(n)
	}
	data, err := c.tightData()
	if err != nil {
		return nil, err
	}
	if err := s.feed(data); err != nil {
		return nil, err
	}
	if n > maxFiltered {
		return nil, fmt.Errorf("%w: %d bytes of pixels", ErrProtocol, n)
	}
	if cap(c.tight.filtered) < n {
		c.tight.filtered = make([]byte, n)
	}
	out := c.tight.filtered[:n]
	return out, s.read(out)
}

func (c *Conn) tightCopy(r picture.Rect, s *stream) error {
	pix, err := c.unpack(s, r.Area()*3)
	if err != nil {
		return err
	}
	for y := r.Y; y < r.Y+r.H; y++ {
		row := c.frame.Row(y, r.X, r.X+r.W)
		for at := 0; at < len(row); at += 4 {
			row[at], row[at+1], row[at+2], row[at+3] = pix[2], pix[1], pix[0], 255
			pix = pix[3:]
		}
	}
	return nil
}

func (c *Conn) tightPalette(r picture.Rect, s *stream) error {
	last, err := c.in.ReadByte()
	if err != nil {
		return err
	}
	colours := &c.tight.palette
	count := int(last) + 1
	for i := range count {
		if colours[i], err = c.tightPixel(); err != nil {
			return err
		}
	}
	bits := 8
	if count <= 2 {
		bits = 1
	}
	pitch := (r.W*bits + 7) / 8
	indexes, err := c.unpack(s, pitch*r.H)
	if err != nil {
		return err
	}
	for y := range r.H {
		row, line := c.frame.Row(r.Y+y, r.X, r.X+r.W), indexes[y*pitch:(y+1)*pitch]
		for x := range r.W {
			index := 0
			if bits == 1 {
				index = int(line[x/8] >> (7 - x%8) & 1)
			} else {
				index = int(line[x])
			}
			if index >= count {
				return fmt.Errorf("%w: colour %d of %d", ErrProtocol, index, count)
			}
			copy(row[x*4:x*4+4], colours[index][:])
		}
	}
	return nil
}

// tightGradient reads differences to what the neighbours above and to the left let expect: left + above − both.
func (c *Conn) tightGradient(r picture.Rect, s *stream) error {
	diff, err := c.unpack(s, r.Area()*3)
	if err != nil {
		return err
	}
	above := make([]byte, r.W*4) // the row before; black above the first
	for y := range r.H {
		row := c.frame.Row(r.Y+y, r.X, r.X+r.W)
		var left, corner [3]int
		for x := range r.W {
			for i := range 3 {
				to := x*4 + 2 - i
				up := int(above[to])
				value := byte(max(0, min(255, left[i]+up-corner[i]))) + diff[i]
				row[to], left[i], corner[i] = value, int(value), up
			}
			row[x*4+3] = 255
			diff = diff[3:]
		}
		copy(above, row)
	}
	return nil
}
