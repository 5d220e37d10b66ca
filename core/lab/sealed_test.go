//go:build linux

package lab

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"impero/core/secure"
	"impero/core/wire"
)

// TestSealedConnectionOverALink: a real handshake and a stream of records come
// whole over a line that loses packets, are not readable on it, and end when
// the address they came from is gone.
func TestSealedConnectionOverALink(t *testing.T) {
	l := StartLink(t, LinkConfig{Up: Shape{Rate: 40e6, Delay: 5 * ms, Loss: 0.01}, Down: Shape{Rate: 40e6, Delay: 5 * ms}, Seed: 5})
	listener, err := l.B.Listen(":0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	capture := StartCapture(t, l.B, portOf(listener))
	identity, host := hostIdentity(t), make(chan *secure.Conn, 1)
	go func() {
		defer close(host)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		sealed, err := secure.Host(t.Context(), conn, secure.HostConfig{Identity: identity, Name: "over there"})
		if err != nil {
			t.Error(err)
			return
		}
		host <- sealed
	}()
	conn, err := l.A.Dial(t.Context(), addressOf(l.B, listener))
	if err != nil {
		t.Fatal(err)
	}
	guest, err := secure.Guest(t.Context(), conn, secure.GuestConfig{Verify: trust, Target: "by this name"})
	if err != nil {
		t.Fatal(err)
	}
	defer guest.Close()
	far := <-host
	if far == nil {
		t.Fatal("the Host has no connection")
	}
	defer far.Close()

	text := make([]byte, 1<<20)
	rand.NewChaCha8([32]byte{9}).Read(text)
	copy(text[1<<19:], "a text that nobody on the way may read")
	sent := make(chan error)
	go func() { sent <- sendAll(guest, text) }()
	got, err := receiveAll(far, len(text))
	if err := errors.Join(err, <-sent); err != nil || !bytes.Equal(got, text) {
		t.Fatalf("%d bytes came, of %d, or others: %v", len(got), len(text), err)
	}
	seen, err := capture.Finish(t.Context())
	if err != nil || len(seen) != 1 {
		t.Fatalf("%d conversations, %v", len(seen), err)
	}
	if !bytes.Contains(seen[0].ToServer, []byte("by this name")) || bytes.Contains(seen[0].ToServer, []byte("nobody on the way")) ||
		bytes.Contains(seen[0].ToClient, []byte("over there")) || len(seen[0].ToServer) < len(text) {
		t.Error("what is in clear and what is sealed is another than meant")
	}

	if err := l.Flip(l.A.Addr().Next().Next()); err != nil {
		t.Fatal(err)
	}
	guest.WriteRecord(wire.ChannelControl, []byte("from an address that is gone"))
	far.SetReadDeadline(time.Now().Add(300 * ms))
	if _, got, err := far.ReadRecord(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%q and %v came from an address that is gone", got, err)
	}
}

// sendAll sends a text in records.
func sendAll(c *secure.Conn, text []byte) error {
	for len(text) > 0 {
		n := min(len(text), c.MaxPayload())
		if err := c.WriteRecord(wire.ChannelBulk, text[:n]); err != nil {
			return err
		}
		text = text[n:]
	}
	return nil
}

// receiveAll reads records until there are n bytes.
func receiveAll(c *secure.Conn, n int) ([]byte, error) {
	c.SetDeadline(time.Now().Add(60 * time.Second))
	var all []byte
	for len(all) < n {
		_, text, err := c.ReadRecord()
		if err != nil {
			return all, err
		}
		all = append(all, text...)
	}
	return all, nil
}
