//go:build !windows && !darwin

package native

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/jezek/xgb"
)

// ErrNoDisplay says that there is no desktop to open a window on.
var ErrNoDisplay = errors.New("there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set")

// CheckDisplay tells whether a window can be opened. It is asked before the
// window system is, which would end the program instead of saying so.
func CheckDisplay() error {
	if os.Getenv("WAYLAND_DISPLAY") != "" {
		return nil
	}
	display := os.Getenv("DISPLAY")
	if display == "" {
		return ErrNoDisplay
	}
	xgb.Logger.SetOutput(io.Discard)
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		return fmt.Errorf("the display %q cannot be opened: %w", display, err)
	}
	conn.Close()
	return nil
}
