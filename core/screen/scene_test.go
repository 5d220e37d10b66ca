package screen

import (
	"encoding/binary"
	"math/rand/v2"

	"impero/core/picture"
)

// scene is a small desktop that draws on itself: text, windows, photographs, scrolls. It keeps what a capture would report.
type scene struct {
	r     *rand.Rand
	f     *picture.Frame
	dirty []picture.Rect
	moves []picture.Move
	was   []byte // the picture as it was once
}

func newScene(seed uint64, w, h int, o picture.Order) *scene {
	s := &scene{r: rand.New(rand.NewPCG(seed, 1)), f: picture.NewFrame(w, h, o)}
	s.fill(s.f.Bounds(), 0xf0f0f0)
	return s
}

// take gives what changed since the last take.
func (s *scene) take() ([]picture.Rect, []picture.Move) {
	d, m := s.dirty, s.moves
	s.dirty, s.moves = nil, nil
	return d, m
}

func (s *scene) damage(r picture.Rect) { s.dirty = append(s.dirty, r.Intersect(s.f.Bounds())) }

func (s *scene) fill(r picture.Rect, px uint32) {
	if r = r.Intersect(s.f.Bounds()); r.Empty() {
		return
	}
	fillRect(s.f, r, [4]byte{byte(px), byte(px >> 8), byte(px >> 16), 255})
	s.damage(r)
}

// text draws lines of glyphs: 6 × 10 pixel patterns with an anti-aliased edge.
func (s *scene) text(r picture.Rect, ink uint32) {
	r = r.Intersect(s.f.Bounds())
	for y := r.Y; y+12 <= r.Y+r.H; y += 12 {
		for x := r.X; x+7 <= r.X+r.W; x += 7 {
			if s.r.IntN(6) > 0 {
				s.glyph(x, y, s.r.IntN(60), ink)
			}
		}
	}
	s.damage(r)
}

func (s *scene) glyph(x, y, n int, ink uint32) {
	shape := rand.New(rand.NewPCG(uint64(n), 7))
	for gy := range 10 {
		for gx := range 6 {
			p := s.f.Row(y+gy, x+gx, x+gx+1)
			switch shape.IntN(4) {
			case 0:
				binary.LittleEndian.PutUint32(p, ink|255<<24)
			case 1:
				shade := uint32(shape.IntN(8)) * 28
				binary.LittleEndian.PutUint32(p, shade|shade<<8|shade<<16|255<<24)
			}
		}
	}
}

// photo paints something with the smoothness and the noise of a photograph.
func (s *scene) photo(r picture.Rect, phase int) {
	r = r.Intersect(s.f.Bounds())
	for y := r.Y; y < r.Y+r.H; y++ {
		row := s.f.Row(y, r.X, r.X+r.W)
		for x := range r.W {
			n := int(s.r.Uint32() & 7)
			v := (x*3+y*2+phase)&511 - 256
			if v < 0 {
				v = -v
			}
			v = v*230/256 + n
			row[x*4], row[x*4+1], row[x*4+2], row[x*4+3] = byte(v), byte((v*3/4+y/3)&255), byte(255-v), 255
		}
	}
	s.damage(r)
}

// scroll moves the picture in r by d rows up or, if negative, down, and draws text where it came free.
func (s *scene) scroll(r picture.Rect, d int) {
	r = r.Intersect(s.f.Bounds())
	if abs := max(d, -d); r.Empty() || abs == 0 || abs >= r.H {
		return
	}
	dst, free := picture.Rect{X: r.X, Y: r.Y, W: r.W, H: r.H - d}, picture.Rect{X: r.X, Y: r.Y + r.H - d, W: r.W, H: d}
	if d < 0 {
		dst, free = picture.Rect{X: r.X, Y: r.Y - d, W: r.W, H: r.H + d}, picture.Rect{X: r.X, Y: r.Y, W: r.W, H: -d}
	}
	copyRect(s.f, dst, dst.X, dst.Y+d)
	s.fill(free, 0xffffff)
	s.text(free, 0x202020)
	s.damage(r)
	s.moves = append(s.moves, picture.Move{Dst: dst, FromX: dst.X, FromY: dst.Y + d})
}

// shifted moves what is in r of s by (dx, dy), without a hint, and draws text where it came free.
func (s *scene) shifted(r picture.Rect, dx, dy int) {
	dst := picture.Rect{X: r.X + dx, Y: r.Y + dy, W: r.W, H: r.H}.Intersect(r) // empty: all of it is new
	old := &picture.Frame{W: s.f.W, H: s.f.H, Order: s.f.Order, Pix: append([]byte(nil), s.f.Pix...)}
	s.fill(r, 0xffffff)
	s.text(r, 0x202020)
	for y := range dst.H {
		copy(s.f.Row(dst.Y+y, dst.X, dst.X+dst.W), old.Row(dst.Y-dy+y, dst.X-dx, dst.X-dx+dst.W))
	}
	s.damage(r)
}

func (s *scene) somewhere() picture.Rect {
	x, y := s.r.IntN(s.f.W), s.r.IntN(s.f.H)
	return picture.Rect{X: x, Y: y, W: 1 + s.r.IntN(s.f.W-x), H: 1 + s.r.IntN(s.f.H-y)}
}

// step draws something at random; now and then it says wrong things about moves, as a capture may.
func (s *scene) step() {
	switch s.r.IntN(16) {
	case 0, 1:
		r := s.somewhere()
		s.fill(r, 0xffffff)
		s.text(r, s.r.Uint32()&0xffffff)
	case 2, 3:
		s.photo(s.somewhere(), s.r.IntN(500))
	case 4, 5:
		s.scroll(s.somewhere(), s.r.IntN(41)-20)
	case 6:
		s.fill(s.somewhere(), s.r.Uint32()&0xffffff)
	case 7:
		s.noise(s.somewhere())
	case 8:
		r := s.somewhere()
		s.moves = append(s.moves, picture.Move{Dst: s.somewhere(), FromX: r.X, FromY: r.Y})
	case 9:
		s.moves = append(s.moves, picture.Move{Dst: picture.Rect{X: -5, Y: s.f.H - 3, W: 4000, H: 200}, FromX: 70000, FromY: -9})
	case 10, 11: // a scroll without a hint
		if d := s.r.IntN(81) - 40; s.r.IntN(2) == 0 {
			s.shifted(s.somewhere(), d, 0)
		} else {
			s.shifted(s.somewhere(), 0, d)
		}
	case 12:
		if s.back(); s.r.IntN(2) == 0 || s.was == nil {
			s.was = append([]byte(nil), s.f.Pix...)
		}
	default:
		x, y := s.r.IntN(s.f.W), s.r.IntN(s.f.H)
		s.fill(picture.Rect{X: x, Y: y, W: 2, H: 12}, s.r.Uint32()&0xffffff)
	}
}

// back shows the picture as it was when it was kept, if it was.
func (s *scene) back() {
	if len(s.was) == len(s.f.Pix) {
		copy(s.f.Pix, s.was)
		s.damage(s.f.Bounds())
	}
}

// noise fills r with random bytes: what no codec can make smaller.
func (s *scene) noise(r picture.Rect) {
	for y := r.Y; y < r.Y+r.H; y++ {
		row := s.f.Row(y, r.X, r.X+r.W)
		for i := range row {
			row[i] = byte(s.r.Uint32())
			if i%4 == 3 {
				row[i] = 255
			}
		}
	}
	s.damage(r)
}
