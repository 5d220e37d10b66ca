//go:build !windows && !darwin

package pane

import (
	"slices"
	"testing"

	"github.com/jezek/xgb/xfixes"
	"github.com/jezek/xgb/xproto"

	"impero/core/lab"
	"impero/core/picture"
	"impero/ui/native/xlink"
)

const (
	keycodeA     = 38
	keycodeTab   = 23
	keycodeAlt   = 64
	keycodeSuper = 133
)

// placed shows a frame of twice the size.
func (d *desk) placed() {
	d.t.Helper()
	whole := picture.Rect{X: 20, Y: 30, W: 300, H: 200}
	d.pane.Place(Geometry{FrameW: 600, FrameH: 400, Whole: whole, View: whole})
	d.pane.Show(true)
	d.draw(testFrame(600, 400, picture.BGRX))
	d.move(0, 0)
}

func TestEveryButtonAndBothWheels(t *testing.T) {
	d := newDesk(t)
	d.placed()
	d.move(120, 80)
	d.expect("inside true", "move 201,101 false")
	for _, b := range []byte{1, 2, 3, 8, 9} {
		d.press(b)
		d.release(b)
	}
	d.expect("button 1 true at 201,101", "button 1 false at 201,101", "button 2 true at 201,101", "button 2 false at 201,101", "button 3 true at 201,101",
		"button 3 false at 201,101", "button 8 true at 201,101", "button 8 false at 201,101", "button 9 true at 201,101", "button 9 false at 201,101")
	for _, b := range []byte{4, 5, 6, 7} {
		d.press(b)
		d.release(b)
	}
	d.expect("wheel 0,-1", "wheel 0,1", "wheel -1,0", "wheel 1,0")
	d.move(5, 5)
	d.expect("inside false")
}

func TestDragEndsOutside(t *testing.T) {
	d := newDesk(t)
	d.placed()
	d.move(120, 80)
	d.press(1)
	d.move(700, 550) // outside of both windows
	d.release(1)
	d.move(150, 80)
	d.expect("button 1 true at 201,101", "move 599,399 true", "button 1 false at 599,399", "move 261,101 false")
}

// A move is told before the click that follows it, at its place.
func TestMovesComeBeforeClicks(t *testing.T) {
	d := newDesk(t)
	d.placed()
	for x := 100; x < 200; x++ {
		d.move(x, 80)
	}
	d.press(1)
	d.release(1)
	d.expect("move 359,101 false", "button 1 true at 359,101", "button 1 false at 359,101")
}

func TestKeysComeWhereverThePointerIs(t *testing.T) {
	d := newDesk(t)
	d.placed()
	d.focus(d.window)
	d.expect("focus true")
	d.keyDown(keycodeA)
	d.keyUp(keycodeA)
	d.expect("key 38 true", "key 38 false")
	d.move(120, 80)
	d.keyDown(keycodeA)
	d.keyUp(keycodeA)
	d.expect("key 38 true", "key 38 false")
	other := d.newWindow(720, 520, 50, 50)
	d.keyDown(keycodeAlt)
	d.focus(other)
	d.expect("key 64 true", "focus false")
	d.keyUp(keycodeAlt)
	d.keyDown(keycodeA)
	d.keyUp(keycodeA)
	d.focus(d.window)
	d.keyDown(keycodeAlt) // it is no repeat: the one before was let go elsewhere
	d.keyUp(keycodeAlt)
	d.unheard("key 38 true")
	d.expect("focus true", "key 64 true", "key 64 false")
}

func TestHeldKeyIsToldOnce(t *testing.T) {
	d := newDesk(t)
	d.placed()
	d.focus(d.window)
	xproto.ChangeWindowAttributes(d.conn, d.window, xproto.CwEventMask, []uint32{xproto.EventMaskKeyPress})
	d.keyDown(keycodeA)
	for repeats := 0; repeats < 3; { // the server repeats until the release
		event, _ := d.conn.WaitForEvent()
		if event == nil {
			t.Fatal("the connection ended")
		}
		if _, ok := event.(xproto.KeyPressEvent); ok {
			repeats++
		}
	}
	d.keyUp(keycodeA)
	d.expect("key 38 true", "key 38 false")
}

// A click takes the keyboard where no window manager does.
func TestClickTakesTheKeyboard(t *testing.T) {
	d := newDesk(t)
	d.placed()
	other := d.newWindow(720, 520, 50, 50)
	d.focus(other)
	d.move(120, 80)
	d.press(1)
	d.release(1)
	d.expect("focus true")
	d.move(5, 590)
	d.keyDown(keycodeA)
	d.keyUp(keycodeA)
	d.expect("key 38 true", "key 38 false")
}

func TestGrabBringsTheWindowManagersKeys(t *testing.T) {
	d := newDesk(t)
	d.placed()
	other := d.newWindow(720, 520, 50, 50)
	// What a window manager does for its keys.
	if err := xproto.GrabKeyChecked(d.conn, false, d.root, xproto.ModMaskAny, keycodeSuper, xproto.GrabModeAsync, xproto.GrabModeAsync).Check(); err != nil {
		t.Fatal(err)
	}
	if err := xproto.GrabKeyChecked(d.conn, false, d.root, xproto.ModMask1, keycodeTab, xproto.GrabModeAsync, xproto.GrabModeAsync).Check(); err != nil {
		t.Fatal(err)
	}
	d.focus(d.window)
	d.expect("focus true")
	if err := d.pane.Grab(); err != nil || !d.pane.Grabbed() {
		t.Fatal(err)
	}
	for _, code := range []byte{keycodeSuper, keycodeAlt, keycodeTab} {
		d.keyDown(code)
	}
	for _, code := range []byte{keycodeTab, keycodeAlt, keycodeSuper} {
		d.keyUp(code)
	}
	d.expect("key 133 true", "key 64 true", "key 23 true", "key 23 false", "key 64 false", "key 133 false")
	d.unheard("focus false")
	d.pane.Release()
	d.pane.conn.Sync()
	d.keyDown(keycodeSuper) // the window manager's now
	d.expect("focus false")
	d.keyUp(keycodeSuper)
	d.expect("focus true")
	d.unheard("key 133 true")
	if d.pane.Grabbed() {
		t.Error("it still has the keyboard")
	}
	d.focus(other)
	d.expect("focus false")
}

// TestItsOwnGrabTakesNothingAway: without a window manager the keyboard is of the window below the pointer, and loses it by
// a grab, also by its own.
func TestItsOwnGrabTakesNothingAway(t *testing.T) {
	d := newDesk(t)
	d.placed()
	d.move(200, 150)
	d.focus(xproto.InputFocusPointerRoot)
	d.keyDown(keycodeAlt)
	d.expect("key 64 true")
	if err := d.pane.Grab(); err != nil {
		t.Fatal(err)
	}
	d.keyDown(keycodeTab)
	lab.WaitFor(t, patience, "a key", func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return slices.Contains(d.got, "key 23 true")
	})
	d.unheard("focus false")
}

func TestSecondGrabberIsRefused(t *testing.T) {
	d := newDesk(t)
	if _, err := xproto.GrabKeyboard(d.conn, false, d.root, 0, xproto.GrabModeAsync, xproto.GrabModeAsync).Reply(); err != nil {
		t.Fatal(err)
	}
	if err := d.pane.Grab(); err == nil || d.pane.Grabbed() {
		t.Error("two have the keyboard")
	}
}

// cursor is what the server shows now.
func (d *desk) cursor() *xfixes.GetCursorImageReply {
	d.t.Helper()
	if _, err := xlink.Extension(d.conn, "XFIXES"); err != nil {
		d.t.Fatal(err)
	}
	if _, err := xfixes.QueryVersion(d.conn, 4, 0).Reply(); err != nil {
		d.t.Fatal(err)
	}
	c, err := xfixes.GetCursorImage(d.conn).Reply()
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

func TestCursorHasTheHostsShape(t *testing.T) {
	d := newDesk(t)
	d.placed()
	d.move(120, 80)
	shape := picture.Cursor{W: 3, H: 200, HotX: 1, HotY: 150, Pix: make([]byte, 3*200*4)}
	for i := 0; i < len(shape.Pix); i += 4 {
		shape.Pix[i], shape.Pix[i+1], shape.Pix[i+2], shape.Pix[i+3] = 200, 100, 0, 128
	}
	d.pane.SetCursor(&shape)
	d.pane.conn.Sync()
	if c := d.cursor(); c.Width != 3 || c.Height != 200 || c.Xhot != 1 || c.Yhot != 150 || c.CursorImage[5] != 0x80643200 {
		t.Errorf("the cursor is %d × %d at %d, %d: %#x", c.Width, c.Height, c.Xhot, c.Yhot, c.CursorImage[5])
	}
	d.pane.SetCursor(&picture.Cursor{})
	d.pane.conn.Sync()
	for _, pixel := range d.cursor().CursorImage {
		if pixel>>24 != 0 {
			t.Errorf("a hidden cursor has a pixel %#x", pixel)
		}
	}
	d.pane.SetCursor(nil)
	d.pane.conn.Sync()
	inherited := d.cursor()
	d.move(5, 5)
	if c := d.cursor(); c.Width != inherited.Width || c.Height != inherited.Height {
		t.Error("without a shape the cursor is another than the window's")
	}
}
