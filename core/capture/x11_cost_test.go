//go:build unix && !darwin

package capture_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"impero/core/capture"
	"impero/core/lab"
	"impero/core/picture"
)

// segments gives the lines of this process's shared memory.
func segments(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile("/proc/sysvipc/shm")
	must(t, err)
	var out []string
	for _, line := range strings.Split(string(b), "\n")[1:] {
		if f := strings.Fields(line); len(f) > 5 && f[4] == fmt.Sprint(os.Getpid()) {
			out = append(out, line)
		}
	}
	return out
}

// The segment is the user's alone, is marked for removal while in use, and is gone after Close.
func TestSharedMemoryLeavesNothing(t *testing.T) {
	x := lab.StartX(t, lab.Screen{W: 800, H: 600})
	s := open(t, capture.Config{Display: x.Display})
	next(t, s)
	seg := segments(t)
	if len(seg) != 1 {
		t.Fatalf("segments %q, want one", seg)
	}
	const removed = 0o1000
	var perms int
	fmt.Sscanf(strings.Fields(seg[0])[2], "%o", &perms)
	if perms != removed|0o600 {
		t.Errorf("permissions %o, want %o", perms, removed|0o600)
	}
	addMode(t, x.Display, 640, 480)
	setMode(t, x.Display, "640x480")
	until(t, s, "the new size", func(u *capture.Update) bool { return u.Layout != nil })
	lab.WaitFor(t, patience, "one segment after a new size", func() bool { return len(segments(t)) == 1 })
	must(t, s.Close())
	lab.WaitFor(t, patience, "no segment after Close", func() bool { return len(segments(t)) == 0 })
}

func cpu(t testing.TB) time.Duration {
	t.Helper()
	var r syscall.Rusage
	must(t, syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// With nothing happening a source costs less than 0.5 % of a core.
func TestIdleCostsNearlyNothing(t *testing.T) {
	if racing {
		t.Skip("what it costs with the race detector is nobody's")
	}
	x := lab.StartX(t, lab.Screen{W: 1920, H: 1080})
	s := open(t, capture.Config{Display: x.Display})
	next(t, s)
	quiet(t, s)
	const window = 2 * time.Second
	before := cpu(t)
	ctx, cancel := context.WithTimeout(context.Background(), window)
	defer cancel()
	if _, err := s.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v although nothing happens", err)
	}
	used := cpu(t) - before
	t.Logf("%v in %v: %.3f %%", used, window, 100*float64(used)/float64(window))
	if used > window/200 {
		t.Errorf("used %v in %v", used, window)
	}
}

// BenchmarkFullGrab fetches all of 1080p; the burst of drawing behind it is waited for.
func BenchmarkFullGrab(b *testing.B) {
	for name, cfg := range map[string]capture.Config{"shared": {}, "socket": {NoSharedMemory: true}} {
		b.Run(name, func(b *testing.B) { benchmarkCycle(b, cfg, picture.Rect{W: 1920, H: 1080}) })
	}
}

// BenchmarkSmallDamage is the way of a key's echo: 64 × 64 pixels drawn, told, fetched.
func BenchmarkSmallDamage(b *testing.B) {
	for name, cfg := range map[string]capture.Config{"shared": {}, "socket": {NoSharedMemory: true}} {
		b.Run(name, func(b *testing.B) { benchmarkCycle(b, cfg, picture.Rect{X: 640, Y: 320, W: 64, H: 64}) })
	}
}

// benchmarkCycle measures from a drawing until it is in a frame: the median time, and the CPU time of this process.
func benchmarkCycle(b *testing.B, cfg capture.Config, r picture.Rect) {
	x := lab.StartX(b, lab.Screen{W: 1920, H: 1080})
	cfg.Display = x.Display
	s := open(b, cfg)
	p := newPainter(b, x.Display)
	next(b, s)
	quiet(b, s)
	b.ReportAllocs()
	b.ResetTimer()
	var took []time.Duration
	var used time.Duration
	ctx := context.Background()
	for n := range b.N {
		pause := time.Now().Add(4 * time.Millisecond) // as between two keys
		if _, ok, err := p.c.Event(pause); err != nil || ok {
			b.Fatal(ok, err)
		}
		p.send(uint32(n+1)&0xffffff, r)
		before, start := cpu(b), time.Now()
		must(b, p.c.Flush())
		for {
			u, err := s.Next(ctx)
			must(b, err)
			if pixel(u.Frame, r.X, r.Y) == uint32(n+1)&0xffffff {
				break
			}
		}
		took = append(took, time.Since(start))
		used += cpu(b) - before
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds()), "p95-µs")
	b.ReportMetric(float64(used.Microseconds())/float64(b.N), "cpu-µs/op")
}
