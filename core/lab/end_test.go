//go:build linux

package lab

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestFlipEndsTheOldAddress(t *testing.T) {
	l := StartLink(t, LinkConfig{})
	if err := l.A.CongestionControl("reno"); err != nil {
		t.Fatal(err)
	}
	a, b := tcpPair(t, l)
	old := l.A.Addr()
	if err := l.Flip(netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	if l.A.Addr() == old || !network(old).Contains(l.A.Addr()) {
		t.Errorf("the address became %v from %v", l.A.Addr(), old)
	}
	a.Write([]byte("from the old address"))
	b.SetReadDeadline(time.Now().Add(300 * ms))
	if n, err := b.Read(make([]byte, 64)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%d bytes and %v came from the old address", n, err)
	}
	a, b = tcpPair(t, l)
	if got := b.RemoteAddr().(*net.TCPAddr).AddrPort().Addr(); got != l.A.Addr() {
		t.Errorf("a new connection comes from %v", got)
	}
	if got := congestion(t, a); got != "reno" {
		t.Errorf("the new address has congestion control %s", got)
	}
	for _, to := range []string{"10.98.0.1", l.B.Addr().String(), l.A.Addr().String(), "::1", network(old).Addr().String()} {
		if err := l.Flip(netip.MustParseAddr(to)); err == nil {
			t.Errorf("the address became %s", to)
		}
	}
	if err := l.Flip(old); err != nil {
		t.Error(err)
	}
	tcpPair(t, l)
}

// congestion is the congestion control of a connection.
func congestion(t *testing.T, c net.Conn) (name string) {
	t.Helper()
	raw, err := c.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	raw.Control(func(fd uintptr) { name, err = unix.GetsockoptString(int(fd), unix.IPPROTO_TCP, unix.TCP_CONGESTION) })
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func TestCongestionControlOfBothEnds(t *testing.T) {
	l := StartLink(t, LinkConfig{})
	available, err := os.ReadFile("/proc/sys/net/ipv4/tcp_available_congestion_control")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Fields(string(available)) {
		for _, e := range []*End{l.A, l.B} {
			if err := e.CongestionControl(name); err != nil {
				t.Fatal(err)
			}
		}
		a, b := tcpPair(t, l)
		if congestion(t, a) != name || congestion(t, b) != name {
			t.Errorf("%s and %s, want %s", congestion(t, a), congestion(t, b), name)
		}
	}
	if err := l.A.CongestionControl("none-such"); err == nil {
		t.Error("an unknown one was taken")
	}
}

func TestProgramsRunInAnEnd(t *testing.T) {
	l := StartLink(t, LinkConfig{})
	show := l.A.Start(t, "", "ip", "-4", "-o", "address")
	if err := show.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if out := show.Output(); !strings.Contains(out, l.A.Addr().String()) || !strings.Contains(out, "127.0.0.1") || strings.Count(out, "\n") != 1 {
		t.Errorf("A has the addresses %s", out)
	}
	if _, err := l.A.Run(t.Context(), ":1", "/none/such"); err == nil {
		t.Error("a program that is not there was started")
	}
}

func TestEndsAreApartFromEverythingElse(t *testing.T) {
	l := StartLink(t, LinkConfig{})
	here, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer here.Close()
	if c, err := l.A.Dial(t.Context(), here.Addr().String()); err == nil {
		c.Close()
		t.Error("the loopback of this machine was reached from an end")
	}
	inside, err := l.A.Listen("127.0.0.1:0") // its own works
	if err != nil {
		t.Fatal(err)
	}
	defer inside.Close()
	c, err := l.A.Dial(t.Context(), inside.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	for _, address := range []string{"localhost:1", "nothing", "192.0.2.1:80"} {
		if c, err := l.A.Dial(t.Context(), address); err == nil {
			c.Close()
			t.Errorf("%s was reached", address)
		}
	}
	file := func() string {
		name, err := os.Readlink("/proc/thread-self/ns/net")
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	var there string
	outside := file()
	if err := l.A.Do(func() error { there = file(); return nil }); err != nil {
		t.Fatal(err)
	}
	if there == outside || file() != outside {
		t.Errorf("the network is %s, in the end %s", outside, there)
	}
}
