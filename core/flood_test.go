package core_test

import (
	"context"
	"crypto/tls"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/host"
	"impero/core/picture"
	"impero/core/secure"
	"impero/core/store"
	"impero/core/transport"
	"impero/core/wire"
)

const (
	// inTime is how long a Guest may take to log on while a Host is flooded.
	inTime = 2 * time.Second
	// floodMemory is what this whole process may use while 10,000 callers flood a Host, their ends among it. The Host's own
	// part is at most what core/host's package comment says.
	floodMemory = 64 << 20
)

// logsOnInTime has a Guest log on, three times at most, since other programs use this machine too.
func (b *besieged) logsOnInTime(meanwhile string) {
	b.t.Helper()
	var took time.Duration
	for range 3 {
		start := time.Now()
		b.mustConnect().Close()
		if took = time.Since(start); took <= inTime {
			figure(b.t, "%s: logged on in %v", meanwhile, took)
			return
		}
	}
	b.t.Errorf("%s: a Guest took %v to log on, %v is allowed", meanwhile, took, inTime)
}

// call opens a connection and says something; nil if there are no more connections to have.
func (b *besieged) call(what []byte) net.Conn {
	c, err := net.Dial("tcp", b.address)
	if err != nil {
		return nil
	}
	c.Write(what) // the Host may have closed already
	return c
}

// ended waits until the Host has closed a connection, and gives what it said before.
func (b *besieged) ended(c net.Conn) []byte {
	b.t.Helper()
	c.SetDeadline(time.Now().Add(30 * time.Second))
	said, err := io.ReadAll(c)
	if ne, ok := err.(net.Error); ok && ne.Timeout() {
		b.t.Error("the Host does not close")
	}
	c.Close()
	return said
}

// isQuiet says that the log has few lines and no password.
func (b *besieged) isQuiet(lines int) {
	b.t.Helper()
	if n := b.log.count("\n"); n > lines {
		b.t.Errorf("the Host logged %d lines, %d are enough", n, lines)
	}
	for _, secret := range []string{goodPassword, "a wrong password"} {
		if b.log.count(secret) > 0 {
			b.t.Error("a password is in the log")
		}
	}
}

var preamble = wire.Preamble{Newest: wire.Version, Oldest: wire.OldestVersion, Purpose: wire.PurposeSession, Target: "till-042"}.Append(nil)

// halves are what a connection may say that stays half-open: the last makes the Host expect the longest record there is.
var halves = [][]byte{
	nil,
	[]byte(wire.Magic[:5]),
	preamble,
	slices.Concat(preamble, wire.Header{Length: wire.MaxRecord, Channel: wire.ChannelControl}.Append(nil), make([]byte, 500)),
}

func TestHalfOpenConnectionsKeepNobodyOut(t *testing.T) {
	b := besiege(t, "Full control", 0)
	const most, least = 10_000, 2000
	runtime.GC() // of what setting the password took
	var mu sync.Mutex
	var open []net.Conn
	t.Cleanup(func() {
		for _, c := range open {
			c.Close()
		}
	})
	runtime.GC()
	var memory uint64
	before := inUse() // by whatever else is tested
	for full := false; len(open) < most && !full; {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for i := range most / 40 {
					c := b.call(halves[i%len(halves)])
					mu.Lock()
					if full = full || c == nil; c != nil {
						open = append(open, c)
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		now := inUse()
		memory = max(memory, now-min(before, now))
		if len(open)%5000 == 0 {
			b.logsOnInTime("half-open connections come")
			runtime.GC() // what the Guest's Argon2id had is not the Host's
		}
	}
	if len(open) < least {
		t.Fatalf("only %d connections could be opened", len(open))
	}
	figure(t, "%d connections, %d MiB", len(open), memory>>20)
	if memory > floodMemory {
		t.Errorf("%d MiB are in use, %d are allowed", memory>>20, floodMemory>>20)
	}
	stop, wg := make(chan struct{}), sync.WaitGroup{}
	for worker := range 2 { // those that were put out come again
		wg.Go(func() {
			for i := worker; i < len(open); i += 2 {
				select {
				case <-stop:
					return
				default:
				}
				open[i].Close()
				if c := b.call(halves[i%len(halves)]); c != nil {
					open[i] = c
				}
			}
		})
	}
	b.logsOnInTime("half-open connections come again")
	close(stop)
	wg.Wait()
	b.alive()
	b.isQuiet(60)
}

// inUse is the memory of this process that holds something, or did until the next collection.
func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// settle frees what nobody holds, pools too: they keep a thing for one collection more.
func settle() {
	runtime.GC()
	runtime.GC()
}

// TestWhatAStrangerCosts measures the figures that core/host's package comment has, of both ends together.
func TestWhatAStrangerCosts(t *testing.T) {
	b := besiege(t, "Full control", 0, host.Limits{Handshakes: 10_000, HandshakesOf: 10_000})
	for _, stage := range []struct {
		name string
		n    int
		most int // KiB
		open func()
	}{
		{"half-open", 1000, halfOpenMost, func() {
			c := b.call(halves[3])
			t.Cleanup(func() { c.Close() })
		}},
		{"in a logon", 100, 160, func() { b.dial() }},
	} {
		settle()
		before := inUse()
		for range stage.n {
			stage.open()
		}
		settle()
		each := (int(inUse()) - int(before)) / stage.n >> 10
		if figure(t, "%s: %d KiB", stage.name, each); each > stage.most {
			t.Errorf("%s: %d KiB, %d are allowed", stage.name, each, stage.most)
		}
	}
}

func TestGarbageIsTakenCheaply(t *testing.T) {
	b := besiege(t, "Full control", 0)
	random := rand.NewChaCha8([32]byte{1})
	noise := make([]byte, 100<<10)
	random.Read(noise)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	again := func(f func()) {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					f()
				}
			}
		})
	}
	for _, what := range [][]byte{
		noise, append([]byte(wire.Magic), noise...), slices.Concat(preamble, noise),
		[]byte("GET / HTTP/1.1\r\nHost: till-042\r\n\r\n"), []byte("SSH-2.0-OpenSSH_9.2\r\n"), []byte("\x03\x00\x00\x13\x0e\xe0\x00\x00"),
	} {
		again(func() {
			if c := b.call(what); c != nil {
				b.ended(c)
			}
		})
	}
	again(func() {
		if c := b.call(nil); c != nil {
			tls.Client(c, &tls.Config{InsecureSkipVerify: true}).HandshakeContext(context.Background())
			c.Close()
		}
	})
	slow := time.NewTicker(20 * time.Millisecond)
	defer slow.Stop()
	var dripping []net.Conn
	for range 200 {
		dripping = append(dripping, b.call(nil))
	}
	wg.Go(func() { // a byte at a time of what might be a hello
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-slow.C:
			}
			for _, c := range dripping {
				if i < len(preamble) {
					c.Write(preamble[i : i+1])
				} else {
					c.Write([]byte{0})
				}
			}
		}
	})
	for range 3 {
		b.logsOnInTime("garbage comes")
	}
	runtime.GC() // of a Guest's Argon2id
	if m := inUse(); m > floodMemory {
		t.Errorf("%d MiB are in use", m>>20)
	}
	close(stop)
	wg.Wait()
	for _, c := range dripping {
		c.Close()
	}
	b.alive()
	b.isQuiet(80)
}

// TestEveryMessageInEveryWrongState sends each over a real connection. The Host closes, and serves others.
func TestEveryMessageInEveryWrongState(t *testing.T) {
	b := besiege(t, "Full control", 0, host.Limits{Handshakes: 10_000, HandshakesOf: 10_000})
	wrong := func(states wire.State) (list []wire.Spec) {
		for _, s := range wire.Specs() {
			if s.States&states == 0 || s.From&wire.FromGuest == 0 {
				list = append(list, s)
			}
		}
		return list
	}
	for _, spec := range wrong(wire.StateHello) {
		if said := b.ended(b.call(slices.Concat(preamble, clearly(spec)))); len(said) > 0 {
			t.Errorf("%s instead of a hello is answered %x", spec.Name, said)
		}
	}
	for _, spec := range wire.Specs() {
		b.whileItVerifies(clearly(spec))
	}
	for _, spec := range wrong(wire.StateLogon) {
		s := b.dial()
		if err := s.send(wire.ChannelControl, 0, spec.New()); err != nil {
			t.Fatal(err)
		}
		if code, said := s.end(); !said || code != wire.CloseProtocol {
			t.Errorf("%s in the logon ends with %s (%t)", spec.Name, code, said)
		}
	}
	for i, spec := range slices.DeleteFunc(wire.Specs(), func(s wire.Spec) bool { return s.Type == wire.TypeLogonData || s.States&wire.StateOpen != 0 }) {
		if i%2 == 0 {
			b.logOn().conn.Close() // which makes the tries count no more
		}
		s := b.dial()
		if _, _, err := s.begin("a wrong password"); err != nil {
			t.Fatalf("%s: %v", spec.Name, err)
		}
		if err := s.send(wire.ChannelControl, 0, spec.New()); err != nil {
			t.Fatal(err)
		}
		if code, said := s.end(); !said || code != wire.CloseProtocol {
			t.Errorf("%s in a proof ends with %s (%t)", spec.Name, code, said)
		}
	}
	for _, spec := range wrong(wire.StateOpen) {
		s := b.logOn()
		stream := uint32(0)
		if spec.OnStream {
			stream = 1
		}
		if err := s.send(max(spec.Channel, wire.ChannelControl), stream, spec.New()); err != nil {
			t.Fatal(err)
		}
		if code, said := s.end(); said && code != wire.CloseProtocol || !said && spec.Critical {
			t.Errorf("%s in an open session ends with %s (%t)", spec.Name, code, said)
		}
	}
	b.alive()
	b.isQuiet(400)
}

// clearly makes a record in clear of a message without content.
func clearly(spec wire.Spec) []byte {
	stream := uint32(0)
	if spec.OnStream {
		stream = 1
	}
	frame := wire.AppendMessage(nil, stream, spec.New())
	h := wire.Header{Length: uint32(len(frame)), Channel: wire.ChannelControl, Epoch: wire.EpochClear}
	return append(h.Append(nil), frame...)
}

// whileItVerifies says something in clear when the Host waits for the Guest's word that it trusts it.
func (b *besieged) whileItVerifies(what []byte) {
	b.t.Helper()
	c, err := net.Dial("tcp", b.address)
	if err != nil {
		b.t.Fatal(err)
	}
	_, err = secure.Guest(context.Background(), c, secure.GuestConfig{Verify: func(context.Context, secure.HostID) error {
		c.Write(what)
		if said := b.ended(c); len(said) > 0 {
			b.t.Errorf("the Host answers %x", said)
		}
		return io.EOF
	}})
	if err == nil {
		b.t.Error("the connection goes on")
	}
}

func TestTooManyHandshakesAreToldBusy(t *testing.T) {
	b := besiege(t, "Full control", 0, host.Limits{Handshakes: 1, HandshakesOf: 1000})
	b.dial()
	busy := 0
	for range 20 {
		if g, err := b.connect(b.engine(store.At(t.TempDir())), &person{passwords: []string{goodPassword}}); err == nil {
			g.Close()
		} else if kind := kindOf(t, err); kind != guest.KindBusy {
			t.Errorf("a Host that has no handshake left gives kind %d: %v", kind, err)
		} else {
			busy++
		}
		if busy > 0 && len(b.h.State().Sessions) > 0 {
			break
		}
	}
	if busy == 0 {
		t.Error("one a second, and many were begun")
	}
	b.stop()
	if refused := b.log.count("Busy"); refused == 0 || refused > 3 {
		t.Errorf("%d refusals were logged in %d lines", busy, refused)
	}
}

// TestTheOldestLogonMakesRoom: three strangers wait in a logon, and there is room for two.
func TestTheOldestLogonMakesRoom(t *testing.T) {
	b := besiege(t, "Full control", 0, host.Limits{Logons: 2})
	first := b.dial()
	b.dial()
	b.dial()
	if code, said := first.end(); !said || code != wire.CloseBusy {
		t.Errorf("who made room is told %s (%t)", code, said)
	}
	b.logsOnInTime("strangers wait")
}

// TestASessionIsResumedThoughTheHostIsFull: as many sessions as there can be, and more strangers than there is room for.
func TestASessionIsResumedThoughTheHostIsFull(t *testing.T) {
	b := besiege(t, "Full control", 0, host.Limits{Logons: 3})
	for range host.MaxSessions - 1 {
		b.mustConnect()
	}
	var mu sync.Mutex
	var first net.Conn
	e, err := guest.New(guest.Config{Home: store.At(t.TempDir()), Computer: "on-the-train", Order: picture.RGBX,
		Dial: func(ctx context.Context, address string) (net.Conn, error) {
			c, err := transport.Dial(ctx, address)
			mu.Lock()
			defer mu.Unlock()
			if first == nil {
				first = c
			}
			return c, err
		}})
	if err != nil {
		t.Fatal(err)
	}
	g, err := b.connect(e, &person{passwords: []string{goodPassword}})
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		b.dial()
	}
	for range 50 {
		defer b.call(preamble).Close()
	}
	joined := b.log.count("joined a session")
	mu.Lock()
	first.Close()
	mu.Unlock()
	b.await("the session to be resumed", func(st host.State) bool {
		return len(st.Sessions) == host.MaxSessions && b.log.count("joined a session") > joined &&
			!slices.ContainsFunc(st.Sessions, func(s host.Session) bool { return !s.Lost.IsZero() })
	})
	select {
	case <-g.Done():
		t.Errorf("the session ended: %v", g.Err())
	default:
	}
	if _, err := b.connect(b.engine(store.At(t.TempDir())), &person{passwords: []string{goodPassword}}); kindOf(t, err) != guest.KindFull {
		t.Errorf("a ninth session gives %v", err)
	}
}

func TestTheLogKeepsNoPassword(t *testing.T) {
	b := besiege(t, "Full control", 0)
	for range 3 {
		b.connect(b.engine(store.At(t.TempDir())), &person{passwords: []string{"a wrong password", goodPassword}})
	}
	_, err := b.connect(b.engine(store.At(t.TempDir())), &person{passwords: []string{"a wrong password", "a wrong password", "a wrong password"}})
	if kind := kindOf(t, err); kind != guest.KindLockedOut {
		t.Errorf("three wrong tries give kind %d: %v", kind, err)
	}
	_, err = b.connect(b.engine(store.At(t.TempDir())), &person{passwords: []string{goodPassword}})
	if kind := kindOf(t, err); kind != guest.KindLockedOut {
		t.Errorf("a try while locked out gives kind %d: %v", kind, err)
	}
	b.stop()
	b.isQuiet(60)
	for text, n := range map[string]int{"wrong password": 6, "msg=\"logged on\"": 3, "counted by address": 2} {
		if got := strings.Count(b.log.b.String(), text); got != n {
			t.Errorf("%q is logged %d times, want %d: %s", text, got, n, b.log.b.String())
		}
	}
}
