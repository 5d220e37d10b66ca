package guest

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"impero/ui/guest/presenter"
	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

const (
	lostWidth  = 430 // of the card, in units
	lostMargin = 22
	// lostGuard is how long the card takes no keys: what was on its way to the Host
	// must not end the session.
	lostGuard = 700 * time.Millisecond
)

// lostCard says over the picture that the connection is lost, and what is done
// about it. It lies over the whole picture, so that no click goes through, and
// has the keyboard itself for its first moments.
type lostCard struct {
	widget.BaseWidget
	v        *sessionWindow
	text     *widgets.Text
	attempt  *widgets.Text
	progress *widgets.ProgressBar
	try      *widgets.Button
	title    *widgets.Text
	content  *fyne.Container
	card     fyne.CanvasObject
	guard    func() // stops it; nil once it is over
}

func newLostCard(v *sessionWindow) *lostCard {
	c := &lostCard{v: v,
		title:    widgets.NewText("", widgets.TextOptions{Size: theme.SubHeadingSize, Bold: true, Ellipsis: true}),
		text:     widgets.NewText("", widgets.TextOptions{Token: theme.Muted, Wrap: true, MaxWidth: lostWidth - 2*lostMargin}),
		attempt:  widgets.NewText("", widgets.TextOptions{Token: theme.Muted, Size: theme.LabelSize, Ellipsis: true}),
		progress: widgets.NewProgressBar(widgets.ProgressOptions{Value: 1}),
	}
	end := widgets.NewButton(widgets.ButtonOptions{Text: lang.L("End session"), OnTapped: v.disconnect})
	c.try = widgets.NewButton(widgets.ButtonOptions{Text: lang.L("Try now"), Importance: widgets.Primary, OnTapped: v.l.TryNow})
	c.content = widgets.Inset(18, lostMargin, 16, lostMargin, widgets.Col(12,
		widgets.Row(10, widgets.NewIcon(theme.IconRefresh, theme.Accent, 20), widgets.Grow(c.title)),
		c.text, c.progress, widgets.Row(theme.ButtonGap, widgets.Grow(c.attempt), end, c.try)))
	c.card = widgets.Raised(c.content)
	c.ExtendBaseWidget(c)
	c.Hide()
	return c
}

// open shows the card; a moment later its first button has the keyboard.
func (c *lostCard) open() {
	c.Show()
	t := time.AfterFunc(lostGuard, func() { c.v.g.sh.Post(c.give) })
	c.guard = func() { t.Stop() }
	c.focus()
}

// give ends the guard.
func (c *lostCard) give() {
	if c.guard != nil && c.Visible() {
		c.guard = nil
		c.focus()
	}
}

func (c *lostCard) close() {
	if c.guard != nil {
		c.guard()
		c.guard = nil
	}
	c.Hide()
}

// focus gives the keyboard to the card, unless a menu or dialog has it.
func (c *lostCard) focus() {
	canvas := c.v.win.Canvas()
	switch {
	case canvas.Overlays().Top() != nil:
	case c.guard != nil:
		canvas.Focus(c)
	default:
		widgets.FocusOn(c.try)
	}
}

func (c *lostCard) say(o presenter.Outage) {
	c.title.SetText(shell.Say(o.Title))
	c.text.SetText(shell.Say(o.Text))
	c.attempt.SetText(shell.Say(o.Attempt))
	c.progress.SetValue(o.Left)
	c.content.Refresh()
	c.Refresh()
}

// key takes what no part of the window used: Enter tries, Esc does nothing, since
// nothing here is to be given up by it.
func (c *lostCard) key(ev *fyne.KeyEvent) bool {
	if ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter {
		c.try.Tap()
	}
	return true
}

// FocusGained implements fyne.Focusable.
func (c *lostCard) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (c *lostCard) FocusLost() {}

// TypedRune implements fyne.Focusable.
func (c *lostCard) TypedRune(rune) {}

// TypedKey implements fyne.Focusable: nothing counts yet.
func (c *lostCard) TypedKey(*fyne.KeyEvent) {}

// AcceptsTab implements fyne.Tabbable: Tab was meant for the Host.
func (c *lostCard) AcceptsTab() bool { return c.guard != nil }

// MouseIn implements desktop.Hoverable: the picture below has not the pointer.
func (c *lostCard) MouseIn(*desktop.MouseEvent) {}

// MouseMoved implements desktop.Hoverable: the edge calls the bar all the same.
func (c *lostCard) MouseMoved(ev *desktop.MouseEvent) { c.v.full.moved(ev.Position, ev.Button != 0) }

// MouseOut implements desktop.Hoverable.
func (c *lostCard) MouseOut() {}

// MouseDown implements desktop.Mouseable.
func (c *lostCard) MouseDown(*desktop.MouseEvent) {}

// MouseUp implements desktop.Mouseable: the keyboard stays with the card.
func (c *lostCard) MouseUp(*desktop.MouseEvent) { c.focus() }

// Scrolled implements fyne.Scrollable.
func (c *lostCard) Scrolled(*fyne.ScrollEvent) {}

// CreateRenderer implements fyne.Widget.
func (c *lostCard) CreateRenderer() fyne.WidgetRenderer { return &lostRenderer{c} }

type lostRenderer struct{ c *lostCard }

func (r *lostRenderer) Layout(room fyne.Size) {
	width := min(lostWidth, room.Width)
	height := widgets.HeightFor(r.c.content, width)
	r.c.card.Resize(fyne.NewSize(width, height))
	r.c.card.Move(fyne.NewPos(float32(int((room.Width-width)/2)), float32(int(max(room.Height-height, 0)/2))))
}
func (r *lostRenderer) MinSize() fyne.Size           { return fyne.NewSize(1, 1) }
func (r *lostRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.c.card} }
func (r *lostRenderer) Destroy()                     {}
func (r *lostRenderer) Refresh() {
	r.Layout(r.c.Size())
	r.c.card.Refresh()
}

// showOutage follows the connection: while it is lost the picture is dim, input
// is off and the card is there; when it is back nothing is to be clicked.
func (v *sessionWindow) showOutage() {
	outage, lost := v.l.Outage()
	stale := v.l.Stale()
	changed := stale != v.stale || lost != v.lost.Visible()
	if stale != v.stale {
		v.stale = stale
		v.old.Store(stale)
		v.screen.SetInput(v.input())
	}
	if lost {
		v.lost.say(outage)
	}
	switch {
	case lost && !v.lost.Visible():
		v.lost.open()
		v.full.show()
	case !lost && v.lost.Visible():
		v.lost.close()
		v.full.soon() // the bar goes after its time
		if v.win.Canvas().Overlays().Top() == nil && !v.l.Over() {
			v.screen.Focus()
		}
	}
	if changed {
		v.coverChanged()
	}
}
