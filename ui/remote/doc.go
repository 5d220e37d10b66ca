// Package remote is the picture of a Host's screen in a window, and what makes
// the keyboard and mouse over it the Host's: Screen is the widget, Source where
// the picture comes from, Input where keys and clicks go.
//
// There are two ways, and the same Screen knows both. After Attach, on X11, a
// window of the picture's own shows it and takes keyboard and mouse (native/pane).
// Else, and while that window must not hide what lies over the picture, Fyne draws
// it and tells keyboard and mouse, 60 times a second at best.
//
// Everything belongs to the UI goroutine but Source and Input, which must be
// safe for concurrent use: a Screen copies pixels on a goroutine of its own
// between Start and Stop, and calls Input from the pane's.
package remote

import "impero/core/picture"

// Source is a session's picture.
type Source interface {
	// Updates gives a signal when there is something new to show.
	Updates() <-chan struct{}
	// Done is closed when no more comes.
	Done() <-chan struct{}
	// Picture calls f with the picture and what changed since the last call.
	Picture(f func(frame *picture.Frame, changed []picture.Rect, layout *picture.Layout))
	// Cursor gives the cursor's shape and a number that is another for each new
	// shape; 0 before the first.
	Cursor() (picture.Cursor, uint64)
}

// Input takes what the person does. No method waits.
type Input interface {
	// Key presses or releases the key with a usage of the USB HID keyboard page;
	// char is the character it gave here, 0 if none or unknown.
	Key(usage uint16, down bool, char rune)
	// Move moves the pointer to a place on the desktop, in its pixels.
	Move(x, y int)
	// Button presses or releases 1 left, 2 middle, 3 right, 8 back, 9 forward.
	Button(button uint8, down bool)
	// Wheel turns the wheels by notches; right and down are positive.
	Wheel(dx, dy int)
	// ReleaseAll lets go of every key and button.
	ReleaseAll()
}
