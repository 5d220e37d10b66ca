package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"impero/core/guest"
	"impero/core/picture"
)

// reporter writes what a session does, a line at a time.
type reporter struct {
	out    io.Writer
	json   bool
	s      *guest.Session
	before guest.Statistics
	at     time.Time // of before
	lost   bool
	role   string
	may    bool   // control
	frames uint64 // pictures when the connection was lost last
}

func newReporter(out io.Writer, json bool, s *guest.Session) *reporter {
	return &reporter{out: out, json: json, s: s, before: s.Statistics(), at: time.Now(), role: s.Info().Role, may: s.Info().MayControl}
}

// stale says that no picture has come since the connection was lost.
func (r *reporter) stale() bool { return r.lost || r.s.Stats().Frames == r.frames }

// second writes the figures of the second that has passed; for people there are
// none while the connection is lost.
func (r *reporter) second() error {
	if err := errors.Join(r.link(), r.allowed()); err != nil {
		return err
	}
	before, at := r.before, r.at
	r.before, r.at = r.s.Statistics(), time.Now()
	if r.lost && !r.json {
		return nil
	}
	st := stateOf(r.s.Info(), before, r.before, r.at.Sub(at), r.at.Sub(r.s.Info().Since))
	st.Lost = r.lost
	r.s.Picture(func(f *picture.Frame, _ []picture.Rect, _ *picture.Layout) { st.Width, st.Height = f.W, f.H })
	if r.json {
		return json.NewEncoder(r.out).Encode(st)
	}
	_, err := fmt.Fprintf(r.out, "%s  %.0f s  %d × %d  %.0f fps  %.0f kB in  %.0f ms\n",
		r.s.Info().Target, st.T, st.Width, st.Height, st.FPS, st.In, st.RoundTrip)
	return err
}

// allowed tells people when the role is another.
func (r *reporter) allowed() error {
	info := r.s.Info()
	if info.Role == r.role && info.MayControl == r.may {
		return nil
	}
	r.role, r.may = info.Role, info.MayControl
	words := "keyboard and mouse are not allowed"
	if r.may {
		words = "keyboard and mouse are allowed"
	}
	if r.json {
		return nil
	}
	_, err := fmt.Fprintf(r.out, "%s  role %s now: %s\n", info.Target, r.role, words)
	return err
}

// link follows the connection: that it was lost, or that it is there again, with a
// new picture. A session that ends is no longer lost either. People are told at
// once, who reads JSON with the next second.
func (r *reporter) link() error {
	lost, is := r.s.Lost()
	if is == r.lost || !is && r.s.Stats().Frames == r.frames {
		return nil
	}
	r.lost = is
	if is {
		r.frames = r.s.Stats().Frames
	}
	words := "resumed"
	if is {
		words = "connection lost, trying until " + lost.Until.Format("15:04:05")
	}
	if r.json {
		return nil
	}
	_, err := fmt.Fprintf(r.out, "%s  %s\n", r.s.Info().Target, words)
	return err
}
