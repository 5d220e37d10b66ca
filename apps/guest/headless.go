package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"time"

	"impero/core/guest"
	"impero/core/picture"
	"impero/ui/guest/presenter"
)

// headless connects without a window, tells the state once a second and ends
// after --for, after the screenshot, or with ctx.
func headless(ctx context.Context, o *options, engine *guest.Engine, out io.Writer) (code int, err error) {
	target, err := engine.Target(o.host, o.profile)
	if err != nil {
		return exitUsage, err
	}
	s, err := engine.Connect(ctx, target, &presenter.Script{User: o.user, Password: o.password, AcceptKey: o.acceptKey})
	switch {
	case err != nil && ctx.Err() != nil:
		return exitDone, nil
	case err != nil:
		return codeOf(err), err
	}
	defer s.Close()
	return follow(ctx, o, s, out)
}

// codeOf gives the exit code of an error of Connect.
func codeOf(err error) int {
	var e *guest.Error
	if !errors.As(err, &e) {
		return exitError
	}
	switch e.Kind {
	case guest.KindBadAddress, guest.KindNameNotFound, guest.KindNobody, guest.KindNoAnswer, guest.KindNotImpero,
		guest.KindHostTooOld, guest.KindHostTooNew:
		return exitReach
	case guest.KindChangedKey, guest.KindNotTrusted, guest.KindHandshake, guest.KindKnownHosts:
		return exitIdentity
	case guest.KindLogonFailed, guest.KindLockedOut, guest.KindLogonTime, guest.KindUserRefused, guest.KindUserAway,
		guest.KindNoLogon, guest.KindFull, guest.KindBusy, guest.KindNoDisplay, guest.KindDenied, guest.KindLevel,
		guest.KindNotSupported:
		return exitLogon
	case guest.KindLost, guest.KindHostUser, guest.KindHostStopping, guest.KindRoleEnded, guest.KindSessionOver, guest.KindReplaced:
		return exitLost
	case guest.KindNoProfile:
		return exitUsage
	}
	return exitError
}

// follow tells the state until there is a reason to end.
func follow(ctx context.Context, o *options, s *guest.Session, out io.Writer) (int, error) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	var end <-chan time.Time
	if o.duration > 0 {
		end = time.After(o.duration)
	}
	r := &reporter{out: out, json: o.json, s: s, before: s.Stats()}
	for {
		select {
		case <-ctx.Done():
			return exitDone, nil
		case <-end:
			return exitDone, nil
		case <-s.Done():
			if err := s.Err(); err != nil {
				return exitLost, err
			}
			return exitDone, nil
		case <-second.C:
			if err := r.second(); err != nil {
				return exitError, err
			}
		case <-s.Updates():
			if err := r.link(); err != nil {
				return exitError, err
			}
			if o.screenshot == "" || r.stale() {
				continue
			}
			if img, exact := exactPicture(s); exact {
				return save(img, o.screenshot, out)
			}
		}
	}
}

// exactPicture copies the picture if it equals the Host's byte for byte and none
// came meanwhile.
func exactPicture(s *guest.Session) (img *image.RGBA, exact bool) {
	before := s.Stats()
	if !before.Exact {
		return nil, false
	}
	s.Picture(func(f *picture.Frame, _ []picture.Rect, _ *picture.Layout) {
		img = &image.RGBA{Pix: append([]byte(nil), f.Pix...), Stride: 4 * f.W, Rect: image.Rect(0, 0, f.W, f.H)}
	})
	return img, s.Stats().Frames == before.Frames
}

// save writes the picture to a file.
func save(img *image.RGBA, path string, out io.Writer) (int, error) {
	if err := presenter.WritePicture(path, img); err != nil {
		return exitError, err
	}
	fmt.Fprintln(out, path)
	return exitDone, nil
}

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

// link says that the connection was lost, or that it is there again.
func (r *reporter) link() error {
	lost, is := r.s.Lost()
	if is == r.lost {
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
