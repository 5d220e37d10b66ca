package host

import (
	"context"
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	engine "impero/core/host"
	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// The window's key among the remembered sizes, its size the first time and its
// smallest, in units.
const (
	windowKey    = "host"
	windowWidth  = 720
	windowHeight = 520
	leastWidth   = 600
	leastHeight  = 440
)

// Window is the Host's window.
type Window struct {
	sh   *shell.Shell
	p    *Presenter
	win  fyne.Window
	quit func()
	tray *trayIcon // nil where there is none; with it closing hides

	// manager starts Host Manager; nil for a Host without a service, which this window ends and sets the password of.
	manager func() error

	frame  *widgets.Frame
	parts  *fyne.Container
	block  *stateBlock
	facts  *facts
	guests *guestList
	status *widgets.StatusBar
	bar    *shell.Bar
	menus  []shell.Menu

	model      Model
	shown      bool // a model was shown
	password   *passwordDialog
	stop       *widgets.Dialog
	stopButton *widgets.Button // of stop
	halting    *widgets.Dialog
	haltButton *widgets.Button // of halting
	guard      *guardDialog
	look       Look
}

// Look is how the configuration wants the window to be.
type Look struct {
	HideExit bool // there is no Exit in the menus
	InTray   bool // the tray is used, where there is one
}

// NewWindow makes the window of a Host and the presenter behind it. quit is
// called once the person wants the program to end. Nothing is shown before Open,
// and nothing is true in it before Run.
func NewWindow(sh *shell.Shell, e Engine, quit func(), look Look) *Window {
	return newWindow(sh, e, quit, look, nil)
}

// NewServiceWindow makes the window of the Host of this computer's service, for the user at the screen. Closing hides it, and it
// does not end the Host; manager starts Host Manager, on any goroutine.
func NewServiceWindow(sh *shell.Shell, e Engine, look Look, manager func() error) *Window {
	look.HideExit = true
	return newWindow(sh, e, func() {}, look, manager)
}

func newWindow(sh *shell.Shell, e Engine, quit func(), look Look, manager func() error) *Window {
	w := &Window{sh: sh, quit: quit, look: look, manager: manager}
	w.p = NewPresenter(e, w, Options{Post: sh.Post, Service: w.ofService()})
	w.win = sh.Window(windowKey, sh.Name, fyne.NewSize(windowWidth, windowHeight))
	w.block = newStateBlock(w.act)
	w.facts = newFacts(w.copyFingerprint)
	w.guests = newGuestList(func(ids []uint32) { w.p.Disconnect(ids...) }, w.selected, w.grab)
	w.status = widgets.NewStatusBar()
	w.parts = widgets.Col(0, w.block.root, widgets.HLine(), w.facts.root, widgets.HLine(), widgets.Grow(w.guests.root))
	w.frame = widgets.NewFrame(widgets.FrameOptions{
		MinSize: fyne.NewSize(leastWidth, leastHeight), Room: sh.Room(w.win), HasMenu: !w.nativeMenu(), Status: w.status,
		Content: w.parts, OnKey: w.key,
	})
	w.menus = w.commands()
	w.bar = shell.SetMenu(w.win, w.menus)
	w.frame.Attach(w.win)
	w.win.SetCloseIntercept(w.Close)
	return w
}

// ofService says whether this is the window of the computer's service.
func (w *Window) ofService() bool { return w.manager != nil }

// nativeMenu says whether the system draws the main menu outside the window, as
// macOS does.
func (w *Window) nativeMenu() bool { return fyne.KeyModifierShortcutDefault == fyne.KeyModifierSuper }

// Run keeps the window true until ctx ends; it is called on a goroutine of its own.
func (w *Window) Run(ctx context.Context) { w.p.Run(ctx) }

// Open shows the window, or brings it to the front.
func (w *Window) Open() {
	w.win.Show()
	w.win.RequestFocus()
}

// Show implements View.
func (w *Window) Show(m Model) {
	first, banner := !w.shown, w.model.Banner
	w.model, w.shown = m, true
	w.block.show(m.Block)
	w.facts.show(&m)
	w.guests.show(&m)
	w.parts.Refresh() // texts may need other heights
	w.showStatus()
	if first || !reflect.DeepEqual(banner, m.Banner) {
		w.showBanner()
	}
	w.tray.show(&m)
	w.bar.Update()
	if first {
		w.guests.focus()
		if !m.CanLogOn && !w.ofService() {
			w.askPassword()
		}
	}
}

// Notice implements View.
func (w *Window) Notice(text phrase.Phrase) {
	w.status.Announce(widgets.StatusItem{Text: shell.Say(text), Icon: theme.IconInfo})
}

func (w *Window) showStatus() {
	state := widgets.StatusItem{Text: shell.Say(w.model.Status), Icon: theme.IconStop, Tone: widgets.Warning}
	if w.model.Running {
		state.Icon, state.Tone = theme.IconCheckCircle, widgets.Good
	}
	left := []widgets.StatusItem{state}
	if w.model.Profiles != "" {
		left = append(left, widgets.StatusItem{Text: w.model.Profiles})
	}
	if l := w.model.Weakest; !l.Name.Empty() {
		icon, tone, _ := shell.LevelLook(l.Strength)
		left = append(left, widgets.StatusItem{Text: shell.Say(l.Name), Icon: icon, Tone: tone, Tip: shell.Say(l.Line)})
	}
	w.status.SetLeft(left...)
	right := []widgets.StatusItem{{Text: lang.L("Standalone"), Tip: lang.L("The whole Host runs in this program, without a service.")}}
	if w.ofService() {
		right[0] = widgets.StatusItem{Text: lang.L("Service"), Tip: lang.L("The Host is a service of this computer. It goes on when this window is closed.")}
	}
	if !w.model.Since.Empty() {
		right = append(right, widgets.StatusItem{Text: shell.Say(w.model.Since)})
	}
	w.status.SetRight(right...)
}

func (w *Window) showBanner() {
	b := w.model.Banner
	if b == nil {
		w.frame.SetBanner(nil)
		return
	}
	o := widgets.BannerOptions{Tone: widgets.Warning, Icon: theme.IconLockOpen, Text: shell.Say(b.Text)}
	if act := b.Act; act != ActNone {
		o.Icon = ""
		o.Buttons = []*widgets.Button{widgets.NewButton(widgets.ButtonOptions{Text: shell.Say(b.Label), OnTapped: func() { w.act(act) }})}
	}
	w.frame.SetBanner(widgets.NewBanner(o))
}

// act does what a button of the window says.
func (w *Window) act(a Act) {
	switch a {
	case ActStart:
		w.p.Start()
	case ActStop:
		w.halt()
	case ActDisconnect, ActDisconnectAll:
		w.p.DisconnectAll()
	case ActPassword:
		w.askPassword()
	}
}

func (w *Window) copyFingerprint() {
	w.sh.Copy(w.model.Fingerprint)
	w.Notice(phrase.New("Fingerprint copied."))
}

// grab gives the keyboard to a part of the window, unless a dialog has it.
func (w *Window) grab(f fyne.Focusable) {
	if c := w.win.Canvas(); c.Overlays().Top() == nil {
		c.Focus(f)
	}
}

// selected follows the selection of the table, for the menu.
func (w *Window) selected() { w.bar.Update() }

// disconnect ends the selected sessions.
func (w *Window) disconnect() {
	if ids := w.guests.selected(); len(ids) > 0 {
		w.p.Disconnect(ids...)
	}
}

// Close is what the window's close button does: it hides to the tray where there
// is one, asks where Guests could come or are, else ends the program.
func (w *Window) Close() {
	switch {
	case w.tray != nil, w.ofService():
		w.sh.Remember(windowKey, w.win)
		w.win.Hide()
	case w.model.Running || w.model.Connected():
		w.askStop()
	default:
		w.guarded(engine.ScopeExit, w.end)
	}
}

// end ends the program.
func (w *Window) end() {
	w.sh.Remember(windowKey, w.win)
	w.status.Close()
	w.quit()
}

// exit is Host > Exit: it ends the program also where there is a tray.
func (w *Window) exit() {
	if w.model.Running || w.model.Connected() {
		w.win.Show()
		w.askStop()
		return
	}
	w.guarded(engine.ScopeExit, w.end)
}

// askStop asks whether the Host is to end.
func (w *Window) askStop() {
	if w.stop != nil && w.stop.IsOpen() {
		return
	}
	text := lang.L("Nobody can connect until it is started again.")
	if n := len(w.model.Guests); n > 0 {
		text = shell.Say(phrase.Count("{{.Count}} Guest is connected and will be disconnected.", n, nil)) + " " + text
	}
	stay := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel")})
	w.stopButton = widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Stop the Host"), Importance: widgets.Risky, OnTapped: func() {
		w.stop.Close()
		w.guarded(engine.ScopeExit, w.end)
	}})
	w.stop = widgets.NewDialog(widgets.DialogOptions{
		Title: lang.L("Stop the Host?"), Text: text, Buttons: []*widgets.Button{stay, w.stopButton}, Focus: stay, OnCancel: w.guests.focus,
	})
	stay.SetOnTapped(w.stop.Cancel)
	w.stop.Open(w.win.Canvas())
}

// halt stops communication. While Guests are connected it asks before.
func (w *Window) halt() {
	stop := func() { w.guarded(engine.ScopeExit, w.p.Stop) }
	n := len(w.model.Guests)
	if n == 0 {
		stop()
		return
	}
	if w.halting != nil && w.halting.IsOpen() {
		return
	}
	stay := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel")})
	w.haltButton = widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Stop communication"), Importance: widgets.Risky, OnTapped: func() {
		w.halting.Close()
		stop()
	}})
	w.halting = widgets.NewDialog(widgets.DialogOptions{
		Title: lang.L("Stop communication?"),
		Text: shell.Say(phrase.Count("{{.Count}} Guest is connected and will be disconnected.", n, nil)) + " " +
			lang.L("Nobody can connect until it is started again."),
		Buttons: []*widgets.Button{stay, w.haltButton}, Focus: stay, OnCancel: w.guests.focus,
	})
	stay.SetOnTapped(w.halting.Cancel)
	w.halting.Open(w.win.Canvas())
}

// key gets what no widget used.
func (w *Window) key(ev *fyne.KeyEvent) bool {
	if ev.Name == fyne.KeyF1 {
		w.keyboard()
		return true
	}
	return false
}
