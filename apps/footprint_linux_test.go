package apps_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/host"
	"impero/core/lab"
	"impero/core/lab/measure"
	"impero/core/picture"
	"impero/core/store"
)

// trusting is a Guest's person who accepts every Host and knows the password.
type trusting struct{}

func (trusting) Progress(guest.Step) {}

func (trusting) Identity(context.Context, guest.Identity) (bool, error) { return true, nil }

func (trusting) Logon(context.Context, guest.Form) ([]string, error) { return []string{password}, nil }

// BenchmarkFootprint is what one session at 1920 × 1080 costs: the memory of the Host's process, after a desktop that
// moves was shown for a while, and the processor time of both sides while nothing happens.
func BenchmarkFootprint(b *testing.B) {
	x := lab.StartX(b, lab.Screen{W: 1920, H: 1080})
	home := store.At(b.TempDir())
	pid, address := footprintHost(b, x, home)
	empty := resident(b, pid)
	e, err := guest.New(guest.Config{Home: store.At(b.TempDir()), Order: picture.RGBX})
	if err != nil {
		b.Fatal(err)
	}
	target, err := guest.ParseTarget(address, "")
	if err != nil {
		b.Fatal(err)
	}
	g, err := e.Connect(b.Context(), target, trusting{})
	if err != nil {
		b.Fatal(err)
	}
	defer g.Close()
	const moving, settle, idle = 15 * time.Second, 5 * time.Second, 20 * time.Second
	for range b.N {
		xterm := lab.StartProcess(b, x.Display, "xterm", "-geometry", "200x70+10+10", "-e", "while :; do ls -l /usr/bin /etc; done")
		pass(b, moving)
		busy := resident(b, pid)
		frames := g.Stats().Frames
		xterm.Close()
		pass(b, settle)
		hostUsed, ownUsed := used(b, pid), used(b, os.Getpid())
		pass(b, idle)
		b.ReportMetric(empty, "host-alone-MB")
		b.ReportMetric(busy, "host-moving-MB")
		b.ReportMetric(resident(b, pid), "host-idle-MB")
		b.ReportMetric(100*float64(used(b, pid)-hostUsed)/float64(idle), "host-idle-cpu-%")
		b.ReportMetric(100*float64(used(b, os.Getpid())-ownUsed)/float64(idle), "guest-idle-cpu-%")
		b.ReportMetric(float64(frames), "frames")
	}
}

// pass lets time pass.
func pass(b *testing.B, span time.Duration) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), span)
	defer cancel()
	<-ctx.Done()
}

// footprintHost starts Imperohost without a window and gives its process and its address.
func footprintHost(b *testing.B, x *lab.X, home store.Home) (pid int, address string) {
	b.Helper()
	h, err := host.New(host.Config{Home: home})
	if err != nil {
		b.Fatal(err)
	}
	if err := h.SetPassword(password); err != nil {
		b.Fatal(err)
	}
	h.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	l.Close()
	b.Setenv(store.HomeVariable, filepath.Dir(home.HostDir()))
	p := lab.StartProcess(b, x.Display, filepath.Join(bin, "Imperohost"), "--headless", "--port", port)
	address = net.JoinHostPort("127.0.0.1", port)
	lab.WaitFor(b, patience, "the Host to listen", func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	return p.PID(), address
}

// resident is how much memory a process has, in MB.
func resident(b *testing.B, pid int) float64 {
	b.Helper()
	bytes, err := measure.RSS(pid)
	if err != nil {
		b.Fatal(err)
	}
	return float64(bytes) / 1e6
}

// used is the processor time of a process so far.
func used(b *testing.B, pid int) time.Duration {
	b.Helper()
	cpu, err := measure.CPU(pid)
	if err != nil {
		b.Fatal(err)
	}
	return cpu
}
