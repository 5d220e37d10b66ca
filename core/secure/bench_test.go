package secure

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"testing"

	"impero/core/wire"
)

// BenchmarkHandshake is the time of one side's computing: its peer's bytes are there already.
func BenchmarkHandshake(b *testing.B) {
	_, _, up, down := recordedExchange(b)
	in := workedSecrets()
	b.Run("guest", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			cfg := workedGuest()
			cfg.entropy = in.guest()
			if _, err := Guest(context.Background(), newScript(down), cfg); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("host", func(b *testing.B) {
		b.ReportAllocs()
		hc := workedHost(b)
		for b.Loop() {
			hc.entropy = in.host(b)
			if _, err := Host(context.Background(), newScript(up), hc); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// sized makes both ends of a session whose records have at most limit bytes.
func sized(b *testing.B, limit int) (g, h *Conn) {
	b.Helper()
	g, h = pair(b)
	for _, c := range []*Conn{g, h} {
		c.in = newReader(nil, limit)
		c.out = make([]byte, 0, wire.HeaderLen+limit)
	}
	return g, h
}

// BenchmarkRecord seals and opens in one goroutine, without a stream.
func BenchmarkRecord(b *testing.B) {
	for _, limit := range []int{wire.MaxRecord, wire.MaxBulkRecord} {
		for _, half := range []string{"seal", "both"} {
			b.Run(fmt.Sprintf("%s/%dKiB", half, limit>>10), func(b *testing.B) {
				g, h := sized(b, limit)
				l := &loop{}
				g.conn, h.conn, h.in.from = l, l, l
				plaintext := make([]byte, g.MaxPayload())
				b.SetBytes(int64(len(plaintext)))
				b.ReportAllocs()
				for b.Loop() {
					if half == "seal" {
						l.at, l.end = 0, 0
					}
					if err := g.WriteRecord(screen, plaintext); err != nil {
						b.Fatal(err)
					}
					if half == "seal" {
						continue
					}
					if _, _, err := h.ReadRecord(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkStream sends over loopback TCP, from one goroutine to another, beside TLS 1.3 doing the same.
func BenchmarkStream(b *testing.B) {
	for _, limit := range []int{wire.MaxRecord, wire.MaxBulkRecord} {
		b.Run(fmt.Sprintf("sealed/%dKiB", limit>>10), func(b *testing.B) {
			g, h := sized(b, limit)
			out, in := loopback(b)
			g.conn, h.conn, h.in.from = out, in, in
			payload := g.MaxPayload()
			stream(b, payload, func(p []byte) error { return g.WriteRecord(screen, p) }, func(left int) (int, error) {
				_, p, err := h.ReadRecord()
				return len(p), err
			})
		})
	}
	for _, size := range []int{wire.MaxRecord, wire.MaxBulkRecord} {
		b.Run(fmt.Sprintf("TLS/%dKiB", size>>10), func(b *testing.B) {
			out, in := loopback(b)
			client := tls.Client(out, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13})
			server := tls.Server(in, &tls.Config{Certificates: []tls.Certificate{certificate(b)}})
			go server.Handshake()
			if err := client.Handshake(); err != nil {
				b.Fatal(err)
			}
			b.Log(tls.CipherSuiteName(client.ConnectionState().CipherSuite))
			buf := make([]byte, size)
			stream(b, size, func(p []byte) error { _, err := client.Write(p); return err }, func(left int) (int, error) {
				return io.ReadAtLeast(server, buf[:min(left, size)], 1)
			})
		})
	}
}

func stream(b *testing.B, size int, write func([]byte) error, read func(left int) (int, error)) {
	plaintext := make([]byte, size)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	b.ResetTimer()
	done := make(chan error, 1)
	go func() {
		for range b.N {
			if err := write(plaintext); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for left := size * b.N; left > 0; {
		n, err := read(left)
		if err != nil {
			b.Fatal(err)
		}
		left -= n
	}
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}

func loopback(b *testing.B) (out, in net.Conn) {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	if out, err = net.Dial("tcp", l.Addr().String()); err != nil {
		b.Fatal(err)
	}
	if in, err = l.Accept(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { out.Close(); in.Close() })
	return out, in
}
