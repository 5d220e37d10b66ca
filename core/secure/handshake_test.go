package secure

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"impero/core/key"
	"impero/core/wire"
)

func TestHandshake(t *testing.T) {
	transports := map[string]func(t *testing.T) (guest, host net.Conn){
		"memory": func(*testing.T) (net.Conn, net.Conn) { return net.Pipe() },
		"TCP":    overTCP,
	}
	for name, dial := range transports {
		t.Run(name, func(t *testing.T) {
			a, b := dial(t)
			id := hostKey(t)
			guestCan := []wire.Capability{{Number: 1}, {Number: 16, Parameter: []byte("p")}, {Number: 900}}
			hostCan := []wire.Capability{{Number: 1}, {Number: 2}}
			var seen HostID
			g, h := meet(t, a, b, GuestConfig{
				Target: "desk.example", Capabilities: guestCan,
				Verify: func(_ context.Context, id HostID) error { seen = id; return nil },
			}, HostConfig{Identity: id, Name: "Büro 7", Capabilities: hostCan})
			if g.err != nil || h.err != nil {
				t.Fatalf("guest %v, host %v", g.err, h.err)
			}
			if !seen.Key.Equal(id.Public()) || seen.Name != "Büro 7" || seen.Level != wire.LevelVeryHigh {
				t.Errorf("Verify was asked for %+v", seen)
			}
			gp, hp := g.conn.Peer(), h.conn.Peer()
			if !sameCapabilities(gp.Capabilities, hostCan) || !sameCapabilities(hp.Capabilities, guestCan) {
				t.Errorf("capabilities: the Guest sees %v, the Host %v", gp.Capabilities, hp.Capabilities)
			}
			for _, p := range []Peer{gp, hp} {
				if !p.HostKey.Equal(id.Public()) || p.HostName != "Büro 7" || p.Target != "desk.example" ||
					p.Level != wire.LevelVeryHigh || p.Version != wire.Version || p.RemoteAddr == nil {
					t.Errorf("peer %+v", p)
				}
			}
			checkExports(t, g.conn, h.conn)
			checkTraffic(t, g.conn, h.conn)
		})
	}
}

func sameCapabilities(a, b []wire.Capability) bool {
	return slices.EqualFunc(a, b, func(x, y wire.Capability) bool {
		return x.Number == y.Number && bytes.Equal(x.Parameter, y.Parameter)
	})
}

func overTCP(t *testing.T) (guest, host net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	accepted := make(chan net.Conn, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			t.Error(err)
		}
		accepted <- c
	}()
	guest, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	host = <-accepted
	t.Cleanup(func() { guest.Close(); host.Close() })
	return guest, host
}

func checkExports(t *testing.T, g, h *Conn) {
	t.Helper()
	logon := g.Export("logon")
	if len(logon) != 32 || !bytes.Equal(logon, h.Export("logon")) {
		t.Error("the exports of both sides differ")
	}
	if bytes.Equal(logon, g.Export("logon ")) {
		t.Error("two labels export the same")
	}
}

// checkTraffic sends records of several lengths both ways on every channel.
func checkTraffic(t *testing.T, a, b *Conn) {
	t.Helper()
	big := bytes.Repeat([]byte("x"), a.MaxPayload())
	for _, ends := range [][2]*Conn{{a, b}, {b, a}} {
		sent := make(chan error, 1)
		go func() {
			for ch := wire.ChannelControl; ch <= wire.ChannelBulk; ch++ {
				for _, n := range []int{1, 17, len(big)} {
					if err := ends[0].WriteRecord(ch, big[:n]); err != nil {
						sent <- err
						return
					}
				}
			}
			sent <- nil
		}()
		for want := wire.ChannelControl; want <= wire.ChannelBulk; want++ {
			for _, n := range []int{1, 17, len(big)} {
				ch, plaintext, err := ends[1].ReadRecord()
				if err != nil || ch != want || !bytes.Equal(plaintext, big[:n]) {
					t.Fatalf("%s, %d bytes: %s, %d bytes, %v", want, n, ch, len(plaintext), err)
				}
			}
		}
		if err := <-sent; err != nil {
			t.Fatal(err)
		}
	}
}

func TestEverySessionHasOtherKeys(t *testing.T) {
	g1, _ := pair(t)
	g2, h2 := pair(t)
	if bytes.Equal(g1.Export("logon"), g2.Export("logon")) {
		t.Error("two sessions export the same")
	}
	if texts, err := openOn(offline(h2), sealOf(t, offline(g1), wire.ChannelControl, "hello")); !errors.Is(err, ErrRecord) {
		t.Errorf("another session's record gave %q, %v", texts, err)
	}
}

// TestTamperedByteFails changes each byte of each handshake message in turn: neither side gets a session it could use.
func TestTamperedByteFails(t *testing.T) {
	id := hostKey(t)
	gc := GuestConfig{Target: "desk", Capabilities: []wire.Capability{{Number: 16, Parameter: []byte{1}}}}
	hc := HostConfig{Identity: id, Name: "Desk", Capabilities: []wire.Capability{{Number: 16}}}
	run := func(t *testing.T, change func(fromGuest bool, offset int, b []byte) []byte) (g, h result, fromGuest, fromHost []byte) {
		a, b := net.Pipe()
		guest := &tap{Conn: a, change: func(n int, b []byte) []byte { return change(true, n, b) }}
		host := &tap{Conn: b, change: func(n int, b []byte) []byte { return change(false, n, b) }}
		g, h = meet(t, guest, host, gc, hc)
		return g, h, guest.bytes(), host.bytes()
	}
	var up, down []byte
	synctest.Test(t, func(t *testing.T) {
		var g, h result
		g, h, up, down = run(t, func(_ bool, _ int, b []byte) []byte { return b })
		if g.err != nil || h.err != nil {
			t.Fatalf("untouched: guest %v, host %v", g.err, h.err)
		}
		g.conn.Close()
		h.conn.Close()
	})
	finished := len(up) - (wire.HeaderLen + wire.FrameHeaderLen + wire.FinishedLen + wire.TagLen)
	flip := func(t *testing.T, fromGuest bool, at int, mask byte) {
		g, h, _, _ := run(t, func(side bool, offset int, b []byte) []byte {
			if i := at - offset; side == fromGuest && i >= 0 && i < len(b) {
				b[i] ^= mask
			}
			return b
		})
		if h.err == nil {
			t.Fatalf("byte %d of the Guest %t: the Host has a session", at, fromGuest)
		}
		switch {
		case g.err != nil:
		case fromGuest && at >= finished: // nothing came back that could have told the Guest; its connection is dead
			if _, _, err := g.conn.ReadRecord(); err == nil {
				t.Fatalf("byte %d of GuestFinished: the Guest reads a record", at)
			}
			g.conn.Close()
		default:
			t.Fatalf("byte %d of the Guest %t: the Guest has a session", at, fromGuest)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		for at := range up {
			flip(t, true, at, 1<<(at%8))
		}
		for at := range down {
			flip(t, false, at, 1<<(at%8))
		}
	})
	t.Logf("%d bytes of the Guest, %d of the Host", len(up), len(down))
}

// TestRewrittenHelloFails lets someone between take a capability out of a hello, in good form.
func TestRewrittenHelloFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		preamble := wire.Preamble{Newest: 1, Oldest: 1, Purpose: wire.PurposeSession, Target: "desk"}.Append(nil)
		guest := &tap{Conn: a, change: func(offset int, b []byte) []byte {
			if offset > 0 {
				return b
			}
			f, _, err := wire.NextFrame(b[len(preamble)+wire.HeaderLen:])
			if err != nil {
				t.Error(err)
			}
			m, err := wire.Parse(f.Type, f.Body)
			if err != nil {
				t.Error(err)
			}
			hello := m.(*wire.GuestHello)
			hello.Capabilities = hello.Capabilities[:1]
			record, _ := clearFrame(hello)
			return slices.Concat(preamble, record)
		}}
		g, h := meet(t, guest, b, GuestConfig{Target: "desk", Capabilities: []wire.Capability{{Number: 1}, {Number: 2}}}, HostConfig{})
		if !errors.Is(g.err, ErrHandshake) || h.err == nil {
			t.Errorf("guest %v, host %v", g.err, h.err)
		}
	})
}

func TestVerifyRefuses(t *testing.T) {
	no := errors.New("another key is known")
	a, b := net.Pipe()
	g, h := meet(t, a, b, GuestConfig{Verify: func(context.Context, HostID) error { return no }}, HostConfig{})
	if !errors.Is(g.err, no) || errors.Is(g.err, ErrHandshake) {
		t.Errorf("guest: %v", g.err)
	}
	if h.err == nil {
		t.Error("the Host has a session with a Guest that does not trust it")
	}
}

func TestFaultyConfigurations(t *testing.T) {
	long := strings.Repeat("n", 256)
	many := make([]wire.Capability, wire.MaxCapabilities)
	for i := range many {
		many[i] = wire.Capability{Number: uint16(i + 1), Parameter: make([]byte, wire.MaxParameter)}
	}
	for name, cfg := range map[string]GuestConfig{
		"no verify":      {},
		"target":         {Verify: trust, Target: long},
		"control":        {Verify: trust, Target: "a\nb"},
		"no level":       {Verify: trust, Levels: []wire.Level{}},
		"unknown level":  {Verify: trust, Levels: []wire.Level{9}},
		"level twice":    {Verify: trust, Levels: []wire.Level{1, 1}},
		"order":          {Verify: trust, Capabilities: []wire.Capability{{Number: 2}, {Number: 1}}},
		"long parameter": {Verify: trust, Capabilities: []wire.Capability{{Number: 2, Parameter: make([]byte, 257)}}},
		"too much":       {Verify: trust, Capabilities: many},
	} {
		conn := newScript()
		if c, err := Guest(context.Background(), conn, cfg); c != nil || err == nil || errors.Is(err, ErrHandshake) || !conn.closed {
			t.Errorf("guest, %s: %v, closed %t", name, err, conn.closed)
		}
		if conn.out.Len() > 0 {
			t.Errorf("guest, %s: %d bytes were sent", name, conn.out.Len())
		}
	}
	id := hostKey(t)
	for name, cfg := range map[string]HostConfig{
		"no identity":   {},
		"name":          {Identity: id, Name: long[:65]},
		"longer name":   {Identity: id, Name: long},
		"control":       {Identity: id, Name: "a\x00"},
		"not UTF-8":     {Identity: id, Name: "\xff"},
		"unknown level": {Identity: id, Levels: []wire.Level{0}},
		"too much":      {Identity: id, Capabilities: many},
	} {
		conn := newScript()
		if c, err := Host(context.Background(), conn, cfg); c != nil || err == nil || errors.Is(err, ErrHandshake) || !conn.closed {
			t.Errorf("host, %s: %v, closed %t", name, err, conn.closed)
		}
	}
}

func TestChooseLevel(t *testing.T) {
	known := []wire.Level{1, 2, 3, 4} // as if there were four, the strongest first
	for _, c := range []struct {
		guest, host []wire.Level
		want        wire.Level
		ok          bool
	}{
		{[]wire.Level{1}, []wire.Level{1}, 1, true},
		{[]wire.Level{3, 1}, []wire.Level{1, 3}, 3, true},       // the preferred one
		{[]wire.Level{3, 1, 2}, []wire.Level{1, 2}, 2, true},    // the next stronger
		{[]wire.Level{2, 4, 3}, []wire.Level{3, 4}, 3, true},    // else the strongest both allow
		{[]wire.Level{9, 4, 2}, []wire.Level{2, 4}, 2, true},    // a preferred one that is not known
		{[]wire.Level{3, 9, 1}, []wire.Level{1, 2, 4}, 1, true}, // unknown numbers are passed over
		{[]wire.Level{4}, []wire.Level{1}, 0, false},
		{[]wire.Level{9}, []wire.Level{1}, 0, false},
	} {
		if got, ok := chooseLevel(known, c.guest, c.host); got != c.want || ok != c.ok {
			t.Errorf("guest %v, host %v: %d, %t", c.guest, c.host, got, ok)
		}
	}
}

// TestNoSmallOrderIdentity is in package key too; here a Host must not get through with such a key.
func TestNoSmallOrderIdentity(t *testing.T) {
	if _, err := key.PublicFromBytes(append([]byte{1}, make([]byte, 31)...)); err == nil {
		t.Error("the neutral point is a key")
	}
}
