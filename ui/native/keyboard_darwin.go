package native

import (
	"fmt"

	"fyne.io/fyne/v2"
)

// Keyboard takes all keys of the keyboard for one window, where it can.
type Keyboard struct{}

// OpenKeyboard fails with ErrUnsupported.
func OpenKeyboard(fyne.Window, func(func()), func(keycode int, down bool)) (*Keyboard, error) {
	return nil, fmt.Errorf("take the keyboard: %w", ErrUnsupported)
}

// Grab does nothing.
func (*Keyboard) Grab() error { return ErrUnsupported }

// Release does nothing.
func (*Keyboard) Release() {}

// Grabbed is false.
func (*Keyboard) Grabbed() bool { return false }

// Close does nothing.
func (*Keyboard) Close() {}
