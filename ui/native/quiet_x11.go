//go:build !windows && !darwin

package native

import (
	"fyne.io/fyne/v2"
	"github.com/jezek/xgb/xproto"

	"impero/ui/native/xlink"
)

// declineFocus tells the window manager that nobody asked for w, which then does not get the focus when it is shown. It
// reports whether w is a window of X yet.
func declineFocus(w fyne.Window) bool {
	id := xlink.WindowOf(w)
	if id == 0 {
		return false
	}
	conn, err := xlink.Dial()
	if err != nil {
		return true
	}
	defer conn.Close()
	const name = "_NET_WM_USER_TIME"
	if a, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply(); err == nil {
		// 0 is the time that stands for never. Checked: it is there before the window is shown on another connection.
		_ = xproto.ChangePropertyChecked(conn, xproto.PropModeReplace, id, a.Atom, xproto.AtomCardinal, 32, 1, make([]byte, 4)).Check()
	}
	return true
}
