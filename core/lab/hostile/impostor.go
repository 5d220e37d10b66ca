package hostile

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"impero/core/wire"
)

// Answer is what an Impostor says to a caller. A Guest must take none for a
// Host: it ends with an error at the latest when its own time is up.
type Answer struct {
	Name  string
	Holds bool // it says too little and stays: only the Guest's time limit ends it
	text  func(random *rand.Rand) []byte
	each  time.Duration // between two bytes; 0: at once
}

// plain is an answer that is the same each time.
func plain(name string, holds bool, parts ...[]byte) Answer {
	text := bytes.Join(parts, nil)
	return Answer{Name: name, Holds: holds, text: func(*rand.Rand) []byte { return text }}
}

// Answers are of other protocols, halves of this one, messages in clear that
// are not due, handshakes that lack a key, lengths that cannot be, nothing,
// and a byte at a time.
func Answers() []Answer {
	good := wire.Answer{Version: wire.Version}.Append(nil)
	list := []Answer{
		plain("nothing", true),
		plain("SSH", false, []byte("SSH-2.0-OpenSSH_9.2\r\n")),
		plain("HTTP", false, []byte("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")),
		plain("TLS alert", false, []byte{21, 3, 3, 0, 2, 2, 40}),
		plain("zeros", false, make([]byte, 64<<10)),
		plain("half an answer", true, good[:5]),
		plain("version 0", false, wire.Answer{}.Append(nil)),
		plain("a version that was not offered", true, wire.Answer{Version: 0xfffe}.Append(nil)), // a Refuse is to follow
		plain("an answer and no more", true, good),
		plain("the longest length", false, good, wire.Header{Length: 1<<32 - 1, Channel: wire.ChannelControl}.Append(nil)),
		plain("a length over the limit by one", false, good, wire.Header{Length: wire.MaxRecord + 1, Channel: wire.ChannelControl}.Append(nil)),
		plain("another channel", false, good, rawRecord([]byte("text"), wire.ChannelScreen, wire.EpochClear)),
		plain("another epoch", false, good, rawRecord(make([]byte, 64), wire.ChannelControl, wire.EpochHandshake)),
		plain("half a record", true, good, wire.Header{Length: 1200, Channel: wire.ChannelControl}.Append(nil), make([]byte, 300)),
		{Name: "noise", text: func(random *rand.Rand) []byte {
			text := make([]byte, 8<<10)
			fill(random, text)
			text[0] |= 0x80 // not the magic's
			return text
		}},
	}
	for _, spec := range wire.Specs() {
		if spec.Type == wire.TypeHostHello || spec.Type == wire.TypeRefuse {
			continue // these may come
		}
		v := variants(spec)[0]
		more := spec.Type == wire.TypeHostLevels // a Refuse is to follow
		list = append(list, plain(spec.Name+" in clear", more, good, clearRecord(v.text)))
	}
	list = append(list, falseHandshakes(good)...)
	slow := falseHandshakes(good)[0]
	return append(list, Answer{Name: "a byte every 20ms", Holds: true, text: slow.text, each: 20 * time.Millisecond})
}

// falseHandshakes are of someone who has no keys.
func falseHandshakes(good []byte) []Answer {
	hello := func(name string, change func(*wire.HostHello)) Answer {
		return Answer{Name: "HostHello " + name, text: func(random *rand.Rand) []byte {
			m := &wire.HostHello{Level: wire.LevelVeryHigh, Levels: []wire.Level{wire.LevelVeryHigh}}
			fill(random, m.Random[:])
			fill(random, m.X25519[:])
			fill(random, m.MLKEM[:])
			change(m)
			identity := make([]byte, 200)
			fill(random, identity)
			return bytes.Join([][]byte{good, clearRecord(wire.AppendMessage(nil, 0, m)),
				rawRecord(identity, wire.ChannelControl, wire.EpochHandshake), rawRecord(identity[:58], wire.ChannelControl, wire.EpochHandshake)}, nil)
		}}
	}
	return []Answer{
		hello("and noise", func(*wire.HostHello) {}),
		hello("with a key of zeros", func(m *wire.HostHello) { m.X25519 = [wire.X25519Len]byte{} }),
		hello("with a level that was not offered", func(m *wire.HostHello) { m.Level, m.Levels = 77, []wire.Level{77} }),
		hello("with a level it does not list", func(m *wire.HostHello) { m.Levels = []wire.Level{77} }),
	}
}

// Impostor listens where a Host should and gives every caller the same Answer.
type Impostor struct {
	listener net.Listener
	stop     context.CancelFunc
	running  sync.WaitGroup
}

// RunImpostor listens at a free port of 127.0.0.1. It reads what callers say,
// answers, and holds the connection until they end it. It ends with ctx or with
// Close. What is random is the same for the same seed and answer.
func RunImpostor(ctx context.Context, a Answer, seed uint64) (*Impostor, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen as an impostor: %w", err)
	}
	i := &Impostor{listener: listener}
	ctx, i.stop = context.WithCancel(ctx)
	context.AfterFunc(ctx, func() { listener.Close() })
	i.running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			i.running.Go(func() {
				defer conn.Close()
				defer context.AfterFunc(ctx, func() { conn.Close() })()
				a.give(conn, seed)
			})
		}
	})
	return i, nil
}

// StartImpostor is [RunImpostor] for a test.
func StartImpostor(t testing.TB, a Answer, seed uint64) *Impostor {
	t.Helper()
	i, err := RunImpostor(context.Background(), a, seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.Close() })
	return i
}

// give answers one caller.
func (a Answer) give(conn net.Conn, seed uint64) {
	text := a.text(source(seed, a.Name))
	var reading sync.WaitGroup
	reading.Go(func() { io.Copy(io.Discard, conn) })
	defer reading.Wait()
	if a.each == 0 {
		conn.Write(text)
		return
	}
	l := line{Conn: conn}
	l.trickle(text, a.each)
}

// Addr is where Guests are to connect to ("127.0.0.1:7").
func (i *Impostor) Addr() string { return i.listener.Addr().String() }

// Close ends it and its connections, and returns when all is gone.
func (i *Impostor) Close() error {
	i.stop()
	i.running.Wait()
	return nil
}
