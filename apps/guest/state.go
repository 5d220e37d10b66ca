package main

import (
	"math"
	"time"

	"impero/core/guest"
)

// state is a line of --json, one for each second. kB are 1000 bytes.
type state struct {
	T         float64                `json:"t"`             // seconds since the session began
	Frames    uint64                 `json:"frames"`        // pictures since then
	FPS       float64                `json:"fps"`           // pictures a second, in the last one
	In        float64                `json:"kb_in"`         // since the session began
	Out       float64                `json:"kb_out"`        // since the session began
	Rate      float64                `json:"kb_s"`          // both ways, in the last second
	Codecs    map[string]codecsShare `json:"codecs"`        // of the last second
	Decode    float64                `json:"decode_ms_p50"` // of the pictures of the last second
	Worst     float64                `json:"decode_ms_max"` // of the same
	Host      *hostTimes             `json:"host"`          // of the pictures of the last second; null if the Host told nothing
	RoundTrip float64                `json:"rtt_ms"`        // 0 before the first measurement
	Exact     bool                   `json:"exact"`         // the picture equals the Host's byte for byte
	Width     int                    `json:"width"`
	Height    int                    `json:"height"`
	Level     string                 `json:"level"`   // of encryption
	Role      string                 `json:"role"`    // at the Host, which may change it
	Control   bool                   `json:"control"` // the role allows keyboard and mouse
	Lost      bool                   `json:"lost"`    // the connection is, and no picture has come since
}

// codecsShare is what one codec carried.
type codecsShare struct {
	Ops uint64  `json:"ops"`
	KB  float64 `json:"kb"`
}

// hostTimes is what pictures took at the Host.
type hostTimes struct {
	Updates   int     `json:"updates"`
	Capture   float64 `json:"capture_ms"`
	Capture95 float64 `json:"capture_ms_p95"`
	Encode    float64 `json:"encode_ms"`
	Encode95  float64 `json:"encode_ms_p95"`
	Queue     float64 `json:"queue_ms"` // until a picture was sent
	Queue95   float64 `json:"queue_ms_p95"`
}

func hostTimesOf(h guest.HostTimes) *hostTimes {
	if h.Updates == 0 {
		return nil
	}
	return &hostTimes{
		Updates: h.Updates, Capture: ms(h.Capture), Capture95: ms(h.Capture95), Encode: ms(h.Encode), Encode95: ms(h.Encode95),
		Queue: ms(h.Queue), Queue95: ms(h.Queue95),
	}
}

// stateOf gives what a session did between two moments that are elapsed apart.
func stateOf(info guest.Info, before, now guest.Statistics, elapsed, age time.Duration) state {
	seconds := max(elapsed.Seconds(), 1e-3)
	st := state{
		T: rounded(age.Seconds(), 3), Frames: now.Frames, FPS: rounded(float64(now.Frames-before.Frames)/seconds, 1),
		In: kB(now.BytesIn), Out: kB(now.BytesOut), Codecs: map[string]codecsShare{},
		Rate:   rounded(float64(now.BytesIn-before.BytesIn+now.BytesOut-before.BytesOut)/1000/seconds, 1),
		Decode: ms(now.DecodeMedian), Worst: ms(now.DecodeWorst), Host: hostTimesOf(now.Host), RoundTrip: ms(now.RoundTrip), Exact: now.Exact, Level: info.Level,
		Role: info.Role, Control: info.MayControl,
	}
	for i := range now.Codecs {
		is, was := now.Codecs[i], before.Codecs[i]
		st.Codecs[guest.Codec(i).String()] = codecsShare{Ops: is.Ops - was.Ops, KB: kB(is.Bytes - was.Bytes)}
	}
	return st
}

func rounded(v float64, digits int) float64 {
	scale := math.Pow10(digits)
	return math.Round(v*scale) / scale
}

func kB(bytes uint64) float64       { return float64(bytes) / 1000 }
func ms(took time.Duration) float64 { return rounded(float64(took)/1e6, 3) }
