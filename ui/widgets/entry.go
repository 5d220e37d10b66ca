package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// EntryOptions say what an Entry shows and does.
type EntryOptions struct {
	Text        string
	Placeholder string
	Icon        theme.IconName // at the left edge
	Password    bool           // dots, with a button that shows the text
	Mono        bool
	MultiLine   bool
	Rows        int // visible lines of a MultiLine entry; 3 if zero
	MinWidth    float32
	Disabled    string // the reason, in one sentence; empty means enabled
	OnChanged   func(string)
	OnSubmitted func(string) // Enter; with no such function Enter goes to the surface
	OnLeft      func()       // the focus went away
	// OnKey sees a key before the entry does and may use it.
	OnKey func(*fyne.KeyEvent) bool
	// TakesTab gives Tab to OnKey too, for an editor in a table.
	TakesTab bool
}

// Entry is a field for typed text. Keys it does not use go on to its surface,
// shortcuts it does not use to its canvas.
type Entry struct {
	widget.Entry
	o       EntryOptions
	focused bool
	invalid bool
	over    bool
	watch   func(entryEvent) // a Field that validates
	box     *canvas.Rectangle
	edge    *canvas.Rectangle
	ring    *canvas.Rectangle
	icon    *glyph
	reason  string
}

// entryEvent is what a Field wants to know about an Entry.
type entryEvent int

const (
	entryChanged entryEvent = iota
	entryLeft
	entrySubmitted
)

// entryMinWidth is how narrow an entry gets.
const entryMinWidth = 120

// NewEntry makes an entry.
func NewEntry(o EntryOptions) *Entry {
	if o.MinWidth == 0 {
		o.MinWidth = entryMinWidth
	}
	e := &Entry{o: o, box: canvas.NewRectangle(color.Transparent), edge: ringRect(), ring: ringRect(), icon: newGlyph()}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.MultiLine, e.Password = o.MultiLine, o.Password
	e.TextStyle = fyne.TextStyle{Monospace: o.Mono}
	if o.MultiLine {
		e.Wrapping = fyne.TextWrapWord
	}
	e.ExtendBaseWidget(e)
	if o.Password {
		e.ActionItem = newRevealer(e)
	}
	if o.Rows > 0 {
		e.SetMinRowsVisible(o.Rows)
	}
	e.SetPlaceHolder(o.Placeholder)
	e.SetText(o.Text)
	e.OnChanged = e.changed
	if !o.MultiLine {
		e.OnSubmitted = func(string) {} // Enter is handled in TypedKey
	}
	e.SetDisabled(o.Disabled)
	return e
}

// SetDisabled turns the entry off and says why in one sentence, which becomes
// its tooltip; an empty reason turns it on.
func (e *Entry) SetDisabled(reason string) {
	e.reason = reason
	if reason != "" {
		e.Disable()
	} else {
		e.Enable()
	}
}

// SetInvalid shows the entry as wrong or right. The words belong to its Field.
func (e *Entry) SetInvalid(on bool) {
	if on != e.invalid {
		e.invalid = on
		e.Refresh()
	}
}

// SetOnChanged sets what is called with each change of the text.
func (e *Entry) SetOnChanged(f func(string)) { e.o.OnChanged = f }

// SetOnSubmitted sets what is called on Enter.
func (e *Entry) SetOnSubmitted(f func(string)) { e.o.OnSubmitted = f }

// SelectAll selects the whole text, for a first focus or after a refusal.
func (e *Entry) SelectAll() { e.Entry.TypedShortcut(&fyne.ShortcutSelectAll{}) }

// SetRevealed shows or hides the text of a Password entry.
func (e *Entry) SetRevealed(on bool) {
	if e.o.Password && e.Password == on {
		e.Password = !on
		e.Refresh()
		e.ActionItem.Refresh()
	}
}

// Revealed tells whether a Password entry shows its text.
func (e *Entry) Revealed() bool { return e.o.Password && !e.Password }

func (e *Entry) changed(s string) {
	if e.o.OnChanged != nil {
		e.o.OnChanged(s)
	}
	e.tell(entryChanged)
}

func (e *Entry) tell(ev entryEvent) {
	if e.watch != nil {
		e.watch(ev)
	}
}

// AcceptsTab implements fyne.Tabbable.
func (e *Entry) AcceptsTab() bool { return e.o.TakesTab || e.Entry.AcceptsTab() }

// FocusGained implements fyne.Focusable.
func (e *Entry) FocusGained() {
	e.focused = true
	e.Entry.FocusGained()
}

// FocusLost implements fyne.Focusable.
func (e *Entry) FocusLost() {
	e.focused = false
	e.Entry.FocusLost()
	e.tell(entryLeft)
	if e.o.OnLeft != nil {
		e.o.OnLeft()
	}
}

// TypedRune implements fyne.Focusable.
func (e *Entry) TypedRune(r rune) {
	tipsFor(e).gone()
	if !guarded(e) {
		e.Entry.TypedRune(r)
	}
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(ev *fyne.KeyEvent) {
	tipsFor(e).gone()
	if guarded(e) || e.o.OnKey != nil && e.o.OnKey(ev) {
		return
	}
	switch {
	case isEnter(ev.Name) && !e.MultiLine:
		e.submit(ev)
	case e.uses(ev.Name):
		e.Entry.TypedKey(ev)
	default:
		PassKey(e, ev)
	}
}

func (e *Entry) submit(ev *fyne.KeyEvent) {
	e.tell(entrySubmitted)
	if e.o.OnSubmitted != nil {
		e.o.OnSubmitted(e.Entry.Text)
		return
	}
	PassKey(e, ev)
}

// uses tells the keys an entry edits with.
func (e *Entry) uses(k fyne.KeyName) bool {
	switch k {
	case fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd, fyne.KeySpace:
		return true
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyTab:
		return e.MultiLine
	}
	return false
}

// TypedShortcut implements fyne.Shortcutable.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	c, custom := s.(*desktop.CustomShortcut)
	if !custom {
		e.Entry.TypedShortcut(s)
		return
	}
	if key := revealKey(); e.o.Password && !e.Disabled() && c.KeyName == key.KeyName && c.Modifier == key.Modifier {
		e.SetRevealed(!e.Revealed())
		return
	}
	base := c.Modifier &^ fyne.KeyModifierShift
	byWord := base == fyne.KeyModifierShortcutDefault || onMac() && base == fyne.KeyModifierAlt
	switch c.KeyName {
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyBackspace, fyne.KeyDelete:
		if byWord {
			e.Entry.TypedShortcut(s)
			return
		}
	}
	PassShortcut(e, s)
}

// onMac tells the system whose words are stepped over with Alt.
func onMac() bool { return fyne.KeyModifierShortcutDefault == fyne.KeyModifierSuper }

// MouseIn implements desktop.Hoverable.
func (e *Entry) MouseIn(ev *desktop.MouseEvent) {
	e.over = true
	if e.Disabled() {
		tipsFor(e).rest(e, tip{text: e.reason}, ev.AbsolutePosition.X)
	}
}

// MouseMoved implements desktop.Hoverable.
func (e *Entry) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (e *Entry) MouseOut() {
	e.over = false
	tipsFor(e).gone()
}

// MinSize implements fyne.CanvasObject.
func (e *Entry) MinSize() fyne.Size {
	s := upSize(e.Entry.MinSize())
	if !e.MultiLine {
		s.Height = theme.ControlHeight
	}
	return fyne.NewSize(max(s.Width, e.o.MinWidth), s.Height)
}

// entryDrawing is Fyne's renderer with the box and the border replaced.
type entryDrawing struct {
	fyne.WidgetRenderer
	e       *Entry
	lead    *canvas.Image
	objects []fyne.CanvasObject
}

// CreateRenderer implements fyne.Widget.
func (e *Entry) CreateRenderer() fyne.WidgetRenderer {
	d := &entryDrawing{WidgetRenderer: e.Entry.CreateRenderer(), e: e}
	d.objects = []fyne.CanvasObject{e.box}
	for _, o := range d.WidgetRenderer.Objects() {
		switch v := o.(type) {
		case *canvas.Rectangle: // Fyne's box and border
		case *canvas.Image:
			d.lead = v
		default:
			d.objects = append(d.objects, o)
		}
	}
	d.objects = append(d.objects, e.icon.img, e.edge, e.ring)
	if e.o.Icon != "" { // reserves the room; the picture is our own
		e.Icon = theme.Icon(e.o.Icon, theme.Muted)
	}
	d.paint()
	return d
}

// Objects implements fyne.WidgetRenderer.
func (d *entryDrawing) Objects() []fyne.CanvasObject { return d.objects }

// MinSize implements fyne.WidgetRenderer.
func (d *entryDrawing) MinSize() fyne.Size { return upSize(d.WidgetRenderer.MinSize()) }

// Layout implements fyne.WidgetRenderer.
func (d *entryDrawing) Layout(s fyne.Size) {
	d.WidgetRenderer.Layout(s)
	for _, r := range []*canvas.Rectangle{d.e.box, d.e.edge, d.e.ring} {
		put(r, 0, 0, s.Width, s.Height)
	}
	put(d.e.icon.img, theme.InnerPadding, middle(s.Height, theme.IconSize), theme.IconSize, theme.IconSize)
}

// Refresh implements fyne.WidgetRenderer.
func (d *entryDrawing) Refresh() {
	d.WidgetRenderer.Refresh()
	d.paint()
}

func (d *entryDrawing) paint() {
	e := d.e
	ground, edge, ring := theme.Surface, theme.InputBorder, theme.Accent
	if e.Disabled() {
		ground, edge = theme.DisabledButton, theme.Border
	}
	if e.invalid && !e.Disabled() {
		edge, ring = theme.Danger, theme.Danger
	}
	e.box.CornerRadius = theme.ControlRadius
	fill(e.box, ground)
	e.edge.StrokeWidth = theme.LineWidth
	drawRing(e.edge, true, edge, theme.ControlRadius)
	drawRing(e.ring, !e.Disabled() && (e.focused || e.invalid), ring, theme.ControlRadius)
	e.icon.set(e.o.Icon, theme.Muted)
}

// revealer is the button in a password entry that shows and hides the text. Tab passes it by: who types a password and
// goes on to the next field types blind, and must neither lose what follows nor show what stands there. Its key is the
// entry's own, revealKey.
type revealer struct {
	control
	entry *Entry
	icon  *glyph
	over  *canvas.Rectangle
}

func newRevealer(e *Entry) *revealer {
	r := &revealer{entry: e, icon: newGlyph(), over: canvas.NewRectangle(color.Transparent)}
	r.hint = func() tip { return tip{text: r.verb(), shortcut: revealKeyText()} }
	r.self = r
	r.ExtendBaseWidget(r)
	return r
}

// revealKey shows and hides the text of the password entry that has the focus.
func revealKey() *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: fyne.KeyH, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
}

func revealKeyText() string {
	if onMac() {
		return "Cmd+Shift+H"
	}
	return "Ctrl+Shift+H"
}

func (r *revealer) verb() string {
	if r.entry.Revealed() {
		return lang.L("Hide password")
	}
	return lang.L("Show password")
}

// Disabled implements fyne.Disableable.
func (r *revealer) Disabled() bool { return r.entry.Disabled() }

// Cursor implements desktop.Cursorable.
func (r *revealer) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// Tapped implements fyne.Tappable.
func (r *revealer) Tapped(*fyne.PointEvent) {
	if r.entry.Disabled() {
		return
	}
	r.entry.SetRevealed(!r.entry.Revealed())
	FocusOn(r.entry)
}

// CreateRenderer implements fyne.Widget.
func (r *revealer) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(r, func() fyne.Size { return fyne.NewSize(28, 24) }, func(s fyne.Size) {
		put(r.over, 2, 2, s.Width-4, s.Height-4)
		put(r.icon.img, middle(s.Width, theme.IconSize), middle(s.Height, theme.IconSize), theme.IconSize, theme.IconSize)
	}, func() {
		name, ink := theme.IconEyeOff, theme.Text
		if r.entry.Revealed() {
			name = theme.IconEye
		}
		if r.entry.Disabled() {
			ink = theme.Disabled
		}
		r.icon.set(name, ink)
		r.over.CornerRadius = theme.SelectionRadius
		r.veil(r.over)
	}, r.over, r.icon.img)
}
