// Package capture watches the display of this system: it waits until something changed and gives the whole desktop as it
// is now, with what changed, the layout of its monitors and the cursor.
//
// Open chooses the source: on X11 an own one (XDamage, shared memory, XFixes, RandR), elsewhere a portable one that polls
// and compares. Generated needs no display at all. All of them keep the contract of Source, which capturetest checks.
//
// Pixels are BGRX with a fourth byte of 255, coordinates are desktop pixels from the left upper corner of the desktop.
package capture

import (
	"context"
	"errors"
	"time"

	"impero/core/picture"
)

var (
	// ErrNoDisplay says that there is no display to capture, or nobody answers there.
	ErrNoDisplay = errors.New("no display to capture")
	// ErrWayland says that the desktop is a Wayland session, which lets no program see the whole screen this way.
	ErrWayland = errors.New("the desktop is a Wayland session, whose screen cannot be captured yet; log in with an X11 (Xorg) session")
	// ErrDisplayLost says that the display went away or no longer answers: open a new source.
	ErrDisplayLost = errors.New("the display went away")
	// ErrUnsupported says that this system or display is of a kind we cannot capture.
	ErrUnsupported = errors.New("this display cannot be captured")
	// ErrClosed says that the source was closed before.
	ErrClosed = errors.New("capture is closed")
)

// MaxMonitors is the largest number of monitors in a layout; further ones are left out (their pixels are not).
const MaxMonitors = 16

// Source gives a display's changes. It is not for concurrent use: one goroutine calls Next and then Close.
type Source interface {
	// Next waits until something changed since the last call and gives the change; the first call gives everything at
	// once. It returns ctx's error soon after ctx ends (and may be called again with another), ErrDisplayLost when the
	// display went away, ErrClosed after Close. The Update and its Frame belong to the source and are valid until the
	// next call of Next or Close; Layout and Cursor are never written again and may be kept.
	Next(ctx context.Context) (*Update, error)
	// Close frees what the source holds. It is idempotent.
	Close() error
}

// Update is what Next gives.
type Update struct {
	Frame   *picture.Frame  // the whole desktop as it is now, BGRX
	Changed []picture.Rect  // what may differ from the last Update, inside the frame; empty when only the cursor changed
	Moves   []picture.Move  // hints of what moved since the last Update, to be checked against the pixels; may be empty
	Layout  *picture.Layout // not nil in the first Update and when size or monitors changed
	Cursor  *picture.Cursor // not nil in the first Update and when the shape changed; always nil from a source that cannot see it (draw an arrow then)

	Took time.Duration // to fetch the picture, without waiting for it

	CursorX, CursorY int // where the pointer is
	CursorMoved      bool
}

// Backend is a way to capture.
type Backend uint8

const (
	Auto     Backend = 0 // the best this system has
	X11      Backend = 1
	Portable Backend = 2
)

// Config says what to capture. The zero Config is the user's own display in the best way.
type Config struct {
	Display        string // an X display as in DISPLAY, which it defaults to; the portable source knows only the default
	Backend        Backend
	NoSharedMemory bool // fetch pictures through the socket, for tests and for servers where shared memory misbehaves
}
