//go:build cgo

package native

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// WorkArea is the room for windows on the first monitor, in pixels; ok is false
// where that is not known. w is any window of the program: only one of the real
// window system has a monitor.
func WorkArea(w fyne.Window) (width, height int, ok bool) {
	if _, real := w.(contextual); !real {
		return 0, 0, false
	}
	m := glfw.GetPrimaryMonitor()
	if m == nil {
		return 0, 0, false
	}
	_, _, width, height = m.GetWorkarea()
	return width, height, width > 0 && height > 0
}
