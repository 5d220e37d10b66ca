package remote

import (
	"bytes"
	"image/color"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"impero/core/keys"
	"impero/core/picture"
)

// source is a session's picture that a test paints.
type source struct {
	mu      sync.Mutex
	frame   *picture.Frame
	layout  *picture.Layout
	changed []picture.Rect
	cursor  picture.Cursor
	version uint64
	updates chan struct{}
	done    chan struct{}
}

func newSource(w, h int) *source {
	f := picture.NewFrame(w, h, picture.RGBX)
	return &source{frame: f, changed: []picture.Rect{f.Bounds()}, updates: make(chan struct{}, 1), done: make(chan struct{})}
}

func (s *source) Updates() <-chan struct{} { return s.updates }
func (s *source) Done() <-chan struct{}    { return s.done }
func (s *source) Picture(f func(*picture.Frame, []picture.Rect, *picture.Layout)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s.frame, s.changed, s.layout)
	s.changed = nil
}
func (s *source) Cursor() (picture.Cursor, uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cursor, s.version
}

// paint changes a pixel and tells so.
func (s *source) paint(x, y int, value byte) {
	s.mu.Lock()
	s.frame.Row(y, x, x+1)[0] = value
	s.changed = append(s.changed, picture.Rect{X: x, Y: y, W: 1, H: 1})
	s.mu.Unlock()
	s.tell()
}

func (s *source) tell() {
	select {
	case s.updates <- struct{}{}:
	default:
	}
}

// stand is a screen in a window.
type stand struct {
	t      *testing.T
	queue  chan func()
	source *source
	in     *recorder
	screen *Screen
	window fyne.Window
}

func newStand(t *testing.T, w, h int) *stand {
	t.Helper()
	test.NewTempApp(t)
	s := &stand{t: t, queue: make(chan func(), 1000), source: newSource(w, h), in: &recorder{}}
	s.screen = New(Options{Source: s.source, Input: s.in, Post: func(f func()) { s.queue <- f }})
	s.window = test.NewWindow(s.screen)
	s.window.SetPadded(false)
	s.window.Resize(fyne.NewSize(float32(w), float32(h)))
	s.screen.Start()
	t.Cleanup(func() {
		s.screen.Stop()
		s.window.Close()
	})
	s.until("the first picture", func() bool { n, _ := s.screen.Desktop(); return n == w })
	return s
}

func (s *stand) until(what string, so func() bool) {
	s.t.Helper()
	limit := time.After(10 * time.Second)
	for !so() {
		select {
		case f := <-s.queue:
			f()
		case <-limit:
			s.t.Fatalf("waited in vain for %s", what)
		}
	}
}

func (s *stand) mouse(x, y float32, b desktop.MouseButton) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}, Button: b}
}

// key is a key event with the code of a usage here.
func key(usage uint16) *fyne.KeyEvent {
	return &fyne.KeyEvent{Physical: fyne.HardwareKey{ScanCode: keys.ToX11(usage)}}
}

func TestOnlyWhatChangedIsTakenOver(t *testing.T) {
	s := newStand(t, 64, 48)
	if !bytes.Equal(s.screen.Snapshot().Pix, s.source.frame.Pix) {
		t.Fatal("the first picture is another")
	}
	s.source.mu.Lock()
	s.source.frame.Row(0, 0, 1)[0] = 99 // not told
	s.source.mu.Unlock()
	s.source.paint(10, 20, 7)
	s.until("the change", func() bool { return s.screen.surface.front.RGBAAt(10, 20) == color.RGBA{7, 0, 0, 255} })
	if got := s.screen.surface.front.RGBAAt(0, 0); got.R != 0 {
		t.Errorf("a pixel that was not told was taken over: %v", got)
	}
}

func TestDesktopGetsAnotherSize(t *testing.T) {
	s := newStand(t, 64, 48)
	s.source.mu.Lock()
	s.source.frame = picture.NewFrame(100, 30, picture.BGRX)
	s.source.frame.Row(0, 0, 1)[0] = 50 // blue
	s.source.changed = nil
	s.source.mu.Unlock()
	s.source.tell()
	s.until("the new size", func() bool { w, h := s.screen.Desktop(); return w == 100 && h == 30 })
	if got := s.screen.surface.front.RGBAAt(0, 0); got != (color.RGBA{0, 0, 50, 255}) {
		t.Errorf("a pixel of another order is %v", got)
	}
	s.screen.SetMode(Actual)
	if got := s.screen.MinSize(); got != fyne.NewSize(100, 30) {
		t.Errorf("in actual size it wants %v", got)
	}
}

func TestOneRepaintWaitsAtATime(t *testing.T) {
	s := newStand(t, 64, 48)
	for len(s.queue) > 0 {
		(<-s.queue)()
	}
	for i := range 50 {
		s.source.paint(i, 0, 1)
	}
	s.until("the last change", func() bool { return s.screen.surface.front.RGBAAt(49, 0).R == 1 })
	if n := len(s.queue); n > 1 {
		t.Errorf("%d repaints wait", n)
	}
}

func TestFramesThatMakeNoSenseAreLeftOut(t *testing.T) {
	s := newSurface()
	for _, f := range []*picture.Frame{nil, {}, {W: 10, H: 10, Pix: make([]byte, 10)}, {W: -1, H: 5}} {
		if s.take(f, []picture.Rect{{W: 10, H: 10}}) {
			t.Errorf("%v was taken", f)
		}
	}
	f := picture.NewFrame(10, 10, picture.RGBX)
	s.take(f, nil)
	s.take(f, []picture.Rect{{X: -5, Y: 8, W: 100, H: 100}, {X: 50, Y: 50, W: 5, H: 5}, {W: -1, H: 3}})
	s.show()
}

func TestMouseGoesToThePixelUnderIt(t *testing.T) {
	s := newStand(t, 64, 48)
	s.window.Resize(fyne.NewSize(128, 96))
	s.screen.MouseIn(s.mouse(20, 10, 0))
	s.screen.MouseDown(s.mouse(20, 10, desktop.MouseButtonPrimary))
	s.screen.MouseMoved(s.mouse(40, 12, desktop.MouseButtonPrimary))
	s.screen.MouseUp(s.mouse(40, 12, desktop.MouseButtonPrimary))
	s.in.expect(t, "move 10,5", "move 10,5", "button 1 true", "move 20,6", "move 20,6", "button 1 false")
	if !s.screen.Focused() {
		t.Error("a click does not take the keyboard")
	}
}

func TestButtonsOutside(t *testing.T) {
	s := newStand(t, 64, 48)
	s.screen.Watched(true)
	s.screen.MouseIn(s.mouse(5, 5, 0))
	s.screen.MouseDown(s.mouse(5, 5, desktop.MouseButtonSecondary))
	s.screen.MouseOut()
	s.in.got = nil
	s.screen.PointerMoved(fyne.NewPos(500, 10))
	s.screen.PointerButton(3, false)
	s.screen.PointerButton(3, false)
	s.screen.PointerMoved(fyne.NewPos(500, 20)) // no button is down any more
	s.screen.PointerButton(8, true)             // not over the picture
	s.in.expect(t, "move 63,10", "button 3 false")
	s.screen.MouseIn(s.mouse(5, 5, 0))
	s.screen.MouseDown(s.mouse(5, 5, desktop.MouseButtonPrimary))
	s.window.Canvas().Unfocus() // what Fyne does at a release outside
	s.screen.PointerButton(1, false)
	if !s.screen.Focused() {
		t.Error("a drag that ends outside takes the keyboard away")
	}
	s.screen.MouseOut()
	s.in.got = nil
	s.screen.MouseIn(s.mouse(5, 5, 0))
	s.screen.PointerButton(8, true)
	s.screen.PointerButton(1, true) // Fyne tells it
	s.screen.PointerButton(8, false)
	s.in.expect(t, "move 5,5", "button 8 true", "button 8 false")
}

func TestButtonsAreReleasedWhereNobodyWatches(t *testing.T) {
	s := newStand(t, 64, 48)
	s.screen.MouseIn(s.mouse(5, 5, 0))
	s.screen.MouseDown(s.mouse(5, 5, desktop.MouseButtonTertiary))
	s.in.got = nil
	s.screen.MouseOut()
	s.in.expect(t, "button 2 false")
}

func TestWheelCountsNotches(t *testing.T) {
	s := newStand(t, 64, 48)
	wheel := func(dx, dy float32) {
		ev := &fyne.ScrollEvent{Scrolled: fyne.NewDelta(dx, dy)}
		ev.Position = fyne.NewPos(5, 5)
		s.screen.Scrolled(ev)
	}
	wheel(0, 25)
	wheel(0, -50)
	wheel(-10, 0)
	wheel(-15, 0)
	s.in.expect(t, "wheel 0,-1", "wheel 0,2", "wheel 1,0")
}

func TestKeysWaitForTheirCharacter(t *testing.T) {
	s := newStand(t, 64, 48)
	s.screen.Focus()
	s.screen.KeyDown(key(keys.A))
	s.in.expect(t)
	s.screen.TypedRune('ä')
	s.screen.KeyUp(key(keys.A))
	s.screen.KeyDown(key(keys.B)) // gives none
	s.screen.KeyDown(key(keys.C))
	s.screen.KeyUp(key(keys.C))
	s.screen.KeyUp(key(keys.B))
	s.in.expect(t, "down A ä", "up A", "down B", "down C", "up C", "up B")
	s.screen.KeyDown(key(keys.D))
	s.until("the key without a character", func() bool { return len(s.in.got) == 1 })
	s.screen.KeyUp(key(keys.D))
	s.in.expect(t, "down D", "up D")
	s.screen.KeyDown(key(keys.LeftControl))
	s.screen.KeyDown(key(keys.C)) // gives no character with Ctrl
	s.in.expect(t, "down LeftControl", "down C")
}

func TestNothingStaysDownWithoutTheKeyboard(t *testing.T) {
	s := newStand(t, 64, 48)
	s.screen.Focus()
	s.screen.KeyDown(key(keys.LeftAlt))
	s.screen.Key(keys.ToX11(keys.Tab), true)
	s.window.Canvas().Unfocus()
	s.in.expect(t, "down LeftAlt", "down Tab", "up Tab", "up LeftAlt", "release all")
}

func TestCursor(t *testing.T) {
	s := newStand(t, 64, 48)
	if s.screen.Cursor() != desktop.DefaultCursor {
		t.Error("before the first shape there is no arrow")
	}
	set := func(c picture.Cursor) {
		s.source.mu.Lock()
		s.source.cursor = c
		s.source.version++
		s.source.mu.Unlock()
		s.source.tell()
	}
	set(picture.Cursor{W: 2, H: 1, HotX: 5, HotY: 0, Pix: []byte{1, 2, 3, 4, 5, 6, 7, 8}})
	s.until("the shape", func() bool { _, own := s.screen.Cursor().(*shape); return own })
	img, x, y := s.screen.Cursor().Image()
	if img.Bounds().Dx() != 2 || x != 1 || y != 0 {
		t.Errorf("the cursor is %v with its spot at %d, %d", img.Bounds(), x, y)
	}
	if s.screen.Cursor() != s.screen.Cursor() {
		t.Error("Fyne would set the cursor anew with every move")
	}
	set(picture.Cursor{})
	s.until("the hidden cursor", func() bool { return s.screen.Cursor() == desktop.HiddenCursor })
	s.screen.SetInput(nil)
	if s.screen.Cursor() != desktop.DefaultCursor {
		t.Error("who only watches has no arrow")
	}
}

func BenchmarkTakeAndShow1080p(b *testing.B) {
	f := picture.NewFrame(1920, 1080, picture.RGBX)
	for _, c := range []struct {
		name string
		rect picture.Rect
	}{{"whole", f.Bounds()}, {"tenth", picture.Rect{X: 64, Y: 64, W: 600, H: 345}}} {
		b.Run(c.name, func(b *testing.B) {
			s := newSurface()
			s.take(f, nil)
			s.show()
			b.SetBytes(int64(c.rect.Area() * 4))
			b.ReportAllocs()
			for b.Loop() {
				s.take(f, []picture.Rect{c.rect})
				s.show()
			}
		})
	}
}

func TestPictureWithoutTintMakesNoGarbage(t *testing.T) {
	s := New(Options{Source: newSource(64, 64), Post: func(f func()) { f() }})
	r := s.CreateRenderer()
	if n := testing.AllocsPerRun(100, func() {
		if len(r.Objects()) != 1 {
			t.Fatal("something lies over the picture")
		}
		s.Retint()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
