package screen

import (
	"testing"
	"time"

	"impero/core/picture"
)

// TestAViewerThatStopsHoldsNobodyUp lets two viewers come together, and one of them acknowledge nothing more.
func TestAViewerThatStopsHoldsNobodyUp(t *testing.T) {
	g := NewGroups(GroupsConfig{})
	f := picture.NewFrame(64, 64, picture.BGRX)
	now := time.Unix(1000, 0)
	stopped := false
	offer := func() (served bool) {
		f.Pix[0]++
		now = now.Add(time.Second)
		packets, err := g.Offer(f, []picture.Rect{f.Bounds()}, nil, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range packets {
			for _, v := range p.Viewers {
				if p.Seq == 0 || v == 1 && stopped {
					continue
				}
				served = served || v == 2
				if err := g.Ack(v, p.Seq, now); err != nil {
					t.Fatal(err)
				}
			}
		}
		return served
	}
	for id := range uint32(2) {
		if err := g.Join(id+1, Abilities{Codecs: CodecJPEG}); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; len(g.groups) > 1; i++ {
		if offer(); i > 20 {
			t.Fatal("two viewers with the same picture do not come together")
		}
	}
	stopped = true
	for i := range 10 {
		if !g.Ready(now) {
			t.Fatalf("after %d updates nobody is ready, though one viewer acknowledged all", i)
		}
		if !offer() {
			t.Fatalf("update %d was not given to the viewer that keeps up", i)
		}
	}
}

// TestAViewerThatStopsKeepsNobodyInexact lets one of two viewers with the same picture stop in the moment in which it becomes
// calm: the other's picture becomes exact all the same, and that of the first when it reads again.
func TestAViewerThatStopsKeepsNobodyInexact(t *testing.T) {
	p := newParty(t, 11, 640, 480)
	steady, stops := p.join(1, 5*time.Millisecond), p.join(2, 5*time.Millisecond)
	for i := range 400 {
		if i%20 == 0 {
			p.s.fill(picture.Rect{X: 8, Y: 8, W: 16, H: 16}, uint32(i)*0x010203)
		}
		p.offer(20 * time.Millisecond)
	}
	if len(p.g.groups) != 1 || !steady.last.Exact {
		t.Fatalf("%d groups, exact %v", len(p.g.groups), steady.last.Exact)
	}
	stops.delay = time.Hour
	p.s.photo(p.s.f.Bounds(), 7)
	p.offer(20 * time.Millisecond)
	calm := p.now
	for !steady.last.Exact {
		if p.now.Sub(calm) > time.Second {
			t.Fatal("a second after calm the picture of who reads is not exact")
		}
		at := p.g.NextDeadline() // nothing else has anybody look
		for _, a := range steady.acks {
			if at.IsZero() || a.at.Before(at) {
				at = a.at
			}
		}
		if at.IsZero() {
			t.Fatalf("%v after calm nobody looks any more, and the picture is not exact", p.now.Sub(calm))
		}
		p.offer(max(at.Sub(p.now), time.Millisecond))
	}
	steady.same(t, p.s.f, "of who reads")
	stops.delay = 5 * time.Millisecond
	for i := range stops.acks {
		stops.acks[i].at = p.now
	}
	for i := 0; !stops.last.Exact; i++ {
		if p.offer(20 * time.Millisecond); i > 100 {
			t.Fatal("the picture of who reads again does not become exact")
		}
	}
	stops.same(t, p.s.f, "of who reads again")
}
