package session

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"impero/core/wire"
)

// clearRecords are records with an empty seal, over any stream: what a session needs of a sealed connection.
type clearRecords struct {
	net.Conn
	buf [wire.MaxRecord]byte
}

func (c *clearRecords) ReadRecord() (wire.Channel, []byte, error) {
	h, body, err := wire.ReadRecord(c.Conn, c.buf[:], wire.MaxRecord)
	return h.Channel, body[:max(0, len(body)-wire.TagLen)], err
}

func (c *clearRecords) WriteRecord(ch wire.Channel, b []byte) error {
	h := wire.Header{Length: uint32(len(b) + wire.TagLen), Channel: ch, Epoch: wire.EpochSession}
	_, err := c.Conn.Write(append(append(h.Append(nil), b...), make([]byte, wire.TagLen)...))
	return err
}

func (c *clearRecords) MaxPayload() int { return wire.MaxRecord - wire.TagLen }

// pair runs two sessions against each other; ends gives what each Run returned.
func pair(t *testing.T, guest, host Config) (g, h *Session, ends func() (guest, host error)) {
	t.Helper()
	a, b := net.Pipe()
	guest.Self, host.Self = wire.FromGuest, wire.FromHost
	g, h = New(&clearRecords{Conn: a}, guest), New(&clearRecords{Conn: b}, host)
	var wg sync.WaitGroup
	var errs [2]error
	wg.Go(func() { errs[0] = g.Run(context.Background()) })
	wg.Go(func() { errs[1] = h.Run(context.Background()) })
	return g, h, func() (error, error) { wg.Wait(); return errs[0], errs[1] }
}

func TestStreamCarriesEveryByteBothWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		data := make([]byte, 6<<20+12345)
		rand.Read(data)
		g, _, ends := pair(t, Config{}, Config{Accept: func(st *Stream) {
			st.Accept()
			go func() { // echo
				io.Copy(struct{ io.Writer }{st}, struct{ io.Reader }{st})
				st.CloseWrite()
			}()
		}})
		st, err := g.Open(context.Background(), wire.KindScreen, nil)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for rest := data; len(rest) > 0; {
				n := min(len(rest), 50_000)
				st.Write(rest[:n])
				rest = rest[n:]
			}
			st.CloseWrite()
		}()
		got, err := io.ReadAll(st)
		if err != nil || !bytes.Equal(got, data) {
			t.Fatalf("%d of %d bytes came back right: %v", len(got), len(data), err)
		}
		g.Close(wire.CloseDone, "finished")
		gerr, herr := ends()
		var closed *wire.Closed
		if gerr != nil || !errors.As(herr, &closed) || closed.Code != wire.CloseDone || closed.Detail != "finished" {
			t.Errorf("ends: %v, %v", gerr, herr)
		}
	})
}

func TestWriterHoldsToCredit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var far *Stream
		g, _, ends := pair(t, Config{}, Config{Accept: func(st *Stream) { far = st; st.Accept() }})
		st, err := g.Open(context.Background(), wire.KindScreen, nil)
		if err != nil {
			t.Fatal(err)
		}
		written := false
		go func() { st.Write(make([]byte, firstWindow+1)); written = true }()
		synctest.Wait()
		if written {
			t.Fatal("more was written than the reader allowed")
		}
		if n := far.Waiting(); n != firstWindow {
			t.Errorf("%d bytes wait to be read, not %d", n, firstWindow)
		}
		if _, err := io.ReadFull(far, make([]byte, firstWindow+1)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if !written {
			t.Error("the writer does not go on after the reader took its bytes")
		}
		g.Close(wire.CloseDone, "")
		ends()
	})
}

func TestRefusedStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, h, ends := pair(t, Config{}, Config{Accept: func(st *Stream) { st.Reset(wire.CloseNoDisplay, "no display") }})
		_, err := g.Open(context.Background(), wire.KindScreen, nil)
		var closed *wire.Closed
		if !errors.As(err, &closed) || closed.Code != wire.CloseNoDisplay || closed.Detail != "no display" {
			t.Errorf("a refused stream gives %v", err)
		}
		if _, err := h.Open(context.Background(), wire.KindScreen, nil); !errors.As(err, &closed) || closed.Code != wire.CloseNotSupported {
			t.Errorf("a side that takes no streams gives %v", err)
		}
		g.Close(wire.CloseDone, "")
		ends()
	})
}

func TestDeadPeerIsFoundInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		go io.Copy(io.Discard, b) // takes everything, says nothing
		g := New(&clearRecords{Conn: a}, Config{Self: wire.FromGuest})
		start := time.Now()
		err := g.Run(context.Background())
		var lost *LostError
		if took := time.Since(start); !errors.As(err, &lost) || took > peerDead+lookEvery+closeTime {
			t.Errorf("a dead peer ends the session with %v after %v", err, took)
		}
		b.Close()
	})
}

func TestBlockedPeerIsFoundInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe() // nobody reads b
		g := New(&clearRecords{Conn: a}, Config{Self: wire.FromGuest})
		start := time.Now()
		if err := g.Run(context.Background()); err == nil || time.Since(start) > peerDead+lookEvery+2*closeTime {
			t.Errorf("a peer that takes nothing ends the session with %v after %v", err, time.Since(start))
		}
		b.Close()
	})
}

func TestRoundTripIsMeasured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, _, ends := pair(t, Config{}, Config{})
		time.Sleep(2 * pingEvery)
		synctest.Wait()
		if g.RoundTrip() <= 0 {
			t.Error("no round trip after two keepalives")
		}
		g.Close(wire.CloseDone, "")
		ends()
	})
}

func TestBrokenRulesEndTheSession(t *testing.T) {
	for name, c := range map[string]struct {
		ch   wire.Channel
		send []byte
		code wire.CloseCode
	}{
		"a message out of state":       {wire.ChannelControl, wire.AppendMessage(nil, 0, &wire.LogonStart{Method: 1}), wire.CloseProtocol},
		"a stream never opened":        {wire.ChannelScreen, wire.AppendMessage(nil, 7, &wire.StreamData{Data: []byte("x")}), wire.CloseProtocol},
		"an even stream of the Guest":  {wire.ChannelControl, wire.AppendMessage(nil, 2, &wire.StreamOpen{Kind: 1}), wire.CloseProtocol},
		"an unknown critical message":  {wire.ChannelControl, wire.Frame{Type: 0x7f, Critical: true}.Append(nil), wire.CloseUnknown},
		"a frame cut short":            {wire.ChannelControl, []byte{0, 1, 2}, wire.CloseProtocol},
		"input on the control channel": {wire.ChannelControl, wire.AppendMessage(nil, 1, &wire.Key{Usage: 4}), wire.CloseProtocol},
	} {
		synctest.Test(t, func(t *testing.T) {
			a, b := net.Pipe()
			h := New(&clearRecords{Conn: a}, Config{Self: wire.FromHost})
			done := make(chan error, 1)
			go func() { done <- h.Run(context.Background()) }()
			peer := &clearRecords{Conn: b}
			peer.WriteRecord(c.ch, c.send)
			if code, err := closeOf(peer); err != nil || code != c.code {
				t.Errorf("%s: the peer is told %s, %v, want %s", name, code, err, c.code)
			}
			var v *wire.Violation
			if err := <-done; !errors.As(err, &v) {
				t.Errorf("%s: ends with %v", name, err)
			}
			b.Close()
		})
	}
}

// closeOf reads until the Close of a peer that is answered nothing.
func closeOf(peer Records) (wire.CloseCode, error) {
	for {
		_, plain, err := peer.ReadRecord()
		if err != nil {
			return 0, err
		}
		for len(plain) > 0 {
			f, rest, err := wire.NextFrame(plain)
			if err != nil {
				return 0, err
			}
			m, err := wire.Parse(f.Type, f.Body)
			if c, ok := m.(*wire.Close); ok || err != nil {
				return c.Code, err
			}
			plain = rest
		}
	}
}

func TestMoreThanCreditEndsTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		h := New(&clearRecords{Conn: a}, Config{Self: wire.FromHost, Accept: func(st *Stream) { st.Accept() }})
		done := make(chan error, 1)
		go func() { done <- h.Run(context.Background()) }()
		go io.Copy(io.Discard, b)
		peer := &clearRecords{Conn: b}
		peer.WriteRecord(wire.ChannelControl, wire.AppendMessage(nil, 1, &wire.StreamOpen{Kind: 1, Credit: 1}))
		var err error
		for sent := 0; err == nil && sent <= firstWindow; sent += 16000 {
			piece := wire.AppendMessage(nil, 1, &wire.StreamData{Offset: uint32(sent), Data: make([]byte, 16000)})
			err = peer.WriteRecord(wire.ChannelScreen, piece)
		}
		var v *wire.Violation
		if err := <-done; !errors.As(err, &v) || v.Code != wire.CloseLimit {
			t.Errorf("more data than credit ends with %v", err)
		}
		b.Close()
	})
}

func TestDataMayOvertakeItsAccept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		g := New(&clearRecords{Conn: a}, Config{Self: wire.FromGuest})
		done := make(chan error, 1)
		go func() { done <- g.Run(context.Background()) }()
		go io.Copy(io.Discard, b)
		got := make(chan string, 1)
		go func() {
			st, err := g.Open(context.Background(), wire.KindScreen, nil)
			if err != nil {
				t.Error(err)
			}
			text := make([]byte, 5)
			io.ReadFull(st, text)
			got <- string(text)
		}()
		synctest.Wait()
		peer := &clearRecords{Conn: b}
		peer.WriteRecord(wire.ChannelScreen, wire.AppendMessage(nil, 1, &wire.StreamData{Data: []byte("early")}))
		peer.WriteRecord(wire.ChannelControl, wire.AppendMessage(nil, 1, &wire.StreamAccept{Credit: 1}))
		if text := <-got; text != "early" {
			t.Errorf("read %q", text)
		}
		g.Close(wire.CloseDone, "")
		if err := <-done; err != nil {
			t.Error(err)
		}
		b.Close()
	})
}

func TestInputGoesBeforePictures(t *testing.T) {
	s := New(&clearRecords{}, Config{Self: wire.FromGuest})
	s.mu.Lock()
	st := s.newStream(1, wire.KindScreen, true)
	st.answered, st.out.limit, st.out.pending = true, 1<<20, make([]byte, 100_000)
	s.mu.Unlock()
	s.Send(1, &wire.Key{Usage: 4, Down: true})
	var order []wire.Channel
	for range 3 {
		ch, rec := s.nextRecord(s.links[linkFirst], make([]byte, 0, wire.MaxRecord))
		if len(rec) > wire.MaxRecord-wire.TagLen {
			t.Fatalf("record of %d bytes", len(rec))
		}
		order = append(order, ch)
	}
	if order[0] != wire.ChannelInput || order[1] != wire.ChannelScreen || order[2] != wire.ChannelScreen {
		t.Errorf("records go out as %v", order)
	}
}

func TestOnlyTheNewestPointerWaits(t *testing.T) {
	s := New(&clearRecords{}, Config{Self: wire.FromGuest})
	for i := range 1000 {
		s.Send(1, &wire.Pointer{X: uint16(i)})
	}
	s.Send(1, &wire.Button{Button: 1, Down: true})
	s.Send(1, &wire.Pointer{X: 5})
	if q := s.boxes[wire.ChannelInput].kept; len(q) != 3 || q[0].m.(*wire.Pointer).X != 999 {
		t.Errorf("%d messages wait", len(q))
	}
}

func TestDialogueEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if _, err := NewDialogue(&clearRecords{Conn: a}, wire.FromGuest).Receive(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a logon that takes too long gives %v", err)
		}
		b.Close()
	})
}
