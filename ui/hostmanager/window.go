package hostmanager

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/hostmanager/presenter"
	"impero/ui/shell"
	"impero/ui/shell/phrase"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// The window's key among the remembered sizes; its size the first time, its
// smallest, and the lengths of its parts, in units.
const (
	windowKey    = "hostmanager"
	windowWidth  = 1180
	windowHeight = 760
	leastWidth   = 900
	leastHeight  = 560
	treeWidth    = 316
	messagesHigh = 128
)

// Window is Host Manager's window.
type Window struct {
	sh   *shell.Shell
	m    *presenter.Manager
	win  fyne.Window
	quit func()

	frame    *widgets.Frame
	tree     *treePane
	table    *attributePane
	messages *messagePane
	tools    *tools
	status   *widgets.StatusBar
	bar      *shell.Bar
	menus    []shell.Menu

	banner  presenter.Banner  // the one that is shown
	acts    []*widgets.Button // of the banner
	account *accountDialog    // nil while none is open
	apply   *widgets.Dialog
	ask     *widgets.Dialog // any other question
	home    string          // where files are looked for first
	file    string          // imported or exported last
	before  fyne.Focusable  // what had the keyboard before the search
}

// NewWindow makes the window of a configuration and the presenter behind it. home
// is the folder where files to import or export are looked for first; quit is
// called once the person wants the program to end. Nothing is shown before
// Open, and nothing is known before Run.
func NewWindow(sh *shell.Shell, b presenter.Backend, home string, quit func()) *Window {
	w := &Window{sh: sh, home: home, quit: quit}
	w.m = presenter.New(b, w, presenter.Options{Post: sh.Post, Say: shell.Say})
	w.win = sh.Window(windowKey, sh.Name, fyne.NewSize(windowWidth, windowHeight))
	w.tree, w.table, w.messages = newTreePane(w), newAttributePane(w), newMessagePane(w)
	w.tools = newTools(w)
	w.status = widgets.NewStatusBar()
	upper := widgets.NewSplit(widgets.SplitOptions{First: w.tree.root, Second: w.table.root, Length: treeWidth, Least: 160})
	parts := widgets.NewSplit(widgets.SplitOptions{First: upper, Second: w.messages.root, Vertical: true, Length: messagesHigh, FromEnd: true})
	w.frame = widgets.NewFrame(widgets.FrameOptions{
		MinSize: fyne.NewSize(leastWidth, leastHeight), Room: sh.Room(w.win), HasMenu: !nativeMenu(), Toolbar: w.tools.bar,
		Content: parts, Status: w.status, Focus: w.tree.tree, OnKey: w.key,
	})
	w.menus = w.commands()
	w.bar = shell.SetMenu(w.win, w.menus)
	w.frame.Attach(w.win)
	w.shortcuts()
	w.win.SetCloseIntercept(w.Close)
	w.Show(presenter.PartAll)
	return w
}

// nativeMenu says whether the system draws the main menu outside the window, as
// macOS does.
func nativeMenu() bool { return primary == fyne.KeyModifierSuper }

// Run keeps the window true until ctx ends; it is called on a goroutine of its own.
func (w *Window) Run(ctx context.Context) { w.m.Run(ctx) }

// Open shows the window and looks for the configuration.
func (w *Window) Open() {
	w.win.Show()
	w.win.RequestFocus()
	w.m.Start()
}

// Show implements presenter.View.
func (w *Window) Show(p presenter.Part) {
	if w.bar == nil {
		return // the window is being made
	}
	if w.m.Phase() != presenter.Asking {
		w.closeAccount()
	}
	if p&(presenter.PartTree|presenter.PartState) != 0 {
		w.tree.show()
	}
	if p&(presenter.PartTable|presenter.PartState) != 0 {
		w.table.show()
	}
	if p&presenter.PartMessages != 0 {
		w.messages.show()
	}
	w.tools.show()
	w.showStatus()
	w.showBanner()
	w.bar.Update()
}

// Notice implements presenter.View.
func (w *Window) Notice(text phrase.Phrase) {
	w.status.Announce(widgets.StatusItem{Text: shell.Say(text), Icon: theme.IconInfo})
}

// trouble says what could not be done; nothing for the empty phrase.
func (w *Window) trouble(text phrase.Phrase) {
	if !text.Empty() {
		w.status.Announce(widgets.StatusItem{Text: shell.Say(text), Icon: theme.IconAlertTriangle, Tone: widgets.Warning})
	}
}

func (w *Window) showStatus() {
	var left []widgets.StatusItem
	for i, text := range w.m.Status() {
		item := widgets.StatusItem{Text: shell.Say(text)}
		if i == 0 {
			item.Icon, item.Tone = theme.IconPlug, widgets.Good
			if w.m.Phase() == presenter.Gone {
				item.Icon, item.Tone = theme.IconNetworkOff, widgets.Warning
			}
		}
		left = append(left, item)
	}
	w.status.SetLeft(left...)
	var right []widgets.StatusItem
	if user := w.m.Rights().User; user != "" {
		right = append(right, widgets.StatusItem{Text: user, Icon: theme.IconUser})
	}
	if document := w.m.Place().Document; !document.Empty() {
		right = append(right, widgets.StatusItem{Text: shell.Say(document)})
	}
	w.status.SetRight(right...)
}

func (w *Window) showBanner() {
	now := w.m.Banner()
	if now == nil {
		if !w.banner.Text.Empty() {
			w.banner = presenter.Banner{}
			w.frame.SetBanner(nil)
			w.dropActs(nil)
		}
		return
	}
	if now.Act == w.banner.Act && shell.Say(now.Text) == shell.Say(w.banner.Text) {
		return
	}
	w.banner = *now
	acts := w.bannerButtons(now)
	w.frame.SetBanner(widgets.NewBanner(widgets.BannerOptions{Tone: widgets.Warning, Text: shell.Say(now.Text), Buttons: acts}))
	w.dropActs(acts)
}

// dropActs takes the keyboard from a button of the banner that is gone.
func (w *Window) dropActs(now []*widgets.Button) {
	for _, b := range w.acts {
		if w.win.Canvas().Focused() == fyne.Focusable(b) {
			w.refocus()
		}
	}
	w.acts = now
}

// refocus gives the keyboard to the tree, unless one of the panes or the search has it.
func (w *Window) refocus() {
	c := w.win.Canvas()
	switch c.Focused() {
	case fyne.Focusable(w.tree.tree), fyne.Focusable(w.table.table), fyne.Focusable(w.table.hits.table), fyne.Focusable(w.messages.table), fyne.Focusable(w.tools.search):
	default:
		c.Focus(w.tree.tree)
	}
}

func (w *Window) bannerButtons(b *presenter.Banner) []*widgets.Button {
	var list []*widgets.Button
	if b.Command != "" {
		command := b.Command
		list = append(list, widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Copy command"), OnTapped: func() {
			w.sh.Copy(command)
			w.Notice(phrase.New("Command copied."))
		}}))
	}
	if b.Act != presenter.BannerNothing {
		act := w.m.Start
		if b.Act == presenter.BannerConflict {
			act = w.m.ShowConflict
		}
		list = append(list, widgets.NewButton(widgets.ButtonOptions{Text: shell.Say(b.Label), OnTapped: act}))
	}
	return list
}

// Close is what the window's close button does: it asks if changes wait.
func (w *Window) Close() {
	w.table.endEdit(true)
	if w.m.Waiting() == 0 {
		w.end()
		return
	}
	if w.ask != nil && w.ask.IsOpen() {
		return
	}
	stay := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Cancel")})
	discard := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Discard"), OnTapped: w.end})
	apply := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Apply…"), Importance: widgets.Primary})
	w.ask = widgets.NewDialog(widgets.DialogOptions{
		Title: shell.Say(phrase.Count("{{.Count}} changes are not applied.", w.m.Waiting(), nil)),
		Text:  lang.L("Discarding leaves the Host as it is; the changes are lost."), Width: 480,
		Buttons: []*widgets.Button{stay, discard, apply}, Focus: apply,
	})
	stay.SetOnTapped(w.ask.Cancel)
	apply.SetOnTapped(func() {
		w.ask.Close()
		w.m.PrepareApply()
	})
	apply.SetDisabled(shell.Say(w.m.CanApply()))
	w.ask.Open(w.win.Canvas())
}

// end ends the program.
func (w *Window) end() {
	w.sh.Remember(windowKey, w.win)
	w.status.Close()
	w.quit()
}

// key takes what no widget used.
func (w *Window) key(ev *fyne.KeyEvent) bool {
	switch ev.Name {
	case fyne.KeyF1:
		w.keyboard()
	case fyne.KeyF6:
		w.nextPane()
	case fyne.KeyEscape:
		return w.table.closeSearch()
	default:
		return false
	}
	return true
}

// nextPane moves the keyboard from tree to table to messages.
func (w *Window) nextPane() {
	c := w.win.Canvas()
	switch c.Focused() {
	case fyne.Focusable(w.tree.tree):
		w.table.focus()
	case fyne.Focusable(w.messages.table):
		c.Focus(w.tree.tree)
	case nil, fyne.Focusable(w.tools.search):
		c.Focus(w.tree.tree)
	default:
		w.table.endEdit(true)
		c.Focus(w.messages.table)
	}
}
