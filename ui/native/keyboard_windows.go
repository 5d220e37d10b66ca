package native

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

// Keyboard takes for one window the keys that Windows has uses for: see chords.
// The others go to the window as ever, which knows the characters they give, and
// all come in the order in which they were pressed. Ctrl+Alt+Del and Win+L are
// not to be had.
type Keyboard struct {
	window windows.HWND
	post   func(func())
	key    func(scancode int, down bool)
	taken  *grab // nil while the keyboard is nobody's
}

// OpenKeyboard prepares taking the keyboard for a window that has been shown.
// key hears scancodes of set 1, with 0x100 added for extended keys, on the UI
// goroutine, which post reaches; a key that repeats is told once. It fails with
// ErrUnsupported for a window that is none of Windows.
func OpenKeyboard(w fyne.Window, post func(func()), key func(scancode int, down bool)) (*Keyboard, error) {
	k := &Keyboard{post: post, key: key}
	if n, ok := w.(driver.NativeWindow); ok {
		n.RunNative(func(context any) {
			if c, ok := context.(driver.WindowsWindowContext); ok {
				k.window = windows.HWND(c.HWND)
			}
		})
	}
	if k.window == 0 {
		return nil, fmt.Errorf("take the keyboard: %w", ErrUnsupported)
	}
	return k, nil
}

// Grab takes the keyboard; nothing if it has it already.
func (k *Keyboard) Grab() error {
	if k.taken != nil {
		return nil
	}
	g := &grab{window: k.window, chords: chords{held: map[int]bool{}}, done: make(chan struct{})}
	g.tell = func(scancode int, down bool) {
		if k.taken == g {
			k.key(scancode, down)
		}
	}
	g.nudge = func() {
		k.post(func() {
			if k.taken == g {
				g.tellDue()
			}
		})
	}
	if err := g.start(); err != nil {
		return fmt.Errorf("take the keyboard: %w", err)
	}
	k.taken = g
	return nil
}

// Release gives the keyboard back; nothing if it has it not. No key is told
// after it returns.
func (k *Keyboard) Release() {
	if k.taken != nil {
		k.taken.stop()
		k.taken = nil
	}
}

// Grabbed tells whether the keyboard is taken.
func (k *Keyboard) Grabbed() bool { return k.taken != nil }

// Close gives the keyboard back.
func (k *Keyboard) Close() { k.Release() }
