package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"impero/core/agent"
	"impero/core/host"
	"impero/core/lab/load"
	"impero/core/lab/measure"
	"impero/core/lab/viewer"
	"impero/core/store"
)

// TestMain lets the test's program stand for those that a Bench starts: its own helpers, and under the name of
// Imperohost a Host without a window.
func TestMain(m *testing.M) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var err error
	switch {
	case filepath.Base(os.Args[0]) == "Imperohost":
		err = imperohost(ctx, os.Args[1:])
	case len(os.Args) == 3 && os.Args[1] == "load":
		err = load.Run(ctx, load.Config{Display: os.Getenv("DISPLAY"), Name: os.Args[2], In: os.Stdin, Out: os.Stdout})
	case len(os.Args) == 2 && os.Args[1] == "view":
		err = viewer.Serve(ctx, os.Stdin, os.Stdout, viewer.Inherited)
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// imperohost is called with --version, or --headless --listen ADDRESS.
func imperohost(ctx context.Context, args []string) error {
	if args[0] == "--version" {
		fmt.Println("Imperohost of a test")
		return nil
	}
	daemon, user := net.Pipe()
	h, err := host.New(host.Config{Home: store.At(os.Getenv(store.HomeVariable)), Listen: args[2:], Agent: daemon})
	if err != nil {
		return err
	}
	defer h.Close()
	go agent.Run(context.WithoutCancel(ctx), user, agent.Config{})
	return h.Run(ctx)
}

// TestMeasuresImpero runs the whole way once: two loads, and two viewers at once.
func TestMeasuresImpero(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin, folder := t.TempDir(), t.TempDir()
	if err := os.Symlink(program, filepath.Join(bin, "Imperohost")); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	o := Options{Loads: []string{"key", "drag"}, Programs: []string{Impero}, Clients: []string{Headless}, Links: []string{Loopback}, Runs: 1, Time: time.Second}
	if err := Run(t.Context(), program, bin, folder, o, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	var results []measure.Result
	data, err := os.ReadFile(filepath.Join(folder, "bench.json"))
	if err == nil {
		err = json.Unmarshal(data, &results)
	}
	if err != nil || len(results) != 2 {
		t.Fatalf("%d results: %v\n%s", len(results), err, out.String())
	}
	for _, r := range results {
		if r.Program != Impero || r.FramesS <= 0 || r.KBFrame <= 0 || r.CPUFrame <= 0 || r.LatencyP50 <= 0 || r.LatencyP95 < r.LatencyP50 ||
			r.ClientFrame <= 0 || r.RSS < 1 || r.PSNR < 20 || r.Exact < 0.5 {
			t.Errorf("a figure cannot be: %+v", r)
		}
		if !strings.HasPrefix(r.Command, "Imperohost --headless") || !strings.Contains(r.Versions, "of a test") {
			t.Errorf("command %q, versions %q", r.Command, r.Versions)
		}
	}
	var samples []measure.Sample
	data, err = os.ReadFile(filepath.Join(folder, "bench", "drag-loopback-headless-1.json"))
	if err == nil {
		err = json.Unmarshal(data, &samples)
	}
	if err != nil || len(samples) != 1 || len(samples[0].Latencies) != samples[0].Drawn || samples[0].Drawn < 1 {
		t.Errorf("raw figures %+v: %v", samples, err)
	}
	if !strings.Contains(out.String(), "frames/s") {
		t.Errorf("it said %q", out.String())
	}
}

func TestServerThatDoesNotStartIsToldAndLeftOut(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	o := Options{Loads: []string{"key"}, Programs: []string{Impero}, Clients: []string{Headless}, Links: []string{Loopback, "20mbit-10ms"}, Runs: 1, Time: time.Second}
	err = Run(t.Context(), program, t.TempDir(), t.TempDir(), o, &out)
	if err == nil || !strings.Contains(out.String(), "FAILED") {
		t.Errorf("%v; it said %q", err, out.String())
	}
}

// TestRelayCounts: what a viewer with a window receives is known.
func TestRelayCounts(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		conn.Write(make([]byte, 1000))
		conn.Read(make([]byte, 1))
	}()
	r, err := startRelay(t.Context(), loopback{}, l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	conn, err := net.Dial("tcp", r.address())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	got := 0
	for b := make([]byte, 300); got < 1000; {
		n, err := conn.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		got += n
	}
	if r.back.Load() != 1000 {
		t.Errorf("counted %d bytes of 1000", r.back.Load())
	}
	if _, err := conn.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the connection outlived the server's")
	}
}

func TestPlan(t *testing.T) {
	base := Options{Runs: 3, Time: 4 * time.Second}
	races, err := Plan(base)
	if err != nil {
		t.Fatal(err)
	}
	cells, seen := 0, map[string]bool{}
	for _, r := range races {
		cells += len(r.Programs)
		seen[r.Client+" "+r.Link] = true
		if !slices.Contains(r.Programs, Impero) {
			t.Errorf("%+v is without us", r)
		}
	}
	for _, want := range []string{"headless loopback", "window loopback", "headless 20mbit-10ms", "headless 2mbit-50ms"} {
		if !seen[want] {
			t.Errorf("nothing is measured with %s", want)
		}
	}
	if cells > 60 { // at some eight seconds a run
		t.Errorf("%d cells take too long", cells)
	}
	all := base
	all.All = true
	if more, err := Plan(all); err != nil || len(more) <= len(races) {
		t.Errorf("everything is %d races: %v", len(more), err)
	}
	part := base
	part.Loads, part.Programs, part.Links = []string{"scroll"}, []string{X11VNC}, []string{"20mbit-10ms-1loss"}
	if some, err := Plan(part); err != nil || len(some) != 1 || !slices.Equal(some[0].Programs, part.Programs) || some[0].Load != "scroll" {
		t.Errorf("chose %+v: %v", some, err)
	}
	for name, o := range map[string]Options{
		"no such load": {Loads: []string{"dance"}, Runs: 1, Time: time.Second}, "no such program": {Programs: []string{"rdp"}, Runs: 1, Time: time.Second},
		"no runs": {Time: time.Second}, "no time": {Runs: 1},
	} {
		if _, err := Plan(o); err == nil {
			t.Error(name)
		}
	}
}
