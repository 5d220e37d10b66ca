//go:build unix && !darwin

package capture

import (
	"errors"
	"fmt"
	"os"
)

// Open starts to watch the display. On X11 it is our own source; a server that lacks what that needs is polled instead.
func Open(cfg Config) (Source, error) {
	display := cfg.Display
	if display == "" {
		display = os.Getenv("DISPLAY")
	}
	if display == "" {
		if os.Getenv("WAYLAND_DISPLAY") != "" {
			return nil, ErrWayland
		}
		return nil, fmt.Errorf("%w: DISPLAY is not set; start the program in a desktop session, or name its display (DISPLAY=:0)", ErrNoDisplay)
	}
	if cfg.Backend == Portable {
		return openPortable(cfg)
	}
	s, err := openX11(cfg, display)
	if errors.Is(err, errMissing) && cfg.Backend == Auto && cfg.Display == "" {
		return openPortable(cfg)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}
