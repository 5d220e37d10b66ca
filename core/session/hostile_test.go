package session

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"impero/core/wire"
)

// join has a connection ask for w's session, with the ticket's proof or without. Nobody reads the answer.
func (w *world) join(ctx context.Context, number uint32, ticket []byte) <-chan error {
	a, b := w.connect()
	m := &wire.SessionJoin{Session: w.g.cfg.ID, Ticket: number}
	if ticket != nil {
		m.Proof = proofsOf(a, ticket).guest(m)
	}
	done := make(chan error, 1)
	go func() {
		done <- w.h.Join(ctx, NewDialogue(b, wire.FromGuest), b, wire.PurposeAttach, m)
		b.Close()
	}()
	return done
}

// TestJoinsDoNotPileUp: one that is right and then does not read its answer keeps the next waiting for a second at most,
// and those that are wrong not at all.
func TestJoinsDoNotPileUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, Config{}, Config{})
		synctest.Wait()
		w.g.mu.Lock()
		number, ticket := w.g.tickets.next()
		next, nextTicket := w.g.tickets.next()
		w.g.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		first := w.join(ctx, number, ticket)
		synctest.Wait()
		second := w.join(ctx, next, nextTicket)
		start := time.Now()
		for range 100 {
			if err := <-w.join(ctx, next+1, nil); err == nil {
				t.Fatal("a join without a proof is taken")
			}
		}
		wrong := time.Since(start)
		if err := <-first; err == nil {
			t.Error("a join whose answer was not taken succeeds")
		}
		if took := time.Since(start); took > wrong+2*closeTime {
			t.Errorf("the first join took %v, those without a proof %v", took, wrong)
		}
		<-second
		w.g.Close(wire.CloseDone, "")
		w.ends()
	})
}

// TestOnlyControlIsASignOfLife has someone on the way swallow everything and send what needs no key at the weak levels.
func TestOnlyControlIsASignOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, side := range []wire.Side{wire.FromHost, wire.FromGuest} {
			a, b := net.Pipe()
			s := New(&sealedRecords{clearRecords: clearRecords{Conn: a}}, Config{Self: side, Keep: ResumeTime})
			done := make(chan error, 1)
			go func() { done <- s.Run(context.Background()) }()
			go func() {
				r := &clearRecords{Conn: b}
				for {
					if _, _, err := r.ReadRecord(); err != nil {
						return
					}
				}
			}()
			go func() {
				r := &clearRecords{Conn: b}
				for r.WriteRecord(wire.ChannelScreen, wire.Frame{Type: 0x7000}.Append(nil)) == nil {
					time.Sleep(time.Second)
				}
			}()
			time.Sleep(peerDead + 2*lookEvery)
			if _, lost := s.Lost(); !lost {
				t.Errorf("side %d does not notice that nothing of control comes", side)
			}
			s.Close(wire.CloseDone, "")
			b.Close()
			<-done
		}
	})
}

func TestFalseCountsAreViolations(t *testing.T) {
	sent := func(first uint64, n int) *outbox {
		b := &outbox{first: first}
		for range n {
			b.add(outgoing{m: &wire.Ping{}})
		}
		b.next = n
		return b
	}
	waiting := sent(1, 1)
	waiting.next = 0
	for name, c := range map[string]struct {
		b *outbox
		n uint64
	}{
		"far too many": {sent(1, 1), 1<<64 - 1}, "one too many": {sent(1, 1), 2}, "fewer than before": {sent(100, 0), 3},
		"not sent yet": {waiting, 1},
	} {
		var v *wire.Violation
		if err := c.b.arrived(c.n); !errors.As(err, &v) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b := sent(5, 3); b.arrived(4) != nil || b.arrived(6) != nil || b.first != 7 || len(b.kept) != 1 {
		t.Errorf("after 6 of 7 the outbox is %+v", b)
	}
}

// TestLossesInARowAreWaitedFor has every connection break at once.
func TestLossesInARowAreWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, Config{}, Config{})
		for began := time.Now(); time.Since(began) < 10*time.Second; time.Sleep(time.Millisecond) {
			w.cut(w.h)
		}
		w.mu.Lock()
		if n := len(w.dialed); n > 15 {
			t.Errorf("%d connections were made in 10 s", n)
		}
		w.mu.Unlock()
		time.Sleep(10 * time.Second)
		if _, lost := w.g.Lost(); lost {
			t.Error("the session does not come back")
		}
		w.g.Close(wire.CloseDone, "")
		w.ends()
	})
}

// TestALossIsToldAfterWhatCame: what a lost connection carried is handled before anybody is told of the loss.
func TestALossIsToldAfterWhatCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string
		handling := make(chan struct{})
		w := newWorld(t, Config{}, Config{
			Accept: func(st *Stream) { st.Accept() },
			Message: func(_ uint32, m wire.Message) error {
				<-handling
				order = append(order, "key")
				return nil
			},
			Reset: func(*Stream) { order = append(order, "reset") },
			Lost:  func() { order = append(order, "lost") },
		})
		st, err := w.g.Open(context.Background(), wire.KindScreen, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.g.Send(st.ID, &wire.Key{Usage: 4, Down: true})
		synctest.Wait()
		w.cut(w.h)
		synctest.Wait()
		close(handling)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if len(order) < 3 || order[0] != "key" || order[1] != "reset" || order[2] != "lost" {
			t.Errorf("the order was %v", order)
		}
		w.g.Close(wire.CloseDone, "")
		w.ends()
	})
}

// TestAnEndedSessionCarriesNothing: it is kept for a minute to tell why it ended, without what it carried.
func TestAnEndedSessionCarriesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, Config{}, Config{})
		go w.g.Open(t.Context(), wire.KindScreen, nil) // never answered
		synctest.Wait()
		w.g.Close(wire.CloseDone, "")
		w.ends()
		for _, s := range []*Session{w.g, w.h} {
			kept := 0
			for _, b := range s.boxes {
				kept += cap(b.kept)
			}
			if n := len(s.streams) + len(s.order) + kept; n != 0 || s.former.link != nil {
				t.Errorf("%d streams and messages are kept", n)
			}
		}
	})
}

// TestClosedBeforeItRuns: the other side is told why all the same.
func TestClosedBeforeItRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		s := New(&clearRecords{Conn: near}, Config{Self: wire.FromHost})
		s.Close(wire.CloseRoleEnded, "")
		go s.Run(t.Context())
		other := New(&clearRecords{Conn: far}, Config{Self: wire.FromGuest})
		var closed *wire.Closed
		if err := other.Run(t.Context()); !errors.As(err, &closed) || closed.Code != wire.CloseRoleEnded {
			t.Errorf("it ends with %v", err)
		}
	})
}

// TestNoScreenIsLostByItself: a Guest that says so of a connection which never broke just ends the screen.
func TestNoScreenIsLostByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		w := newWorld(t, Config{}, Config{Accept: func(st *Stream) { st.Accept() }, Reset: func(st *Stream) { ended <- st.Err() }})
		st, err := w.g.Open(t.Context(), wire.KindScreen, nil)
		if err != nil {
			t.Fatal(err)
		}
		st.Reset(wire.CloseLost, "")
		var closed *wire.Closed
		if err := <-ended; !errors.As(err, &closed) || closed.Code != wire.CloseDone || len(w.h.former.screens) > 0 {
			t.Errorf("the Host takes it as %v", err)
		}
		w.g.Close(wire.CloseDone, "")
		w.ends()
	})
}
