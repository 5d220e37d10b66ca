//go:build !windows && !darwin

package xlink

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// The requests of the X Keyboard Extension that are needed, and what they take
// (XKB protocol, §4.1 and §16.3.4); the binding has none of it.
const (
	xkbName             = "XKEYBOARD"
	xkbUseExtension     = 0
	xkbPerClientFlags   = 21
	xkbCoreKeyboard     = 0x100
	xkbDetectableRepeat = 1
)

// DetectRepeats asks the server to send a held key as presses without releases
// between them, so that a release is always a finger that went up.
func DetectRepeats(c *xgb.Conn) error {
	extension, err := xproto.QueryExtension(c, uint16(len(xkbName)), xkbName).Reply()
	if err != nil {
		return fmt.Errorf("ask for the keyboard extension: %w", err)
	}
	if !extension.Present {
		return errors.New("the X server has no keyboard extension")
	}
	use := []byte{extension.MajorOpcode, xkbUseExtension, 2, 0, 1, 0, 0, 0} // version 1.0
	if _, err := request(c, use); err != nil {
		return fmt.Errorf("use the keyboard extension: %w", err)
	}
	flags := make([]byte, 28)
	flags[0], flags[1] = extension.MajorOpcode, xkbPerClientFlags
	binary.LittleEndian.PutUint16(flags[2:], uint16(len(flags)/4))
	binary.LittleEndian.PutUint16(flags[4:], xkbCoreKeyboard)
	binary.LittleEndian.PutUint32(flags[8:], xkbDetectableRepeat)  // change
	binary.LittleEndian.PutUint32(flags[12:], xkbDetectableRepeat) // value
	reply, err := request(c, flags)
	switch {
	case err != nil:
		return fmt.Errorf("set the flags of the keyboard extension: %w", err)
	case len(reply) < 16 || binary.LittleEndian.Uint32(reply[12:])&xkbDetectableRepeat == 0:
		return errors.New("the X server does not tell repeats apart")
	}
	return nil
}

// request sends a request of one's own making and waits for its reply. The
// connection is little-endian, as the binding always asks for.
func request(c *xgb.Conn, b []byte) ([]byte, error) {
	cookie := c.NewCookie(true, true)
	c.NewRequest(b, cookie)
	return cookie.Reply()
}

// Repeats drops what a held key adds: after DetectRepeats a held key comes as
// presses without releases. The zero Repeats knows no key that is held.
type Repeats struct{ held [256]bool }

// Take gives the key of an event; ok is false for one that tells nothing new.
func (r *Repeats) Take(event xgb.Event) (keycode int, down, ok bool) {
	switch e := event.(type) {
	case xproto.KeyPressEvent:
		ok = !r.held[e.Detail]
		r.held[e.Detail] = true
		return int(e.Detail), true, ok
	case xproto.KeyReleaseEvent:
		r.held[e.Detail] = false
		return int(e.Detail), false, true
	}
	return 0, false, false
}
