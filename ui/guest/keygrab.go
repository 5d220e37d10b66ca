package guest

import (
	"fyne.io/fyne/v2"

	"impero/ui/guest/presenter"
	"impero/ui/native"
)

// keyGrab takes the keyboard whole while the picture has it and the pointer is
// over it. A nil *keyGrab, or one that this system cannot have, does nothing.
type keyGrab struct{ keyboard *native.Keyboard }

func newKeyGrab(w fyne.Window, post func(func()), key func(keycode int, down bool)) *keyGrab {
	keyboard, err := native.OpenKeyboard(w, post, key)
	if err != nil {
		return &keyGrab{} // keys that the window manager wants stay with it
	}
	return &keyGrab{keyboard}
}

// set takes the keyboard or gives it back, and tells whether it was taken until
// now. That another program has it is no error: it is tried again with the next
// change.
func (k *keyGrab) set(on bool) (lost bool) {
	switch {
	case k == nil || k.keyboard == nil:
		return false
	case !on:
		lost = k.keyboard.Grabbed()
		k.keyboard.Release()
	default:
		_ = k.keyboard.Grab()
	}
	return lost
}

func (k *keyGrab) close() {
	if k != nil && k.keyboard != nil {
		k.keyboard.Close()
		k.keyboard = nil
	}
}

// pointer follows the pointer onto the picture and off it.
func (v *sessionWindow) pointer(over bool) {
	if v.closed {
		return
	}
	v.full.pointer(over)
	v.over = over
	v.keysChanged()
}

// keysChanged decides who has the keyboard now.
func (v *sessionWindow) keysChanged() {
	if v.closed {
		return
	}
	v.grab()
	v.showStatus()
}

// covered tells whether something that takes the keyboard lies over the picture:
// a menu, a dialog, the card of a lost connection.
func (v *sessionWindow) covered() bool {
	return v.win.Canvas().Overlays().Top() != nil || v.lost.Visible()
}

// overlaid follows menus and dialogs, which the picture's own window would hide.
func (v *sessionWindow) overlaid(on bool) {
	v.screen.Cover(v.frame, on)
	v.coverChanged()
}

// coverChanged is the one place where it is told that something came over the
// picture or went (covered, and the bar and hint of the full screen), or that the
// picture became old or new.
func (v *sessionWindow) coverChanged() {
	if v.closed {
		return
	}
	v.screen.SetDimmed(v.stale || v.ending != nil || v.banner.Kind == presenter.BannerDisplay)
	v.screen.Cover(v.lost, v.lost.Visible())
	v.screen.Arrange()
	v.keysChanged()
}

// grab takes the keyboard whole while the picture has it, the pointer is over it
// and nothing lies over it, and else gives it back.
func (v *sessionWindow) grab() {
	if v.closed {
		return
	}
	whole := v.screen.Focused() && v.over && !v.covered() && v.l.MayControl()
	if v.screen.Attached() {
		v.screen.Grab(whole)
	} else if v.keys.set(whole) {
		v.screen.ReleaseKeys()
	}
}
