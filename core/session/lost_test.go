package session

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"impero/core/wire"
)

// kindTunnel is any kind that outlives its connection.
const kindTunnel wire.StreamKind = 0x7001

// counted writes and checks a stream of numbers: 8 bytes each.
type counted struct{ sent, got atomic.Uint64 }

func (c *counted) send(st *Stream, pieces int) error {
	var b []byte
	for range pieces {
		b = binary.BigEndian.AppendUint64(b, c.sent.Add(1)-1)
	}
	_, err := st.Write(b)
	return err
}

func (c *counted) receive(st *Stream) error {
	var b [8]byte
	for {
		if _, err := io.ReadFull(st, b[:]); err != nil {
			return err
		}
		if n := binary.BigEndian.Uint64(b[:]); n != c.got.Load() {
			return errors.New("a number is missing, or twice")
		}
		c.got.Add(1)
	}
}

// typist records which keys arrived at the Host.
type typist struct {
	mu   sync.Mutex
	keys []uint16
}

func (k *typist) message(_ uint32, m wire.Message) error {
	if key, ok := m.(*wire.Key); ok {
		k.mu.Lock()
		k.keys = append(k.keys, key.Usage)
		k.mu.Unlock()
	}
	return nil
}

// traffic is a world with a stream of numbers in both directions, and a screen to type at.
type traffic struct {
	*world
	work     sync.WaitGroup
	up, down counted
	keys     typist
	screens  chan *Stream // opened at the Host
	resets   chan *Stream // ended at the Guest
}

func newTraffic(t *testing.T) *traffic {
	tr := &traffic{screens: make(chan *Stream, 100), resets: make(chan *Stream, 100)}
	tr.world = newWorld(t, Config{Reset: func(st *Stream) { tr.resets <- st }}, Config{
		Message: tr.keys.message,
		Accept: func(st *Stream) {
			st.Accept()
			if st.Kind == wire.KindScreen {
				tr.screens <- st
				return
			}
			tr.work.Go(func() { tr.up.receive(st) })
			tr.work.Go(func() {
				for tr.down.send(st, 200) == nil {
					time.Sleep(50 * time.Millisecond)
				}
			})
		},
	})
	st, err := tr.g.Open(context.Background(), kindTunnel, nil)
	if err != nil {
		t.Fatal(err)
	}
	tr.work.Go(func() {
		if err := tr.down.receive(st); err != nil && !tr.over() {
			t.Error(err)
		}
	})
	tr.work.Go(func() {
		for tr.up.send(st, 100) == nil {
			time.Sleep(30 * time.Millisecond)
		}
	})
	ends := tr.ends
	tr.ends = func() (error, error) { defer tr.work.Wait(); return ends() }
	return tr
}

func (tr *traffic) over() bool {
	select {
	case <-tr.g.Over():
		return true
	default:
		return false
	}
}

// settled ends the session and checks that what was sent arrived up to what was under way.
func (tr *traffic) settled() {
	tr.t.Helper()
	tr.g.Close(wire.CloseDone, "")
	tr.ends()
	synctest.Wait()
	for name, c := range map[string]*counted{"up": &tr.up, "down": &tr.down} {
		if got, sent := c.got.Load(), c.sent.Load(); got == 0 || got > sent || sent-got > 2*mostWindow/8 {
			tr.t.Errorf("%s: %d of %d numbers arrived in order", name, got, sent)
		}
	}
}

func TestPulledCable(t *testing.T) {
	for _, length := range []time.Duration{time.Second, 10 * time.Second, 50 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			tr := newTraffic(t)
			if _, err := tr.g.Open(context.Background(), wire.KindScreen, nil); err != nil {
				t.Fatal(err)
			}
			screen := <-tr.screens
			time.Sleep(20 * time.Second)
			before := tr.up.got.Load()
			tr.pull()
			began := time.Now()
			time.Sleep(length)
			if lost, is := tr.g.Lost(); is && (lost.Heard.After(began) || began.Sub(lost.Heard) > pingEvery) {
				t.Errorf("cut at %v, heard last at %v", began, lost.Heard)
			}
			tr.mend()
			if st := <-tr.resets; st.ID != screen.ID { // the Guest is told that its screen is gone
				t.Errorf("stream %d ended", st.ID)
			}
			for {
				if _, lost := tr.g.Lost(); !lost {
					break
				}
				time.Sleep(100 * time.Millisecond)
			}
			if took := time.Since(began); took > length+guestDead+pingEvery+answerTime+retryMost {
				t.Errorf("cut for %v, resumed after %v", length, took)
			}
			if _, err := screen.Read(make([]byte, 1)); err == nil {
				t.Error("the Host's screen stream goes on")
			}
			if _, err := tr.g.Open(context.Background(), wire.KindScreen, nil); err != nil {
				t.Error(err)
			}
			time.Sleep(10 * time.Second)
			if tr.up.got.Load() <= before {
				t.Error("nothing arrives after the cut")
			}
			tr.settled()
		})
	}
}

// TestCutsAtRandomMoments resets, pulls and roams again and again, with both directions full.
func TestCutsAtRandomMoments(t *testing.T) {
	for seed := range uint64(8) {
		synctest.Test(t, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 1))
			tr := newTraffic(t)
			for range 10 {
				for lost := true; lost; _, lost = tr.g.Lost() {
					time.Sleep(time.Duration(rnd.IntN(8000)) * time.Millisecond)
				}
				switch rnd.IntN(3) {
				case 0:
					tr.cut(tr.g)
				case 1:
					tr.cut(tr.h)
				case 2:
					tr.pull()
					time.Sleep([]time.Duration{time.Second, 10 * time.Second, 50 * time.Second}[rnd.IntN(3)])
					tr.mend()
				}
			}
			time.Sleep(70 * time.Second)
			if _, lost := tr.g.Lost(); lost {
				t.Error("still lost")
			}
			before := tr.up.got.Load()
			time.Sleep(5 * time.Second)
			if tr.up.got.Load() <= before || tr.down.got.Load() == 0 {
				t.Errorf("seed %d: %d and %d numbers arrived, %d before", seed, tr.up.got.Load(), tr.down.got.Load(), before)
			}
			tr.settled()
		})
	}
}

func TestLostForGood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTraffic(t)
		time.Sleep(5 * time.Second)
		tr.pull()
		start := time.Now()
		gerr, herr := tr.ends()
		var lost *LostError
		if !errors.As(gerr, &lost) || !errors.As(herr, &lost) {
			t.Errorf("ends: %v, %v", gerr, herr)
		}
		if took := time.Since(start); took < ResumeTime || took > ResumeTime+peerDead+2*time.Second {
			t.Errorf("both sides gave up after %v", took)
		}
	})
}

// TestTypingThroughACut sends a key every 50 ms: none may come twice or out of order, and none be missing but those that
// grew too old.
func TestTypingThroughACut(t *testing.T) {
	for _, length := range []time.Duration{3 * time.Second, 30 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			tr := newTraffic(t)
			st, err := tr.g.Open(context.Background(), wire.KindScreen, nil)
			if err != nil {
				t.Fatal(err)
			}
			var typed []uint16
			key := func() {
				n := uint16(len(typed) + 1)
				if tr.g.Send(st.ID, &wire.Key{Usage: n, Down: true}) == nil {
					typed = append(typed, n)
				}
				time.Sleep(50 * time.Millisecond)
			}
			for range 100 {
				key()
			}
			tr.pull()
			pulled := len(typed)
			for began := time.Now(); time.Since(began) < length; {
				key()
			}
			tr.mend()
			time.Sleep(30 * time.Second)
			if st, err = tr.g.Open(context.Background(), wire.KindScreen, nil); err != nil {
				t.Fatal(err)
			}
			for range 100 {
				key()
			}
			time.Sleep(time.Second)
			synctest.Wait()
			got := tr.keys.keys
			if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
				t.Errorf("keys came twice or out of order: %v", got)
			}
			tail := typed[len(typed)-90:]
			if len(got) < 90 || !slices.Equal(got[len(got)-90:], tail) {
				t.Errorf("after the cut %d keys arrived", len(got))
			}
			if length < inputAge/2 && len(got) != len(typed) {
				t.Errorf("%d of %d keys arrived, %d were typed before the cut", len(got), len(typed), pulled)
			}
			tr.settled()
		})
	}
}

func TestClosedWhileLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTraffic(t)
		time.Sleep(time.Second)
		tr.pull()
		time.Sleep(20 * time.Second)
		tr.h.Close(wire.CloseHostUser, "")
		tr.mend()
		gerr, herr := tr.ends()
		var closed *wire.Closed
		if !errors.As(gerr, &closed) || closed.Code != wire.CloseHostUser || herr != nil {
			t.Errorf("ends: %v, %v", gerr, herr)
		}
	})
}

func TestBulkHasAConnectionOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTraffic(t)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if !slices.Equal(tr.dialed, []wire.Purpose{wire.PurposeAttach}) || !tr.bulks[0].bulk {
			t.Fatalf("dialed %v", tr.dialed)
		}
		carried := func() uint64 {
			tr.g.mu.Lock()
			defer tr.g.mu.Unlock()
			return tr.g.links[linkBulk].bytes.Load()
		}
		before := carried()
		time.Sleep(time.Second)
		if carried()-before < 20_000 {
			t.Error("the second connection carries little")
		}
		tr.bulks[0].Close() // it alone breaks: the session goes on, and gets another
		time.Sleep(time.Second)
		if _, lost := tr.g.Lost(); lost {
			t.Error("the session is lost")
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if len(tr.bulks) != 2 {
			t.Errorf("%d bulk connections were made", len(tr.bulks))
		}
		tr.settled()
	})
}

func TestBulkConnectionEndsWhenIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, Config{}, Config{Accept: func(st *Stream) {
			st.Accept()
			go func() { io.Copy(io.Discard, st); st.CloseWrite() }()
		}})
		st, err := w.g.Open(context.Background(), kindTunnel, nil)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		st.Write([]byte("x"))
		st.CloseWrite()
		if rest, err := io.ReadAll(st); err != nil || len(rest) > 0 {
			t.Error(rest, err)
		}
		time.Sleep(2 * time.Second)
		w.g.mu.Lock()
		open, streams := w.g.links[linkBulk] != nil, len(w.g.streams)
		w.g.mu.Unlock()
		if !open || streams != 0 {
			t.Errorf("bulk connection %t, %d streams", open, streams)
		}
		time.Sleep(bulkIdle + 2*time.Second)
		w.g.mu.Lock()
		open = w.g.links[linkBulk] != nil
		w.g.mu.Unlock()
		if open {
			t.Error("an idle bulk connection stays")
		}
		w.g.Close(wire.CloseDone, "")
		w.ends()
	})
}

// TestStolenTicket tries to join with everything but the secret, and with a ticket a second time.
func TestStolenTicket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTraffic(t)
		time.Sleep(time.Second)
		refused := func(what string, m *wire.SessionJoin, id byte) {
			t.Helper()
			a, b := tr.connect()
			a.id, b.id = id, id
			go tr.serve(b, wire.PurposeResume)
			d := NewDialogue(a, wire.FromHost)
			if err := d.Send(m); err != nil {
				t.Fatal(err)
			}
			_, err := d.Receive(context.Background())
			var closed *wire.Closed
			if !errors.As(err, &closed) || closed.Code != wire.CloseSessionOver {
				t.Errorf("%s: %v", what, err)
			}
			a.Close()
		}
		tr.h.mu.Lock()
		next := tr.h.tickets.number + 1
		tr.h.mu.Unlock()
		refused("no secret", &wire.SessionJoin{Session: tr.h.cfg.ID, Ticket: next, Proof: [32]byte(bytes.Repeat([]byte{1}, 32))}, 200)
		refused("a ticket far ahead", &wire.SessionJoin{Session: tr.h.cfg.ID, Ticket: next + maxAhead}, 200)

		tr.g.mu.Lock()
		number, ticket := tr.g.tickets.next()
		tr.g.mu.Unlock()
		good := func(id byte) *wire.SessionJoin {
			m := &wire.SessionJoin{Session: tr.h.cfg.ID, Ticket: number}
			m.Proof = proofsOf(&sealedRecords{id: id}, ticket).guest(m)
			return m
		}
		refused("a proof of another handshake", good(201), 202)
		if _, lost := tr.h.Lost(); lost {
			t.Error("an attempt that failed cost the session its connection")
		}
		a, b := tr.connect()
		go tr.serve(b, wire.PurposeAttach)
		d := NewDialogue(a, wire.FromHost)
		d.Send(good(a.id))
		if m, err := d.Receive(context.Background()); err != nil {
			t.Errorf("the right one gives %v, %v", m, err)
		}
		refused("a used ticket", good(203), 203)
		tr.g.Close(wire.CloseDone, "")
		tr.ends()
		a.Close()
	})
}

func TestTicketsAreLostWithTheirConnections(t *testing.T) {
	a := &sealedRecords{id: 1}
	g, h := newTickets(a), newTickets(a)
	for _, skip := range []int{0, 1, 5, maxAhead - 1} {
		for range skip {
			g.next()
		}
		number, ticket := g.next()
		got, ok := h.take(number, func(b []byte) bool { return bytes.Equal(b, ticket) })
		if !ok || !bytes.Equal(got, ticket) {
			t.Fatalf("ticket %d is not taken", number)
		}
	}
}

func TestKeepaliveCostsLittle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, Config{}, Config{})
		time.Sleep(10 * time.Second)
		in0, out0 := w.g.Traffic()
		const span = 10 * time.Minute
		time.Sleep(span)
		in, out := w.g.Traffic()
		// Each side's record has a header of 8 bytes and a tag of 16; below, 52 bytes of TCP and IP, and an acknowledgement.
		records := 2 * span.Seconds() / pingEvery.Seconds()
		if rate := (float64(in-in0+out-out0) + records*(24+52+26)) / span.Seconds(); rate > 100 {
			t.Errorf("%.0f bytes a second", rate)
		}
		w.g.Close(wire.CloseDone, "")
		w.ends()
	})
}
