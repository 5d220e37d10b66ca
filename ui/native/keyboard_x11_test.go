//go:build !windows && !darwin

package native

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"impero/core/lab"
	"impero/ui/native/xlink"
)

// xWindow is a window of another connection, as Fyne's are.
type xWindow struct {
	fyne.Window
	id xproto.Window
}

func (w xWindow) RunNative(f func(any)) { f(driver.X11WindowContext{WindowHandle: uintptr(w.id)}) }

// told is a key as Keyboard tells it.
type told struct {
	keycode int
	down    bool
}

// desk is an X server with a window on it, and a keyboard that presses itself.
type desk struct {
	t      *testing.T
	conn   *xgb.Conn
	window xWindow
	queue  chan func()
	got    []told
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	server := lab.StartX(t, lab.Screen{})
	t.Setenv("DISPLAY", server.Display)
	t.Setenv("WAYLAND_DISPLAY", "")
	conn, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	if err := xtest.Init(conn); err != nil {
		t.Fatal(err)
	}
	id, err := xproto.NewWindowId(conn)
	if err != nil {
		t.Fatal(err)
	}
	screen := xproto.Setup(conn).DefaultScreen(conn)
	err = xproto.CreateWindowChecked(conn, 0, id, screen.Root, 0, 0, 100, 100, 0, xproto.WindowClassInputOutput, 0, 0, nil).Check()
	if err == nil {
		err = xproto.MapWindowChecked(conn, id).Check()
	}
	if err != nil {
		t.Fatal(err)
	}
	return &desk{t: t, conn: conn, window: xWindow{id: id}, queue: make(chan func(), 100)}
}

func (d *desk) open() *Keyboard {
	d.t.Helper()
	k, err := OpenKeyboard(d.window, func(f func()) { d.queue <- f }, func(keycode int, down bool) {
		d.got = append(d.got, told{keycode, down})
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(k.Close)
	return k
}

// fake presses or releases a key as a hand would.
func (d *desk) fake(keycode byte, down bool) {
	d.t.Helper()
	kind := byte(xproto.KeyRelease)
	if down {
		kind = xproto.KeyPress
	}
	if err := xtest.FakeInputChecked(d.conn, kind, keycode, 0, 0, 0, 0, 0).Check(); err != nil {
		d.t.Fatal(err)
	}
}

// expect runs what is posted until as many keys came, and compares.
func (d *desk) expect(want ...told) {
	d.t.Helper()
	limit := time.After(10 * time.Second)
	for len(d.got) < len(want) {
		select {
		case f := <-d.queue:
			f()
		case <-limit:
			d.t.Fatalf("got only %v of %v", d.got, want)
		}
	}
	for i := range want {
		if d.got[i] != want[i] {
			d.t.Fatalf("got %v, not %v", d.got, want)
		}
	}
	d.got = nil
}

const (
	keycodeA     = 38
	keycodeSuper = 133
)

func TestGrabTellsEveryKey(t *testing.T) {
	d := newDesk(t)
	k := d.open()
	d.fake(keycodeA, true) // nobody's yet
	d.fake(keycodeA, false)
	if err := k.Grab(); err != nil {
		t.Fatal(err)
	}
	if err := k.Grab(); err != nil || !k.Grabbed() {
		t.Fatal("a second grab fails", err)
	}
	d.fake(keycodeSuper, true)
	d.fake(keycodeSuper, false)
	d.expect(told{keycodeSuper, true}, told{keycodeSuper, false})
}

func TestHeldKeyComesAsPressesAlone(t *testing.T) {
	d := newDesk(t)
	conn, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := xlink.DetectRepeats(conn); err != nil {
		t.Fatal(err)
	}
	if _, err := xproto.GrabKeyboard(conn, false, d.window.id, 0, xproto.GrabModeAsync, xproto.GrabModeAsync).Reply(); err != nil {
		t.Fatal(err)
	}
	d.fake(keycodeA, true)
	var filter repeats
	for i := range 3 { // the server repeats until the release
		event, _ := conn.WaitForEvent()
		press, ok := event.(xproto.KeyPressEvent)
		if !ok || press.Detail != keycodeA {
			t.Fatalf("event %d is %v", i, event)
		}
		if _, _, ok := filter.take(event, 1); ok != (i == 0) {
			t.Errorf("press %d is told: %v", i, ok)
		}
	}
	d.fake(keycodeA, false)
}

func TestNothingIsToldAfterRelease(t *testing.T) {
	d := newDesk(t)
	k := d.open()
	if err := k.Grab(); err != nil {
		t.Fatal(err)
	}
	d.fake(keycodeA, true)
	late := <-d.queue // told, and not yet run
	k.Release()
	k.Release()
	late()
	d.fake(keycodeA, false)
	if len(d.got) > 0 || k.Grabbed() {
		t.Errorf("after the release came %v", d.got)
	}
	if err := k.Grab(); err != nil {
		t.Fatal(err)
	}
	d.fake(keycodeA, true) // was held when the grab before ended
	d.fake(keycodeA, false)
	d.expect(told{keycodeA, true}, told{keycodeA, false})
}

func TestSecondGrabberIsRefused(t *testing.T) {
	d := newDesk(t)
	one, two := d.open(), d.open()
	if err := one.Grab(); err != nil {
		t.Fatal(err)
	}
	if err := two.Grab(); err == nil || two.Grabbed() {
		t.Error("two have the keyboard")
	}
	one.Close()
	if err := two.Grab(); err != nil {
		t.Errorf("after the first is gone: %v", err)
	}
}

func TestWindowsThatAreNotX11(t *testing.T) {
	if _, err := OpenKeyboard(nil, nil, nil); err == nil {
		t.Error("a window without an X window got a keyboard")
	}
}

func TestCheckDisplay(t *testing.T) {
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("DISPLAY", "")
	if err := CheckDisplay(); err != ErrNoDisplay {
		t.Errorf("without a display: %v", err)
	}
	t.Setenv("DISPLAY", ":64999")
	if CheckDisplay() == nil {
		t.Error("a server that is not there is one")
	}
	server := lab.StartX(t, lab.Screen{})
	t.Setenv("DISPLAY", server.Display)
	if err := CheckDisplay(); err != nil {
		t.Error(err)
	}
}
