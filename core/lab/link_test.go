//go:build linux

package lab

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func portOf(l net.Listener) uint16 { return l.Addr().(*net.TCPAddr).AddrPort().Port() }

// addressOf is where a listener of an end is reached.
func addressOf(e *End, l net.Listener) string {
	return netip.AddrPortFrom(e.Addr(), portOf(l)).String()
}

// tcpPair is a connection over a link: A dialled.
func tcpPair(t *testing.T, l *Link) (a, b net.Conn) {
	t.Helper()
	listener, err := l.B.Listen(":0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if a, err = l.A.Dial(ctx, addressOf(l.B, listener)); err != nil {
		t.Fatal(err)
	}
	if b, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []net.Conn{a, b} {
		t.Cleanup(func() { c.Close() })
		c.SetDeadline(time.Now().Add(60 * time.Second))
	}
	return a, b
}

// udpPair is a socket at each end, and where to write to reach B's.
func udpPair(t *testing.T, l *Link) (a, b *net.UDPConn) {
	t.Helper()
	open := func(e *End) (conn *net.UDPConn) {
		if err := e.Do(func() (err error) {
			conn, err = net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(e.Addr(), 0)))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	return open(l.A), open(l.B)
}

func port(c *net.UDPConn) netip.AddrPort { return c.LocalAddr().(*net.UDPAddr).AddrPort() }

// echo answers every datagram until the socket is closed.
func echo(c *net.UDPConn) {
	buffer := make([]byte, 2000)
	for {
		n, from, err := c.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return
		}
		c.WriteToUDPAddrPort(buffer[:n], from)
	}
}

// roundTrips are the times of n datagrams there and back, sorted.
func roundTrips(t *testing.T, a *net.UDPConn, to netip.AddrPort, n int) []time.Duration {
	t.Helper()
	times := make([]time.Duration, n)
	buffer := make([]byte, 2000)
	for i := range times {
		start := time.Now()
		if _, err := a.WriteToUDPAddrPort([]byte("there and back"), to); err != nil {
			t.Fatal(err)
		}
		a.SetReadDeadline(start.Add(20 * time.Second))
		if _, err := a.Read(buffer); err != nil {
			t.Fatal(err)
		}
		times[i] = time.Since(start)
	}
	slices.Sort(times)
	return times
}

// flood keeps a link's queue up full of datagrams until the test ends.
func flood(t *testing.T, l *Link) {
	t.Helper()
	a, b := udpPair(t, l)
	var done sync.WaitGroup
	stop := make(chan struct{})
	done.Go(func() {
		payload := make([]byte, 1472)
		pace := time.NewTicker(ms)
		defer pace.Stop()
		for {
			select {
			case <-stop:
				return
			case <-pace.C:
			}
			for n := l.Up.Counters().Queued; n < 256<<10; n += 1500 {
				a.WriteToUDPAddrPort(payload, port(b))
			}
		}
	})
	t.Cleanup(func() { close(stop); done.Wait() })
}

// TestLinkKeepsItsRate takes the best of several looks at a line that always
// has something to send: what disturbs it is the machine, not the link.
func TestLinkKeepsItsRate(t *testing.T) {
	for _, rate := range []int64{2e6, 20e6, 120e6} {
		t.Run(fmt.Sprint(rate/1e6), func(t *testing.T) {
			l := StartLink(t, LinkConfig{Up: Shape{Rate: rate, Delay: 5 * ms, Queue: 1 << 20}})
			flood(t, l)
			WaitFor(t, 20*time.Second, "the line to be busy", func() bool { return l.Up.Counters().Delivered > 100 })
			var shares []float64
			for range 20 {
				before, start := l.Up.Counters(), time.Now()
				want := before.DeliveredBytes + uint64(rate/8/4) // a quarter of a second
				WaitFor(t, 60*time.Second, "the line to send", func() bool { return l.Up.Counters().DeliveredBytes >= want })
				after, took := l.Up.Counters(), time.Since(start)
				share := float64(after.DeliveredBytes-before.DeliveredBytes) * 8 / took.Seconds() / float64(rate)
				shares = append(shares, share)
				if usage := float64(after.Busy-before.Busy) / float64(took); share-usage > 0.05 || usage-share > 0.05 {
					continue // looked at while packets were handed over
				}
				if share > 0.97 && share < 1.03 {
					t.Logf("%d Mbit/s: %.3f of it", rate/1e6, share)
					return
				}
			}
			t.Errorf("a line of %d bit/s carries these shares of it: %.2f", rate, shares)
		})
	}
}

func TestLinkCarriesAStream(t *testing.T) {
	l := StartLink(t, Symmetric(Shape{Rate: 150e6, Delay: 5 * ms, Loss: 0.001}))
	a, b := tcpPair(t, l)
	sent := make([]byte, 4<<20)
	rand.NewChaCha8([32]byte{1}).Read(sent)
	go func() {
		a.Write(sent)
		a.(*net.TCPConn).CloseWrite()
	}()
	received, err := io.ReadAll(b)
	if err != nil || !bytes.Equal(received, sent) {
		t.Errorf("%d bytes of %d came, or others: %v", len(received), len(sent), err)
	}
}

func TestLinkDelays(t *testing.T) {
	const delay = 40 * ms
	l := StartLink(t, Symmetric(Shape{Delay: delay}))
	a, b := udpPair(t, l)
	go echo(b)
	times := roundTrips(t, a, port(b), 41)
	t.Logf("round trip: least %v, p50 %v, most %v", times[0], times[20], times[40])
	if times[0] < 2*delay {
		t.Errorf("a round trip of %v on a link with %v each way", times[0], delay)
	}
	if times[20] > 2*delay+2*ms+50*ms { // 2 ms on a machine with a processor to spare
		t.Errorf("half of the round trips take more than %v", times[20])
	}
	if err := l.SetDelay(ms); err != nil {
		t.Fatal(err)
	}
	if times := roundTrips(t, a, port(b), 11); times[0] >= 2*delay {
		t.Errorf("a round trip of %v after the delay became %v", times[0], ms)
	}
}

func TestLinkLosesAndDrops(t *testing.T) {
	l := StartLink(t, LinkConfig{Up: Shape{Loss: 0.1}, Seed: 3})
	a, b := udpPair(t, l)
	const packets = 1000
	send := func(n int) {
		for range n {
			if _, err := a.WriteToUDPAddrPort(make([]byte, 1000), port(b)); err != nil {
				t.Fatal(err)
			}
		}
	}
	through := func() uint64 {
		c := l.Up.Counters()
		return c.Delivered + c.Lost + c.TailDropped
	}
	for range packets / 10 { // no more at a time than the device's own queue holds
		want := through() + 10
		send(10)
		WaitFor(t, 20*time.Second, "ten packets", func() bool { return through() >= want })
	}
	if lost := l.Up.Counters().Lost; lost < packets*6/100 || lost > packets*14/100 {
		t.Errorf("%d of %d packets were lost, want a tenth", lost, packets)
	}
	if err := errors.Join(l.SetLoss(0), l.Up.SetRate(8e3), l.Up.SetQueue(10*1028)); err != nil {
		t.Fatal(err)
	}
	before := l.Up.Counters()
	send(50) // one second a packet: none leaves the queue meanwhile
	WaitFor(t, 20*time.Second, "packets to be dropped", func() bool {
		c := l.Up.Counters()
		return c.TailDropped-before.TailDropped+c.Delivered-before.Delivered+uint64(c.Queued/1028) == 50
	})
	if c := l.Up.Counters(); c.TailDropped-before.TailDropped < 30 || c.Queued > 10*1028 {
		t.Errorf("%+v", c)
	}
}

func TestLinkIsCutFrozenAndRestored(t *testing.T) {
	l := StartLink(t, Symmetric(Shape{Delay: ms}))
	a, b := tcpPair(t, l)
	got := make([]byte, 4)
	exchange := func() {
		t.Helper()
		if _, err := a.Write([]byte("ping")); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(b, got); err != nil {
			t.Fatal(err)
		}
	}
	nothing := func() {
		t.Helper()
		b.SetReadDeadline(time.Now().Add(300 * ms))
		if n, err := b.Read(got); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("%d bytes and %v came over a dead link", n, err)
		}
		b.SetReadDeadline(time.Now().Add(60 * time.Second))
	}
	exchange()
	for name, stop := range map[string]func(){"cut": l.Cut, "frozen": l.Freeze} {
		stop()
		if _, err := a.Write([]byte(name)[:3]); err != nil {
			t.Fatalf("writing is told that the link is %s: %v", name, err)
		}
		nothing()
		l.Restore()
		if _, err := io.ReadFull(b, got[:3]); err != nil || string(got[:3]) != name[:3] {
			t.Fatalf("%q %v after the link was no longer %s", got, err, name)
		}
	}
	exchange()
	// TCP waits with the text if its last answer was under way when the cut came.
	if up, down := l.Up.Counters(), l.Down.Counters(); up.Cut+down.Cut == 0 {
		t.Error("nothing was dropped")
	}
}

func TestManyLinksAndNothingLeft(t *testing.T) {
	files := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	before := files()
	for range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		var links []*Link
		for range 3 {
			l, err := RunLink(ctx, LinkConfig{})
			if err != nil {
				t.Fatal(err)
			}
			links = append(links, l)
		}
		cancel() // ends them too
		for _, l := range links {
			if err := errors.Join(l.Close(), l.Close()); err != nil {
				t.Error(err)
			}
			l.Cut() // of no use, of no harm
		}
	}
	WaitFor(t, 20*time.Second, "the files of the links to be closed", func() bool { return files() <= before+2 })
}

func TestLinkSaysWhatItLacks(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := RunLink(t.Context(), LinkConfig{}); err == nil || !strings.Contains(err.Error(), "iproute2") {
		t.Errorf("the message does not name the package: %v", err)
	}
}

// TestCountersAreOfWholePackets sends packets of known sizes.
func TestCountersAreOfWholePackets(t *testing.T) {
	l := StartLink(t, LinkConfig{})
	a, b := udpPair(t, l)
	var seen atomic.Uint32
	go func() {
		buffer := make([]byte, 2000)
		for {
			n, err := b.Read(buffer)
			if err != nil {
				return
			}
			if n == 100 && bytes.Count(buffer[:n], []byte{7}) >= 96 {
				seen.Add(binary.BigEndian.Uint32(buffer))
			}
		}
	}()
	payload := bytes.Repeat([]byte{7}, 100)
	binary.BigEndian.PutUint32(payload, 1)
	for range 10 {
		if _, err := a.WriteToUDPAddrPort(payload, port(b)); err != nil {
			t.Fatal(err)
		}
	}
	WaitFor(t, 20*time.Second, "ten packets", func() bool { return seen.Load() == 10 })
	if c := l.Up.Counters(); c.Delivered != 10 || c.DeliveredBytes != 1280 { // IPv4 20, UDP 8
		t.Errorf("%+v", c)
	}
}
