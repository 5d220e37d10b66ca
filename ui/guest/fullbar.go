package guest

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"impero/ui/guest/presenter"
	"impero/ui/shell"
	"impero/ui/shell/level"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// How the bar of a full screen behaves.
const (
	fullRest  = 400 * time.Millisecond // the pointer rests so long on the edge
	fullStay  = time.Second            // the bar stays so long after the pointer left
	fullHint  = 4 * time.Second        // the line that tells how to leave
	fullEdge  = 2                      // height of the edge, in units
	fullRound = theme.DialogRadius
)

// fullBar is the bar over the picture in full screen, in the middle of the top
// edge. It never moves the picture.
type fullBar struct {
	v     *sessionWindow
	layer *fyne.Container
	panel *floating
	name  *widgets.Text
	wide  float32 // of the panel with the whole name
	hint  *floating
	pin   *widgets.Button
	cad   *widgets.Button
	lock  *widgets.Icon

	pinned  bool
	touched bool          // the pointer was on the bar since it came
	was     fyne.Position // where the pointer was on the picture
	waiting func()        // stops the rest or the stay
	ending  func()        // stops the time of the hint
}

func newFullBar(v *sessionWindow) *fullBar {
	f := &fullBar{v: v}
	low := func(text string, icon theme.IconName, tip, shortcut string, do func()) *widgets.Button {
		o := widgets.ButtonOptions{Text: text, Icon: icon, Importance: widgets.Low, Tip: tip, Shortcut: shortcut, OnTapped: do}
		if text == "" {
			return widgets.NewIconButton(o)
		}
		return widgets.NewButton(o)
	}
	var keys, size *widgets.Button
	keys = low("", theme.IconKeyboard, lang.L("Send a key combination to the Host"), "", func() { widgets.ShowMenuBelow(keys, v.bar.keystrokes()) })
	size = low("", theme.IconFit, lang.L("How large the picture is shown"), "", func() { widgets.ShowMenuBelow(size, v.bar.sizes()) })
	f.pin = low("", theme.IconPin, lang.L("Keep this bar"), "", f.togglePin)
	icon, _, token := shell.LevelLook(v.l.Level().Strength)
	f.lock = widgets.NewIcon(icon, token, 0)
	f.cad = low("Ctrl+Alt+Del", theme.IconCtrlAltDel, lang.L("Send Ctrl+Alt+Del to the Host"), hostKeyName()+"+Del",
		v.bar.then(func() { v.l.Send(presenter.CtrlAltDel()) }))
	host := v.l.Info().Target.String()
	f.name = widgets.NewText(host, widgets.TextOptions{Bold: true, Ellipsis: true})
	row := widgets.Row(theme.Padding, append(f.who(), gap(), widgets.Sized(0, 20, widgets.VLine()), gap(),
		f.cad, keys, size, low("", theme.IconScreenshot, lang.L("Save the picture as a file"), "", v.screenshot), f.pin,
		gap(), widgets.Sized(0, 20, widgets.VLine()), gap(),
		low(lang.L("Leave full screen"), theme.IconLeaveFullscreen, lang.L("Back to a window"), hostKeyName()+"+Enter", func() { v.setFullScreen(false) }),
		gap(), widgets.Sized(0, 20, widgets.VLine()), gap(),
		low(lang.L("Disconnect"), theme.IconDisconnect, lang.L("End the session"), hostKeyName()+"+D", v.disconnect))...)
	f.panel = newFloating(widgets.Inset(4, 12, 5, 14, row), v.focus)
	whole := widgets.NewText(host, widgets.TextOptions{Bold: true}).MinSize()
	f.wide = f.panel.MinSize().Width - f.name.MinSize().Width + whole.Width
	line := lang.L("{{.Key}}+Enter leaves the full screen, {{.Key}}+B shows the bar.", map[string]any{"Key": hostKeyName()})
	f.hint = newFloating(widgets.Inset(6, 14, 7, 14, widgets.NewText(line, widgets.TextOptions{})), v.focus)
	f.panel.Hide()
	f.hint.Hide()
	f.layer = &fyne.Container{Layout: f, Objects: []fyne.CanvasObject{f.hint, f.panel}}
	return f
}

// who is the Host; a level that does not encrypt everything is named beside it.
func (f *fullBar) who() []fyne.CanvasObject {
	parts := []fyne.CanvasObject{f.lock, widgets.Grow(f.name)}
	if l := f.v.l.Level(); l.Strength != level.Full {
		parts = append(parts, gap(), shell.LevelChip(l))
	}
	return parts
}

func gap() fyne.CanvasObject { return widgets.Sized(theme.Padding, 0, widgets.Spacer()) }

// Layout implements fyne.Layout: in the middle of the top edge. A name too long
// for the room is cut, and the buttons stay.
func (f *fullBar) Layout(_ []fyne.CanvasObject, room fyne.Size) {
	for _, o := range []*floating{f.panel, f.hint} {
		size := o.MinSize()
		if o == f.panel {
			size.Width = f.wide
		}
		width := min(size.Width, room.Width)
		o.Resize(fyne.NewSize(width, size.Height))
		o.Move(fyne.NewPos(float32(int((room.Width-width)/2)), -1))
	}
}

// MinSize implements fyne.Layout: the layer takes no room.
func (f *fullBar) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// after runs do later, unless something else is waited for before.
func (f *fullBar) after(d time.Duration, do func()) {
	f.stop()
	t := time.AfterFunc(d, func() { f.v.g.sh.Post(do) })
	f.waiting = func() { t.Stop() }
}

func (f *fullBar) stop() {
	if f.waiting != nil {
		f.waiting()
		f.waiting = nil
	}
}

// enter shows for a while how to leave.
func (f *fullBar) enter() {
	f.hint.Show()
	t := time.AfterFunc(fullHint, func() { f.v.g.sh.Post(f.unhint) })
	f.ending = func() { t.Stop() }
	if f.pinned || f.v.lost.Visible() {
		f.show()
	}
	f.v.coverChanged()
}

// unhint takes the line away that tells how to leave.
func (f *fullBar) unhint() {
	f.hint.Hide()
	f.v.coverChanged()
}

// leave takes everything away.
func (f *fullBar) leave() {
	f.stop()
	if f.ending != nil {
		f.ending()
	}
	f.hint.Hide()
	f.panel.Hide()
	f.v.coverChanged()
}

func (f *fullBar) close() { f.leave() }

// show shows the bar until the pointer leaves it, or moves on the picture and rests there. That it is on the picture is
// no reason: the bar may have come by a key, and the picture's window from under a menu.
func (f *fullBar) show() {
	if !f.v.win.FullScreen() || f.v.closed {
		return
	}
	f.stop()
	f.touched = false
	f.hint.Hide()
	f.panel.Show()
	f.layer.Refresh()
	f.v.coverChanged()
}

func (f *fullBar) hide() {
	if !f.pinned && !f.v.lost.Visible() {
		f.panel.Hide()
		f.v.coverChanged()
	}
}

func (f *fullBar) togglePin() {
	f.pinned = !f.pinned
	f.pin.SetActive(f.pinned)
	f.v.focus()
}

// pointer follows the pointer onto the picture and off it: from the picture the
// bar goes after a while.
func (f *fullBar) pointer(over bool) {
	switch {
	case !f.panel.Visible():
	case !over:
		f.stop()
		f.touched = true
	case f.touched:
		f.soon()
	}
}

// soon takes the bar away after its time.
func (f *fullBar) soon() { f.after(fullStay, f.hide) }

// moved looks for the pointer on the middle third of the edge, with no button
// down.
func (f *fullBar) moved(at fyne.Position, pressed bool) {
	rests := at == f.was
	f.was = at
	if !f.v.win.FullScreen() {
		return
	}
	if f.panel.Visible() {
		if !rests {
			f.soon()
		}
		return
	}
	width := f.layer.Size().Width
	if !pressed && at.Y <= fullEdge && at.X > width/3 && at.X < width*2/3 {
		if f.waiting == nil {
			f.after(fullRest, f.show)
		}
		return
	}
	f.stop()
}

// update shows the state of the session.
func (f *fullBar) update() {
	f.cad.SetDisabled(f.v.bar.reason())
	if f.v.l.Over() || f.v.stale || f.v.banner.Kind == presenter.BannerDisplay {
		f.lock.Set(theme.IconAlertTriangle, theme.Warning)
		return
	}
	icon, _, token := shell.LevelLook(f.v.l.Level().Strength)
	f.lock.Set(icon, token)
}

// floating is a part that lies over the picture on a raised ground. Clicks on
// its ground do not go through, and give the keyboard back.
type floating struct {
	widget.BaseWidget
	content fyne.CanvasObject
	ground  *canvas.Rectangle
	clicked func()
	whole   bool // it hangs at no edge: four round corners
}

func newFloating(content fyne.CanvasObject, clicked func()) *floating {
	f := &floating{content: content, clicked: clicked, ground: canvas.NewRectangle(color.Transparent)}
	f.ExtendBaseWidget(f)
	return f
}

// MouseIn implements desktop.Hoverable: the picture below has not the pointer.
func (f *floating) MouseIn(*desktop.MouseEvent) {}

// MouseMoved implements desktop.Hoverable.
func (f *floating) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (f *floating) MouseOut() {}

// MouseDown implements desktop.Mouseable.
func (f *floating) MouseDown(*desktop.MouseEvent) {}

// MouseUp implements desktop.Mouseable.
func (f *floating) MouseUp(*desktop.MouseEvent) { f.clicked() }

// CreateRenderer implements fyne.Widget.
func (f *floating) CreateRenderer() fyne.WidgetRenderer { return &floatingRenderer{f} }

// round is the radius of its corners.
func (f *floating) round() float32 {
	if f.whole {
		return theme.ControlRadius
	}
	return fullRound
}

// beyond is how much of its ground is beyond the upper edge, with its upper
// corners.
func (f *floating) beyond() float32 {
	if f.whole {
		return 0
	}
	return fullRound
}

type floatingRenderer struct{ f *floating }

func (r *floatingRenderer) Layout(s fyne.Size) {
	beyond := r.f.beyond()
	r.f.ground.Move(fyne.NewPos(0, -beyond))
	r.f.ground.Resize(fyne.NewSize(s.Width, s.Height+beyond))
	r.f.content.Resize(s)
}
func (r *floatingRenderer) MinSize() fyne.Size { return r.f.content.MinSize() }
func (r *floatingRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.f.ground, r.f.content}
}
func (r *floatingRenderer) Destroy() {}
func (r *floatingRenderer) Refresh() {
	r.f.ground.FillColor = theme.Color(theme.Raised)
	r.f.ground.StrokeColor = theme.Color(theme.Border)
	r.f.ground.StrokeWidth = theme.LineWidth
	r.f.ground.CornerRadius = r.f.round()
	canvas.Refresh(r.f)
}

// setFullScreen goes into full screen and out of it.
func (v *sessionWindow) setFullScreen(on bool) {
	v.frame.SetBars(!on)
	v.win.SetFullScreen(on)
	if on {
		v.full.enter()
	} else {
		v.full.leave()
	}
	v.focus()
}

// moved follows the pointer over the picture.
func (v *sessionWindow) moved(at fyne.Position, pressed bool) {
	v.grab() // a menu may have gone
	v.full.moved(at, pressed)
}
