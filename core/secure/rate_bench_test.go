//go:build unix

package secure

import (
	"context"
	"net"
	"syscall"
	"testing"
	"time"
)

// BenchmarkHandshakes completes handshakes over loopback TCP, one after another, and tells how many one processor core
// does in a second: of both sides together, kernel and all. A Host's half is about half of it; BenchmarkHandshake has
// the shares.
func BenchmarkHandshakes(b *testing.B) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	hc := HostConfig{Identity: hostKey(b), Name: "Desk"}
	failed := make(chan error, 1)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				failed <- nil
				return
			}
			if _, err := Host(context.Background(), c, hc); err != nil {
				failed <- err
				return
			}
			c.Close()
		}
	}()
	b.ReportAllocs()
	before := processor(b)
	for b.Loop() {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		g, err := Guest(context.Background(), c, GuestConfig{Target: "desk", Verify: trust})
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := g.ReadRecord(); err == nil { // until the Host is done too
			b.Fatal("the Host says more")
		}
		c.Close()
	}
	b.ReportMetric(float64(b.N)/(processor(b)-before).Seconds(), "handshakes/core-s")
	l.Close()
	if err := <-failed; err != nil {
		b.Fatal(err)
	}
}

// processor is the processor time that this process has used.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
