package lab

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"impero/core/key"
	"impero/core/secure"
	"impero/core/wire"
)

// hostIdentity is a Host's key for tests.
func hostIdentity(t *testing.T) *key.Identity {
	t.Helper()
	identity, err := key.Generate()
	if err != nil {
		t.Fatal(err)
	}
	return identity
}

func trust(context.Context, secure.HostID) error { return nil }

// heard is what a Host understood before the connection ended, and how it did.
type heard struct {
	texts []string
	err   error
}

// hear serves one connection: it does the handshake and reads records.
func hear(t *testing.T, l net.Listener, identity *key.Identity, said chan<- heard) {
	conn, err := l.Accept()
	if err != nil {
		said <- heard{err: err}
		return
	}
	defer conn.Close()
	host, err := secure.Host(t.Context(), conn, secure.HostConfig{Identity: identity, Timeout: 2 * time.Second})
	var texts []string
	for err == nil {
		var text []byte
		if _, text, err = host.ReadRecord(); err == nil {
			texts = append(texts, string(text))
		}
	}
	said <- heard{texts, err}
}

func TestRulesOnASealedConnection(t *testing.T) {
	identity := hostIdentity(t)
	l := server(t)
	all := strings.Fields("zero one two three")
	for _, c := range []struct {
		name string
		rule Rule
		want int // texts understood before the seal is found broken
	}{
		{"nothing", nil, 4},
		{"drop", Drop(3), 1},
		{"duplicate", Duplicate(3), 2},
		{"swap", Swap(3), 1},
		{"truncate", Truncate(3, 5), 1},
		{"shorten", Shorten(3, 5), 1},
		{"flip the last bit", FlipBit(3, -1), 1},
		{"flip the length", FlipBit(3, 0), 1},
		{"flip the channel", FlipBit(3, 39), 1},
		{"reflect", Reflect(3), 1},
		{"replay", Replay(2, 4), 3},
		{"insert", Insert(3, []byte("any text at all, as long as a record is")), 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			said := make(chan heard, 1)
			go hear(t, l, identity, said)
			between := StartTamper(t, l.Addr().String(), func() Rules { return Rules{ToHost: c.rule} })
			conn, err := net.Dial("tcp", between.Addr())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			guest, err := secure.Guest(t.Context(), conn, secure.GuestConfig{Verify: trust})
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range all {
				guest.WriteRecord(wire.ChannelControl, []byte(text)) // the Host may have hung up
			}
			conn.(*net.TCPConn).CloseWrite()
			got := <-said
			if !slices.Equal(got.texts, all[:c.want]) || errors.Is(got.err, secure.ErrRecord) != (c.rule != nil) {
				t.Errorf("the Host understood %q, then %v", got.texts, got.err)
			}
			guest.SetDeadline(time.Now().Add(20 * time.Second))
			if _, _, err := guest.ReadRecord(); errors.Is(err, secure.ErrRecord) != (c.name == "reflect") {
				t.Errorf("the Guest reads %v", err)
			}
		})
	}
}

func TestRulesOnAHandshake(t *testing.T) {
	identity := hostIdentity(t)
	for name, rules := range map[string]Rules{
		"GuestHello":    {ToHost: FlipBit(0, 8*wire.HeaderLen+100)},
		"GuestFinished": {ToHost: FlipBit(1, -1)},
		"HostHello":     {ToGuest: FlipBit(0, 8*wire.HeaderLen+100)},
		"HostIdentity":  {ToGuest: FlipBit(1, -1)},
		"HostFinished":  {ToGuest: FlipBit(2, -1)},
	} {
		l := server(t)
		said := make(chan heard, 1)
		go hear(t, l, identity, said)
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		through := rules.Wrap(conn)
		_, err = secure.Guest(t.Context(), through, secure.GuestConfig{Verify: trust, Timeout: 2 * time.Second})
		through.Close()
		got := <-said
		if (err == nil) != (name == "GuestFinished") || got.err == nil || len(got.texts) > 0 {
			t.Errorf("with %s changed the Guest has %v, the Host %v", name, err, got.err)
		}
	}
}

// passed gives what reaches a Host of a text that a Guest says.
func passed(t *testing.T, text []byte, rule Rule) []byte {
	t.Helper()
	l := server(t)
	between := StartTamper(t, l.Addr().String(), func() Rules { return Rules{ToHost: rule} })
	guest, err := net.Dial("tcp", between.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer guest.Close()
	host, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	go func() {
		guest.Write(text)
		guest.(*net.TCPConn).CloseWrite()
	}()
	host.SetDeadline(time.Now().Add(30 * time.Second))
	got, err := io.ReadAll(host)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestRulesPassOnWhatIsNone(t *testing.T) {
	opening := wire.Preamble{Newest: 1, Oldest: 1, Purpose: wire.PurposeSession, Target: "desk"}.Append(nil)
	record := append(wire.Header{Length: 3, Channel: 9, Epoch: 7}.Append(nil), "abc"...)
	for name, text := range map[string][]byte{
		"another protocol": []byte("SSH-2.0-OpenSSH_9.2\r\n" + strings.Repeat("x", 1<<17)),
		"half a preamble":  opening[:11],
		"half a header":    slices.Concat(opening, record, record[:5]),
		"half a record":    slices.Concat(opening, record, record[:9]),
		"a huge record":    slices.Concat(opening, record, bytes.Repeat([]byte{0xff}, 1<<17)),
		"nothing":          nil,
	} {
		if got := passed(t, text, FlipBit(99, 0)); !bytes.Equal(got, text) {
			t.Errorf("%s: %d bytes of %d came, or others", name, len(got), len(text))
		}
	}
	seen := make(chan Record, 2)
	got := passed(t, slices.Concat(opening, record, record), func(r Record) (on, back [][]byte) { seen <- r; return nil, nil })
	if !bytes.Equal(got, opening) {
		t.Errorf("%q came", got)
	}
	for i := range 2 {
		if r := <-seen; r.Number != i || r.Header != (wire.Header{Length: 3, Channel: 9, Epoch: 7}) || !bytes.Equal(r.Bytes, record) {
			t.Errorf("%+v", r)
		}
	}
}

func TestTamperEnds(t *testing.T) {
	l := server(t)
	ctx, cancel := context.WithCancel(t.Context())
	between, err := RunTamper(ctx, l.Addr().String(), func() Rules { return Rules{} })
	if err != nil {
		t.Fatal(err)
	}
	guest, err := net.Dial("tcp", between.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer guest.Close()
	host, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	cancel()
	for _, c := range []net.Conn{guest, host} {
		c.SetDeadline(time.Now().Add(30 * time.Second))
		if _, err := c.Read(make([]byte, 1)); err == nil {
			t.Error("the connection goes on")
		}
	}
	for range 2 {
		if err := between.Close(); err != nil {
			t.Error(err)
		}
	}
}
