//go:build !windows && !darwin

package xlink

import (
	"errors"
	"fmt"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// ErrMissing says that the X server has not the extension.
var ErrMissing = errors.New("the X server does not have it")

// Dial connects to the X server that DISPLAY names.
func Dial() (*xgb.Conn, error) {
	// It writes to standard error by itself; what matters comes back as an error.
	xgb.Logger.SetOutput(io.Discard)
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("connect to the X server: %w", err)
	}
	return conn, nil
}

// WindowOf gives the X window of w, 0 if it has none.
func WindowOf(w fyne.Window) (id xproto.Window) {
	n, ok := w.(driver.NativeWindow)
	if !ok {
		return 0
	}
	n.RunNative(func(context any) {
		if c, ok := context.(driver.X11WindowContext); ok {
			id = xproto.Window(c.WindowHandle)
		}
	})
	return id
}

// Extension makes the binding's requests of an extension usable on c, in place
// of the Init of its package, and gives the number of its first event.
func Extension(c *xgb.Conn, name string) (firstEvent byte, err error) {
	reply, err := xproto.QueryExtension(c, uint16(len(name)), name).Reply()
	if err != nil {
		return 0, fmt.Errorf("ask for the extension %s: %w", name, err)
	}
	if !reply.Present {
		return 0, fmt.Errorf("the extension %s: %w", name, ErrMissing)
	}
	c.ExtLock.Lock()
	c.Extensions[name] = reply.MajorOpcode
	c.ExtLock.Unlock()
	return reply.FirstEvent, nil
}

// Event is an event of an extension: its 32 bytes.
type Event []byte

// Bytes implements xgb.Event.
func (e Event) Bytes() []byte { return e }

// String implements xgb.Event.
func (e Event) String() string { return fmt.Sprintf("event %d of an extension", e.Number()) }

// Number is the event's number on this server.
func (e Event) Number() byte { return e[0] & 0x7f }

// Error is an error of an extension: its 32 bytes.
type Error []byte

// SequenceId implements xgb.Error.
func (e Error) SequenceId() uint16 { return xgb.Get16(e[2:]) }

// BadId implements xgb.Error.
func (e Error) BadId() uint32 { return xgb.Get32(e[4:]) }

// Error implements error.
func (e Error) Error() string {
	return fmt.Sprintf("error %d of an extension, request %d.%d", e[1], e[10], xgb.Get16(e[8:]))
}

// The numbers that a server gives to extensions (X protocol, §A).
const (
	firstExtensionEvent = 64
	lastExtensionEvent  = 127
	firstExtensionError = 128
	lastExtensionError  = 255
)

// init, and not a function that somebody calls, because it must have happened
// before any connection has a reader.
func init() {
	for n := firstExtensionEvent; n <= lastExtensionEvent; n++ {
		xgb.NewEventFuncs[n] = func(b []byte) xgb.Event { return Event(b) }
	}
	for n := firstExtensionError; n <= lastExtensionError; n++ {
		xgb.NewErrorFuncs[n] = func(b []byte) xgb.Error { return Error(b) }
	}
}
