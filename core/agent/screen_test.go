package agent

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"impero/core/capture"
	"impero/core/picture"
	"impero/core/screen"
	"impero/core/seam"
	"impero/core/wire"
)

// film is a display on which every frame is another photograph.
type film struct {
	frame  *picture.Frame
	every  time.Duration
	last   time.Time // frame that was given
	n      uint32
	given  atomic.Int32
	rushed atomic.Int32 // looks for which there was no time
}

func (f *film) Next(ctx context.Context) (*capture.Update, error) {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		f.rushed.Add(1)
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(time.Until(f.last.Add(f.every))):
	}
	f.last = time.Now()
	f.given.Add(1)
	for i := range f.frame.Pix {
		if i&3 != 3 {
			f.n = f.n*1664525 + 1013904223
			f.frame.Pix[i] = byte(i>>4) + byte(f.n>>28)
		}
	}
	return &capture.Update{Frame: f.frame, Changed: []picture.Rect{f.frame.Bounds()}}, nil
}

func (f *film) Close() error { return nil }

// TestTheDisplayComesBeforeRefreshes: while refreshes are due without end, because what was sent went with loss and the viewer is
// far, the display is looked at all the same.
func TestTheDisplayComesBeforeRefreshes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		user, end := net.Pipe()
		source := &film{frame: picture.NewFrame(640, 448, picture.BGRX), every: 400 * time.Millisecond} // rarer than a refresh is due
		done := make(chan error, 1)
		go func() { done <- Run(ctx, user, Config{Capture: func() (capture.Source, error) { return source, nil }}) }()
		daemon := seam.New(end)
		if err := daemon.Greet(); err != nil {
			t.Fatal(err)
		}
		daemon.Send(&seam.Join{Viewer: 1, Capabilities: []wire.Capability{{Number: wire.CapabilityJPEG}}})
		var split screen.Splitter
		var update wire.UpdateMessage
		pictures := 0
		for begun := time.Now(); time.Since(begun) < 10*time.Second; {
			m, err := daemon.Receive()
			if err != nil {
				t.Fatal(err)
			}
			p, ok := m.(*seam.Picture)
			if !ok {
				continue
			}
			split.Feed(p.Data)
			for {
				kind, body, ok, err := split.Next()
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					break
				}
				if kind != wire.PictureUpdate {
					continue
				}
				if err := update.Parse(body); err != nil {
					t.Fatal(err)
				}
				pictures++
				sequence := update.Sequence
				time.AfterFunc(70*time.Millisecond+time.Duration(len(body))*time.Microsecond, func() { // 1 MB a second
					daemon.Send(&seam.Ack{Viewer: 1, Sequence: sequence})
				})
			}
		}
		cancel()
		daemon.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if n := source.rushed.Load(); n > 0 {
			t.Errorf("%d looks at the display without time for them", n)
		}
		if n := source.given.Load(); n < 20 || pictures < 20 {
			t.Errorf("%d frames in 10 s, %d pictures of them", n, pictures)
		}
		t.Logf("%d frames, %d pictures", source.given.Load(), pictures)
	})
}
