package screen

import (
	"bytes"
	"testing"
	"time"

	"impero/core/picture"
)

var testStart = time.Unix(1_700_000_000, 0)

// viewer is a Guest in a test: splitter and decoder behind a stream that is cut anywhere.
type viewer struct {
	split Splitter
	dec   *Decoder
	last  Result
	cut   func(n int) int // how much of n bytes comes next
}

func newViewer(o picture.Order) *viewer { return &viewer{dec: NewDecoder(DecoderConfig{Order: o})} }

func (v *viewer) feed(t testing.TB, b []byte) {
	t.Helper()
	for len(b) > 0 {
		n := len(b)
		if v.cut != nil {
			n = v.cut(n)
		}
		v.split.Feed(b[:n])
		b = b[n:]
		for {
			kind, body, ok, err := v.split.Next()
			if err != nil {
				t.Fatalf("split: %v", err)
			}
			if !ok {
				break
			}
			r, err := v.dec.Decode(kind, body)
			if err != nil {
				t.Fatalf("decode: %v", err)
			}
			if r.Sequence != 0 {
				v.last = r
			}
		}
	}
}

// same fails unless f's picture and the viewer's are equal, whatever the order of each.
func (v *viewer) same(t testing.TB, f *picture.Frame, what string) {
	t.Helper()
	g := v.dec.Frame()
	if g.W != f.W || g.H != f.H {
		t.Fatalf("%s: viewer has %d × %d, source %d × %d", what, g.W, g.H, f.W, f.H)
	}
	want := f.Pix
	if g.Order != f.Order {
		want = make([]byte, len(f.Pix))
		swapRow(want, f.Pix)
	}
	if bytes.Equal(want, g.Pix) {
		return
	}
	for i := range want {
		if want[i] != g.Pix[i] {
			t.Fatalf("%s: pixel %d,%d is %v, want %v", what, i/4%f.W, i/4/f.W, g.Pix[i&^3:i&^3+4], want[i&^3:i&^3+4])
		}
	}
}

func encode(t testing.TB, e *Encoder, s *scene, now time.Time) ([]byte, bool) {
	t.Helper()
	rects, moves := s.take()
	out, _, ok, err := e.Encode(nil, s.f, rects, moves, now)
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	return out, ok
}

// settle refreshes until nothing is left.
func settle(t testing.TB, e *Encoder, now time.Time, send func([]byte)) {
	t.Helper()
	for i := 0; ; i++ {
		at := e.NextRefresh()
		if at.IsZero() {
			return
		}
		if at.After(now) {
			now = at
		}
		out, _, ok, err := e.Refresh(nil, now)
		if err != nil || !ok || i > 1000 {
			t.Fatalf("refresh %d at its time: ok %v, %v", i, ok, err)
		}
		send(out)
	}
}

func TestAnyPictureArrivesExactly(t *testing.T) {
	videos, hits, sketches := 0, 0, 0
	for seed := range uint64(12) {
		sizes := []picture.Rect{{W: 333, H: 217}, {W: 64, H: 64}, {W: 1, H: 1}, {W: 200, H: 130}, {W: 129, H: 300}}
		open := 0
		cfg := EncoderConfig{RefreshTiles: 3, Codecs: Codecs(seed & 7), Video: plainFormats(&open), Cache: int(seed%4) * 9 * slotBytes}
		source, shown := picture.Order(seed/2%2), picture.Order(seed/4%2)
		s := newScene(seed, 333, 217, source)
		e := NewEncoder(cfg)
		now := testStart
		var viewers []*viewer
		send := func(b []byte) {
			for _, v := range viewers {
				v.feed(t, b)
			}
		}
		join := func() {
			v := newViewer(shown)
			v.dec = NewDecoder(DecoderConfig{Order: shown, Video: plainFormats(&open), Cache: cfg.Cache})
			v.cut = func(n int) int { return 1 + s.r.IntN(n) }
			viewers = append(viewers, v)
			e.Pace(float64(s.r.IntN(3))*60e3, float64(s.r.IntN(3))*300e3)
			e.Sync()
		}
		join()
		film := 0
		for step := range 90 {
			switch {
			case s.r.IntN(20) == 0 && len(viewers) < 3:
				join()
			case s.r.IntN(25) == 0:
				z := sizes[s.r.IntN(len(sizes))]
				f := newScene(seed*1000+uint64(step), z.W, z.H, source)
				f.r = s.r
				*s = *f
			}
			if film--; film > 0 {
				s.photo(s.f.Bounds(), step*7)
			} else if s.r.IntN(15) == 0 {
				film = 4 + s.r.IntN(20)
			}
			if film < 0 || s.r.IntN(3) == 0 {
				s.step()
			}
			now = now.Add(time.Duration(s.r.IntN(80)) * time.Millisecond)
			if s.r.IntN(8) == 0 {
				now = now.Add(time.Second)
			}
			if s.r.IntN(10) == 0 {
				e.Pace(float64(s.r.IntN(3))*400e3, float64(s.r.IntN(3))*300e3)
			}
			if out, ok := encode(t, e, s, now); ok {
				send(out)
			}
			if s.r.IntN(3) == 0 {
				if out, _, ok, err := e.Refresh(nil, now); err != nil {
					t.Fatal(err)
				} else if ok {
					send(out)
				}
			}
			if open > 0 {
				videos++
			}
			hits += len(e.hits)
			if viewers[0].last.Exact {
				viewers[0].same(t, s.f, "flagged exact")
			}
		}
		if e.small != nil {
			sketches++
		}
		for e.Pending() {
			if out, ok := encode(t, e, s, now); ok {
				send(out)
			}
		}
		settle(t, e, now, send)
		for i, v := range viewers {
			v.same(t, s.f, "after calm")
			if !v.last.Exact {
				t.Errorf("seed %d: viewer %d was not told that its picture is exact", seed, i)
			}
		}
		if _, ok := encode(t, e, s, now); ok {
			t.Errorf("seed %d: an update although nothing changed", seed)
		}
		if open != 0 {
			t.Errorf("seed %d: %d videos after calm", seed, open)
		}
	}
	if videos == 0 || hits == 0 || sketches == 0 {
		t.Errorf("a video played %d times, %d tiles came from the cache, %d pictures began as a sketch", videos, hits, sketches)
	}
}
