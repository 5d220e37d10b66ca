//go:build linux

package lab

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"testing"
)

// say sends a text each way and ends the connection.
func say(t *testing.T, client, server net.Conn, there, back []byte) {
	t.Helper()
	go client.Write(there)
	if _, err := io.CopyN(io.Discard, server, int64(len(there))); err != nil {
		t.Fatal(err)
	}
	go server.Write(back)
	if _, err := io.CopyN(io.Discard, client, int64(len(back))); err != nil {
		t.Fatal(err)
	}
}

func TestCaptureOnLoopback(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	address := listener.Addr().(*net.TCPAddr).AddrPort()
	c := StartCapture(t, nil, address.Port())
	for _, text := range []string{"first", "second"} {
		client, err := net.Dial("tcp", address.String())
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		server, err := listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		say(t, client, server, []byte("there: "+text), []byte("back: "+text))
	}
	list, err := c.Finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 {
		t.Fatalf("%d conversations", len(list))
	}
	for i, text := range []string{"first", "second"} {
		if got := list[i]; got.Server != address || string(got.ToServer) != "there: "+text || string(got.ToClient) != "back: "+text {
			t.Errorf("%v: %q, %q", got.Server, got.ToServer, got.ToClient)
		}
	}
}

func TestCaptureOnALinkThatLoses(t *testing.T) {
	l := StartLink(t, Symmetric(Shape{Rate: 50e6, Delay: ms, Loss: 0.02}))
	listener, err := l.B.Listen(":6502")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	captures := []*Capture{StartCapture(t, l.A, 6502), StartCapture(t, l.B, 6502)}
	client, err := l.A.Dial(t.Context(), netip.AddrPortFrom(l.B.Addr(), 6502).String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	server, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	there, back := make([]byte, 1<<20), make([]byte, 1<<18)
	random := rand.NewChaCha8([32]byte{2})
	random.Read(there)
	random.Read(back)
	say(t, client, server, there, back)
	for i, c := range captures {
		list, err := c.Finish(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != 1 || list[0].Client.Addr() != l.A.Addr() || !bytes.Equal(list[0].ToServer, there) || !bytes.Equal(list[0].ToClient, back) || list[0].Missing != 0 {
			t.Errorf("end %d saw something else", i)
		}
	}
}

func TestCaptureSaysWhatItLacks(t *testing.T) {
	l := StartLink(t, LinkConfig{})
	if _, err := RunCapture(t.Context(), l.A, 1, "/none/such/file"); err == nil || !strings.Contains(err.Error(), "it said: ") {
		t.Errorf("got %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := RunCapture(t.Context(), nil, 1, "packets"); err == nil || !strings.Contains(err.Error(), "tcpdump") {
		t.Errorf("the message does not name the package: %v", err)
	}
}
