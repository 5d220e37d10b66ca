package video

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"impero/core/picture"
	"impero/core/screen"
	"impero/core/wire"
)

// narrow is a Host's screen, a viewer of it, and a simulated way of few bytes a second between them. Its clock is its own.
type narrow struct {
	t      *testing.T
	g      *screen.Groups
	dec    *screen.Decoder
	split  screen.Splitter
	f      *picture.Frame
	damage []picture.Rect
	fresh  bool
	now    time.Time
	rate   float64 // bytes a second
	delay  time.Duration
	busy   time.Time // the way is, until then
	coming []parcel
	acks   []parcel

	marks map[byte]time.Time // drawn: the grey of the mark in the upper left corner of what is watched
	came  []time.Duration    // how long the marks took that were seen
	watch picture.Rect
}

type parcel struct {
	at  time.Time
	b   []byte
	seq uint32
}

const narrowW, narrowH = 1280, 720

func newNarrow(t *testing.T, rate float64, delay time.Duration) *narrow {
	n := &narrow{t: t, rate: rate, delay: delay, now: time.Unix(1_700_000_000, 0), f: picture.NewFrame(narrowW, narrowH, picture.BGRX), marks: map[byte]time.Time{}}
	n.g = screen.NewGroups(screen.GroupsConfig{Encoder: screen.EncoderConfig{Video: Formats(), Cache: wire.MaxPictureCache}})
	n.dec = screen.NewDecoder(screen.DecoderConfig{Order: picture.BGRX, Video: Formats(), Cache: wire.MaxPictureCache})
	if err := n.g.Join(1, screen.Abilities{Codecs: screen.CodecJPEG | screen.CodecH264, Cache: wire.MaxPictureCache}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.g.Close(); n.dec.Close() })
	return n
}

// run lets d pass, and draws so many times a second.
func (n *narrow) run(d time.Duration, rate int, draw func(i int)) {
	n.t.Helper()
	n.came = nil
	begin, drawn := n.now, 0
	for n.now.Sub(begin) < d {
		if rate > 0 && n.now.Sub(begin) >= time.Duration(drawn)*time.Second/time.Duration(rate) {
			draw(drawn)
			drawn++
		}
		n.step()
	}
}

// step lets a millisecond pass.
func (n *narrow) step() {
	n.t.Helper()
	n.now = n.now.Add(time.Millisecond)
	for len(n.coming) > 0 && !n.coming[0].at.After(n.now) {
		n.arrive(n.coming[0])
		n.coming = n.coming[1:]
	}
	for len(n.acks) > 0 && !n.acks[0].at.After(n.now) {
		if err := n.g.Ack(1, n.acks[0].seq, n.acks[0].at); err != nil {
			n.t.Fatal(err)
		}
		n.acks = n.acks[1:]
	}
	due := n.g.NextDeadline()
	if !n.g.Ready(n.now) || !n.fresh && (due.IsZero() || due.After(n.now)) {
		return
	}
	packets, err := n.g.Offer(n.f, n.damage, nil, n.now)
	if err != nil {
		n.t.Fatal(err)
	}
	n.damage, n.fresh = n.damage[:0], false
	for _, k := range packets {
		if n.busy.Before(n.now) {
			n.busy = n.now
		}
		n.busy = n.busy.Add(time.Duration(float64(len(k.Bytes)) / n.rate * float64(time.Second)))
		n.coming = append(n.coming, parcel{n.busy.Add(n.delay), k.Bytes, k.Seq})
	}
}

// arrive shows an update and looks for a mark in it.
func (n *narrow) arrive(p parcel) {
	n.t.Helper()
	n.split.Feed(p.b)
	for {
		kind, body, ok, err := n.split.Next()
		if err != nil {
			n.t.Fatal(err)
		}
		if !ok {
			break
		}
		r, err := n.dec.Decode(kind, body)
		if err != nil {
			n.t.Fatal(err)
		}
		if r.Sequence != 0 {
			n.acks = append(n.acks, parcel{p.at.Add(n.delay), nil, r.Sequence})
		}
	}
	row := n.dec.Frame().Row(n.watch.Y+n.watch.H/2, n.watch.X+n.watch.W/2, n.watch.X+n.watch.W/2+1)
	for grey, at := range n.marks {
		if d := int(row[0]) - int(grey); d >= -4 && d <= 4 {
			n.came = append(n.came, n.now.Sub(at))
			delete(n.marks, grey)
		}
	}
}

// changed notes what was drawn.
func (n *narrow) changed(r picture.Rect) {
	n.damage = append(n.damage, r)
	if len(n.damage) > 32 {
		n.damage = append(n.damage[:0], n.f.Bounds())
	}
	n.fresh = true
}

// mark paints the i-th mark in r.
func (n *narrow) mark(i int, r picture.Rect) {
	grey := byte(i%25*10 + 5)
	for y := range r.H {
		row := n.f.Row(r.Y+y, r.X, r.X+r.W)
		for ; len(row) > 0; row = row[4:] {
			copy(row, []byte{grey, grey, grey, 255})
		}
	}
	n.watch = r
	n.marks[grey] = n.now
	n.changed(r)
}

// figures gives how many marks were seen a second and how long they took, half of them and all but one in twenty.
func (n *narrow) figures(d time.Duration) (rate float64, half, most time.Duration) {
	n.t.Helper()
	if len(n.came) == 0 {
		n.t.Fatal("nothing that was drawn was seen")
	}
	l := slices.Clone(n.came)
	slices.Sort(l)
	rate, half, most = float64(len(l))/d.Seconds(), l[len(l)/2], l[len(l)*19/20]
	n.t.Logf("%.1f a second, %v, all but one in twenty %v", rate, half, most)
	return rate, half, most
}

// exact fails unless the viewer has every pixel.
func (n *narrow) exact() {
	n.t.Helper()
	if !slices.Equal(n.f.Pix, n.dec.Frame().Pix) {
		n.t.Error("after calm the viewer's picture is not the Host's")
	}
}

// letters is a long page of something like text.
func letters(h int) *picture.Frame {
	dice := rand.New(rand.NewPCG(4, 2))
	f := picture.NewFrame(narrowW, h, picture.BGRX)
	for i := range f.Pix {
		f.Pix[i] = 255
	}
	var shapes [60][80]byte
	for i := range shapes {
		for j := range shapes[i] {
			shapes[i][j] = [...]byte{0, 0, 255, 255, 255, 96, 176}[dice.IntN(7)]
		}
	}
	for y := 8; y+14 < h; y += 18 {
		for x := 20; x+8 < narrowW-20; x += 9 {
			if shape := dice.IntN(72); shape < len(shapes) {
				for i, v := range shapes[shape] {
					copy(f.Row(y+i/8, x+i%8, x+i%8+1), []byte{v, v, v, 255})
				}
			}
		}
	}
	return f
}

// TestNarrowWay has a page scroll, a film play and keys typed beside it at 2 Mbit/s and a round trip of 100 ms: what is
// shown is new, not complete and late; what stands still is exact.
func TestNarrowWay(t *testing.T) {
	if len(Formats()) == 0 {
		t.Skip("this build has no video")
	}
	n := newNarrow(t, 250e3, 50*time.Millisecond)
	page := letters(6000)
	show := func(step int) {
		copy(n.f.Pix, page.Pix[step*narrowW*4:(step+narrowH)*narrowW*4])
		n.changed(n.f.Bounds())
	}
	scroll := func(i int) {
		show(i * 12)
		n.mark(i, picture.Rect{X: 600, Y: 340, W: 64, H: 64})
	}
	show(0)
	n.mark(0, picture.Rect{X: 600, Y: 640, W: 64, H: 64})
	n.run(6*time.Second, 0, nil)
	if _, first, _ := n.figures(6 * time.Second); first > time.Second {
		t.Errorf("the page was there after %v", first)
	}
	n.exact()

	n.run(time.Second, 60, scroll)
	n.run(4*time.Second, 60, func(i int) { scroll(60 + i) })
	if rate, half, most := n.figures(4 * time.Second); rate < 30 || half > 150*time.Millisecond || most > 250*time.Millisecond {
		t.Error("the page scrolls slowly or late")
	}
	n.run(6*time.Second, 0, nil)
	n.exact()

	show(4000)
	n.mark(7, picture.Rect{X: 600, Y: 640, W: 64, H: 64})
	n.run(6*time.Second, 0, nil)
	if _, first, _ := n.figures(6 * time.Second); first > 500*time.Millisecond {
		t.Errorf("another page was there after %v", first)
	}
	n.exact()

	screenBox := picture.Rect{X: 64, Y: 64, W: 640, H: 512}
	play := func(i int) {
		film(n.f, screenBox, i)
		n.changed(screenBox)
		if i%12 == 0 {
			n.mark(i/12, picture.Rect{X: 900, Y: 300, W: 64, H: 32})
		}
	}
	n.run(2*time.Second, 30, play)
	n.run(6*time.Second, 30, func(i int) { play(60 + i) })
	if _, half, most := n.figures(6 * time.Second); half > 110*time.Millisecond || most > 250*time.Millisecond {
		t.Error("keys wait behind the film")
	}
	n.run(15*time.Second, 0, nil)
	n.exact()
}
