// Package widgets is the set of parts every window is built from. They show
// what they are given and call back; they know nothing of the product, and take
// every colour, size and icon from ui/theme.
//
// # Making and changing
//
// NewX takes a struct of options, whose zero value is useful, and returns a
// widget. SetY changes it and repaints. Everything belongs to the UI goroutine,
// callbacks come on it.
//
// # Layout
//
// Row, Col, Inset, Ground, Sized and Grow place parts with the gaps given and
// round every size up to whole units, so that no edge is blurred. Text that
// wraps asks for its height after it knows its width; Row, Col, Inset, Ground,
// Frame and Dialog take care of it.
//
// # Keys
//
// Fyne gives a key to the focused widget alone. Widgets of this package hand
// every key they have no use for to the KeySink of their surface: the topmost
// overlay of the canvas if there is one (a Dialog, a menu), else the content of
// the window (a Frame or a Dialog). With nothing focused the same sink gets the
// keys. A window sets FrameOptions.OnKey and sees all unused keys there. A
// focusable widget made elsewhere calls PassKey and PassShortcut to take part.
// Shortcuts with Ctrl, Alt or Cmd are the canvas' own (Canvas.AddShortcut) or the
// main menu's; an Entry passes those it does not know on to the canvas.
//
// # Tooltips
//
// They are drawn in a layer of the Frame or Dialog the widget stands in: after
// 600 ms of rest over an icon-only button, a cut text or a disabled control.
package widgets
