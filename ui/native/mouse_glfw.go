//go:build cgo

package native

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// contextual is an exported method of Fyne's desktop window that is no part of
// its interface: inside it GLFW's current context is the real window. A Fyne
// without it makes WatchMouse report false.
type contextual interface{ RunWithContext(func()) }

// real gives GLFW's window behind w, nil if it has none (yet).
func real(w fyne.Window) (gw *glfw.Window) {
	c, ok := w.(contextual)
	if !ok {
		return nil
	}
	c.RunWithContext(func() {
		if gw = glfw.GetCurrentContext(); gw != nil {
			// Several windows would wait for one another's screen refresh.
			glfw.SwapInterval(0)
		}
	})
	return gw
}

// WatchMouse tells m about the mouse of a window that has been shown, for as
// long as the window lives; Fyne goes on hearing everything. again has Fyne look
// anew at what is under the pointer: it asks for a cursor only when the pointer
// moves. again is nil if the window cannot be watched.
func WatchMouse(w fyne.Window, m Mouse) (again func()) {
	gw := real(w)
	if gw == nil {
		return nil
	}
	var moved glfw.CursorPosCallback
	moved = gw.SetCursorPosCallback(func(g *glfw.Window, x, y float64) {
		if m.Moved != nil {
			m.Moved(x, y)
		}
		if moved != nil {
			moved(g, x, y)
		}
	})
	var pressed glfw.MouseButtonCallback
	pressed = gw.SetMouseButtonCallback(func(g *glfw.Window, b glfw.MouseButton, a glfw.Action, k glfw.ModifierKey) {
		if pressed != nil {
			pressed(g, b, a, k)
		}
		if n := number(b); n != 0 && m.Button != nil {
			m.Button(n, a == glfw.Press)
		}
	})
	return func() {
		if x, y := gw.GetCursorPos(); moved != nil {
			moved(gw, x, y)
		}
	}
}

// number is the X number of a button of GLFW, 0 for one that no Host takes.
func number(b glfw.MouseButton) uint8 {
	switch b {
	case glfw.MouseButtonLeft:
		return 1
	case glfw.MouseButtonMiddle:
		return 2
	case glfw.MouseButtonRight:
		return 3
	case glfw.MouseButton4:
		return 8
	case glfw.MouseButton5:
		return 9
	}
	return 0
}
