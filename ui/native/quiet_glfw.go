//go:build cgo

package native

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// ShowQuietly shows a window for the first time, and leaves the keyboard with the window that has it.
func ShowQuietly(w fyne.Window) {
	if _, ok := w.(contextual); !ok {
		w.Show()
		return
	}
	glfw.WindowHint(glfw.FocusOnShow, glfw.False)
	defer glfw.WindowHint(glfw.FocusOnShow, glfw.True)
	content := w.Content()
	w.SetContent(container.New(&unshown{do: func() bool { return declineFocus(w) }}, content))
	w.Show()
	w.SetContent(content)
}

// unshown is the layout of a window's content that does something in the only moment that Fyne leaves for it: the window
// is there, and not shown yet, when Fyne asks for the content's size. do says whether it was that moment.
type unshown struct {
	do   func() bool
	done bool
}

func (l *unshown) MinSize(o []fyne.CanvasObject) fyne.Size {
	l.done = l.done || l.do()
	return o[0].MinSize()
}

func (l *unshown) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Move(fyne.Position{})
	o[0].Resize(size)
}
