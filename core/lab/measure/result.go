package measure

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
)

// Cell names what is measured: a program with a kind of viewer, a load, a link and a number of viewers.
type Cell struct {
	Program string `json:"program"` // impero, x0vncserver, Xvnc or x11vnc
	Client  string `json:"client"`  // headless or window
	Load    string `json:"load"`
	Link    string `json:"link"`
	Viewers int    `json:"viewers"`
}

// Sample is one run of a cell.
type Sample struct {
	Cell
	Run       int       `json:"run"` // from 1
	Seconds   float64   `json:"seconds"`
	Drawn     int       `json:"drawn"`  // frames
	Frames    int       `json:"frames"` // shown by all viewers together
	Bytes     uint64    `json:"bytes"`  // received by all viewers together
	CPU       float64   `json:"cpu_ms"`
	ClientCPU float64   `json:"client_cpu_ms"`
	RSS       float64   `json:"rss_mb"`
	Latencies []float64 `json:"latencies_ms"`
	Missed    int       `json:"missed"`       // keys without an answer
	First     float64   `json:"first_ms"`     // from the connection to the first whole picture
	PSNR      float64   `json:"psnr"`         // of the last frame when it was first shown
	Exact     float64   `json:"exact_share"`  // of it
	CalmPSNR  float64   `json:"calm_psnr"`    // of it a second later
	CalmExact float64   `json:"calm_exact"`   // the same
	Command   string    `json:"command"`      // of the server
	Versions  string    `json:"versions"`     // of the programs
	CPUModel  string    `json:"processor"`    // of the machine
	OtherLoad float64   `json:"load_average"` // of the machine, when the run ended
}

// Result is the median of a cell's runs. Figures per frame are per frame and viewer.
type Result struct {
	Cell
	FramesS     float64 `json:"frames_s"` // a viewer
	KBFrame     float64 `json:"kb_frame"` // 1000 bytes
	CPUFrame    float64 `json:"cpu_ms_frame"`
	LatencyP50  float64 `json:"latency_p50_ms"`
	LatencyP95  float64 `json:"latency_p95_ms"`
	First       float64 `json:"first_ms"` // from the connection to the first whole picture, logon and all
	ClientFrame float64 `json:"client_cpu_ms_frame"`
	RSS         float64 `json:"rss_mb"` // of the server
	PSNR        float64 `json:"psnr"`   // of the last moving frame as it was first shown
	Exact       float64 `json:"exact_share"`
	Command     string  `json:"command"`
	Versions    string  `json:"versions"`
}

// Summarize gives the median of each figure over the samples of one cell, of which there is at least one.
func Summarize(samples []Sample) Result {
	first := samples[0]
	of := func(figure func(Sample) float64) float64 {
		values := make([]float64, len(samples))
		for i, s := range samples {
			values[i] = figure(s)
		}
		return round(median(values))
	}
	frame := func(total func(Sample) float64) float64 {
		return of(func(s Sample) float64 { return total(s) / float64(max(1, s.Frames)) })
	}
	at := func(p float64) float64 {
		return of(func(s Sample) float64 { return Percentile(s.Latencies, p) })
	}
	return Result{
		Cell:        first.Cell,
		FramesS:     of(func(s Sample) float64 { return float64(s.Frames) / s.Seconds / float64(s.Viewers) }),
		KBFrame:     frame(func(s Sample) float64 { return float64(s.Bytes) / 1000 }),
		CPUFrame:    frame(func(s Sample) float64 { return s.CPU }),
		LatencyP50:  at(50),
		LatencyP95:  at(95),
		First:       of(func(s Sample) float64 { return s.First }),
		ClientFrame: frame(func(s Sample) float64 { return s.ClientCPU }),
		RSS:         of(func(s Sample) float64 { return s.RSS }),
		PSNR:        of(func(s Sample) float64 { return s.PSNR }),
		Exact:       of(func(s Sample) float64 { return s.CalmExact }),
		Command:     first.Command,
		Versions:    first.Versions,
	}
}

// round keeps four digits and no more than that of what a run can tell.
func round(v float64) float64 {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return 0
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}

// WriteJSON writes a value to a file, readable for people too.
func WriteJSON(path string, value any) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.WriteFile(path, append(data, '\n'), 0o644); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}
