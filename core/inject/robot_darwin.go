package inject

import (
	"fmt"

	"github.com/go-vgo/robotgo/darwin"

	"impero/core/keys"
)

// openDriver controls the desktop of the user logged in. The user must have allowed it (Privacy, Accessibility).
func openDriver(cfg Config) (driver, error) {
	if cfg.Display != "" {
		return nil, fmt.Errorf("%w: there are no X displays on this system", ErrUnsupported)
	}
	darwin.KeySleep, darwin.MouseSleep = 0, 0 // the library's pauses, settings of the whole process
	return newRobotDriver(robot{
		move:   func(x, y int) { darwin.Move(x, y) },
		toggle: darwin.Toggle,
		scroll: func(left, up int) { darwin.Scroll(left, up, 0) },
		key:    darwin.KeyToggle,
		text:   func(s string) { darwin.Type(s) },
		names:  robotNames(map[uint16]string{keys.Help: "help", keys.KeypadEqual: "num_equal"}),
	}), nil
}
