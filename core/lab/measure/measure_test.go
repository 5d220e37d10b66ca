package measure

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"impero/core/picture"
)

const ms = 1_000_000

// TestLeavingFramesOutIsNoGain: frames 2 and 3 were left out, 5 never came.
func TestLeavingFramesOutIsNoGain(t *testing.T) {
	drawn := []int64{10 * ms, 20 * ms, 30 * ms, 40 * ms, 50 * ms, 60 * ms}
	shown := []Shown{{1, 12 * ms}, {4, 45 * ms}}
	if got, want := Latencies(drawn, shown, 10*ms, 60*ms, 100*ms), []float64{2, 25, 15, 5, 50}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := Latencies(drawn, shown, 20*ms, 40*ms, 100*ms), []float64{25, 15}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := Between(shown, 12*ms, 45*ms); got != 1 {
		t.Errorf("%d frames", got)
	}
}

func TestPercentileAndMedian(t *testing.T) {
	var values []float64
	for i := range 100 {
		values = append(values, float64(99-i))
	}
	if p50, p95 := Percentile(values, 50), Percentile(values, 95); p50 != 50 || p95 != 95 {
		t.Errorf("got %v and %v", p50, p95)
	}
	if Percentile(nil, 50) != 0 || Percentile([]float64{7}, 95) != 7 || Percentile([]float64{7, 8}, 100) != 8 {
		t.Error("few values are mistaken")
	}
	if median([]float64{3, 1, 2}) != 2 || median([]float64{4, 1}) != 2.5 || median(nil) != 0 {
		t.Error("the median is mistaken")
	}
}

func TestCompare(t *testing.T) {
	a, b := picture.NewFrame(10, 10, picture.BGRX), picture.NewFrame(10, 10, picture.RGBX)
	if psnr, exact, err := Compare(a, b); err != nil || psnr != MaxPSNR || exact != 1 {
		t.Errorf("equal pictures: %v, %v, %v", psnr, exact, err)
	}
	copy(a.Pix, []byte{1, 2, 3})
	copy(b.Pix, []byte{3, 2, 1})
	if _, exact, _ := Compare(a, b); exact != 1 {
		t.Error("the orders of pixels are mistaken")
	}
	b.Pix[4], b.Pix[9] = 30, 40 // mean square error (900 + 1600) / 300
	psnr, exact, err := Compare(a, b)
	if want := 10 * math.Log10(255*255*300/2500.0); err != nil || math.Abs(psnr-want) > 1e-9 || exact != 0.98 {
		t.Errorf("got %v, %v, %v, want %v", psnr, exact, err, want)
	}
	if _, _, err := Compare(a, picture.NewFrame(9, 10, picture.BGRX)); err == nil {
		t.Error("pictures of two sizes were compared")
	}
}

func sample(program string, run int, frames int) Sample {
	return Sample{
		Cell: Cell{Program: program, Client: "headless", Load: "web", Link: "loopback", Viewers: 2},
		Run:  run, Seconds: 4, Frames: frames, Bytes: 1000 * uint64(frames) * uint64(run), CPU: 8 * float64(frames), ClientCPU: 3 * float64(frames),
		RSS: 50, First: 120, Latencies: []float64{9, 8, 7}, PSNR: 40, CalmExact: 0.5, Command: "serve", Versions: "1.0",
	}
}

func TestSummarizeTakesMedians(t *testing.T) {
	got := Summarize([]Sample{sample("x11vnc", 1, 400), sample("x11vnc", 2, 480), sample("x11vnc", 9, 80)})
	want := Result{
		Cell: sample("x11vnc", 1, 0).Cell, FramesS: 50, KBFrame: 2, CPUFrame: 8, LatencyP50: 8, LatencyP95: 9, First: 120, ClientFrame: 3,
		RSS: 50, PSNR: 40, Exact: 0.5, Command: "serve", Versions: "1.0",
	}
	if got != want {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

// TestJSONHasItsFields: who reads bench.json relies on these names.
func TestJSONHasItsFields(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bench.json")
	if err := WriteJSON(path, []Result{Summarize([]Sample{sample(Ours, 1, 10)})}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	if err := json.Unmarshal(data, &list); err != nil || len(list) != 1 {
		t.Fatalf("%d entries: %v", len(list), err)
	}
	texts := []string{"program", "client", "load", "link", "command", "versions"}
	numbers := []string{"viewers", "frames_s", "kb_frame", "cpu_ms_frame", "latency_p50_ms", "latency_p95_ms", "first_ms", "client_cpu_ms_frame", "rss_mb", "psnr", "exact_share"}
	for _, name := range texts {
		if _, ok := list[0][name].(string); !ok {
			t.Errorf("%s is %v", name, list[0][name])
		}
	}
	for _, name := range numbers {
		if _, ok := list[0][name].(float64); !ok {
			t.Errorf("%s is %v", name, list[0][name])
		}
	}
	if len(list[0]) != len(texts)+len(numbers) {
		t.Errorf("there are %d fields: %v", len(list[0]), list[0])
	}
}

func TestTableComparesOursWithEachPeer(t *testing.T) {
	peer := Summarize([]Sample{sample("x11vnc", 1, 400)})
	ours := Summarize([]Sample{sample(Ours, 1, 400)})
	ours.KBFrame, ours.CPUFrame = 0.25, 4
	other := peer
	other.Load = "key"
	var out strings.Builder
	if err := WriteTable(&out, []Result{peer, ours, other}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "÷"); n != 1 {
		t.Errorf("%d comparisons in\n%s", n, out.String())
	}
	for _, want := range []string{"ours ÷ x11vnc", "0.250", "0.500", "50.00 %"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}
