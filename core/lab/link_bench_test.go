//go:build linux

package lab

import (
	"io"
	"testing"
	"time"
)

// BenchmarkLink is how much TCP a link carries whose rate has no limit.
func BenchmarkLink(b *testing.B) {
	l := StartLink(b, Symmetric(Shape{Delay: time.Millisecond, Queue: 4 << 20}))
	listener, err := l.B.Listen(":0")
	if err != nil {
		b.Fatal(err)
	}
	defer listener.Close()
	near, err := l.A.Dial(b.Context(), addressOf(l.B, listener))
	if err != nil {
		b.Fatal(err)
	}
	defer near.Close()
	far, err := listener.Accept()
	if err != nil {
		b.Fatal(err)
	}
	defer far.Close()
	block := make([]byte, 64<<10)
	b.SetBytes(int64(len(block)))
	b.ResetTimer()
	go func() {
		for range b.N {
			near.Write(block)
		}
	}()
	if _, err := io.CopyN(io.Discard, far, int64(b.N)*int64(len(block))); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkLine is one packet through the emulation alone.
func BenchmarkLine(b *testing.B) {
	l := newLine(Shape{Rate: 1e9, Delay: time.Millisecond, Queue: 1 << 20, Loss: 0.01}, 1)
	packet := make([]byte, 1500)
	var batch [][]byte
	b.ReportAllocs()
	for i := range b.N {
		now := time.Duration(i) * 12 * time.Microsecond
		l.arrive(now, packet)
		batch = l.due(now, batch[:0])
		l.delivered(batch)
	}
}
