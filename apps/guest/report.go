package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"impero/core/guest"
	"impero/core/picture"
)

// state is a line of --json.
type state struct {
	Host      string  `json:"host"`
	Address   string  `json:"address"`
	Role      string  `json:"role"`
	Level     string  `json:"level"`
	Width     int     `json:"width"`
	Height    int     `json:"height"`
	Seconds   float64 `json:"seconds"`
	Frames    uint64  `json:"frames"` // since the session began
	FPS       uint64  `json:"fps"`    // in the last second
	BytesIn   uint64  `json:"bytesIn"`
	BytesOut  uint64  `json:"bytesOut"`
	RoundTrip float64 `json:"roundTripMs"`
	Decode    float64 `json:"decodeMs"`
	Exact     bool    `json:"exact"`
	// Lost is there while the connection is lost: until when it is tried again.
	Lost *time.Time `json:"lostUntil,omitempty"`
}

// reporter writes what a session does, a line at a time.
type reporter struct {
	out    io.Writer
	json   bool
	s      *guest.Session
	before guest.Stats
	lost   bool
	frames uint64 // pictures when the connection was lost last
}

// stale says that no picture has come since the connection was lost.
func (r *reporter) stale() bool { return r.lost || r.s.Stats().Frames == r.frames }

// second writes the figures of the second that has passed; while the connection
// is lost there are none.
func (r *reporter) second() error {
	now := r.s.Stats()
	defer func() { r.before = now }()
	if err := r.link(); err != nil || r.lost {
		return err
	}
	return r.tell(now)
}

// link says that the connection was lost, or that it is there again, with a new
// picture: a session that ends is no longer lost either.
func (r *reporter) link() error {
	lost, is := r.s.Lost()
	if is == r.lost || !is && r.s.Stats().Frames == r.frames {
		return nil
	}
	r.lost = is
	if is {
		r.frames = r.s.Stats().Frames
	}
	switch {
	case r.json:
		return r.tell(r.s.Stats())
	case is:
		_, err := fmt.Fprintf(r.out, "%s  connection lost, trying until %s\n", r.s.Info().Target, lost.Until.Format("15:04:05"))
		return err
	}
	_, err := fmt.Fprintf(r.out, "%s  resumed\n", r.s.Info().Target)
	return err
}

// tell writes the figures.
func (r *reporter) tell(now guest.Stats) error {
	info := r.s.Info()
	st := state{
		Host: info.Target.String(), Address: info.Address, Role: info.Role, Level: info.Level, Seconds: time.Since(info.Since).Seconds(),
		Frames: now.Frames, FPS: now.Frames - r.before.Frames, BytesIn: now.BytesIn, BytesOut: now.BytesOut,
		RoundTrip: float64(now.RoundTrip) / 1e6, Decode: float64(now.DecodeTime) / 1e6, Exact: now.Exact,
	}
	if lost, is := r.s.Lost(); is {
		st.Lost = &lost.Until
	}
	r.s.Picture(func(f *picture.Frame, _ []picture.Rect, _ *picture.Layout) { st.Width, st.Height = f.W, f.H })
	if r.json {
		return json.NewEncoder(r.out).Encode(st)
	}
	_, err := fmt.Fprintf(r.out, "%s  %.0f s  %d × %d  %d fps  %d kB in  %.0f ms\n",
		st.Host, st.Seconds, st.Width, st.Height, st.FPS, st.BytesIn/1000, st.RoundTrip)
	return err
}
