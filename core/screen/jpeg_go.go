package screen

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"sync"

	"impero/core/picture"
)

// goJPEG is the codec of the standard library: on every system, some ten times slower than libjpeg-turbo, and it halves
// the chroma on the way out (4:2:0). The refresh without loss mends that like all loss.
type goJPEG struct{ scratch sync.Pool }

func (c *goJPEG) encode(dst []byte, f *picture.Frame, r picture.Rect, quality int) ([]byte, error) {
	img := &image.RGBA{Pix: f.Pix[(r.Y*f.W+r.X)*4:], Stride: f.W * 4, Rect: image.Rect(0, 0, r.W, r.H)}
	if f.Order == picture.BGRX {
		buf, _ := c.scratch.Get().(*[]byte)
		if buf == nil {
			buf = new([]byte)
		}
		defer c.scratch.Put(buf)
		if cap(*buf) < r.Area()*4 {
			*buf = make([]byte, r.Area()*4)
		}
		img.Pix, img.Stride = (*buf)[:r.Area()*4], r.W*4
		for y := range r.H {
			swapRow(img.Pix[y*img.Stride:], f.Row(r.Y+y, r.X, r.X+r.W))
		}
	}
	w := bytesWriter{dst}
	if err := jpeg.Encode(&w, img, &jpeg.Options{Quality: quality}); err != nil {
		return dst, fmt.Errorf("encode JPEG: %w", err)
	}
	return w.b, nil
}

// swapRow copies pixels from one order to the other.
func swapRow(dst, src []byte) {
	for len(src) >= 4 && len(dst) >= 4 {
		dst[0], dst[1], dst[2], dst[3] = src[2], src[1], src[0], 255
		src, dst = src[4:], dst[4:]
	}
}

func (c *goJPEG) decode(f *picture.Frame, r picture.Rect, data []byte) error {
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("decode JPEG: %w", err)
	}
	ycc, ok := img.(*image.YCbCr)
	if !ok || ycc.Rect.Dx() != r.W || ycc.Rect.Dy() != r.H {
		return fmt.Errorf("%w: another kind or size of picture", errJPEG)
	}
	for y := range r.H {
		row := f.Row(r.Y+y, r.X, r.X+r.W)
		for x := range r.W {
			c := ycc.YCbCrAt(x, y)
			red, green, blue := ycbcr(c.Y, c.Cb, c.Cr)
			*(*[4]byte)(row[x*4:]) = framePixel(blue, green, red, f.Order)
		}
	}
	return nil
}

// ycbcr converts a full-range BT.601 colour (JFIF 1.02) with 16 bits of fraction.
func ycbcr(y, cb, cr uint8) (r, g, b uint8) {
	l, u, v := int32(y)<<16+1<<15, int32(cb)-128, int32(cr)-128
	return clamp8(l + 91881*v), clamp8(l - 22554*u - 46802*v), clamp8(l + 116130*u)
}

func clamp8(v int32) uint8 { return uint8(max(0, min(255, v>>16))) }
