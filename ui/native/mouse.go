package native

// Mouse is what happens with the mouse, in pixels of the window's content and
// whether or not the pointer is inside. Button numbers are those of X: 1 left,
// 2 middle, 3 right, 8 back, 9 forward. A nil function is not called.
type Mouse struct {
	// Moved comes before Fyne hears of it.
	Moved func(x, y float64)
	// Button comes after Fyne heard of it.
	Button func(button uint8, down bool)
}
