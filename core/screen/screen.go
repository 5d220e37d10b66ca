// Package screen turns frames into picture messages on the Host and picture messages into frames on the Guest. It knows
// pictures only: no display, no network, no clock (time is an argument).
//
// The Host: an Encoder keeps ref, a copy of what its viewers have (or will have once all that is sent arrives), and
// sends what differs. Its parts have one job each: grid and mask (which tiles), differ (which pixels of a tile), mover
// (what was only moved: hints, then a search by shiftFinder and shiftMap), tileCache (what was seen before), rectangles
// (join them), tileCoder (palette, fill and raw), jpegCodec (photographs), videoRegions (where a video plays; package
// video has the formats), blobWriter (the zstd streams), lossyTiles (what to repeat without loss once the screen is calm),
// pace (how much and how fine, so that it comes in time), sketch (the first picture at once). Groups shares Encoders
// between viewers; link learns from acknowledgements what the way to each carries.
//
// The Guest: a Splitter cuts the byte stream into messages and a Decoder applies them to a frame. Both treat what they
// read as hostile: every size is checked before memory is taken, and no input makes them panic.
//
// The messages' layout is core/wire's (picture.go); this package defines what stands inside an update's blob:
//
//	palette: mode u8 (bits 0–1: log2 of bits a pixel 1, 2, 4, 8; bit 2: own colours) ·
//	  own colours: count−1 u8 · count × (blue, green, red)
//	  else:        new u8 · new × (slot u8 · blue · green · red) · below 8 bits a pixel: count−1 u8 · count × slot u8
//	  pixels, rows padded to bytes, high bits first: an index into the colours or slots listed; at 8 bits with shared colours the slot itself
//	raw: filter u8 · filter 0: width × height × (blue, green, red) · filter 1: planes of g, b−g, r−g (mod 256), each byte less
//	  its prediction from left, upper and upper left neighbour (0 outside) by the median edge detector of JPEG-LS (ITU-T T.87, A.4.2)
//
// The 256 slots are one colour table that lives from sync point to sync point (all black at first), so that the same text
// gives the same bytes and zstd finds it again.
//
// Nothing here is safe for concurrent use unless it says so; no goroutine outlives the call that started it.
package screen

import (
	"errors"

	"impero/core/picture"
)

// ErrPicture is wrapped by every error of a Decoder or Splitter that refuses what it read. The activity must end: what
// follows cannot be understood.
var ErrPicture = errors.New("bad picture stream")

// tileSide is the side of a tile in pixels; maxTileArea the most pixels the tile codecs take at once.
const (
	tileSide    = 64
	maxTileArea = tileSide * tileSide
)

// copyRect moves the w × h pixels at (sx, sy) to (dx, dy) in f as if through a copy of them; both lie in f.
func copyRect(f *picture.Frame, dst picture.Rect, sx, sy int) {
	if sy < dst.Y {
		for y := dst.H - 1; y >= 0; y-- {
			copy(f.Row(dst.Y+y, dst.X, dst.X+dst.W), f.Row(sy+y, sx, sx+dst.W))
		}
		return
	}
	for y := range dst.H {
		copy(f.Row(dst.Y+y, dst.X, dst.X+dst.W), f.Row(sy+y, sx, sx+dst.W))
	}
}

// takeRect copies r of src to the same place in dst; both have the same size and order.
func takeRect(dst, src *picture.Frame, r picture.Rect) {
	for y := r.Y; y < r.Y+r.H; y++ {
		copy(dst.Row(y, r.X, r.X+r.W), src.Row(y, r.X, r.X+r.W))
	}
}

// blacken makes all of f black.
func blacken(f *picture.Frame) {
	black := [4]byte{0, 0, 0, 255}
	fillBytes(f.Pix, black)
}

// fillBytes repeats px all over b, whose length is a multiple of 4.
func fillBytes(b []byte, px [4]byte) {
	if len(b) == 0 {
		return
	}
	n := copy(b, px[:])
	for n < len(b) {
		n += copy(b[n:], b[:n])
	}
}

// fillRect gives every pixel of r in f the value px.
func fillRect(f *picture.Frame, r picture.Rect, px [4]byte) {
	first := f.Row(r.Y, r.X, r.X+r.W)
	fillBytes(first, px)
	for y := r.Y + 1; y < r.Y+r.H; y++ {
		copy(f.Row(y, r.X, r.X+r.W), first)
	}
}

// wireColour gives a pixel's blue, green, red. A pixel is its first three bytes, little-endian, in its frame's order.
func wireColour(px uint32, o picture.Order) (b, g, r byte) {
	if o == picture.RGBX {
		return byte(px >> 16), byte(px >> 8), byte(px)
	}
	return byte(px), byte(px >> 8), byte(px >> 16)
}

// framePixel is the four bytes of a pixel in a frame of order o.
func framePixel(b, g, r byte, o picture.Order) [4]byte {
	if o == picture.RGBX {
		return [4]byte{r, g, b, 255}
	}
	return [4]byte{b, g, r, 255}
}
