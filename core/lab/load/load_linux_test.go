package load

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"impero/core/lab"
	"impero/core/lab/barcode"
	"impero/core/picture"
)

// stage is a load that runs on an X server of its own.
type stage struct {
	t        *testing.T
	x        *lab.X
	spec     Spec
	commands io.Writer
	says     *bufio.Scanner
}

func start(t *testing.T, spec Spec) *stage {
	t.Helper()
	x := lab.StartX(t, lab.Screen{W: Width, H: Height})
	ctx, cancel := context.WithCancel(t.Context())
	in, commands := io.Pipe()
	says, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- Run(ctx, Config{Display: x.Display, Name: spec.Name, In: in, Out: out})
		out.Close()
	}()
	t.Cleanup(func() {
		commands.Close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		cancel()
	})
	s := &stage{t: t, x: x, spec: spec, commands: commands, says: bufio.NewScanner(says)}
	s.hear("ready")
	return s
}

func (s *stage) hear(want string) {
	s.t.Helper()
	if !s.says.Scan() || s.says.Text() != want {
		s.t.Fatalf("it said %q, not %q", s.says.Text(), want)
	}
}

// look gives the display's picture and the number in it.
func (s *stage) look() (*picture.Frame, barcode.Number, bool) {
	s.t.Helper()
	shot := lab.TakeScreenshot(s.t, s.x.Display)
	f := &picture.Frame{W: Width, H: Height, Order: picture.RGBX, Pix: shot.Pix}
	n, ok := barcode.ReadAll(f, s.spec.Places)
	return f, n, ok
}

// differs is the share of pixels that two pictures do not share.
func differs(a, b *picture.Frame) float64 {
	count := 0
	for i := 0; i < len(a.Pix); i += 4 {
		if [4]byte(a.Pix[i:i+4]) != [4]byte(b.Pix[i:i+4]) {
			count++
		}
	}
	return float64(count) / float64(a.W*a.H)
}

// TestLoadsDrawWhatTheySay: each begins with frame 0, draws until it is stopped, marks the last frame, and knows when it
// drew each. How much of the picture changes tells one load from another.
func TestLoadsDrawWhatTheySay(t *testing.T) {
	changes := map[string]struct{ least, most float64 }{
		"type": {0.0002, 0.02}, "scroll": {0.05, 0.5}, "drag": {0.005, 0.4}, "web": {0.05, 0.9},
		"video30": {0.8, 1}, "video60": {0.8, 1}, "key": {0.03, 0.06}, "keyfilm": {0.1, 0.22},
	}
	for _, spec := range Specs() {
		t.Run(spec.Name, func(t *testing.T) {
			s := start(t, spec)
			first, n, ok := s.look()
			if !ok || n != (barcode.Number{}) {
				t.Fatalf("the first picture says %+v, %v", n, ok)
			}
			fmt.Fprintln(s.commands, "go")
			if spec.Rate == 0 {
				for range 4 {
					press := lab.StartProcess(t, s.x.Display, "xdotool", "key", "a")
					if err := press.Wait(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
			}
			lab.WaitFor(t, time.Minute, "frames", func() bool {
				_, n, ok := s.look()
				return ok && n.Frame >= 4
			})
			fmt.Fprintln(s.commands, "stop")
			count := s.log()
			last, n, ok := s.look()
			if !ok || n != (barcode.Number{Frame: count, Last: true}) {
				t.Errorf("drew %d frames, the last picture says %+v, %v", count, n, ok)
			}
			if want, share := changes[spec.Name], differs(first, last); share < want.least || share > want.most {
				t.Errorf("%.4f of the picture changed, want %v", share, want)
			}
		})
	}
}

// log reads the log, checks that its numbers and times go up, and gives the number of frames.
func (s *stage) log() int {
	s.t.Helper()
	count, before := 0, int64(0)
	for s.says.Scan() && s.says.Text() != "end" {
		var n int
		var at int64
		if _, err := fmt.Sscan(s.says.Text(), &n, &at); err != nil || n != count+1 || at <= before {
			s.t.Fatalf("the log says %q after frame %d at %d: %v", s.says.Text(), count, before, err)
		}
		count, before = n, at
	}
	if s.says.Text() != "end" || Now() < before {
		s.t.Fatalf("the log ends with %q", s.says.Text())
	}
	return count
}

func TestEveryRunDrawsTheSame(t *testing.T) {
	a, b := photo(200, 100, 1), photo(200, 100, 1)
	if differs(a, b) != 0 || differs(a, photo(200, 100, 2)) < 0.9 {
		t.Error("a photograph is not its seed's")
	}
	if one := newWriter(3).sentence(500); one != newWriter(3).sentence(500) {
		t.Error("a text is not its seed's")
	}
}

func TestRunSaysWhatIsWrong(t *testing.T) {
	if err := Run(t.Context(), Config{Name: "dance"}); err == nil || !strings.Contains(err.Error(), "video60") {
		t.Errorf("got %v", err)
	}
	x := lab.StartX(t, lab.Screen{W: 640, H: 480})
	if err := Run(t.Context(), Config{Name: "type", Display: x.Display}); err == nil || !strings.Contains(err.Error(), "640 × 480") {
		t.Errorf("got %v", err)
	}
}
