//go:build windows || darwin

package capture

import "fmt"

// Open starts to watch the display, by polling: the one way this system has here.
func Open(cfg Config) (Source, error) {
	if cfg.Backend == X11 || cfg.Display != "" {
		return nil, fmt.Errorf("%w: there is no X11 source on this system", ErrUnsupported)
	}
	return openPortable(cfg)
}
