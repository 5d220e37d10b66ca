package secure

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"impero/core/key"
	"impero/core/wire"
)

// strangeGuest is a caller that a test makes misbehave.
type strangeGuest struct {
	levels []wire.Level
	change func(*wire.GuestHello)
}

// call sends a preamble and a hello, and gives everything to go on with.
func (s strangeGuest) call(conn net.Conn) (*schedule, *handshake, error) {
	cfg := GuestConfig{Verify: trust}
	hello, private, err := cfg.hello()
	if err != nil {
		return nil, nil, err
	}
	if s.levels != nil {
		hello.Levels = s.levels
	}
	if s.change != nil {
		s.change(hello)
	}
	preamble := wire.Preamble{Newest: 1, Oldest: 1, Purpose: wire.PurposeSession}.Append(nil)
	record, frame := clearFrame(hello)
	if _, err := conn.Write(slices.Concat(preamble, record)); err != nil {
		return nil, nil, err
	}
	h := newHandshake(conn, wire.FromHost)
	answer, rawAnswer, err := h.answer()
	if err != nil {
		return nil, nil, err
	}
	hostHello, hostFrame, err := h.hostHello(answer)
	if err != nil {
		return nil, nil, err
	}
	schedule, err := private.agree(hostHello, preamble, rawAnswer, frame, hostFrame)
	if err != nil {
		return nil, nil, err
	}
	return schedule, h, h.hostIdentity(schedule, &Peer{})
}

// TestHostHoldsToTheOrder sends a Host every other thing than the message it waits for.
func TestHostHoldsToTheOrder(t *testing.T) {
	hello := &wire.GuestHello{Levels: []wire.Level{1}}
	good, goodFrame := clearFrame(hello)
	clearRecord := func(frames ...[]byte) []byte {
		body := slices.Concat(frames...)
		return append(wire.Header{Length: uint32(len(body)), Channel: control}.Append(nil), body...)
	}
	header := func(h wire.Header) []byte { return append(h.Append(nil), make([]byte, h.Length)...) }
	onStream := wire.AppendMessage(nil, 1, hello)
	notCritical := bytes.Clone(goodFrame)
	notCritical[0] = 0
	_, hostHello := clearFrame(&wire.HostHello{Level: 1, Levels: []wire.Level{1}})
	_, ping := clearFrame(&wire.Ping{})
	_, finished := clearFrame(&wire.GuestFinished{})
	_, refuse := clearFrame(&wire.Refuse{})
	for name, record := range map[string][]byte{
		"two messages":           clearRecord(goodFrame, ping),
		"two hellos":             clearRecord(goodFrame, goodFrame),
		"a byte more":            clearRecord(goodFrame, []byte{0}),
		"half a message":         clearRecord(goodFrame[:len(goodFrame)/2]),
		"a HostHello":            clearRecord(hostHello),
		"a Ping":                 clearRecord(ping),
		"GuestFinished":          clearRecord(finished),
		"Refuse":                 clearRecord(refuse),
		"with a stream":          clearRecord(onStream),
		"without critical bit":   clearRecord(notCritical),
		"unknown, critical":      clearRecord(wire.Frame{Type: 0x7000, Critical: true}.Append(nil)),
		"unknown, not critical":  clearRecord(wire.Frame{Type: 0x7000}.Append(nil)),
		"unknown, then a hello":  clearRecord(wire.Frame{Type: 0x7000}.Append(nil), goodFrame),
		"handshake epoch":        header(wire.Header{Length: 40, Channel: control, Epoch: 1}),
		"session epoch":          header(wire.Header{Length: 40, Channel: control, Epoch: 2}),
		"on the screen channel":  header(wire.Header{Length: 40, Channel: screen, Epoch: 2}),
		"clear, screen channel":  header(wire.Header{Length: 40, Channel: screen}),
		"too long":               header(wire.Header{Length: wire.MaxRecord + 1, Channel: control})[:100],
		"empty":                  header(wire.Header{Channel: control}),
		"keys that are no point": good, // an all-zero X25519 key
	} {
		preamble := wire.Preamble{Newest: 1, Oldest: 1, Purpose: wire.PurposeSession}.Append(nil)
		conn := newScript(preamble, record)
		c, err := Host(context.Background(), conn, HostConfig{Identity: hostKey(t)})
		if c != nil || !errors.Is(err, ErrHandshake) || !conn.closed {
			t.Errorf("%s: %v, closed %t", name, err, conn.closed)
		}
		if conn.out.Len() > 0 {
			t.Errorf("%s: %d bytes were answered", name, conn.out.Len())
		}
	}
}

func TestHostRefusesWeakKeys(t *testing.T) {
	for name, change := range map[string]func(*wire.GuestHello){
		"X25519 zero": func(m *wire.GuestHello) { m.X25519 = [32]byte{} },
		"X25519 one":  func(m *wire.GuestHello) { m.X25519 = [32]byte{1} },
		"ML-KEM key that is not reduced": func(m *wire.GuestHello) {
			for i := range m.MLKEM {
				m.MLKEM[i] = 0xff
			}
		},
	} {
		a, b := net.Pipe()
		done := make(chan error)
		go func() {
			_, err := Host(context.Background(), b, HostConfig{Identity: hostKey(t)})
			done <- err
		}()
		if _, _, err := (strangeGuest{change: change}).call(a); err == nil {
			t.Errorf("%s: the caller was answered", name)
		}
		if err := <-done; !errors.Is(err, ErrHandshake) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestHostWaitsForGuestFinished sends a Host other things than GuestFinished once there are keys.
func TestHostWaitsForGuestFinished(t *testing.T) {
	for name, last := range map[string]func(s *schedule, k *keys) []byte{
		"nothing":      func(*schedule, *keys) []byte { return nil },
		"another MAC":  func(_ *schedule, k *keys) []byte { b, _ := sealedFrame(nil, k, &wire.GuestFinished{}); return b },
		"in clear":     func(s *schedule, _ *keys) []byte { b, _ := clearFrame(finishedOf(s)); return b },
		"the Host's":   func(s *schedule, k *keys) []byte { b, _ := sealedFrame(nil, k, &wire.HostFinished{}); return b },
		"a LogonStart": func(s *schedule, k *keys) []byte { b, _ := sealedFrame(nil, k, &wire.LogonStart{Method: 1}); return b },
		"twice in one record": func(s *schedule, k *keys) []byte {
			f := wire.AppendMessage(nil, 0, finishedOf(s))
			return k.seal(nil, control, wire.EpochHandshake, append(f, f...))
		},
		"in the session's epoch": func(s *schedule, k *keys) []byte {
			return k.seal(nil, control, wire.EpochSession, wire.AppendMessage(nil, 0, finishedOf(s)))
		},
		"counted twice": func(s *schedule, k *keys) []byte {
			k.counter = 1
			b, _ := sealedFrame(nil, k, finishedOf(s))
			return b
		},
		"the Host's own record": func(s *schedule, _ *keys) []byte {
			b, _ := sealedFrame(nil, s.handshakeKeys(wire.FromHost), finishedOf(s))
			return b
		},
	} {
		a, b := net.Pipe()
		done := make(chan error)
		go func() {
			_, err := Host(context.Background(), b, HostConfig{Identity: hostKey(t)})
			done <- err
		}()
		s, _, err := strangeGuest{}.call(a)
		if err != nil {
			t.Fatal(err)
		}
		a.Write(last(s, s.handshakeKeys(wire.FromGuest)))
		a.Close()
		err = <-done
		if name == "nothing" {
			if !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, ErrHandshake) {
				t.Errorf("nothing: %v", err)
			}
		} else if !errors.Is(err, ErrHandshake) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func finishedOf(s *schedule) *wire.GuestFinished {
	return &wire.GuestFinished{MAC: [32]byte(s.mac(wire.FromGuest))}
}

// strangeHost answers a Guest and may be made to misbehave at every step.
type strangeHost struct {
	hello    func(*wire.HostHello)
	identity func(*wire.HostIdentity, *schedule)
	finished func(*wire.HostFinished)
	name     string
}

func (s strangeHost) serve(conn net.Conn, id *key.Identity) error {
	defer conn.Close()
	h := newHandshake(conn, wire.FromGuest)
	_, rawPreamble, answer, err := h.preamble(nil)
	if err != nil {
		return err
	}
	hello, frame, err := nextAs[*wire.GuestHello](h, nil)
	if err != nil {
		return err
	}
	mine := &wire.HostHello{Level: 1, Levels: []wire.Level{1}}
	x, q, err := entropy{}.agree(hello, mine)
	if err != nil {
		return err
	}
	if s.hello != nil {
		s.hello(mine)
	}
	record, mineFrame := clearFrame(mine)
	sch := newSchedule(x, q, rawPreamble, answer.Append(nil), frame, mineFrame)
	k := sch.handshakeKeys(wire.FromHost)
	identity := &wire.HostIdentity{
		Key: id.Public().Bytes(), Name: s.name, Signature: [64]byte(id.Sign(sch.identityMessage(s.name))),
	}
	if s.identity != nil {
		s.identity(identity, sch)
	}
	out := append(answer.Append(nil), record...)
	out, f := sealedFrame(out, k, identity)
	sch.add(f)
	finished := &wire.HostFinished{MAC: [32]byte(sch.mac(wire.FromHost))}
	if s.finished != nil {
		s.finished(finished)
	}
	out, f = sealedFrame(out, k, finished)
	sch.add(f)
	if _, err := conn.Write(out); err != nil {
		return err
	}
	return h.guestFinished(sch)
}

func TestGuestRefusesAFalseHost(t *testing.T) {
	id, other := hostKey(t), hostKey(t)
	neutral := [32]byte{1} // the neutral point: R = s·B holds for every message
	for name, c := range map[string]struct {
		host strangeHost
		good bool
	}{
		"honest":           {strangeHost{}, true},
		"with a name":      {strangeHost{name: "Desk"}, true},
		"another's key":    {host: strangeHost{identity: func(m *wire.HostIdentity, _ *schedule) { m.Key = other.Public().Bytes() }}},
		"no signature":     {host: strangeHost{identity: func(m *wire.HostIdentity, _ *schedule) { m.Signature = [64]byte{} }}},
		"another name":     {host: strangeHost{identity: func(m *wire.HostIdentity, _ *schedule) { m.Name = "Other" }}},
		"an old signature": {host: strangeHost{identity: oldSignature(id)}},
		"a signature without its label": {host: strangeHost{identity: func(m *wire.HostIdentity, s *schedule) {
			m.Signature = [64]byte(id.Sign(append([]byte(s.t1), 0)))
		}}},
		"a key without order": {host: strangeHost{identity: func(m *wire.HostIdentity, _ *schedule) {
			m.Key, m.Signature = neutral, [64]byte{1}
			if !ed25519.Verify(neutral[:], []byte("any"), m.Signature[:]) {
				t.Error("the forged signature does not hold, so this case shows nothing")
			}
		}}},
		"another MAC":         {host: strangeHost{finished: func(m *wire.HostFinished) { m.MAC[31] ^= 1 }}},
		"a level not offered": {host: strangeHost{hello: func(m *wire.HostHello) { m.Level, m.Levels = 9, []wire.Level{9, 1} }}},
		"X25519 zero":         {host: strangeHost{hello: func(m *wire.HostHello) { m.X25519 = [32]byte{} }}},
		"another ML-KEM text": {host: strangeHost{hello: func(m *wire.HostHello) { m.MLKEM[5] ^= 1 }}},
	} {
		a, b := net.Pipe()
		done := make(chan error)
		go func() { done <- c.host.serve(b, id) }()
		asked := false
		_, err := Guest(context.Background(), a, GuestConfig{Verify: func(_ context.Context, h HostID) error {
			asked = true
			if !h.Key.Equal(id.Public()) || h.Name != c.host.name {
				t.Errorf("%s: Verify is asked for %v, %q", name, h.Key, h.Name)
			}
			return nil
		}})
		hostErr := <-done
		if c.good && (err != nil || hostErr != nil || !asked) {
			t.Errorf("%s: guest %v, host %v", name, err, hostErr)
		}
		if !c.good && (!errors.Is(err, ErrHandshake) || hostErr == nil || asked) {
			t.Errorf("%s: guest %v, host %v, asked %t", name, err, hostErr, asked)
		}
	}
}

// oldSignature gives the signature of another handshake.
func oldSignature(id *key.Identity) func(*wire.HostIdentity, *schedule) {
	old := newSchedule(make([]byte, 32), make([]byte, 32), []byte("an earlier handshake"))
	return func(m *wire.HostIdentity, _ *schedule) { m.Signature = [64]byte(id.Sign(old.identityMessage(m.Name))) }
}

func TestVersions(t *testing.T) {
	for _, c := range []struct {
		newest, oldest uint16
		answer         uint16
		code           wire.CloseCode // 0: goes on
	}{
		{1, 1, 1, 0}, {7, 1, 1, 0}, {7, 2, 1, wire.CloseTooNew}, {65535, 65535, 1, wire.CloseTooNew},
	} {
		preamble := wire.Preamble{Newest: c.newest, Oldest: c.oldest, Purpose: wire.PurposeSession}.Append(nil)
		cfg := GuestConfig{Verify: trust}
		hello, _, err := cfg.hello()
		if err != nil {
			t.Fatal(err)
		}
		record, _ := clearFrame(hello)
		conn := newScript(preamble, record)
		_, err = Host(context.Background(), conn, HostConfig{Identity: hostKey(t)})
		var refused *RefusedError
		if errors.As(err, &refused) != (c.code != 0) || refused != nil && refused.Code != c.code {
			t.Errorf("versions %d to %d: %v", c.oldest, c.newest, err)
		}
		a, err := wire.ParseAnswer(conn.out.Bytes()[:wire.AnswerLen])
		if err != nil || a.Version != c.answer {
			t.Errorf("versions %d to %d: answer %+v, %v", c.oldest, c.newest, a, err)
		}
	}
}

func TestGuestMeetsAnotherVersion(t *testing.T) {
	refuse, _ := clearFrame(&wire.Refuse{Code: wire.CloseTooOld, Newest: 9})
	hello, _ := clearFrame(&wire.HostHello{Level: 1, Levels: []wire.Level{1}})
	var refused *RefusedError
	_, err := Guest(context.Background(), newScript(wire.Answer{Version: 9}.Append(nil), refuse), GuestConfig{Verify: trust})
	if !errors.As(err, &refused) || refused.Code != wire.CloseTooOld || refused.Newest != 9 {
		t.Errorf("a newer Host: %v", err)
	}
	_, err = Guest(context.Background(), newScript(wire.Answer{Version: 9}.Append(nil), hello), GuestConfig{Verify: trust})
	if !errors.Is(err, ErrHandshake) {
		t.Errorf("a Host that goes on in version 9: %v", err)
	}
	_, err = Guest(context.Background(), newScript([]byte(wire.Magic), []byte{0, 0}), GuestConfig{Verify: trust})
	if !errors.Is(err, ErrHandshake) {
		t.Errorf("version 0: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	overMemory := func(*testing.T) (net.Conn, net.Conn) { return net.Pipe() }
	for _, dial := range []func(t *testing.T) (net.Conn, net.Conn){overMemory, overTCP} {
		for _, code := range []wire.CloseCode{wire.CloseBusy, wire.CloseLockedOut, wire.CloseNoLogon, wire.CloseTarget, wire.CloseHostStopping, 999} {
			a, b := dial(t)
			g, h := meet(t, a, b, GuestConfig{Target: "desk"}, HostConfig{Admit: func(p wire.Preamble) wire.CloseCode {
				if p.Target != "desk" || p.Purpose != wire.PurposeSession {
					t.Errorf("Admit is asked for %+v", p)
				}
				return code
			}})
			for _, err := range []error{g.err, h.err} {
				var refused *RefusedError
				if !errors.As(err, &refused) || refused.Code != code || refused.Newest != wire.Version {
					t.Errorf("%s: %v", code, err)
				}
			}
		}
	}
}

// TestRefusalArrives refuses over TCP while the caller's hello is still unread; a Host that just closed would lose it.
func TestRefusalArrives(t *testing.T) {
	for range 100 {
		a, b := overTCP(t)
		g, _ := meet(t, a, b, GuestConfig{}, HostConfig{Admit: func(wire.Preamble) wire.CloseCode { return wire.CloseBusy }})
		var refused *RefusedError
		if !errors.As(g.err, &refused) {
			t.Fatal(g.err)
		}
	}
}

func TestPurposes(t *testing.T) {
	for purpose, want := range map[wire.Purpose]wire.CloseCode{
		wire.PurposeTest: wire.CloseDone, wire.PurposeRoute: wire.ClosePurpose, 200: wire.ClosePurpose,
	} {
		conn := newScript(wire.Preamble{Newest: 1, Oldest: 1, Purpose: purpose}.Append(nil))
		_, err := Host(context.Background(), conn, HostConfig{Identity: hostKey(t)})
		var refused *RefusedError
		if !errors.As(err, &refused) || refused.Code != want {
			t.Errorf("purpose %d: %v", purpose, err)
		}
		record, _ := clearFrame(&wire.Refuse{Code: want, Newest: wire.Version})
		if answer := append(wire.Answer{Version: 1}.Append(nil), record...); !bytes.Equal(conn.out.Bytes(), answer) {
			t.Errorf("purpose %d: answered %x", purpose, conn.out.Bytes())
		}
	}
}

func TestNoCommonLevel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		done := make(chan error)
		go func() {
			_, err := Host(context.Background(), b, HostConfig{Identity: hostKey(t)})
			done <- err
		}()
		_, _, err := strangeGuest{levels: []wire.Level{200, 201}}.call(a)
		start := time.Now()
		for _, err := range []error{err, <-done} {
			var refused *RefusedError
			if !errors.As(err, &refused) || refused.Code != wire.CloseLevel {
				t.Error(err)
			}
		}
		if waited := time.Since(start); waited != 0 { // the caller has said all: nothing is lost by hanging up
			t.Errorf("the Host waited %s", waited)
		}
	})
}

func TestAffordIsAskedOnceTheHelloIsWhole(t *testing.T) {
	for range 100 {
		a, b := overTCP(t)
		order := ""
		g, h := meet(t, a, b, GuestConfig{}, HostConfig{
			Admit:  func(wire.Preamble) wire.CloseCode { order += "admit "; return 0 },
			Afford: func() wire.CloseCode { order += "afford"; return wire.CloseBusy },
			entropy: entropy{read: func([]byte) {
				t.Error("the Host computes for a caller it cannot afford")
			}},
		})
		for _, err := range []error{g.err, h.err} {
			var refused *RefusedError
			if !errors.As(err, &refused) || refused.Code != wire.CloseBusy {
				t.Fatal(err)
			}
		}
		if order != "admit afford" {
			t.Fatalf("the order was %q", order)
		}
	}
	a, b := net.Pipe()
	if g, h := meet(t, a, b, GuestConfig{}, HostConfig{Afford: func() wire.CloseCode { return 0 }}); g.err != nil || h.err != nil {
		t.Errorf("what is afforded fails: %v, %v", g.err, h.err)
	}
}

// TestFewLinger refuses callers that do not hang up: as many as there are places are waited for.
func TestFewLinger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		id, places := hostKey(t), make(chan struct{}, 2)
		for i, want := range []time.Duration{lingerTimeout, lingerTimeout, 0, 0} {
			a, b := net.Pipe()
			go a.Write(wire.Preamble{Newest: 1, Oldest: 1, Purpose: wire.PurposeTest}.Append(nil))
			go io.Copy(io.Discard, a)
			start := time.Now()
			go func() {
				var refused *RefusedError
				if _, err := Host(context.Background(), b, HostConfig{Identity: id, Linger: places}); !errors.As(err, &refused) {
					t.Error(err)
				}
				if took := time.Since(start); took != want {
					t.Errorf("caller %d was let go after %s, want %s", i, took, want)
				}
			}()
			synctest.Wait()
		}
		time.Sleep(lingerTimeout)
		synctest.Wait()
		if len(places) != 0 {
			t.Errorf("%d places are still taken", len(places))
		}
	})
}
