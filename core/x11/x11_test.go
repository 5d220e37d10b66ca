package x11

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// greeting is what a server says to a client: one screen of 640 × 480 in 24 bits.
func greeting() []byte {
	le := binary.LittleEndian
	b := make([]byte, 32)
	le.PutUint32(b[4:], 0x200000)
	le.PutUint32(b[8:], 0x1fffff)
	le.PutUint16(b[16:], 3)
	b[20], b[21], b[26], b[27] = 1, 1, 8, 255
	b = append(b, "lab\x00"...)
	b = append(b, 24, 32, 32, 0, 0, 0, 0, 0)
	screen := make([]byte, 40)
	le.PutUint32(screen, 77)
	le.PutUint16(screen[20:], 640)
	le.PutUint16(screen[22:], 480)
	le.PutUint32(screen[32:], 33)
	screen[38], screen[39] = 24, 1
	depth := make([]byte, 8+24)
	depth[0], depth[2] = 24, 1
	le.PutUint32(depth[8:], 33)
	le.PutUint32(depth[16:], 0xff0000)
	le.PutUint32(depth[20:], 0xff00)
	le.PutUint32(depth[24:], 0xff)
	return append(append(b, screen...), depth...)
}

// accepted is a whole answer to a client that may come in.
func accepted() []byte {
	b := greeting()
	head := []byte{1, 0, 11, 0, 0, 0, byte(len(b) / 4), byte(len(b) / 4 >> 8)}
	return append(head, b...)
}

// serve runs a server that greets and then does what script says; it gives the display's name.
func serve(t *testing.T, greet []byte, script func(c net.Conn)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x:1")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		hello := make([]byte, 12)
		if _, err := io.ReadFull(c, hello); err != nil {
			return
		}
		c.Write(greet)
		if script != nil {
			script(c)
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
	t.Setenv("XAUTHORITY", filepath.Join(t.TempDir(), "none"))
	return path
}

func dial(t *testing.T, display string) *Conn {
	t.Helper()
	c, err := Dial(context.Background(), display)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// request reads one request and gives its number of bytes and opcode.
func request(c net.Conn) (op byte, ok bool) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(c, head); err != nil {
		return 0, false
	}
	_, err := io.CopyN(io.Discard, c, int64(binary.LittleEndian.Uint16(head[2:]))*4-4)
	return head[0], err == nil
}

func message(kind, detail byte, seq uint16, more ...byte) []byte {
	b := make([]byte, 32, 32+len(more))
	b[0], b[1] = kind, detail
	binary.LittleEndian.PutUint16(b[2:], seq)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(more)/4))
	return append(b, more...)
}

func TestSetup(t *testing.T) {
	c := dial(t, serve(t, accepted(), nil))
	r := c.Root()
	if r.Root != 77 || r.W != 640 || r.H != 480 || r.Depth != 24 || r.Red != 0xff0000 || r.Green != 0xff00 || r.Blue != 0xff || !c.Local {
		t.Errorf("screen %+v", r)
	}
	if c.Setup.MinKeycode != 8 || c.Setup.MaxKeycode != 255 || len(c.Setup.Formats) != 1 || c.Setup.Formats[0].BitsPerPixel != 32 {
		t.Errorf("setup %+v", c.Setup)
	}
	a, b := c.NewID(), c.NewID()
	c.Free(a)
	if a == b || a>>20 != 2 || c.NewID() != a || c.NewID() == b {
		t.Errorf("numbers %#x, %#x", a, b)
	}
}

// A greeting cut short anywhere is an error, never a panic.
func TestSetupCutShort(t *testing.T) {
	whole := greeting()
	for n := range whole {
		if err := new(Conn).parseSetup(whole[:n]); !errors.Is(err, ErrLost) {
			t.Errorf("%d of %d bytes: got %v", n, len(whole), err)
		}
	}
	if err := new(Conn).parseSetup(whole); err != nil {
		t.Error(err)
	}
}

func FuzzSetup(f *testing.F) {
	f.Add(greeting())
	f.Fuzz(func(_ *testing.T, b []byte) { _ = new(Conn).parseSetup(b) })
}

func TestRefused(t *testing.T) {
	why := "No protocol specified\n\x00\x00"
	head := []byte{0, 22, 11, 0, 0, 0, byte(len(why) / 4), 0}
	_, err := Dial(context.Background(), serve(t, append(head, why...), nil))
	if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "No protocol specified") {
		t.Errorf("got %v, want ErrRefused with the server's reason", err)
	}
}

func TestNames(t *testing.T) {
	for display, want := range map[string]name{
		":0": {number: "0"}, ":12.3": {number: "12", screen: 3}, "unix:1": {host: "unix", number: "1"}, "host.example:1": {host: "host.example", number: "1"},
		"tcp/host:2": {host: "host", number: "2"}, "[::1]:0": {host: "::1", number: "0"}, "/tmp/x:0": {number: "0", path: "/tmp/x:0"},
	} {
		if got, err := parseName(display); err != nil || got != want {
			t.Errorf("%q: got %+v, %v, want %+v", display, got, err, want)
		}
	}
	for _, display := range []string{"", "0", ":", ":a", ":-1", ":99999999", ":0.", ":0.x", ":0.999"} {
		if _, err := parseName(display); !errors.Is(err, ErrNoDisplay) {
			t.Errorf("%q: got %v, want ErrNoDisplay", display, err)
		}
	}
}

func TestAuthority(t *testing.T) {
	entry := func(family int, fields ...string) []byte {
		b := []byte{byte(family >> 8), byte(family)}
		for _, f := range fields {
			b = append(b, byte(len(f)>>8), byte(len(f)))
			b = append(b, f...)
		}
		return b
	}
	var file []byte
	file = append(file, entry(familyLocal, "other", "0", cookieName, "wrong host")...)
	file = append(file, entry(familyLocal, "me", "1", cookieName, "wrong number")...)
	file = append(file, entry(familyLocal, "me", "0", "XDM-AUTHORIZATION-1", "wrong kind")...)
	file = append(file, entry(familyLocal, "me", "0", cookieName, "right")...)
	file = append(file, entry(familyIPv4, "\x0a\x00\x00\x01", "2", cookieName, "by address")...)
	file = append(file, entry(familyWild, "", "", cookieName, "for all")...)
	for _, c := range []struct {
		family          int
		address, number string
		want            string
	}{{familyLocal, "me", "0", "right"}, {familyIPv4, "\x0a\x00\x00\x01", "2", "by address"}, {familyIPv6, "x", "9", "for all"}} {
		if got := findAuthority(file, c.family, c.address, c.number); got.data != c.want {
			t.Errorf("%d %q %s: got %q, want %q", c.family, c.address, c.number, got.data, c.want)
		}
	}
	for n := range file {
		findAuthority(file[:n], familyLocal, "me", "7") // cut short anywhere: no panic
	}
}

func FuzzAuthority(f *testing.F) {
	f.Add([]byte("\x01\x00\x00\x02me\x00\x010\x00\x12MIT-MAGIC-COOKIE-1\x00\x04abcd"))
	f.Fuzz(func(_ *testing.T, b []byte) { findAuthority(b, familyLocal, "me", "0") })
}

// The cookie of the file reaches the server, padded.
func TestCookieIsSent(t *testing.T) {
	host, _ := os.Hostname()
	b := []byte{1, 0, byte(len(host) >> 8), byte(len(host))}
	b = append(b, host...)
	b = append(b, 0, 1, '1', 0, 18)
	b = append(b, cookieName...)
	b = append(b, 0, 5)
	b = append(b, "12345"...)
	got := make(chan string, 1)
	path := serve(t, nil, func(c net.Conn) {
		rest := make([]byte, 20+8)
		io.ReadFull(c, rest)
		got <- string(rest)
	})
	file := filepath.Join(t.TempDir(), "authority")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XAUTHORITY", file)
	if _, err := Dial(context.Background(), path); !errors.Is(err, ErrLost) {
		t.Errorf("from a server that hangs up: got %v, want ErrLost", err)
	}
	if s := <-got; s != cookieName+"\x00\x0012345\x00\x00\x00" {
		t.Errorf("the server got %q", s)
	}
}

// Events and errors met on the way to a reply are kept, or dropped, in order; generic events are framed by their length.
func TestReplyAmongOthers(t *testing.T) {
	c := dial(t, serve(t, accepted(), func(s net.Conn) {
		request(s)
		request(s)
		s.Write(message(12, 1, 0))
		s.Write(message(0, 9, 1)) // an error of a request nobody waits for
		s.Write(message(GenericEvent, 2, 0, make([]byte, 40)...))
		s.Write(message(1, 3, 2, 'd', 'a', 't', 'a'))
		s.Write(message(12|128, 4, 2))
		request(s)
		s.Write(message(0, 8, 3))
		request(s)
	}))
	c.Send(99, 0)
	b, err := c.Call(100, 0)
	if err != nil || string(b[32:]) != "data" || b[1] != 3 {
		t.Fatalf("reply %q, %v", b, err)
	}
	for _, want := range []struct{ code, detail byte }{{12, 1}, {GenericEvent, 2}, {12, 4}} {
		e, ok, err := c.Event(time.Now().Add(10 * time.Second))
		if !ok || err != nil || e.Code() != want.code || e[1] != want.detail {
			t.Fatalf("event %v, %v, %v, want %v", e, ok, err, want)
		}
	}
	_, err = c.Call(101, 0)
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != 8 {
		t.Errorf("got %v, want error 8", err)
	}
}

func TestCheck(t *testing.T) {
	c := dial(t, serve(t, accepted(), func(s net.Conn) {
		for seq := uint16(1); ; seq += 2 {
			if _, ok := request(s); !ok {
				return
			}
			if _, ok := request(s); !ok { // the round trip behind it
				return
			}
			if seq == 1 {
				s.Write(message(0, 3, seq))
			}
			s.Write(message(1, 0, seq+1))
		}
	}))
	var refused *Error
	if err := c.Check(2, 0); !errors.As(err, &refused) || refused.Code != 3 {
		t.Errorf("got %v, want error 3", err)
	}
	if err := c.Check(2, 0); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestHostileReplies(t *testing.T) {
	huge := message(1, 0, 1)
	binary.LittleEndian.PutUint32(huge[4:], 1<<31)
	for name, answer := range map[string][]byte{"too large": huge, "out of order": message(1, 0, 9), "half a message": message(1, 0, 1)[:20], "nothing": nil} {
		c := dial(t, serve(t, accepted(), func(s net.Conn) {
			request(s)
			s.Write(answer)
		}))
		if _, err := c.Call(100, 0); !errors.Is(err, ErrLost) {
			t.Errorf("%s: got %v, want ErrLost", name, err)
		}
		if _, err := c.Call(100, 0); !errors.Is(err, ErrLost) {
			t.Errorf("%s, once more: got %v, want ErrLost", name, err)
		}
		if _, _, err := c.Event(time.Time{}); !errors.Is(err, ErrLost) {
			t.Errorf("%s, event: got %v, want ErrLost", name, err)
		}
	}
}

// More events than anyone could want end the connection, not the memory.
func TestEventFlood(t *testing.T) {
	c := dial(t, serve(t, accepted(), func(s net.Conn) {
		request(s)
		many := make([]byte, 0, 32*1024)
		for range 1024 {
			many = append(many, message(12, 0, 0)...)
		}
		for range maxQueued/1024 + 1 {
			if _, err := s.Write(many); err != nil {
				return
			}
		}
	}))
	if _, err := c.Call(100, 0); !errors.Is(err, ErrLost) || !strings.Contains(err.Error(), "events") {
		t.Errorf("got %v, want ErrLost for the events", err)
	}
}

func TestInterrupt(t *testing.T) {
	more := make(chan struct{})
	c := dial(t, serve(t, accepted(), func(s net.Conn) {
		<-more
		e := message(12, 7, 0)
		s.Write(e[:9]) // the rest comes after an interruption
		<-more
		s.Write(e[9:])
		<-more
	}))
	defer close(more)
	wait := func(want error) {
		t.Helper()
		if _, _, err := c.Event(time.Time{}); !errors.Is(err, want) {
			t.Fatalf("got %v, want %v", err, want)
		}
	}
	c.Interrupt() // before the wait
	wait(ErrInterrupted)
	wait(ErrInterrupted)
	c.Resume()
	more <- struct{}{}
	timer := time.AfterFunc(20*time.Millisecond, c.Interrupt) // during the wait
	defer timer.Stop()
	wait(ErrInterrupted)
	c.Resume()
	if _, ok, err := c.Event(time.Now().Add(10 * time.Millisecond)); ok || err != nil {
		t.Fatalf("before the deadline: %v, %v", ok, err)
	}
	more <- struct{}{}
	if e, ok, err := c.Event(time.Time{}); !ok || err != nil || e[1] != 7 {
		t.Fatalf("the event in two parts: %v, %v, %v", e, ok, err)
	}
}

// Requests without replies are numbered beyond 16 bits: now and then one with a reply comes between.
func TestManyRequests(t *testing.T) {
	const many = 200_000
	c := dial(t, serve(t, accepted(), func(s net.Conn) {
		for seq := uint16(1); ; seq++ {
			op, ok := request(s)
			if !ok {
				return
			}
			if op == opGetInputFocus || op == 100 {
				s.Write(message(1, op, seq))
			}
		}
	}))
	for range many {
		c.Send(127, 0)
		if len(c.out) > 4096 {
			if err := c.Flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if b, err := c.Call(100, 0); err != nil || b[1] != 100 {
		t.Fatalf("%v, %v", b, err)
	}
	if c.seq < many+many/syncEvery {
		t.Errorf("%d requests for %d", c.seq, many)
	}
}

func TestCloseIsFinal(t *testing.T) {
	c := dial(t, serve(t, accepted(), nil))
	c.Close()
	c.Close()
	if err := c.Flush(); !errors.Is(err, ErrLost) {
		t.Errorf("got %v, want ErrLost", err)
	}
	if _, err := c.Call(1, 0); !errors.Is(err, ErrLost) {
		t.Errorf("got %v, want ErrLost", err)
	}
}

func TestDialHeedsContext(t *testing.T) {
	hold := make(chan struct{})
	display := serve(t, nil, func(net.Conn) { <-hold })
	defer close(hold)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	if _, err := Dial(ctx, display); !errors.Is(err, ErrLost) {
		t.Errorf("from a silent server: got %v, want ErrLost", err)
	}
}
