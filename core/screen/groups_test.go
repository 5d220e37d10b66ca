package screen

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"impero/core/picture"
	"impero/core/wire"
)

// party is Groups with viewers whose links take time.
type party struct {
	t        *testing.T
	g        *Groups
	s        *scene
	now      time.Time
	viewers  map[uint32]*guest
	together int       // packets that several viewers shared
	able     Abilities // of all viewers; JPEG alone if empty

	encoders, decoders int // of videos, not closed
}

type guest struct {
	viewer
	delay time.Duration // until an acknowledgement is back
	rate  float64       // bytes a second on the way; 0: any
	busy  time.Time     // the way is, until then
	late  time.Duration // the longest from Offer to the viewer, of late
	acks  []ack
	bytes int
	syncs int
	shape *picture.Cursor
	place *Pointer
}

type ack struct {
	at  time.Time
	seq uint32
}

func newParty(t *testing.T, seed uint64, w, h int) *party {
	p := &party{t: t, s: newScene(seed, w, h, picture.BGRX), now: testStart, viewers: map[uint32]*guest{}}
	p.g = NewGroups(GroupsConfig{Encoder: EncoderConfig{RefreshTiles: 4, Video: plainFormats(&p.encoders), Cache: 12 * slotBytes}})
	return p
}

func (p *party) join(id uint32, delay time.Duration) *guest {
	p.t.Helper()
	v := &guest{viewer: *newViewer(picture.RGBX), delay: delay}
	p.viewers[id] = v
	if p.able == (Abilities{}) {
		p.able.Codecs = CodecJPEG
	}
	v.dec = NewDecoder(DecoderConfig{Order: picture.RGBX, Video: plainFormats(&p.decoders), Cache: p.able.Cache})
	if err := p.g.Join(id, p.able); err != nil {
		p.t.Fatal(err)
	}
	return v
}

// offer lets the time pass to now, then offers what the scene drew.
func (p *party) offer(after time.Duration) {
	p.t.Helper()
	p.now = p.now.Add(after)
	for id, v := range p.viewers {
		for len(v.acks) > 0 && !v.acks[0].at.After(p.now) {
			if err := p.g.Ack(id, v.acks[0].seq, v.acks[0].at); err != nil {
				p.t.Fatal(err)
			}
			v.acks = v.acks[1:]
		}
		if len(v.acks) > wire.MaxUnacknowledged {
			p.t.Fatalf("viewer %d holds %d updates", id, len(v.acks))
		}
	}
	rects, moves := p.s.take()
	packets, err := p.g.Offer(p.s.f, rects, moves, p.now)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, k := range packets {
		if len(k.Viewers) > 1 {
			p.together++
		}
		for _, id := range k.Viewers {
			p.deliver(p.viewers[id], k)
		}
	}
}

func (p *party) deliver(v *guest, k Packet) {
	p.t.Helper()
	v.bytes += len(k.Bytes)
	v.split.Feed(k.Bytes)
	for {
		kind, body, ok, err := v.split.Next()
		if err != nil {
			p.t.Fatal(err)
		}
		if !ok {
			break
		}
		r, err := v.dec.Decode(kind, body)
		if err != nil {
			p.t.Fatal(err)
		}
		if r.Cursor != nil {
			v.shape = r.Cursor
		}
		if r.Pointer != nil {
			v.place = r.Pointer
		}
		if r.Sequence != 0 {
			v.last = r
			if r.Sync {
				v.syncs++
			}
			if r.Sequence != k.Seq {
				p.t.Fatalf("update %d in packet %d", r.Sequence, k.Seq)
			}
			v.acks = append(v.acks, ack{v.carry(p.now, len(k.Bytes)).Add(v.delay), r.Sequence})
		}
	}
}

// carry sends n bytes on the viewer's way and says when they are there.
func (v *guest) carry(now time.Time, n int) time.Time {
	if v.busy.Before(now) {
		v.busy = now
	}
	if v.rate > 0 {
		v.busy = v.busy.Add(time.Duration(float64(n) / v.rate * float64(time.Second)))
	}
	v.late = max(v.late, v.busy.Sub(now))
	return v.busy
}

// rest offers until nothing is left to send or to acknowledge.
func (p *party) rest() {
	p.t.Helper()
	for i := 0; ; i++ {
		p.offer(20 * time.Millisecond)
		busy := !p.g.NextDeadline().IsZero() || !p.g.Ready(p.now)
		for _, v := range p.viewers {
			busy = busy || len(v.acks) > 0
		}
		if !busy {
			return
		}
		if i > 5000 {
			p.t.Fatal("no end of updates")
		}
	}
}

func (p *party) check(what string) {
	p.t.Helper()
	for id, v := range p.viewers {
		v.same(p.t, p.s.f, what)
		if !v.last.Exact {
			p.t.Errorf("%s: viewer %d was not told that its picture is exact", what, id)
		}
	}
}

func TestGroupsReachEveryViewer(t *testing.T) {
	videos := 0
	for seed := range uint64(6) {
		p := newParty(t, seed, 260, 190)
		p.able = Abilities{Codecs: Codecs(seed & 7), Cache: int(seed%3) * 10 * slotBytes}
		r := rand.New(rand.NewPCG(seed, 3))
		next, film := uint32(1), 0
		for range 120 {
			switch n := r.IntN(30); {
			case len(p.viewers) == 0 || n == 0 && len(p.viewers) < 5:
				p.join(next, time.Duration(r.IntN(300))*time.Millisecond)
				next++
			case n == 1 && len(p.viewers) > 1:
				for id := range p.viewers {
					p.g.Leave(id)
					delete(p.viewers, id)
					break
				}
			case n == 2:
				f := newScene(seed+100, 100+r.IntN(200), 60+r.IntN(200), picture.BGRX)
				f.r = p.s.r
				*p.s = *f
			}
			if film--; film > 0 {
				p.s.photo(p.s.f.Bounds(), film*7)
			} else if r.IntN(12) == 0 {
				film = 40
			} else {
				p.s.step()
			}
			for _, v := range p.viewers {
				if r.IntN(40) == 0 {
					v.rate = float64(r.IntN(4)) * 200e3
				}
			}
			p.offer(time.Duration(r.IntN(60)) * time.Millisecond)
			videos += p.encoders
		}
		p.rest()
		p.check("after rest")
		p.g.Close()
		if p.encoders != 0 {
			t.Errorf("%d encoders of videos left", p.encoders)
		}
	}
	if videos == 0 {
		t.Error("no video played")
	}
}

func TestViewersInStepShareBytes(t *testing.T) {
	p := newParty(t, 1, 400, 300)
	a := p.join(1, 5*time.Millisecond)
	p.offer(0)
	p.s.step()
	p.offer(50 * time.Millisecond)
	b := p.join(2, 5*time.Millisecond)
	p.rest()
	if len(p.g.groups) != 1 {
		t.Fatalf("%d groups", len(p.g.groups))
	}
	if a.syncs != 1 || b.syncs != 1 {
		t.Errorf("sync points: %d and %d; a viewer that joins must not disturb the other", a.syncs, b.syncs)
	}
	a.bytes, b.bytes, p.together = 0, 0, 0
	for range 10 {
		p.s.step()
		p.offer(50 * time.Millisecond)
	}
	if a.bytes != b.bytes || p.together == 0 {
		t.Errorf("%d and %d bytes, %d packets shared", a.bytes, b.bytes, p.together)
	}
	p.rest()
	p.check("after rest")
}

func TestLaggardDoesNotHoldOthersBack(t *testing.T) {
	p := newParty(t, 2, 400, 300)
	fast, slow := p.join(1, 5*time.Millisecond), p.join(2, 5*time.Millisecond)
	p.rest()
	slow.delay = 400 * time.Millisecond
	from := fast.last.Sequence
	for range 40 {
		p.s.text(picture.Rect{X: 20, Y: 20, W: 200, H: 100}, 0)
		p.offer(16 * time.Millisecond)
	}
	if n := fast.last.Sequence - from; n != 40 {
		t.Errorf("the fast viewer got %d of 40 updates", n)
	}
	if len(p.g.groups) != 2 {
		t.Errorf("%d groups while one lags", len(p.g.groups))
	}
	slow.delay = 5 * time.Millisecond
	for range 200 {
		p.s.text(picture.Rect{X: 20, Y: 20, W: 20, H: 20}, 0)
		p.offer(16 * time.Millisecond)
	}
	if len(p.g.groups) != 1 {
		t.Errorf("%d groups after the laggard kept up for 3 s", len(p.g.groups))
	}
	if slow.syncs != 1 || fast.syncs != 1 {
		t.Errorf("sync points: %d and %d", slow.syncs, fast.syncs)
	}
	p.rest()
	p.check("after rest")
}

func TestNewestFrameWins(t *testing.T) {
	p := newParty(t, 3, 200, 100)
	v := p.join(1, 50*time.Millisecond)
	p.rest()
	v.rate = 100 << 10
	for range 10 { // the way is slow now, and known to be
		p.s.photo(p.s.f.Bounds(), 0)
		p.offer(200 * time.Millisecond)
	}
	seq, held := v.last.Sequence, 0
	v.late = 0
	for i := range 100 {
		p.s.photo(p.s.f.Bounds(), i*5)
		p.offer(10 * time.Millisecond)
		if !p.g.Ready(p.now) {
			held++
		}
	}
	if n := v.last.Sequence - seq; n < 5 || n > 60 || held < 30 {
		t.Errorf("%d of 100 updates, held back %d times", n, held)
	}
	if v.late > 200*time.Millisecond {
		t.Errorf("updates took up to %v", v.late)
	}
	p.rest()
	p.check("after rest")
}

func TestCursorAndPointerReachThoseWhoJoin(t *testing.T) {
	p := newParty(t, 4, 200, 100)
	a := p.join(1, 0)
	p.offer(0)
	if a.shape != nil || a.place != nil {
		t.Error("a cursor although there is none yet")
	}
	shape := picture.Cursor{W: 3, H: 2, HotX: 2, HotY: 1, Pix: []byte("abcdefghijklmnopqrstuvwx")}
	if err := p.g.SetCursor(shape); err != nil {
		t.Fatal(err)
	}
	p.g.SetPointer(70, -3)
	p.offer(time.Millisecond)
	b := p.join(2, 0)
	p.offer(time.Millisecond)
	for _, v := range []*guest{a, b} {
		if v.shape == nil || string(v.shape.Pix) != string(shape.Pix) || v.shape.HotX != 2 || v.place == nil || *v.place != (Pointer{70, 0}) {
			t.Errorf("cursor %v at %v", v.shape, v.place)
		}
	}
}

func TestViewerBeginsAnew(t *testing.T) {
	for _, alone := range []bool{true, false} {
		p := newParty(t, 6, 300, 200)
		v := p.join(1, 30*time.Millisecond)
		if !alone {
			p.join(2, 0)
		}
		for range 10 {
			p.s.step()
			p.offer(20 * time.Millisecond)
		}
		p.g.Leave(1)
		if err := p.g.Join(1, Abilities{Codecs: CodecJPEG}); err != nil {
			t.Fatal(err)
		}
		v.acks = v.acks[len(v.acks)/2:] // late acknowledgements of the time before
		p.rest()
		p.check("anew")
		if v.syncs != 2 {
			t.Errorf("%d sync points", v.syncs)
		}
	}
}

func TestGroupsRefuseNonsense(t *testing.T) {
	p := newParty(t, 5, 64, 64)
	p.join(1, 0)
	p.offer(0)
	if err := p.g.Join(1, Abilities{}); !errors.Is(err, ErrViewer) {
		t.Errorf("second join: %v", err)
	}
	if err := p.g.Ack(1, 999, p.now); !errors.Is(err, ErrAck) {
		t.Errorf("ack of the future: %v", err)
	}
	if err := p.g.Ack(7, 1, p.now); !errors.Is(err, ErrViewer) {
		t.Errorf("ack by nobody: %v", err)
	}
	p.g.Leave(7)
	for id := uint32(2); ; id++ {
		if err := p.g.Join(id, Abilities{}); err != nil {
			if !errors.Is(err, ErrTooManyViewers) || id != 17 {
				t.Errorf("viewer %d: %v", id, err)
			}
			break
		}
	}
}

// TestAnAcknowledgementMakesTheRestDue holds Groups to saying that there is something to do when only an acknowledgement
// was awaited: nothing else comes where the screen stands still.
func TestAnAcknowledgementMakesTheRestDue(t *testing.T) {
	g := NewGroups(GroupsConfig{})
	defer g.Close()
	if err := g.Join(1, Abilities{Codecs: CodecJPEG}); err != nil {
		t.Fatal(err)
	}
	f := picture.NewFrame(640, 480, picture.BGRX)
	for i := range f.Pix {
		f.Pix[i] = byte(i * i >> 3)
	}
	now := time.Now()
	packets, err := g.Offer(f, []picture.Rect{f.Bounds()}, nil, now)
	if err != nil || len(packets) == 0 {
		t.Fatalf("%d packets, %v", len(packets), err)
	}
	if at := g.NextDeadline(); !at.IsZero() {
		t.Errorf("before anything is acknowledged Offer is due at %v", at)
	}
	now = now.Add(time.Millisecond)
	if err := g.Ack(1, packets[len(packets)-1].Seq, now); err != nil {
		t.Fatal(err)
	}
	if at := g.NextDeadline(); at.IsZero() || at.After(now.Add(time.Second)) {
		t.Errorf("with the rest of the picture to send Offer is due at %v", at)
	}
}
