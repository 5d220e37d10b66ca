// Package picture holds what every part that touches pixels agrees on: frames, rectangles, display layouts and
// cursor shapes. It knows no display, codec or network. Values are plain data: safe to share while nobody writes them.
package picture

import "fmt"

// MaxSide is the largest width or height of a desktop, in pixels. A frame of MaxSide × MaxSide would be 1 GiB, so
// MaxPixels bounds the area too.
const (
	MaxSide   = 16384
	MaxPixels = 7680 * 4320 * 2 // two 8K monitors: 265 MB a frame
)

// Order is the order of the four bytes of a pixel in memory. The fourth byte is always 255 in a frame.
type Order uint8

const (
	BGRX Order = 0 // as an X server, GDI and CoreGraphics deliver it
	RGBX Order = 1 // as image.RGBA wants it
)

// Frame is a tight picture: row y starts at Pix[y*W*4]. The zero Frame is an empty picture.
type Frame struct {
	W, H  int
	Order Order
	Pix   []byte // len = W*H*4
}

// NewFrame allocates a black frame; w and h must satisfy CheckSize.
func NewFrame(w, h int, o Order) *Frame {
	f := &Frame{W: w, H: h, Order: o, Pix: make([]byte, w*h*4)}
	for i := 3; i < len(f.Pix); i += 4 {
		f.Pix[i] = 255
	}
	return f
}

// CheckSize says whether a desktop of w × h pixels is one we accept.
func CheckSize(w, h int) error {
	if w < 1 || h < 1 || w > MaxSide || h > MaxSide || w*h > MaxPixels {
		return fmt.Errorf("screen of %d × %d pixels is outside 1 × 1 to %d a side and %d in all", w, h, MaxSide, MaxPixels)
	}
	return nil
}

// Row gives the bytes of pixels x0 ≤ x < x1 of row y. The caller keeps inside the frame.
func (f *Frame) Row(y, x0, x1 int) []byte {
	o := y * f.W
	return f.Pix[(o+x0)*4 : (o+x1)*4 : (o+x1)*4]
}

// Bounds is the whole frame.
func (f *Frame) Bounds() Rect { return Rect{W: f.W, H: f.H} }

// Rect is a rectangle in pixels, from its left upper corner. It is empty if W or H is not positive.
type Rect struct{ X, Y, W, H int }

// Empty says whether r holds no pixel.
func (r Rect) Empty() bool { return r.W <= 0 || r.H <= 0 }

// Area is the number of pixels in r.
func (r Rect) Area() int {
	if r.Empty() {
		return 0
	}
	return r.W * r.H
}

// Intersect is what r and s share; the zero Rect if nothing.
func (r Rect) Intersect(s Rect) Rect {
	x0, y0 := max(r.X, s.X), max(r.Y, s.Y)
	x1, y1 := min(r.X+r.W, s.X+s.W), min(r.Y+r.H, s.Y+s.H)
	if x1 <= x0 || y1 <= y0 {
		return Rect{}
	}
	return Rect{x0, y0, x1 - x0, y1 - y0}
}

// Union is the smallest rectangle around both; an empty one adds nothing.
func (r Rect) Union(s Rect) Rect {
	if r.Empty() {
		return s
	}
	if s.Empty() {
		return r
	}
	x0, y0 := min(r.X, s.X), min(r.Y, s.Y)
	x1, y1 := max(r.X+r.W, s.X+s.W), max(r.Y+r.H, s.Y+s.H)
	return Rect{x0, y0, x1 - x0, y1 - y0}
}

// Contains says whether s lies wholly in r. An empty s lies in every r.
func (r Rect) Contains(s Rect) bool {
	return s.Empty() || r.Intersect(s) == s
}

// Move is a hint that the pixels now in Dst stood at (FromX, FromY) in the frame before.
type Move struct {
	Dst          Rect
	FromX, FromY int
}

// Monitor is one monitor of a desktop, in desktop pixels.
type Monitor struct {
	Name    string // at most 64 bytes
	Rect    Rect
	Primary bool
}

// Layout is the desktop as a whole: its size and its monitors (at least one).
type Layout struct {
	W, H     int
	Monitors []Monitor
}

// Cursor is a cursor's shape: W × H pixels of non-premultiplied RGBA (4 bytes a pixel, tight) and its hot spot. A cursor of 0 × 0 is hidden.
type Cursor struct {
	W, H, HotX, HotY int
	Pix              []byte
}

// MaxCursorSide is the largest side of a cursor, in pixels (256 KiB of pixels).
const MaxCursorSide = 256
