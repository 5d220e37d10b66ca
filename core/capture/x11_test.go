//go:build unix && !darwin

package capture_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"impero/core/capture"
	"impero/core/capture/capturetest"
	"impero/core/lab"
	"impero/core/picture"
	"impero/core/x11"
)

const patience = 20 * time.Second

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB, cfg capture.Config) capture.Source {
	t.Helper()
	s, err := capture.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func next(t testing.TB, s capture.Source) *capture.Update {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	u, err := s.Next(ctx)
	must(t, err)
	return u
}

// until takes updates until one satisfies is.
func until(t testing.TB, s capture.Source, what string, is func(u *capture.Update) bool) *capture.Update {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		u, err := s.Next(ctx)
		if err != nil {
			t.Fatalf("wait for %s: %v", what, err)
		}
		if is(u) {
			return u
		}
	}
}

// quiet takes updates until none has come for a while.
func quiet(t testing.TB, s capture.Source) {
	t.Helper()
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		_, err := s.Next(ctx)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			return
		}
		must(t, err)
	}
}

func run(t testing.TB, display string, argv ...string) {
	t.Helper()
	p := lab.StartProcess(t, display, argv...)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	must(t, p.Wait(ctx))
}

// addMode makes a size known to the display; setMode changes to it.
func addMode(t testing.TB, display string, w, h int) {
	t.Helper()
	name, ws, hs := fmt.Sprintf("%dx%d", w, h), fmt.Sprint(w), fmt.Sprint(h)
	run(t, display, "xrandr", "--newmode", name, "0", ws, "0", "0", ws, hs, "0", "0", hs)
	run(t, display, "xrandr", "--addmode", "screen", name)
}

func setMode(t testing.TB, display, name string) {
	t.Helper()
	run(t, display, "xrandr", "--output", "screen", "--mode", name)
}

// painter draws on a display's root window.
type painter struct {
	t    testing.TB
	c    *x11.Conn
	root uint32
	gc   uint32
}

func newPainter(t testing.TB, display string) *painter {
	t.Helper()
	c, err := x11.Dial(context.Background(), display)
	must(t, err)
	t.Cleanup(func() { c.Close() })
	p := &painter{t, c, c.Root().Root, c.NewID()}
	const createGC, subwindowMode, includeInferiors = 55, 1 << 15, 1
	must(t, c.Check(createGC, 0, p.gc, p.root, subwindowMode, includeInferiors))
	return p
}

// fill fills rectangles with one colour and returns when that is done.
func (p *painter) fill(rgb uint32, rects ...picture.Rect) {
	p.t.Helper()
	p.send(rgb, rects...)
	must(p.t, p.c.Check(127, 0)) // NoOperation
}

func (p *painter) send(rgb uint32, rects ...picture.Rect) {
	const changeGC, polyFillRectangle, foreground = 56, 70, 1 << 2
	p.c.Send(changeGC, 0, p.gc, foreground, rgb)
	for _, r := range rects {
		p.c.Send(polyFillRectangle, 0, p.root, p.gc, x11.Pair(r.X, r.Y), x11.Pair(r.W, r.H))
	}
}

// warp puts the pointer somewhere, as a program may: no device moves.
func (p *painter) warp(x, y int) {
	p.t.Helper()
	must(p.t, p.c.Check(41, 0, 0, p.root, 0, 0, x11.Pair(x, y)))
}

func pixel(f *picture.Frame, x, y int) uint32 {
	p := f.Pix[(y*f.W+x)*4:]
	return uint32(p[2])<<16 | uint32(p[1])<<8 | uint32(p[0])
}

// change draws a little scene that differs for each n.
func (p *painter) change(n int) {
	rects := []picture.Rect{{X: 10 + n%7*30, Y: 20 + n%5*40, W: 5 + n%40, H: 9}, {X: 400 - n%200, Y: 300, W: 50, H: 1 + n%60}}
	p.fill(uint32(n*7919+1)&0xffffff, rects[:1+n%2]...)
}

func TestX11Conforms(t *testing.T) {
	for name, cfg := range map[string]capture.Config{"shared memory": {}, "socket": {NoSharedMemory: true}} {
		t.Run(name, func(t *testing.T) {
			x := lab.StartX(t, lab.Screen{W: 640, H: 480})
			cfg.Display, cfg.Backend = x.Display, capture.X11
			p := newPainter(t, x.Display)
			capturetest.Conform(t, capturetest.Subject{
				Open:   func(t *testing.T) capture.Source { return open(t, cfg) },
				Change: func(t *testing.T, n int) { p.change(n) },
			})
		})
	}
}

func TestPortableConforms(t *testing.T) {
	x := lab.StartX(t, lab.Screen{W: 640, H: 480})
	t.Setenv("DISPLAY", x.Display)
	p := newPainter(t, x.Display)
	capturetest.Conform(t, capturetest.Subject{
		NoCursor: true,
		Open:     func(t *testing.T) capture.Source { return open(t, capture.Config{Backend: capture.Portable}) },
		Change:   func(t *testing.T, n int) { p.change(n) },
	})
}

// same compares a frame with a picture taken by another program.
func same(t *testing.T, f *picture.Frame, want *image.RGBA) {
	t.Helper()
	if f.W != want.Rect.Dx() || f.H != want.Rect.Dy() {
		t.Fatalf("frame of %d × %d, the display has %v", f.W, f.H, want.Rect)
	}
	for y := range f.H {
		for x := range f.W {
			c := want.RGBAAt(want.Rect.Min.X+x, want.Rect.Min.Y+y)
			if rgb := uint32(c.R)<<16 | uint32(c.G)<<8 | uint32(c.B); pixel(f, x, y) != rgb {
				t.Fatalf("pixel %d, %d is %06x, another program sees %06x", x, y, pixel(f, x, y), rgb)
			}
		}
	}
}

// What is captured piece by piece is what another program sees at the end.
func TestFrameIsTheDisplay(t *testing.T) {
	for name, cfg := range map[string]capture.Config{"shared memory": {}, "socket": {NoSharedMemory: true}, "portable": {Backend: capture.Portable}} {
		t.Run(name, func(t *testing.T) {
			x := lab.StartX(t, lab.Screen{W: 500, H: 400})
			t.Setenv("DISPLAY", x.Display)
			s := open(t, cfg)
			p := newPainter(t, x.Display)
			next(t, s)
			for n := range 60 {
				p.change(n)
				if n%3 == 0 {
					next(t, s)
				}
			}
			p.fill(0xabcdef, picture.Rect{X: 499, Y: 399, W: 1, H: 1})
			u := until(t, s, "the last pixel", func(u *capture.Update) bool { return pixel(u.Frame, 499, 399) == 0xabcdef })
			same(t, u.Frame, lab.TakeScreenshot(t, x.Display))
		})
	}
}

// Few small changes far apart are reported one by one, others as their box.
func TestChangedIsTight(t *testing.T) {
	x := lab.StartX(t, lab.Screen{W: 1000, H: 800})
	s := open(t, capture.Config{Display: x.Display})
	p := newPainter(t, x.Display)
	next(t, s)
	quiet(t, s)
	p.fill(0xff0000, picture.Rect{X: 10, Y: 10, W: 20, H: 20}, picture.Rect{X: 900, Y: 700, W: 30, H: 30})
	area := 0
	seen := until(t, s, "both changes", func(u *capture.Update) bool {
		for _, r := range u.Changed {
			area += r.Area()
		}
		return pixel(u.Frame, 910, 710) == 0xff0000
	})
	if area > 20*20+30*30 {
		t.Errorf("%d pixels reported (the last as %v), 1300 changed", area, seen.Changed)
	}
}

// A burst of large drawings is one update or two, not one each.
func TestBurstIsGathered(t *testing.T) {
	x := lab.StartX(t, lab.Screen{W: 1000, H: 800})
	s := open(t, capture.Config{Display: x.Display})
	p := newPainter(t, x.Display)
	next(t, s)
	quiet(t, s)
	const rounds = 20
	updates := 0
	for n := range rounds {
		for i := range 10 {
			p.send(uint32(n*10+i+1), picture.Rect{X: 0, Y: i * 70, W: 1000, H: 60})
			must(t, p.c.Flush())
		}
		until(t, s, "the end of a burst", func(u *capture.Update) bool {
			updates++
			return pixel(u.Frame, 5, 9*70+5) == uint32(n*10+10)
		})
	}
	if updates > rounds*3 {
		t.Errorf("%d bursts of ten drawings gave %d updates", rounds, updates)
	}
}

func TestSizeAndMonitorsChange(t *testing.T) {
	for name, cfg := range map[string]capture.Config{"shared memory": {}, "socket": {NoSharedMemory: true}} {
		t.Run(name, func(t *testing.T) {
			x := lab.StartX(t, lab.Screen{W: 1280, H: 1024})
			cfg.Display = x.Display
			s := open(t, cfg)
			p := newPainter(t, x.Display)
			if u := next(t, s); u.Frame.W != 1280 || len(u.Layout.Monitors) != 1 {
				t.Fatalf("first layout %v", u.Layout)
			}
			addMode(t, x.Display, 800, 600)
			setMode(t, x.Display, "800x600")
			u := until(t, s, "the smaller size", func(u *capture.Update) bool { return u.Layout != nil && u.Layout.W == 800 })
			if u.Frame.W != 800 || u.Frame.H != 600 || !slices.Contains(u.Changed, u.Frame.Bounds()) {
				t.Fatalf("frame of %d × %d, changed %v", u.Frame.W, u.Frame.H, u.Changed)
			}
			p.fill(0x123456, picture.Rect{X: 799, Y: 599, W: 1, H: 1})
			until(t, s, "a pixel in the corner", func(u *capture.Update) bool { return pixel(u.Frame, 799, 599) == 0x123456 })
			run(t, x.Display, "xrandr", "--setmonitor", "Left~1", "400/100x600/150+0+0", "screen")
			run(t, x.Display, "xrandr", "--setmonitor", "Right", "400/100x600/150+400+0", "none")
			u = until(t, s, "two monitors", func(u *capture.Update) bool { return u.Layout != nil && len(u.Layout.Monitors) == 2 })
			for _, m := range u.Layout.Monitors {
				if m.Name == "Right" && m.Rect == (picture.Rect{X: 400, W: 400, H: 600}) {
					return
				}
			}
			t.Errorf("monitors %v", u.Layout.Monitors)
		})
	}
}

// The size changes to and fro while everything is drawn over: nothing fails, and the end is right.
func TestSizeChangesWhileDrawing(t *testing.T) {
	x := lab.StartX(t, lab.Screen{W: 1024, H: 768})
	s := open(t, capture.Config{Display: x.Display})
	p := newPainter(t, x.Display)
	next(t, s)
	addMode(t, x.Display, 640, 480)
	addMode(t, x.Display, 800, 600)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ctx.Err() == nil; n++ {
			p.send(uint32(n), picture.Rect{W: 1024, H: 768})
			if p.c.Check(127, 0) != nil {
				return
			}
		}
	}()
	defer func() { stop(); <-done }()
	for _, size := range []string{"640x480", "1024x768", "800x600", "1024x768", "640x480"} {
		change, err := lab.RunProcess(ctx, x.Display, "xrandr", "--output", "screen", "--mode", size)
		must(t, err)
		until(t, s, size, func(u *capture.Update) bool {
			return u.Layout != nil && fmt.Sprintf("%dx%d", u.Layout.W, u.Layout.H) == size
		})
		must(t, change.Wait(ctx))
		change.Close()
	}
}

// A pointer that a device moves, and one that a program puts elsewhere.
func TestPointerWakes(t *testing.T) {
	x := lab.StartX(t, lab.Screen{})
	s := open(t, capture.Config{Display: x.Display})
	p := newPainter(t, x.Display)
	next(t, s)
	quiet(t, s)
	p.warp(321, 123)
	u := until(t, s, "the pointer put elsewhere", func(u *capture.Update) bool { return u.CursorMoved })
	if u.CursorX != 321 || u.CursorY != 123 || len(u.Changed) != 0 {
		t.Errorf("pointer at %d, %d, changed %v", u.CursorX, u.CursorY, u.Changed)
	}
	xtest, err := p.c.Extension("XTEST")
	must(t, err)
	p.c.Send(xtest.Opcode, 2, 6, 0, p.root, 0, 0, x11.Pair(77, 88), 0, 0)
	must(t, p.c.Flush())
	u = until(t, s, "the pointer moved", func(u *capture.Update) bool { return u.CursorMoved })
	if u.CursorX != 77 || u.CursorY != 88 {
		t.Errorf("pointer at %d, %d, moved to 77, 88", u.CursorX, u.CursorY)
	}
}

func TestCursorShape(t *testing.T) {
	x := lab.StartX(t, lab.Screen{})
	s := open(t, capture.Config{Display: x.Display})
	p := newPainter(t, x.Display)
	next(t, s)
	// A cursor of 16 × 16: the left half white, then red, the last quarter transparent.
	const createPixmap, createGC, polyFill, createCursor, changeAttributes = 53, 55, 70, 93, 2
	shape, mask, gc, cursor := p.c.NewID(), p.c.NewID(), p.c.NewID(), p.c.NewID()
	for _, pix := range []uint32{shape, mask} {
		p.c.Send(createPixmap, 1, pix, p.root, x11.Pair(16, 16))
	}
	p.c.Send(createGC, 0, gc, shape, 1<<2, 0)
	p.c.Send(polyFill, 0, shape, gc, 0, x11.Pair(16, 16))
	p.c.Send(polyFill, 0, mask, gc, 0, x11.Pair(16, 16))
	p.c.Send(56, 0, gc, 1<<2, 1)
	p.c.Send(polyFill, 0, shape, gc, 0, x11.Pair(8, 16))
	p.c.Send(polyFill, 0, mask, gc, 0, x11.Pair(12, 16))
	p.c.Send(createCursor, 0, cursor, shape, mask, x11.Pair(0xffff, 0xffff), x11.Pair(0xffff, 0xffff), 0, x11.Pair(3, 5))
	p.c.Send(changeAttributes, 0, p.root, 1<<14, cursor)
	must(t, p.c.Flush())
	u := until(t, s, "the cursor's shape", func(u *capture.Update) bool { return u.Cursor != nil })
	c := u.Cursor
	if c.W != 16 || c.H != 16 || c.HotX != 3 || c.HotY != 5 {
		t.Fatalf("cursor of %d × %d, hot spot %d, %d", c.W, c.H, c.HotX, c.HotY)
	}
	for x, want := range map[int]string{0: "\xff\xff\xff\xff", 9: "\xff\x00\x00\xff", 13: "\x00\x00\x00\x00"} {
		if got := string(c.Pix[(4*16+x)*4:][:4]); got != want {
			t.Errorf("pixel %d is %x, want %x", x, got, want)
		}
	}
	p.c.Send(56, 0, gc, 1<<2, 0)
	p.c.Send(polyFill, 0, mask, gc, 0, x11.Pair(16, 16))
	hidden := p.c.NewID()
	p.c.Send(createCursor, 0, hidden, shape, mask, 0, 0, 0, x11.Pair(1, 1))
	p.c.Send(changeAttributes, 0, p.root, 1<<14, hidden)
	must(t, p.c.Flush())
	if u := until(t, s, "the hidden cursor", func(u *capture.Update) bool { return u.Cursor != nil }); u.Cursor.W != 0 {
		t.Errorf("a cursor without pixels came as %d × %d", u.Cursor.W, u.Cursor.H)
	}
}

// A window that moves gives a true hint.
func TestMovesAreHinted(t *testing.T) {
	x := lab.StartX(t, lab.Screen{W: 1000, H: 800})
	s := open(t, capture.Config{Display: x.Display})
	p := newPainter(t, x.Display)
	next(t, s)
	const createWindow, mapWindow, configureWindow = 1, 8, 12
	win := p.c.NewID()
	must(t, p.c.Check(createWindow, 0, win, p.root, x11.Pair(100, 50), x11.Pair(200, 150), x11.Pair(0, 1), 0, 1<<1|1<<9, 0x336699, 1))
	must(t, p.c.Check(mapWindow, 0, win))
	must(t, p.c.Check(configureWindow, 0, win, 3, 110, 50))
	quiet(t, s)
	must(t, p.c.Check(configureWindow, 0, win, 3, 140, 90))
	u := until(t, s, "a hint", func(u *capture.Update) bool { return len(u.Moves) > 0 })
	if want := (picture.Move{Dst: picture.Rect{X: 140, Y: 90, W: 200, H: 150}, FromX: 110, FromY: 50}); u.Moves[0] != want {
		t.Errorf("hint %v, want %v", u.Moves[0], want)
	}
	must(t, p.c.Check(configureWindow, 0, win, 3, uint32(0xffffffff-59), 90)) // partly off the left edge
	u = until(t, s, "a hint", func(u *capture.Update) bool { return len(u.Moves) > 0 })
	if want := (picture.Move{Dst: picture.Rect{X: 0, Y: 90, W: 140, H: 150}, FromX: 200, FromY: 90}); u.Moves[0] != want {
		t.Errorf("hint %v, want %v", u.Moves[0], want)
	}
}

// closeForGood ends x and keeps its number from other servers until the test ends: the portable source finds its display
// by number at each look, and must not find that of another test.
func closeForGood(t *testing.T, x *lab.X) {
	t.Helper()
	must(t, x.Close())
	lock := "/tmp/.X" + strings.TrimPrefix(x.Display, ":") + "-lock"
	f, err := os.OpenFile(lock, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o444)
	must(t, err)
	t.Cleanup(func() { os.Remove(lock) })
	_, err = fmt.Fprintf(f, "%10d\n", os.Getpid())
	must(t, errors.Join(err, f.Close()))
}

func TestDisplayLost(t *testing.T) {
	for name, cfg := range map[string]capture.Config{"own": {Backend: capture.X11}, "portable": {Backend: capture.Portable}} {
		t.Run(name, func(t *testing.T) {
			x := lab.StartX(t, lab.Screen{})
			t.Setenv("DISPLAY", x.Display)
			s := open(t, cfg)
			next(t, s)
			closeForGood(t, x)
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			var err error
			for err == nil { // what was seen before it went may still come
				_, err = s.Next(ctx)
			}
			if !errors.Is(err, capture.ErrDisplayLost) {
				t.Errorf("got %v, want ErrDisplayLost", err)
			}
			if _, err := s.Next(ctx); !errors.Is(err, capture.ErrDisplayLost) {
				t.Errorf("once more: got %v, want ErrDisplayLost", err)
			}
			must(t, s.Close())
		})
	}
}

func TestOpenErrors(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	for _, display := range []string{"", "nonsense", ":x", ":32000"} {
		if _, err := capture.Open(capture.Config{Display: display}); !errors.Is(err, capture.ErrNoDisplay) {
			t.Errorf("display %q: got %v, want ErrNoDisplay", display, err)
		}
	}
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	if _, err := capture.Open(capture.Config{}); !errors.Is(err, capture.ErrWayland) {
		t.Errorf("on Wayland: got %v, want ErrWayland", err)
	}
}

func TestOtherDepthsAreRefused(t *testing.T) {
	x := lab.StartX(t, lab.Screen{W: 320, H: 240, Depth: 16})
	_, err := capture.Open(capture.Config{Display: x.Display})
	if !errors.Is(err, capture.ErrUnsupported) || !strings.Contains(err.Error(), "16 bits") {
		t.Errorf("got %v, want ErrUnsupported with the depth", err)
	}
}
