package guest

import (
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"impero/core/picture"
	"impero/ui/guest/presenter"
	"impero/ui/native"
	"impero/ui/remote"
	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// Sizes of the session window, in units.
const (
	sessionLeastWidth  = 640
	sessionLeastHeight = 400
	// part is how much of a monitor a window takes that would be larger.
	part = 0.9
)

// sessionWindow is the window of one session. It has no main menu: Alt would
// open it and stay down at the Host.
type sessionWindow struct {
	g      *Guest
	l      *presenter.Live
	win    fyne.Window
	frame  *widgets.Frame
	screen *remote.Screen
	view   *viewport
	room   *fyne.Container // the picture's, and what lies over it
	bar    *sessionBar
	full   *fullBar
	stats  *statsPanel
	heat   *heatMap
	lost   *lostCard
	status *widgets.StatusBar
	keys   *keyGrab
	look   func()           // has Fyne look at the pointer anew; nil if it cannot
	banner presenter.Banner // shown
	ending *widgets.Dialog  // once the session has ended by itself
	over   bool             // the pointer is on the picture
	held   bool             // a button went down on a bar beside it
	stale  bool             // the picture is old, and input is off
	closed bool
	may    bool // what the picture was last told of keyboard and mouse

	lostSeen atomic.Bool // by signal
	old      atomic.Bool // stale, for signal
}

func newSessionWindow(g *Guest, l *presenter.Live) *sessionWindow {
	v := &sessionWindow{g: g, l: l, may: l.MayControl()}
	v.win = g.sh.Small(lang.L("{{.Host}} – remote control", map[string]any{"Host": l.Info().Target.String()}))
	v.screen = remote.New(remote.Options{
		Source: l.Session(), Input: v.input(), Post: g.sh.Post, OnCommand: v.command,
		OnFocus: func(bool) { v.keysChanged() }, OnPointer: v.pointer, OnMoved: v.moved, OnCursor: v.cursorChanged, OnResize: v.resized,
		OnSignal:   v.signal,
		OnDetached: v.detached,
	})
	v.view = newViewport(v.screen)
	v.bar, v.status = newSessionBar(v), widgets.NewStatusBar()
	v.full, v.lost, v.stats, v.heat = newFullBar(v), newLostCard(v), newStatsPanel(v), &heatMap{v: v}
	v.room = container.NewStack(v.view.root, v.stats.layer, v.lost, v.full.layer)
	v.frame = widgets.NewFrame(widgets.FrameOptions{
		MinSize: fyne.NewSize(sessionLeastWidth, sessionLeastHeight), Room: g.sh.Room(v.win), Toolbar: v.bar.toolbar, Status: v.status, Ground: theme.Stage,
		Content: v.room, OnKey: v.unused,
		OnOverlay: v.overlaid, OnTip: v.screen.Arrange,
	})
	v.screen.Above(v.full.panel, v.full.layer, fullRound)
	v.screen.Above(v.full.hint, v.full.layer, fullRound)
	v.screen.Above(v.stats.panel, v.stats.layer, theme.ControlRadius)
	v.screen.Above(v.frame.Tip(), v.frame, theme.ControlRadius)
	v.frame.Attach(v.win)
	v.win.Resize(v.natural())
	v.win.SetCloseIntercept(v.close)
	l.OnChange = v.update
	v.screen.Start()
	v.win.CenterOnScreen()
	if g.o.Direct {
		v.setFullScreen(true)
	}
	v.win.Show()
	v.attachNative()
	v.focus()
	v.update()
	return v
}

// signal has the presenter look when the connection was lost or is there again, and
// at every picture until the one shown is new. It comes from another goroutine.
func (v *sessionWindow) signal() {
	if _, lost := v.l.Session().Lost(); v.lostSeen.Swap(lost) != lost || v.old.Load() {
		v.g.sh.Post(v.l.Heard)
	}
}

// input is where keys and clicks go; nil for who only watches.
func (v *sessionWindow) input() remote.Input {
	if !v.l.MayControl() {
		return nil
	}
	return v.l.Session()
}

// attachNative gives the window what Fyne does not: where it can be, a window of
// the picture's own that takes the keyboard too.
func (v *sessionWindow) attachNative() {
	if v.screen.Attach(v.win, v.view.free) != nil {
		v.detached()
	}
	density := func() float32 { return v.win.Canvas().Scale() }
	var at fyne.Position // of the pointer, on the canvas
	v.look = native.WatchMouse(v.win, native.Mouse{
		Moved: func(x, y float64) {
			at = fyne.NewPos(float32(x)/density(), float32(y)/density())
			v.screen.PointerMoved(at)
		},
		Button: func(button uint8, down bool) {
			v.screen.PointerButton(button, down)
			v.pressed(at, down)
		},
	})
	v.screen.Watched(v.look != nil)
	v.keysChanged()
}

// detached has Fyne's window take the keyboard whole: the picture has none of
// its own.
func (v *sessionWindow) detached() { v.keys = newKeyGrab(v.win, v.g.sh.Post, v.screen.Key) }

// natural is the size that shows the Host's desktop pixel for pixel, or the most
// a monitor has room for.
func (v *sessionWindow) natural() fyne.Size {
	var w, h int
	v.l.Session().Picture(func(f *picture.Frame, _ []picture.Rect, _ *picture.Layout) { w, h = f.W, f.H })
	d := v.g.density()
	width := float32(w) / d
	height := float32(h)/d + theme.ToolbarHeight + theme.StatusBarHeight + 2*theme.LineWidth
	if !v.l.MayControl() {
		height += theme.BannerHeight // says so as long as the session lasts
	}
	if roomW, roomH, ok := native.WorkArea(v.win); ok {
		width, height = min(width, float32(roomW)*part/d), min(height, float32(roomH)*part/d)
	}
	return fyne.NewSize(max(width, sessionLeastWidth), max(height, sessionLeastHeight))
}

// update shows what the presenter says now; it comes about once a second.
func (v *sessionWindow) update() {
	if v.closed {
		return
	}
	if v.l.Over() && v.ending == nil {
		v.end()
		if v.closed {
			return
		}
	}
	v.showOutage()
	if may := v.l.MayControl(); may != v.may {
		v.may = may
		v.screen.SetInput(v.input())
	}
	if b := v.l.Banner(); b.Kind != v.banner.Kind || shell.Say(b.Text) != shell.Say(v.banner.Text) {
		v.banner = b
		v.showBanner()
		v.coverChanged()
	}
	v.bar.update()
	v.full.update()
	v.stats.update()
	v.screen.Arrange() // should something have moved it that tells nobody
	v.showStatus()
}

func (v *sessionWindow) showBanner() {
	icons := map[presenter.BannerKind]theme.IconName{
		presenter.BannerDisplay: theme.IconMonitor, presenter.BannerRefused: theme.IconKeyboard, presenter.BannerViewOnly: theme.IconEye,
	}
	v.screen.SetDimmed(v.banner.Kind == presenter.BannerDisplay)
	tone := widgets.Warning
	switch v.banner.Kind {
	case presenter.BannerNone:
		v.frame.SetBanner(nil)
		return
	case presenter.BannerViewOnly:
		tone = widgets.Informative
	}
	v.frame.SetBanner(widgets.NewBanner(widgets.BannerOptions{Tone: tone, Icon: icons[v.banner.Kind], Text: shell.Say(v.banner.Text)}))
}

// end shows why the session is over; what the person ended closes.
func (v *sessionWindow) end() {
	trouble, ok := v.l.Ending()
	if !ok {
		v.close()
		return
	}
	v.showOutage() // it is no longer lost
	v.heat.close()
	v.screen.SetInput(nil)
	v.keysChanged()
	closing := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Close"), OnTapped: v.close})
	buttons := []*widgets.Button{closing}
	if trouble.Again {
		buttons = append(buttons, widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Connect again"), OnTapped: v.again}))
	}
	last := buttons[len(buttons)-1]
	last.SetImportance(widgets.Primary)
	details := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Copy details"), Icon: theme.IconCopy, Importance: widgets.Low,
		OnTapped: func() { v.g.sh.Copy(trouble.Details) }})
	v.ending = widgets.NewDialog(widgets.DialogOptions{
		Icon: theme.IconInfo, Title: shell.Say(trouble.Title), Text: shell.Say(trouble.Text),
		Side: []*widgets.Button{details}, Buttons: buttons, Focus: last, Guard: true, OnCancel: v.close,
	})
	v.ending.Open(v.win.Canvas())
	v.coverChanged()
}

// again leaves this session and connects anew.
func (v *sessionWindow) again() {
	v.l.Again() // its window is there before this one goes
	v.close()
}

// close ends the session, if it still lasts, and its window.
func (v *sessionWindow) close() {
	if v.closed {
		return
	}
	v.closed = true
	v.keys.close()
	v.full.close()
	v.lost.close()
	v.heat.close()
	v.screen.Stop()
	v.screen.Detach()
	v.status.Close()
	v.l.Leave()
	delete(v.g.sessions, v.l)
	v.win.Close()
}

// cursorChanged shows the Host's new cursor although the pointer rests.
func (v *sessionWindow) cursorChanged() {
	if v.look != nil && v.over && !v.closed {
		v.look()
	}
}

// resized follows the size and scale of the Host's desktop.
func (v *sessionWindow) resized() {
	v.view.refresh()
	v.showStatus()
}

// pressed gives the keyboard back to the picture when a bar beside it is let go.
// Fyne takes it away at any press and release outside of what has it.
func (v *sessionWindow) pressed(at fyne.Position, down bool) {
	switch c := v.win.Canvas(); {
	case v.closed || c.Overlays().Top() != nil:
	case down:
		v.held = v.view.onBar(at)
	case v.held:
		v.held = false
		v.focus()
	}
}

// focus gives the keyboard to the picture, or to the card over it.
func (v *sessionWindow) focus() {
	if v.lost.Visible() {
		v.lost.focus()
		return
	}
	v.screen.Focus()
}

// unused takes the keys that no widget used, while the picture has not the
// keyboard: Esc and F6 give it back.
func (v *sessionWindow) unused(ev *fyne.KeyEvent) bool {
	if v.lost.Visible() {
		return v.lost.key(ev)
	}
	if ev.Name == fyne.KeyEscape || ev.Name == fyne.KeyF6 {
		v.focus()
		return true
	}
	return false
}

// screenshot saves the picture as it is.
func (v *sessionWindow) screenshot() {
	if w, _ := v.screen.Desktop(); w > 0 {
		v.l.Screenshot(v.screen.Snapshot(), v.g.o.Pictures)
	}
	v.focus()
}
