//go:build !windows && !darwin

package pane

import (
	"fmt"
	"image"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"impero/core/lab"
	"impero/core/picture"
	"impero/ui/native/xlink"
)

// patience is for what takes a millisecond on an idle machine.
const patience = 20 * time.Second

// xWindow is a window of another connection, as Fyne's are.
type xWindow struct {
	fyne.Window
	id xproto.Window
}

func (w xWindow) RunNative(f func(any)) { f(driver.X11WindowContext{WindowHandle: uintptr(w.id)}) }

// desk is an X server with a window on it, a pane in the window, and a hand.
type desk struct {
	t      testing.TB
	x      *lab.X
	conn   *xgb.Conn
	root   xproto.Window
	window xproto.Window
	pane   *Pane
	wake   chan struct{}
	gone   chan struct{}

	mu  sync.Mutex
	got []string
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{t: t, x: lab.StartX(t, lab.Screen{W: 800, H: 600}), wake: make(chan struct{}, 1), gone: make(chan struct{})}
	t.Setenv("DISPLAY", d.x.Display)
	conn, err := xlink.Dial()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	if _, err := xlink.Extension(conn, "XTEST"); err != nil {
		t.Fatal(err)
	}
	d.conn, d.root = conn, xproto.Setup(conn).DefaultScreen(conn).Root
	d.window = d.newWindow(0, 0, 700, 500)
	d.open()
	return d
}

// newWindow makes a black window that listens to the mouse.
func (d *desk) newWindow(x, y, w, h int) xproto.Window {
	d.t.Helper()
	id, err := xproto.NewWindowId(d.conn)
	if err == nil {
		err = xproto.CreateWindowChecked(d.conn, 0, id, d.root, int16(x), int16(y), uint16(w), uint16(h), 0, xproto.WindowClassInputOutput, 0,
			xproto.CwBackPixel|xproto.CwEventMask, []uint32{0, xproto.EventMaskButtonPress}).Check()
	}
	if err == nil {
		err = xproto.MapWindowChecked(d.conn, id).Check()
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

func (d *desk) open() {
	d.t.Helper()
	p, err := Open(xWindow{id: d.window}, Events{
		Wake: func() {
			select {
			case d.wake <- struct{}{}:
			default:
			}
		},
		Key:     func(keycode int, down bool) { d.note("key %d %v", keycode, down) },
		Button:  func(b uint8, down bool, at Point) { d.note("button %d %v at %d,%d", b, down, at.X, at.Y) },
		Wheel:   func(dx, dy int, _ Point) { d.note("wheel %d,%d", dx, dy) },
		Moved:   func(at Point, pressed bool) { d.note("move %d,%d %v", at.X, at.Y, pressed) },
		Inside:  func(in bool) { d.note("inside %v", in) },
		Focus:   func(on bool) { d.note("focus %v", on) },
		Changed: func() { d.note("changed") },
		Gone:    func() { close(d.gone) },
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.pane = p
	d.t.Cleanup(p.Close)
}

func (d *desk) note(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.got = append(d.got, fmt.Sprintf(format, args...))
}

// expect waits until what was told holds the wanted ones in their order, and
// forgets them; what is told besides does not matter.
func (d *desk) expect(want ...string) {
	d.t.Helper()
	lab.WaitFor(d.t, patience, fmt.Sprint(want), func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		i := 0
		for _, s := range d.got {
			if i < len(want) && s == want[i] {
				i++
			}
		}
		if i < len(want) {
			return false
		}
		d.got = nil
		return true
	})
}

// unheard says that something was not told until now.
func (d *desk) unheard(what string) {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if slices.Contains(d.got, what) {
		d.t.Errorf("%q was told", what)
	}
}

// draw gives the pane a frame, all of it if nothing is said to have changed, and
// paints until the server has it.
func (d *desk) draw(f *picture.Frame, changed ...picture.Rect) {
	d.t.Helper()
	d.settle()
	if f != nil && len(changed) == 0 {
		changed = []picture.Rect{f.Bounds()}
	}
	if err := d.pane.Take(f, changed); err != nil {
		d.t.Fatal(err)
	}
	d.pane.Paint()
	d.settle()
}

// settle paints until the server is ready for more and has done all.
func (d *desk) settle() {
	d.t.Helper()
	lab.WaitFor(d.t, patience, "the server to be ready", func() bool {
		d.pane.Paint()
		d.pane.conn.Sync()
		return !d.pane.Busy()
	})
}

// sees waits until the picture on the server's screen at r is the wanted one, to
// within off a byte.
func (d *desk) sees(what string, r picture.Rect, off int, want func(x, y int) [3]byte) {
	d.t.Helper()
	var wrong string
	lab.WaitFor(d.t, patience, what, func() bool {
		select {
		case <-d.wake:
			d.pane.Paint()
		default:
		}
		img := lab.TakeScreenshot(d.t, d.x.Display)
		wrong = differs(img, r, off, want)
		return wrong == ""
	})
}

func differs(img *image.RGBA, r picture.Rect, off int, want func(x, y int) [3]byte) string {
	for y := range r.H {
		for x := range r.W {
			p, w := img.RGBAAt(r.X+x, r.Y+y), want(x, y)
			for i, v := range [3]byte{p.R, p.G, p.B} {
				if d := int(v) - int(w[i]); d > off || d < -off {
					return fmt.Sprintf("%d, %d is %v, not %v", x, y, p, w)
				}
			}
		}
	}
	return ""
}

func (d *desk) fake(kind, detail byte, x, y int) {
	d.t.Helper()
	if err := xtest.FakeInputChecked(d.conn, kind, detail, 0, d.root, int16(x), int16(y), 0).Check(); err != nil {
		d.t.Fatal(err)
	}
}
func (d *desk) move(x, y int)     { d.t.Helper(); d.fake(xproto.MotionNotify, 0, x, y) }
func (d *desk) press(b byte)      { d.t.Helper(); d.fake(xproto.ButtonPress, b, 0, 0) }
func (d *desk) release(b byte)    { d.t.Helper(); d.fake(xproto.ButtonRelease, b, 0, 0) }
func (d *desk) keyDown(code byte) { d.t.Helper(); d.fake(xproto.KeyPress, code, 0, 0) }
func (d *desk) keyUp(code byte)   { d.t.Helper(); d.fake(xproto.KeyRelease, code, 0, 0) }
func (d *desk) focus(w xproto.Window) {
	d.t.Helper()
	if err := xproto.SetInputFocusChecked(d.conn, xproto.InputFocusParent, w, xproto.TimeCurrentTime).Check(); err != nil {
		d.t.Fatal(err)
	}
}

// test picture: lines, areas and a gradient, so that a pixel at a wrong place
// or a mixed one shows.
func testFrame(w, h int, o picture.Order) *picture.Frame {
	f := picture.NewFrame(w, h, o)
	for y := range h {
		for x := range w {
			p := f.Row(y, x, x+1)
			p[0], p[1], p[2] = byte(x), byte(y), byte(x/8*40+y/8*24)
			if x%16 == 3 || y%16 == 5 {
				p[0], p[1], p[2] = 255, 255, 255
			}
		}
	}
	return f
}

// colour is a pixel of a frame; outside it is the nearest.
func colour(f *picture.Frame, x, y int) [3]byte {
	x, y = max(0, min(x, f.W-1)), max(0, min(y, f.H-1))
	p := f.Row(y, x, x+1)
	if f.Order == picture.BGRX {
		return [3]byte{p[2], p[1], p[0]}
	}
	return [3]byte{p[0], p[1], p[2]}
}

// reference is a frame at another size: halved while it is more than twice too
// large, then bilinear.
func reference(f *picture.Frame, w, h int) func(x, y int) [3]byte {
	acrossX, acrossY := float64(f.W)/float64(w), float64(f.H)/float64(h)
	for f.W > 2*w && f.H > 2*h {
		acrossX, acrossY = acrossX/2, acrossY/2
		half := picture.NewFrame((f.W+1)/2, (f.H+1)/2, picture.RGBX)
		for y := range half.H {
			for x := range half.W {
				at := half.Row(y, x, x+1)
				for i := range 3 {
					sum := 0
					for _, c := range [][3]byte{colour(f, 2*x, 2*y), colour(f, 2*x+1, 2*y), colour(f, 2*x, 2*y+1), colour(f, 2*x+1, 2*y+1)} {
						sum += int(c[i])
					}
					at[i] = byte(sum / 4)
				}
			}
		}
		f = half
	}
	return func(x, y int) (out [3]byte) {
		sx, sy := (float64(x)+0.5)*acrossX-0.5, (float64(y)+0.5)*acrossY-0.5
		x0, y0 := math.Floor(sx), math.Floor(sy)
		fx, fy := sx-x0, sy-y0
		at := func(dx, dy float64) [3]byte { return colour(f, int(x0+dx), int(y0+dy)) }
		a, b, c, e := at(0, 0), at(1, 0), at(0, 1), at(1, 1)
		for i := range out {
			out[i] = byte((float64(a[i])*(1-fx)+float64(b[i])*fx)*(1-fy) + (float64(c[i])*(1-fx)+float64(e[i])*fx)*fy + 0.5)
		}
		return out
	}
}

// actual places a frame at its own size.
func actual(w, h int) Geometry {
	whole := picture.Rect{X: 20, Y: 30, W: w, H: h}
	return Geometry{FrameW: w, FrameH: h, Whole: whole, View: whole}
}

func TestActualSizeIsPixelForPixel(t *testing.T) {
	for _, o := range []picture.Order{picture.BGRX, picture.RGBX} {
		d := newDesk(t)
		f := testFrame(300, 200, o)
		g := actual(300, 200)
		d.pane.Place(g)
		d.pane.Show(true)
		d.draw(f)
		d.sees("the frame", g.Whole, 0, func(x, y int) [3]byte { return colour(f, x, y) })
		old := testFrame(300, 200, o)
		for i := range f.Pix {
			f.Pix[i] = 77
		}
		changed := picture.Rect{X: 40, Y: 50, W: 100, H: 20}
		d.draw(f, changed, picture.Rect{X: -5, Y: 190, W: 50, H: 50}, picture.Rect{X: 900, Y: 1, W: 3, H: 3})
		d.sees("what changed", g.Whole, 0, func(x, y int) [3]byte {
			if changed.Contains(picture.Rect{X: x, Y: y, W: 1, H: 1}) || x < 45 && y >= 190 {
				return [3]byte{77, 77, 77}
			}
			return colour(old, x, y)
		})
		if times := d.pane.Times(); times.Count != 2 || times.Worst <= 0 {
			t.Errorf("presenting took %+v", times)
		}
	}
}

func TestScrolledAndUncovered(t *testing.T) {
	d := newDesk(t)
	f := testFrame(600, 500, picture.BGRX)
	g := Geometry{FrameW: 600, FrameH: 500, Whole: picture.Rect{X: 10 - 120, Y: 10 - 70, W: 600, H: 500}, View: picture.Rect{X: 10, Y: 10, W: 200, H: 150}}
	d.pane.Place(g)
	d.pane.Show(true)
	d.draw(f)
	d.sees("a part", g.View, 0, func(x, y int) [3]byte { return colour(f, x+120, y+70) })
	g.Whole.X, g.Whole.Y = 10-300, 10-200
	d.pane.Place(g)
	d.settle()
	d.sees("another part", g.View, 0, func(x, y int) [3]byte { return colour(f, x+300, y+200) })
	over := d.newWindow(50, 50, 60, 60)
	d.sees("a window over it", picture.Rect{X: 50, Y: 50, W: 60, H: 60}, 0, func(int, int) [3]byte { return [3]byte{} })
	xproto.DestroyWindow(d.conn, over)
	d.sees("what was covered", g.View, 0, func(x, y int) [3]byte { return colour(f, x+300, y+200) })
}

func TestScaledIsNearTheReference(t *testing.T) {
	d := newDesk(t)
	for _, to := range [][2]int{{400, 300}, {600, 450}, {300, 225}, {150, 113}, {90, 68}, {610, 458}} {
		f := testFrame(600, 450, picture.BGRX)
		whole := picture.Rect{X: 5, Y: 7, W: to[0], H: to[1]}
		g := Geometry{FrameW: 600, FrameH: 450, Whole: whole, View: whole}
		d.pane.Place(g)
		d.pane.Show(true)
		d.draw(f)
		// Each step rounds, and the server counts in 1/128 of a pixel.
		d.sees(fmt.Sprint("the frame at ", to), whole, 6, reference(f, to[0], to[1]))
		for y := 200; y < 240; y++ {
			for i := range f.Row(y, 300, 340) {
				f.Row(y, 300, 340)[i] = byte(i * 9)
			}
		}
		d.draw(f, picture.Rect{X: 300, Y: 200, W: 40, H: 40})
		d.sees(fmt.Sprint("a change at ", to), whole, 6, reference(f, to[0], to[1]))
	}
}

func TestAnotherFrameSizeWaitsForItsPlace(t *testing.T) {
	d := newDesk(t)
	f := testFrame(300, 200, picture.BGRX)
	d.pane.Place(actual(300, 200))
	d.pane.Show(true)
	d.draw(f)
	larger := testFrame(400, 300, picture.BGRX)
	d.draw(larger)
	d.sees("the old frame", actual(300, 200).Whole, 0, func(x, y int) [3]byte { return colour(f, x, y) })
	d.pane.Place(actual(400, 300))
	d.settle()
	d.sees("the new frame", actual(400, 300).Whole, 0, func(x, y int) [3]byte { return colour(larger, x, y) })
	d.draw(&picture.Frame{W: 10, H: 10})
	d.draw(nil)
}

func TestHolesLetThrough(t *testing.T) {
	d := newDesk(t)
	f := testFrame(300, 200, picture.BGRX)
	g := actual(300, 200)
	bar := picture.Rect{X: 100, Y: 30, W: 80, H: 40}
	g.Holes = []Hole{{Rect: bar}}
	xproto.ChangeWindowAttributes(d.conn, d.window, xproto.CwBackPixel, []uint32{0x112233})
	xproto.ClearArea(d.conn, false, d.window, 0, 0, 0, 0)
	d.pane.Place(g)
	d.pane.Show(true)
	d.draw(f)
	d.sees("what lies under the hole", bar, 0, func(int, int) [3]byte { return [3]byte{0x11, 0x22, 0x33} })
	d.move(140, 50)
	d.press(1)
	d.release(1)
	for {
		event, _ := d.conn.WaitForEvent()
		if press, ok := event.(xproto.ButtonPressEvent); ok {
			if press.Event != d.window || press.EventX != 140 {
				t.Errorf("the window under the hole got %v", press)
			}
			break
		}
	}
	d.unheard("button 1 true at 120,20")
	g.Holes = nil
	d.pane.Place(g)
	d.settle()
	d.sees("no hole", g.Whole, 0, func(x, y int) [3]byte { return colour(f, x, y) })
}

func TestHiddenAndShownAgain(t *testing.T) {
	d := newDesk(t)
	f := testFrame(300, 200, picture.BGRX)
	g := actual(300, 200)
	d.pane.Place(g)
	d.draw(f)
	black := func(int, int) [3]byte { return [3]byte{} }
	d.sees("nothing before Show", g.Whole, 0, black)
	d.pane.Show(true)
	d.settle()
	d.sees("the frame", g.Whole, 0, func(x, y int) [3]byte { return colour(f, x, y) })
	d.pane.Show(false)
	d.settle()
	xproto.ClearArea(d.conn, false, d.window, 0, 0, 0, 0) // as Fyne would paint over it
	d.sees("nothing", g.Whole, 0, black)
	for i := range f.Pix {
		f.Pix[i] = 99
	}
	d.draw(f, f.Bounds())
	d.pane.Show(true)
	d.settle()
	d.sees("the frame as it is now", g.Whole, 0, func(int, int) [3]byte { return [3]byte{99, 99, 99} })
}

func TestGoneWithItsWindow(t *testing.T) {
	d := newDesk(t)
	f := testFrame(300, 200, picture.BGRX)
	d.pane.Place(actual(300, 200))
	d.pane.Show(true)
	d.draw(f)
	xproto.DestroyWindow(d.conn, d.window)
	<-d.gone
	d.draw(f, f.Bounds()) // goes nowhere, and does not hang
	d.pane.SetCursor(&picture.Cursor{})
}

func TestGoneWithTheServer(t *testing.T) {
	d := newDesk(t)
	d.pane.Place(actual(300, 200))
	d.pane.Show(true)
	d.draw(testFrame(300, 200, picture.BGRX))
	if err := d.x.Close(); err != nil {
		t.Fatal(err)
	}
	<-d.gone
	d.pane.Place(actual(200, 100))
	d.pane.Paint()
	d.pane.SetCursor(nil)
	if err := d.pane.Grab(); err == nil {
		t.Error("a server that is gone gave the keyboard")
	}
	if err := d.pane.Take(testFrame(200, 100, picture.BGRX), nil); err == nil {
		t.Error("a server that is gone takes memory")
	}
}

func TestWindowsWithoutX(t *testing.T) {
	if _, err := Open(nil, Events{}); err == nil {
		t.Error("a window without an X window got a pane")
	}
}

func BenchmarkPresent1080p(b *testing.B) {
	d := newDesk(b)
	f := testFrame(1920, 1080, picture.BGRX)
	for _, c := range []struct {
		name    string
		w, h    int
		changed picture.Rect
	}{
		{"actual/whole", 1920, 1080, f.Bounds()}, {"actual/key", 1920, 1080, picture.Rect{X: 640, Y: 320, W: 64, H: 64}},
		{"fit-720p/whole", 1280, 720, f.Bounds()}, {"fit-720p/key", 1280, 720, picture.Rect{X: 640, Y: 320, W: 64, H: 64}},
		{"fit-450p/whole", 800, 450, f.Bounds()},
	} {
		b.Run(c.name, func(b *testing.B) {
			whole := picture.Rect{W: c.w, H: c.h}
			d.pane.Place(Geometry{FrameW: f.W, FrameH: f.H, Whole: whole, View: whole})
			d.pane.Show(true)
			d.draw(f)
			b.ReportAllocs()
			for b.Loop() {
				if err := d.pane.Take(f, []picture.Rect{c.changed}); err != nil {
					b.Fatal(err)
				}
				d.pane.Paint()
				d.pane.conn.Sync()
				for d.pane.Busy() {
					<-d.wake
				}
			}
		})
	}
}
