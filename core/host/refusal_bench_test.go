//go:build unix

package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"impero/core/secure"
	"impero/core/store"
	"impero/core/wire"
)

// callerOf makes this test program a caller of BenchmarkRefusal, so that its processor time is not the Host's. It has the
// address and how many times to call.
const callerOf = "IMPERO_BENCHMARK_CALLER"

func TestMain(m *testing.M) {
	var address string
	var n int
	if _, err := fmt.Sscan(os.Getenv(callerOf), &address, &n); err == nil {
		if err := callAgain(address, n); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// callAgain calls with one hello, which costs it nothing, until it was refused n times.
func callAgain(address string, n int) error {
	hello := make(chan []byte, 1)
	near, far := net.Pipe()
	go secure.Guest(context.Background(), near, secure.GuestConfig{Verify: func(context.Context, secure.HostID) error { return nil }})
	go func() {
		b := make([]byte, 8192)
		n, _ := far.Read(b)
		hello <- b[:n]
	}()
	said := <-hello
	want := wire.AppendMessage(nil, 0, &wire.Refuse{Code: wire.CloseBusy, Newest: wire.Version})
	calls, failed := make(chan struct{}), make(chan error, 1)
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for range calls {
				if err := call(address, said, want); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			}
		})
	}
	for range n {
		calls <- struct{}{}
	}
	close(calls)
	wg.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

func call(address string, said, want []byte) error {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.Write(said); err != nil {
		return err
	}
	answer, err := io.ReadAll(c)
	if err != nil {
		return fmt.Errorf("read the refusal: %w", err)
	}
	if !bytes.HasSuffix(answer, want) {
		return fmt.Errorf("the answer is %x", answer)
	}
	return nil
}

// BenchmarkRefusal is what it costs the Host to refuse a caller that has no handshake left, from its accept to its close:
// processor time of this process, kernel and all. The caller is another process, over loopback.
func BenchmarkRefusal(b *testing.B) {
	daemon, user := net.Pipe()
	defer user.Close()
	h, err := New(Config{
		Home: store.At(b.TempDir()), Listen: []string{"127.0.0.1:0"}, Agent: daemon, Log: slog.New(slog.DiscardHandler),
		Limits: Limits{Handshakes: 1, HandshakesOf: 1},
	})
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close()
	if err := h.SetPassword("a password of some length"); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	for !h.State().Running {
		<-h.Changes()
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(h.State().Port))
	h.gate.rates.limits = Limits{HandshakesOf: 1} // nothing for everybody: each call is refused
	h.gate.rates.all.at = time.Now()
	call := exec.Command(os.Args[0])
	call.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d", callerOf, address, b.N))
	call.Stderr = os.Stderr
	b.ReportAllocs()
	before := processorTime(b)
	b.ResetTimer()
	if err := call.Run(); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric(float64(processorTime(b)-before)/float64(time.Microsecond)/float64(b.N), "cpu-µs/refusal")
	cancel()
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		b.Fatal(err)
	}
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
