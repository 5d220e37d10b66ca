package native

import (
	"errors"
	"runtime"
	"slices"
	"testing"
	"time"
	"unsafe"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

// realWindow is a window of Windows in the foreground, as Fyne's are.
type realWindow struct {
	fyne.Window
	handle uintptr
}

func (w realWindow) RunNative(f func(any)) { f(driver.WindowsWindowContext{HWND: w.handle}) }

func newWindow(t *testing.T) realWindow {
	t.Helper()
	runtime.LockOSThread() // the window goes with its thread
	t.Cleanup(runtime.UnlockOSThread)
	class, err := windows.UTF16PtrFromString("STATIC")
	if err != nil {
		t.Fatal(err)
	}
	const popup, visible = 0x80000000, 0x10000000
	handle, _, err := user.NewProc("CreateWindowExW").Call(0, uintptr(unsafe.Pointer(class)), 0, popup|visible, 0, 0, 100, 100, 0, 0, 0, 0)
	if handle == 0 {
		t.Fatal(err)
	}
	t.Cleanup(func() { user.NewProc("DestroyWindow").Call(handle) })
	user.NewProc("SetForegroundWindow").Call(handle)
	if front := windows.GetForegroundWindow(); uintptr(front) != handle {
		t.Fatalf("the window is not in front but %#x", front)
	}
	return realWindow{handle: handle}
}

// told is a key as Keyboard tells it, or as the window gets it.
type told struct {
	scancode int
	down     bool
}

// fake presses or releases a key as a hand would, and waits until all hooks have heard of it.
func fake(scancode int, down bool) {
	const keyboard, extended, keyUp, byScancode = 1, 1, 2, 8
	input := struct {
		kind             uint32
		_                uint32
		virtualKey, scan uint16
		flags, time      uint32
		extra            uintptr
		_                [8]byte
	}{kind: keyboard, scan: uint16(scancode & 0xff), flags: byScancode}
	if scancode&0x100 != 0 {
		input.flags |= extended
	}
	if !down {
		input.flags |= keyUp
	}
	user.NewProc("SendInput").Call(1, uintptr(unsafe.Pointer(&input)), unsafe.Sizeof(input))
}

// desk is a keyboard taken for a window, and what it tells.
type desk struct {
	*testing.T
	keyboard *Keyboard
	queue    chan func()
	got      []told
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, queue: make(chan func(), 1000)} // more than any test tells: poll fills it and cannot empty it
	k, err := OpenKeyboard(newWindow(t), func(f func()) { d.queue <- f }, func(scancode int, down bool) {
		d.got = append(d.got, told{scancode, down})
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	d.keyboard = k
	if err := k.Grab(); err != nil {
		t.Fatal(err)
	}
	return d
}

// expect is the UI goroutine until as many keys were told or came to the window,
// and compares.
func (d *desk) expect(want ...told) {
	d.Helper()
	limit, tick := time.After(10*time.Second), time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for len(d.got) < len(want) {
		select {
		case f := <-d.queue:
			f()
		case <-tick.C:
			d.poll()
		case <-limit:
			d.Fatalf("got only %v of %v", d.got, want)
		}
	}
	if !slices.Equal(d.got, want) {
		d.Fatalf("got %v, not %v", d.got, want)
	}
	d.got = nil
}

// told is what is told next.
func (d *desk) told() func() {
	d.Helper()
	select {
	case f := <-d.queue:
		return f
	case <-time.After(10 * time.Second):
		d.Fatal("nothing is told")
		return nil
	}
}

// poll gives the window its messages.
func (d *desk) poll() {
	var m message
	for {
		const remove = 1
		if more, _, _ := peekMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0, remove); more == 0 {
			return
		}
		user.NewProc("DispatchMessageW").Call(uintptr(unsafe.Pointer(&m)))
		if kind := uint32(m[1]); kind == wmKeyDown || kind == wmKeyUp {
			d.got = append(d.got, told{int(m[3]>>16) & 0x1ff, kind == wmKeyDown})
		}
	}
}

const (
	keyA   = 0x1e
	keyTab = 0x0f
)

func TestGrabTakesWhatWindowsWants(t *testing.T) {
	d := newDesk(t)
	if err := d.keyboard.Grab(); err != nil || !d.keyboard.Grabbed() {
		t.Fatal("a second grab fails", err)
	}
	fake(leftSuper, true)
	fake(leftSuper, false)
	fake(leftAlt, true)
	fake(keyTab, true)
	fake(keyTab, true) // it repeats
	fake(keyTab, false)
	fake(leftAlt, false)
	d.expect(told{leftSuper, true}, told{leftSuper, false}, told{leftAlt, true}, told{keyTab, true}, told{keyTab, false}, told{leftAlt, false})
}

// TestKeysKeepTheirOrder: those that pass wait in the window's queue while those that are taken are told at once.
func TestKeysKeepTheirOrder(t *testing.T) {
	d := newDesk(t)
	var want []told
	for range 20 {
		for _, key := range []told{{keyA, true}, {keyA, false}, {leftCtrl, true}, {keyTab, true}, {keyTab, false}, {leftCtrl, false}} {
			fake(key.scancode, key.down)
			want = append(want, key)
		}
	}
	d.expect(want...)
}

// TestAKeyThatPassedAndNeverCame must not hold those behind it.
func TestAKeyThatPassedAndNeverCame(t *testing.T) {
	d := newDesk(t)
	d.keyboard.taken.line.pass()
	fake(leftSuper, true)
	fake(leftSuper, false)
	d.expect(told{leftSuper, true}, told{leftSuper, false})
}

func TestNothingIsToldAfterRelease(t *testing.T) {
	d := newDesk(t)
	fake(leftCtrl, true)
	late := d.told() // and not yet run
	d.keyboard.Release()
	d.keyboard.Release()
	late()
	fake(leftCtrl, false)
	if len(d.got) > 0 || d.keyboard.Grabbed() {
		t.Errorf("after the release came %v", d.got)
	}
	if err := d.keyboard.Grab(); err != nil {
		t.Fatal(err)
	}
	fake(rightCtrl, true)
	fake(rightCtrl, false)
	d.expect(told{rightCtrl, true}, told{rightCtrl, false})
}

func TestKeysOfOtherWindowsAreTheirs(t *testing.T) {
	d := newDesk(t)
	fake(leftCtrl, true)
	newWindow(t) // comes to the front
	fake(keyA, true)
	fake(keyA, false)
	fake(leftCtrl, false) // its release is told wherever
	d.expect(told{leftCtrl, true}, told{leftCtrl, false})
}

func TestCharactersStayWithTheWindow(t *testing.T) {
	c := chords{held: map[int]bool{}}
	for _, key := range []told{{0x36, true}, {keyA, true}, {keyA, false}, {0x36, false}, {0x21d, true}, {0x138, true}, {keyA, true},
		{keyA, false}, {0x21d, false}, {0x138, false}, {0, true}} {
		if taken, _ := c.take(key.scancode, key.down); taken {
			t.Errorf("%#x is taken", key.scancode)
		}
	}
	if taken, fresh := c.take(printScreen, true); !taken || !fresh {
		t.Error("Print Screen is not taken")
	}
}

func TestWindowsThatAreNone(t *testing.T) {
	if _, err := OpenKeyboard(nil, nil, nil); !errors.Is(err, ErrUnsupported) {
		t.Errorf("got %v", err)
	}
}
