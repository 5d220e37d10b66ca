package widgets

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// KeySink takes the keys that the focused widget has no use for: those that
// type nothing, without the modifiers. Frame and Dialog are sinks.
type KeySink interface {
	// SinkKey gets a key; it returns whether it used it.
	SinkKey(ev *fyne.KeyEvent) bool
}

// surfaceOf gives the object that owns the keys and the tooltips of o: the
// topmost overlay of its canvas, else the content.
func surfaceOf(c fyne.Canvas) fyne.CanvasObject {
	if c == nil {
		return nil
	}
	if top := c.Overlays().Top(); top != nil {
		return top
	}
	return c.Content()
}

// PassKey hands a key that the focused widget from does not use to the surface
// it stands in. It returns whether the key was used.
func PassKey(from fyne.CanvasObject, ev *fyne.KeyEvent) bool {
	return sinkKey(canvasOf(from), ev)
}

func sinkKey(c fyne.Canvas, ev *fyne.KeyEvent) bool {
	if !commands(ev.Name) {
		return false
	}
	if s, ok := surfaceOf(c).(KeySink); ok {
		return s.SinkKey(ev)
	}
	return false
}

// commands tells the keys that go to a sink: not those that type a character,
// whose names are that character, nor modifiers, nor keys without a name.
func commands(k fyne.KeyName) bool {
	switch k {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight, desktop.KeyControlLeft, desktop.KeyControlRight,
		desktop.KeyAltLeft, desktop.KeyAltRight, desktop.KeySuperLeft, desktop.KeySuperRight, desktop.KeyCapsLock:
		return false
	}
	return utf8.RuneCountInString(string(k)) > 1
}

// PassShortcut hands a shortcut that the focused widget from does not use to
// its canvas. Only widgets that are fyne.Shortcutable need it.
func PassShortcut(from fyne.CanvasObject, s fyne.Shortcut) {
	if c, ok := canvasOf(from).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// listenUnfocused sends the keys typed while nothing has the focus to the
// surface of the canvas.
func listenUnfocused(c fyne.Canvas) {
	c.SetOnTypedKey(func(ev *fyne.KeyEvent) { sinkKey(c, ev) })
}

// isEnter tells the two Enter keys.
func isEnter(k fyne.KeyName) bool { return k == fyne.KeyReturn || k == fyne.KeyEnter }

// modifiers gives the modifier keys that are down now; none in a driver that
// cannot tell.
func modifiers() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}
