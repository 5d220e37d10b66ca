package core_test

import (
	"context"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"impero/core/host"
	"impero/core/secure"
	"impero/core/wire"
)

func fds() int { e, _ := os.ReadDir("/proc/self/fd"); return len(e) }

func TestZLeaks(t *testing.T) {
	b := besiege(t, "Full control", 0)
	b.alive()
	time.Sleep(300 * time.Millisecond)
	g0, f0 := runtime.NumGoroutine(), fds()
	for i := range 200 {
		switch i % 5 {
		case 0:
			s := b.logOnQ()
			if s != nil {
				s.openScreen(1)
				s.conn.Close()
			}
		case 1:
			c, _ := net.Dial("tcp", b.address)
			c.Write([]byte("Impero\r\n\x00"))
			c.Close()
		case 2:
			c, _ := net.Dial("tcp", b.address)
			c.Write([]byte("GET / HTTP/1.0\r\n\r\n"))
			c.Close()
		case 3:
			s := b.dial()
			s.conn.Close()
		case 4:
			c, _ := net.Dial("tcp", b.address)
			secure.Guest(context.Background(), c, secure.GuestConfig{Verify: func(context.Context, secure.HostID) error { return context.Canceled }})
			c.Close()
		}
	}
	for i := 0; i < 50 && runtime.NumGoroutine() > g0; i++ {
		time.Sleep(100 * time.Millisecond)
	}
	runtime.GC()
	t.Logf("goroutines %d -> %d, fds %d -> %d sessions %d", g0, runtime.NumGoroutine(), f0, fds(), len(b.h.State().Sessions))
	b.alive()
}

func (b *besieged) logOnQ() *stranger { return b.logOn() }

func TestZHalfOpen(t *testing.T) {
	b := besiege(t, "Full control", 0)
	var cs []net.Conn
	for range 300 {
		c, err := net.Dial("tcp", b.address)
		if err != nil {
			t.Fatal(err)
		}
		cs = append(cs, c)
	}
	time.Sleep(300 * time.Millisecond)
	_, err := b.connect(b.engine(b.home), &person{passwords: []string{goodPassword}})
	t.Logf("legit during 300 half-open from same address: %v", err)
	t.Logf("log lines refused %d", b.log.count("too many"))
	start := time.Now()
	for time.Since(start) < 14*time.Second {
		g, err := b.connect(b.engine(b.home), &person{passwords: []string{goodPassword}})
		if err == nil {
			t.Logf("served again after %v", time.Since(start))
			g.Close()
			break
		}
		time.Sleep(500 * time.Millisecond)
	}
	for _, c := range cs {
		c.Close()
	}
}

func TestZRawFuzz(t *testing.T) {
	for _, role := range []string{"View only", "Full control"} {
		b := besiege(t, role, 0)
		g := b.mustConnect()
		r := rand.New(rand.NewPCG(1, 2))
		var wg sync.WaitGroup
		for range 60 {
			s := b.logOn()
			s.openScreen(1)
			s.drain()
			wg.Go(func() {
				defer s.conn.Close()
			})
			for range 20 {
				ch := wire.Channel(1 + r.IntN(5))
				body := make([]byte, r.IntN(40))
				for i := range body {
					body[i] = byte(r.Uint32())
				}
				specs := wire.Specs()
				sp := specs[r.IntN(len(specs))]
				if r.IntN(3) > 0 {
					ch = sp.Channel
					if ch == 0 {
						ch = wire.ChannelScreen
					}
				}
				f := wire.Frame{Type: sp.Type, Critical: r.IntN(5) > 0 == sp.Critical, Stream: uint32(r.IntN(4)), Body: body}
				if s.conn.WriteRecord(ch, f.Append(nil)) != nil {
					break
				}
			}
			wg.Wait()
		}
		select {
		case <-g.Done():
			t.Error("other viewer died", g.Err())
		default:
		}
		b.await("leave", func(st host.State) bool { return len(st.Sessions) == 1 })
		if role == "View only" && len(b.hands.Lines()) > 0 {
			t.Errorf("injected %v", b.hands.Lines())
		}
		b.alive()
	}
}

func TestZAckUnsentBreaksFlow(t *testing.T) {
	b := besiege(t, "Full control", 0)
	s := b.logOn()
	s.send(wire.ChannelControl, 1, &wire.StreamOpen{Kind: wire.KindScreen, Credit: 0})
	s.drain()
	for i := range 300 {
		if s.send(wire.ChannelControl, 1, &wire.ScreenAck{Sequence: uint32(i)}) != nil {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Logf("%d more updates; display %v", b.log.count("more updates"), b.h.State().Display)
	b.alive()
}
