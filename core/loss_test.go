package core_test

import (
	"bytes"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/inject"
	"impero/core/keys"
	"impero/core/lab"
	"impero/core/seam"
	"impero/core/wire"
)

// lag stands between a Host's halves. When somebody joins the screen, the last picture for those before comes once more,
// as one that was under way.
func lag(t testing.TB, daemon net.Conn) net.Conn {
	near, far := net.Pipe()
	host, agent := seam.New(far), seam.New(daemon)
	late := make(chan seam.Picture, 1)
	pass := func(from, to *seam.Conn) {
		defer host.Close()
		defer agent.Close()
		if from.Greet() != nil {
			return
		}
		for {
			m, err := from.Receive()
			if err != nil {
				return
			}
			switch m := m.(type) {
			case *seam.Picture:
				if m.Class == seam.ClassUpdate {
					select {
					case <-late:
					default:
					}
					late <- seam.Picture{Class: m.Class, Viewers: slices.Clone(m.Viewers), Data: bytes.Clone(m.Data)}
				}
			case *seam.Join:
				select {
				case p := <-late:
					from.Send(&p)
				default:
				}
			}
			if to.Send(m) != nil {
				return
			}
		}
	}
	go pass(host, agent)
	go pass(agent, host)
	t.Cleanup(func() { host.Close(); agent.Close() })
	return near
}

// TestLatePictures: a picture that was under way when the connection was lost is none of the next screen's, which would
// not understand it.
func TestLatePictures(t *testing.T) {
	s := newSuite(t, "Full control", false, func(s *suite) { s.cfg.Agent = lag(t, s.cfg.Agent) })
	proxy := lab.StartProxy(t, s.address)
	s.address = proxy.Addr()
	log := newLogged()
	s.log = log
	g := s.mustConnect()
	for n := range 5 {
		for range 5 {
			s.step(g)
		}
		s.awaitEqual(g)
		proxy.Reset()
		lab.WaitFor(t, 20*time.Second, "the session to be resumed, or to end", func() bool {
			count, _ := log.of(logResumed)
			return count > n || over(g)
		})
	}
	s.step(g)
	s.awaitEqual(g)
}

// step moves the desktop that a Guest watches.
func (s *suite) step(g *guest.Session) {
	s.t.Helper()
	select {
	case s.display.steps <- struct{}{}:
	case <-g.Done():
		s.t.Fatalf("the session ended: %v", g.Err())
	case <-time.After(20 * time.Second):
		s.t.Fatal("nobody watches the desktop")
	}
}

// TestWhatArrivedIsTypedAfterALoss: the Guest will not send it again.
func TestWhatArrivedIsTypedAfterALoss(t *testing.T) {
	s := newSuite(t, "Full control", false, func(s *suite) {
		s.typing = func() (inject.Injector, error) { return slowHands{s.hands, 30 * time.Millisecond}, nil }
	})
	proxy := lab.StartProxy(t, s.address)
	s.address = proxy.Addr()
	g := s.mustConnect()
	g.Key(keys.LeftControl, true, 0)
	var want []string
	for n := range 20 {
		text := fmt.Sprintf("text %d", n)
		want = append(want, fmt.Sprintf("text %q", text))
		g.Text(text)
	}
	s.awaitLines("text 2") // what follows has arrived, most likely: it was sent with it
	proxy.Reset()
	s.awaitLines("text 19")
	s.awaitLines("LeftControl up")
	got := slices.DeleteFunc(s.hands.Lines(), func(l string) bool { return !strings.HasPrefix(l, "text") })
	if !slices.Equal(got, want) {
		t.Errorf("typed was %q", got)
	}
}

// TestHeldKeysGoUpAtEveryLoss: each time the connection breaks, not the first time alone.
func TestHeldKeysGoUpAtEveryLoss(t *testing.T) {
	s := newSuite(t, "Full control", false)
	proxy := lab.StartProxy(t, s.address)
	s.address = proxy.Addr()
	log := newLogged()
	s.log = log
	g := s.mustConnect()
	for n, usage := range []uint16{keys.LeftControl, keys.LeftShift, keys.LeftAlt} {
		g.Key(usage, true, 0)
		s.awaitLines(keys.Name(usage) + " down")
		proxy.Reset()
		s.awaitLines(keys.Name(usage) + " up")
		lab.WaitFor(t, 20*time.Second, fmt.Sprintf("loss %d to be over", n+1), func() bool {
			resumed, _ := log.of(logResumed)
			return resumed > n || over(g)
		})
	}
}

// TestLostTwiceInARow: the connection that a Guest comes back by breaks before anything of it arrives. Its screen of that
// time and the next one come together then, sooner after one another than a Guest may open screens otherwise.
func TestLostTwiceInARow(t *testing.T) {
	s := newSuite(t, "Full control", false)
	wires := 0
	between := lab.StartTamper(t, s.address, func() lab.Rules {
		wires++
		if wires == 1 || wires > 3 {
			return lab.Rules{}
		}
		return lab.Rules{ToHost: func(r lab.Record) (on, back [][]byte) {
			if r.Header.Epoch >= wire.EpochJoined {
				r.Bytes[len(r.Bytes)-1] ^= 1
			}
			return [][]byte{r.Bytes}, nil
		}}
	})
	proxy := lab.StartProxy(t, between.Addr())
	s.address, s.log = proxy.Addr(), newLogged()
	g := s.mustConnect()
	proxy.Reset()
	lab.WaitFor(t, 20*time.Second, "the third connection after the first", func() bool {
		n, _ := s.log.(*logged).of(logResumed)
		return n >= 3 || over(g)
	})
	s.step(g)
	s.awaitEqual(g)
	g.Text("still here")
	s.awaitLines("still here")
}
