package inject

import (
	"fmt"

	"github.com/go-vgo/robotgo/win"
	"golang.org/x/sys/windows"

	"impero/core/keys"
)

// Where the desktop begins: Windows counts from the corner of the primary monitor, and others may lie left of it or above.
const (
	xVirtualScreen = 76 // SM_XVIRTUALSCREEN
	yVirtualScreen = 77
)

var systemMetrics = windows.NewLazySystemDLL("user32.dll").NewProc("GetSystemMetrics")

func metric(index uintptr) int {
	value, _, _ := systemMetrics.Call(index)
	return int(int32(value))
}

// openDriver controls the desktop this process belongs to.
func openDriver(cfg Config) (driver, error) {
	if cfg.Display != "" {
		return nil, fmt.Errorf("%w: there are no X displays on this system", ErrUnsupported)
	}
	win.KeySleep, win.MouseSleep = 0, 0 // the library's pauses, settings of the whole process
	return newRobotDriver(robot{
		move:   func(x, y int) { win.Move(x+metric(xVirtualScreen), y+metric(yVirtualScreen)) },
		toggle: win.Toggle,
		scroll: func(left, up int) { win.Scroll(left, up, 0) },
		key:    win.KeyToggle,
		text:   func(s string) { win.Type(s) },
		names: robotNames(map[uint16]string{
			keys.PrintScreen: "print", keys.ScrollLock: "scroll_lock", keys.Pause: "pause", keys.Menu: "menu",
			keys.F21: "f21", keys.F22: "f22", keys.F23: "f23", keys.F24: "f24",
			keys.Mute: "audio_mute", keys.VolumeUp: "audio_vol_up", keys.VolumeDown: "audio_vol_down",
			keys.MediaPlayPause: "audio_play", keys.MediaStop: "audio_stop", keys.MediaPrevious: "audio_prev", keys.MediaNext: "audio_next",
		}),
		byLetter: true,
	}), nil
}
