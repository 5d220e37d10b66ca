//go:build cgo

package native

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// KeepAbove keeps a window that has been shown above all others, and puts it at the top edge of the first monitor, in
// the middle, if edge is set. It reports whether the window system was asked; nothing happens to a window of a test.
func KeepAbove(w fyne.Window, edge bool) bool {
	gw := real(w)
	if gw == nil {
		return false
	}
	gw.SetAttrib(glfw.Floating, glfw.True)
	m := glfw.GetPrimaryMonitor()
	if !edge || m == nil {
		return true
	}
	x, y, width, _ := m.GetWorkarea()
	own, _ := gw.GetSize()
	_, top, _, _ := gw.GetFrameSize()
	gw.SetPos(x+(width-own)/2, y+top)
	return true
}
