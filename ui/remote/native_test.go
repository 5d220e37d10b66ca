//go:build !windows && !darwin

package remote

import (
	"fmt"
	"image"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"impero/core/keys"
	"impero/core/lab"
	"impero/core/picture"
	"impero/ui/native/xlink"
)

const patience = 20 * time.Second

// xWindow is a window of Fyne's test driver with an X window, as real ones have.
type xWindow struct {
	fyne.Window
	id xproto.Window
}

func (w xWindow) RunNative(f func(any)) { f(driver.X11WindowContext{WindowHandle: uintptr(w.id)}) }

// nativeStand is a screen in a scroller with a pane, on an X server.
type nativeStand struct {
	*stand
	x        *lab.X
	conn     *xgb.Conn
	root, id xproto.Window
	scroll   *container.Scroll
	bar      *canvas.Rectangle // lies over the picture
	layer    *fyne.Container
	commands []Command
	detached bool
	pointer  []bool
}

// newNativeStand shows a desktop of w × h pixels in a window of 400 × 300 units
// of which each is density pixels.
func newNativeStand(t *testing.T, w, h int, density float32) *nativeStand {
	t.Helper()
	n := &nativeStand{x: lab.StartX(t, lab.Screen{W: 800, H: 600})}
	t.Setenv("DISPLAY", n.x.Display)
	n.connect(t, int(400*density), int(300*density))
	test.NewTempApp(t)
	s := &stand{t: t, queue: make(chan func(), 1000), source: newSource(w, h), in: &recorder{}}
	n.stand = s
	s.source.frame = pattern(w, h)
	s.screen = New(Options{
		Source: s.source, Input: s.in, Post: func(f func()) { s.queue <- f },
		OnCommand: func(c Command) { n.commands = append(n.commands, c) }, OnDetached: func() { n.detached = true },
		OnPointer: func(over bool) { n.pointer = append(n.pointer, over) },
	})
	n.bar = canvas.NewRectangle(nil)
	n.bar.Hide()
	n.scroll = container.NewScroll(s.screen)
	n.layer = container.NewWithoutLayout(n.bar)
	s.window = xWindow{test.NewWindow(container.NewStack(n.scroll, n.layer)), n.id}
	s.window.SetPadded(false)
	s.window.Canvas().(software.WindowlessCanvas).SetScale(density)
	s.window.Resize(fyne.NewSize(400, 300))
	s.screen.Above(n.bar, n.layer, 0)
	s.screen.Start()
	if err := s.screen.Attach(s.window, n.scroll); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.screen.Stop()
		s.screen.Detach()
		s.window.Close()
	})
	s.until("the pane", func() bool { return s.screen.native.settled })
	return n
}

func (n *nativeStand) connect(t *testing.T, w, h int) {
	t.Helper()
	conn, err := xlink.Dial()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	if _, err := xlink.Extension(conn, "XTEST"); err != nil {
		t.Fatal(err)
	}
	id, err := xproto.NewWindowId(conn)
	if err != nil {
		t.Fatal(err)
	}
	n.conn, n.id, n.root = conn, id, xproto.Setup(conn).DefaultScreen(conn).Root
	err = xproto.CreateWindowChecked(conn, 0, id, n.root, 0, 0, uint16(w), uint16(h), 0, xproto.WindowClassInputOutput, 0, xproto.CwBackPixel, []uint32{0}).Check()
	if err == nil {
		err = xproto.MapWindowChecked(conn, id).Check()
	}
	if err == nil {
		err = xproto.SetInputFocusChecked(conn, xproto.InputFocusParent, id, 0).Check()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// pattern is a frame whose pixels tell where they are.
func pattern(w, h int) *picture.Frame {
	f := picture.NewFrame(w, h, picture.BGRX)
	for y := range h {
		for x := range w {
			p := f.Row(y, x, x+1)
			p[0], p[1], p[2] = byte(x), byte(y), byte(x*7+y*13)
		}
	}
	return f
}

// turns runs what was posted until so holds of the server's screen.
func (n *nativeStand) turns(what string, so func(img *image.RGBA) bool) {
	n.t.Helper()
	lab.WaitFor(n.t, patience, what, func() bool {
		for len(n.queue) > 0 {
			(<-n.queue)()
		}
		return so(lab.TakeScreenshot(n.t, n.x.Display))
	})
}

// shows tells whether a part of the server's screen shows the frame from fx, fy
// on.
func (n *nativeStand) shows(img *image.RGBA, r image.Rectangle, fx, fy int) bool {
	n.source.mu.Lock()
	defer n.source.mu.Unlock()
	f := n.source.frame
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			at := f.Row(fy+y-r.Min.Y, fx+x-r.Min.X, fx+x-r.Min.X+1)
			if p := img.RGBAAt(x, y); p.B != at[0] || p.G != at[1] || p.R != at[2] {
				return false
			}
		}
	}
	return true
}

func (n *nativeStand) fake(kind, detail byte, x, y int) {
	n.t.Helper()
	if err := xtest.FakeInputChecked(n.conn, kind, detail, 0, n.root, int16(x), int16(y), 0).Check(); err != nil {
		n.t.Fatal(err)
	}
}

// hears waits until the Host got the wanted ones in their order, whatever
// besides, and forgets them. Nothing that was posted runs meanwhile: none of it
// waits for the UI goroutine.
func (n *nativeStand) hears(want ...string) {
	n.t.Helper()
	lab.WaitFor(n.t, patience, fmt.Sprint(want), func() bool {
		n.in.mu.Lock()
		defer n.in.mu.Unlock()
		i := 0
		for _, s := range n.in.got {
			if i < len(want) && s == want[i] {
				i++
			}
		}
		if i == len(want) {
			n.in.got = nil
		}
		return i == len(want)
	})
}

func (n *nativeStand) unheard(what string) {
	n.t.Helper()
	n.in.mu.Lock()
	defer n.in.mu.Unlock()
	if slices.Contains(n.in.got, what) {
		n.t.Errorf("the Host got %q", what)
	}
}

func TestPaneShowsPixelForPixelAtEveryDensity(t *testing.T) {
	for _, density := range []float32{1, 1.5, 2} {
		w, h := int(400*density), int(300*density)
		n := newNativeStand(t, w, h, density)
		if n.screen.Scale() != 1 {
			t.Errorf("at density %v the scale is %v", density, n.screen.Scale())
		}
		n.turns("the picture", func(img *image.RGBA) bool { return n.shows(img, image.Rect(0, 0, w, h), 0, 0) })
		if times := n.screen.PresentTimes(); times.Count == 0 {
			t.Error("presenting took no time")
		}
	}
}

func TestPictureAndInputDoNotWaitForTheWindows(t *testing.T) {
	n := newNativeStand(t, 400, 300, 1)
	n.screen.Focus()
	n.fake(xproto.MotionNotify, 0, 100, 50)
	n.hears("move 100,50")
	n.fake(xproto.KeyPress, byte(keys.ToX11(keys.LeftSuper)), 0, 0)
	n.fake(xproto.KeyRelease, byte(keys.ToX11(keys.LeftSuper)), 0, 0)
	n.fake(xproto.ButtonPress, 9, 0, 0)
	n.fake(xproto.ButtonRelease, 9, 0, 0)
	n.fake(xproto.ButtonPress, 7, 0, 0)
	n.fake(xproto.ButtonRelease, 7, 0, 0)
	n.hears("down LeftSuper", "up LeftSuper", "button 9 true", "button 9 false", "wheel 1,0")
	n.source.mu.Lock()
	n.source.frame.Row(20, 10, 11)[0] ^= 0xff
	n.source.changed = append(n.source.changed, picture.Rect{X: 10, Y: 20, W: 1, H: 1})
	n.source.mu.Unlock()
	n.source.tell()
	lab.WaitFor(t, patience, "the change", func() bool { return n.shows(lab.TakeScreenshot(t, n.x.Display), image.Rect(0, 0, 400, 300), 0, 0) })
}

func TestClickTakesTheKeyboardAtOnce(t *testing.T) {
	n := newNativeStand(t, 400, 300, 1)
	n.window.Canvas().Unfocus()
	n.fake(xproto.KeyPress, byte(keys.ToX11(keys.A)), 0, 0) // the windows' own
	n.fake(xproto.KeyRelease, byte(keys.ToX11(keys.A)), 0, 0)
	n.fake(xproto.MotionNotify, 0, 100, 50)
	n.fake(xproto.ButtonPress, 1, 0, 0)
	n.fake(xproto.KeyPress, byte(keys.ToX11(keys.B)), 0, 0)
	n.hears("move 100,50", "button 1 true", "down B")
	n.unheard("down A")
	n.fake(xproto.MotionNotify, 0, 700, 500)
	n.fake(xproto.ButtonRelease, 1, 0, 0)
	n.hears("move 399,299", "button 1 false")
	n.turns("the focus", func(*image.RGBA) bool { return n.screen.Focused() })
	n.screen.KeyDown(key(keys.C)) // Fyne hears it too
	n.screen.TypedRune('c')
	n.screen.KeyUp(key(keys.C))
	n.unheard("down C c")
}

func TestWindowWithoutTheKeyboardHoldsNothing(t *testing.T) {
	n := newNativeStand(t, 400, 300, 1)
	n.screen.Focus()
	n.fake(xproto.KeyPress, byte(keys.ToX11(keys.LeftAlt)), 0, 0)
	n.hears("down LeftAlt")
	xproto.SetInputFocus(n.conn, xproto.InputFocusParent, n.root, 0)
	n.hears("up LeftAlt", "release all")
	n.fake(xproto.KeyRelease, byte(keys.ToX11(keys.LeftAlt)), 0, 0)
}

func TestHostKeyOfThePane(t *testing.T) {
	n := newNativeStand(t, 400, 300, 1)
	n.screen.Focus()
	for _, usage := range []uint16{hostKey, keys.M} {
		n.fake(xproto.KeyPress, byte(keys.ToX11(usage)), 0, 0)
		n.fake(xproto.KeyRelease, byte(keys.ToX11(usage)), 0, 0)
		if usage == hostKey {
			n.until("the command", func() bool { return slices.Equal(n.commands, []Command{GiveBack}) })
		}
	}
	n.hears("down M", "up M")
}

func TestCoveredPictureIsTheRasters(t *testing.T) {
	n := newNativeStand(t, 400, 300, 1)
	whole := image.Rect(0, 0, 400, 300)
	n.turns("the picture", func(img *image.RGBA) bool { return n.shows(img, whole, 0, 0) })
	change := func(value byte) {
		n.source.mu.Lock()
		n.source.frame.Row(20, 10, 11)[2] = value
		n.source.changed = append(n.source.changed, picture.Rect{X: 10, Y: 20, W: 1, H: 1})
		n.source.mu.Unlock()
		n.source.tell()
	}
	change(11)
	n.turns("a change", func(img *image.RGBA) bool { return n.shows(img, whole, 0, 0) })
	n.screen.Focus()
	n.fake(xproto.KeyPress, byte(keys.ToX11(keys.LeftAlt)), 0, 0)
	n.hears("down LeftAlt")
	n.screen.Cover("menu", true)
	n.hears("up LeftAlt", "release all")
	n.fake(xproto.KeyRelease, byte(keys.ToX11(keys.LeftAlt)), 0, 0)
	n.fake(xproto.KeyPress, byte(keys.ToX11(keys.Escape)), 0, 0) // the menu's
	n.fake(xproto.KeyRelease, byte(keys.ToX11(keys.Escape)), 0, 0)
	n.screen.SetDimmed(true)
	if n.screen.raster.Hidden || n.screen.surface.front.RGBAAt(10, 20).R != 11 {
		t.Error("the raster does not show the picture as it is")
	}
	n.turns("the pane to go", func(*image.RGBA) bool {
		xproto.ClearArea(n.conn, false, n.id, 0, 0, 0, 0)
		return lab.TakeScreenshot(t, n.x.Display).RGBAAt(300, 200).B == 0
	})
	change(22)
	n.until("the raster's change", func() bool { return n.screen.surface.front.RGBAAt(10, 20).R == 22 })
	n.screen.Cover("menu", false)
	n.fake(xproto.MotionNotify, 0, 100, 50)
	if n.screen.native.used.Load() {
		t.Error("a dimmed picture is the pane's")
	}
	n.screen.SetDimmed(false)
	n.fake(xproto.KeyPress, byte(keys.ToX11(keys.B)), 0, 0)
	n.fake(xproto.KeyRelease, byte(keys.ToX11(keys.B)), 0, 0)
	lab.WaitFor(t, patience, "a key after it", func() bool {
		n.in.mu.Lock()
		defer n.in.mu.Unlock()
		return slices.Contains(n.in.got, "down B")
	})
	n.unheard("down Escape")
	n.turns("the pane again", func(img *image.RGBA) bool { return n.screen.raster.Hidden && n.shows(img, whole, 0, 0) })
	change(33)
	n.turns("its change", func(img *image.RGBA) bool { return n.shows(img, whole, 0, 0) })
	if got := n.screen.Snapshot().RGBAAt(10, 20); got.R != 33 {
		t.Errorf("a snapshot has %v", got)
	}
}

func TestTintedPictureTakesKeyboardAndMouse(t *testing.T) {
	n := newNativeStand(t, 400, 300, 1)
	whole := image.Rect(0, 0, 400, 300)
	n.turns("the picture", func(img *image.RGBA) bool { return n.shows(img, whole, 0, 0) })
	n.screen.Focus()
	img := image.NewRGBA(image.Rect(0, 0, 51, 38))
	n.fake(xproto.KeyPress, byte(keys.ToX11(hostKey)), 0, 0)
	n.fake(xproto.KeyPress, byte(keys.ToX11(keys.H)), 0, 0)
	n.until("the host key", func() bool { return slices.Equal(n.commands, []Command{ShowHeat}) })
	n.screen.SetTint(func() *image.RGBA { return img }, 8)
	if n.screen.native.used.Load() || n.screen.raster.Hidden || n.screen.tint.raster.Hidden {
		t.Error("the tint is hidden")
	}
	if size := n.screen.tint.raster.Size(); size != fyne.NewSize(51*8*n.screen.shown.W/float32(n.screen.w), 38*8*n.screen.shown.H/float32(n.screen.h)) {
		t.Errorf("the tint is %v large", size)
	}
	for _, usage := range []uint16{keys.S, keys.H, hostKey} { // the host key is down still
		if usage == keys.S {
			n.fake(xproto.KeyPress, byte(keys.ToX11(usage)), 0, 0)
		}
		n.fake(xproto.KeyRelease, byte(keys.ToX11(usage)), 0, 0)
	}
	n.fake(xproto.KeyPress, byte(keys.ToX11(keys.LeftAlt)), 0, 0)
	n.fake(xproto.KeyRelease, byte(keys.ToX11(keys.LeftAlt)), 0, 0)
	n.hears("down LeftAlt", "up LeftAlt")
	n.until("the other command", func() bool { return slices.Equal(n.commands, []Command{ShowHeat, ShowStatistics}) })
	n.screen.SetTint(nil, 0)
	n.turns("the pane again", func(img *image.RGBA) bool { return n.screen.raster.Hidden && n.shows(img, whole, 0, 0) })
}

func TestWhatLiesAboveIsFree(t *testing.T) {
	n := newNativeStand(t, 400, 300, 1)
	n.bar.Move(fyne.NewPos(100, 0))
	n.bar.Resize(fyne.NewSize(200, 40))
	n.bar.Show()
	n.screen.Arrange()
	free := func(img *image.RGBA) bool {
		xproto.ClearArea(n.conn, false, n.id, 0, 0, 0, 0)
		p := img.RGBAAt(290, 39)
		return p.R == 0 && p.G == 0 && p.B == 0
	}
	n.turns("a hole", func(img *image.RGBA) bool { return free(img) && n.shows(img, image.Rect(0, 40, 400, 300), 0, 40) })
	n.bar.Hide()
	n.screen.Arrange()
	n.turns("no hole", func(img *image.RGBA) bool { return n.shows(img, image.Rect(0, 0, 400, 300), 0, 0) })
}

func TestActualSizeScrolls(t *testing.T) {
	n := newNativeStand(t, 600, 500, 1)
	n.screen.SetMode(Actual)
	n.scroll.Refresh()
	n.turns("the upper left", func(img *image.RGBA) bool { return n.shows(img, image.Rect(0, 0, 400, 300), 0, 0) })
	n.scroll.ScrollToOffset(fyne.NewPos(200, 200))
	n.turns("the lower right", func(img *image.RGBA) bool { return n.shows(img, image.Rect(0, 0, 400, 300), 200, 200) })
	n.fake(xproto.MotionNotify, 0, 5, 7)
	n.hears("move 205,207")
}

func TestDesktopAndWindowGetAnotherSize(t *testing.T) {
	n := newNativeStand(t, 400, 300, 1)
	n.source.mu.Lock()
	n.source.frame = pattern(200, 300)
	n.source.mu.Unlock()
	n.source.tell()
	n.turns("the new desktop in the middle", func(img *image.RGBA) bool { return n.shows(img, image.Rect(100, 0, 300, 300), 0, 0) })
	xproto.ConfigureWindow(n.conn, n.id, xproto.ConfigWindowWidth|xproto.ConfigWindowHeight, []uint32{600, 400})
	n.window.Resize(fyne.NewSize(600, 400))
	n.screen.SetMode(Actual)
	n.scroll.Refresh()
	n.turns("the larger window", func(img *image.RGBA) bool { return n.shows(img, image.Rect(200, 50, 400, 350), 0, 0) })
}

func TestWindowOfThePictureIsGone(t *testing.T) {
	n := newNativeStand(t, 400, 300, 1)
	xproto.DestroyWindow(n.conn, n.id)
	n.until("word of it", func() bool { return n.detached })
	if n.screen.Attached() || n.screen.raster.Hidden {
		t.Error("nobody shows the picture")
	}
	n.source.paint(10, 20, 77)
	n.until("the raster's change", func() bool { return n.screen.surface.front.RGBAAt(10, 20).B == 77 })
	n.screen.Focus()
	n.in.got = nil
	n.screen.KeyDown(key(keys.LeftShift))
	n.in.expect(t, "down LeftShift")
	n.screen.Detach()
}

func TestPointerIsNeverAwayOnItsWay(t *testing.T) {
	n := newNativeStand(t, 200, 300, 1)
	n.screen.MouseIn(n.mouse(10, 10, 0)) // beside the picture: Fyne's
	n.fake(xproto.MotionNotify, 0, 200, 100)
	n.turns("the pane's pointer", func(*image.RGBA) bool { return n.screen.native.over.pane })
	n.screen.MouseOut()
	n.fake(xproto.ButtonPress, 1, 0, 0)
	n.hears("button 1 true")
	n.fake(xproto.MotionNotify, 0, 700, 500)
	n.turns("a drag outside", func(*image.RGBA) bool { return !n.screen.native.over.pane })
	if !slices.Equal(n.pointer, []bool{true}) {
		t.Errorf("the pointer was over the picture: %v", n.pointer)
	}
	n.fake(xproto.ButtonRelease, 1, 0, 0)
	n.turns("its end", func(*image.RGBA) bool { return slices.Equal(n.pointer, []bool{true, false}) })
}

func TestKeyboardIsTakenWhole(t *testing.T) {
	n := newNativeStand(t, 400, 300, 1)
	taken := func() bool {
		reply, err := xproto.GrabKeyboard(n.conn, false, n.root, 0, xproto.GrabModeAsync, xproto.GrabModeAsync).Reply()
		xproto.UngrabKeyboard(n.conn, 0)
		return err == nil && reply.Status == xproto.GrabStatusAlreadyGrabbed
	}
	n.screen.Grab(true)
	if !taken() {
		t.Error("the keyboard is free")
	}
	n.fake(xproto.MotionNotify, 0, 100, 50)
	n.fake(xproto.ButtonPress, 1, 0, 0)
	n.hears("button 1 true")
	n.screen.Grab(false)
	if !taken() {
		t.Error("the keyboard is given back in the middle of a drag")
	}
	n.fake(xproto.ButtonRelease, 1, 0, 0)
	n.hears("button 1 false")
	n.screen.Grab(false)
	lab.WaitFor(t, patience, "the keyboard to be free", func() bool { return !taken() })
}

func TestWhoWatchesHasAnArrow(t *testing.T) {
	n := newNativeStand(t, 400, 300, 1)
	n.screen.SetInput(nil)
	n.fake(xproto.MotionNotify, 0, 100, 50)
	n.fake(xproto.ButtonPress, 1, 0, 0)
	n.fake(xproto.ButtonRelease, 1, 0, 0)
	n.turns("the click", func(*image.RGBA) bool { return n.screen.Focused() })
	n.unheard("button 1 true")
	if n.screen.Cursor() != desktop.DefaultCursor {
		t.Error("who only watches has no arrow")
	}
}

func TestMovesComeTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h hands
		var got []string
		send := func(x, y int) { got = append(got, fmt.Sprint(x, y)) }
		move := func(x int) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.moves.move(x, 0, send, func() {
				h.mu.Lock()
				defer h.mu.Unlock()
				h.moves.flush(send)
			})
		}
		expect := func(want ...string) {
			t.Helper()
			h.mu.Lock()
			defer h.mu.Unlock()
			if !slices.Equal(got, want) {
				t.Errorf("sent %q, not %q", got, want)
			}
			got = nil
		}
		move(1)
		expect("1 0") // at once
		move(2)
		move(3)
		expect()
		time.Sleep(moveEvery)
		synctest.Wait()
		expect("3 0")
		move(4)
		h.moves.flush(send)
		h.moves.flush(send)
		expect("4 0") // before what follows, once
		time.Sleep(time.Hour)
		move(5)
		expect("5 0")
	})
}

func TestChangesAreKeptForBoth(t *testing.T) {
	var c changes
	c.add(10, 10, nil)
	if len(c.pane) != 1 || c.pane[0] != (picture.Rect{W: 10, H: 10}) {
		t.Fatalf("a new size has %v changed", c.pane)
	}
	c.pane = c.pane[:0]
	c.add(10, 10, []picture.Rect{{X: 1, W: 2, H: 3}})
	if len(c.pane) != 1 || len(c.surface) != 2 {
		t.Errorf("one waits for %v, the other for %v", c.pane, c.surface)
	}
	for range maxWaiting + 1 {
		c.add(10, 10, []picture.Rect{{X: 5, Y: 5, W: 2, H: 2}})
	}
	if len(c.surface) > maxWaiting || c.surface[0] != (picture.Rect{W: 10, H: 10}) {
		t.Errorf("%d wait", len(c.surface))
	}
}
