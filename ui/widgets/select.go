package widgets

import (
	"image/color"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"impero/ui/theme"
)

// SelectOptions say what a Select offers.
type SelectOptions struct {
	Options     []string
	Selected    int // index; -1 for none
	Placeholder string
	MinWidth    float32
	Disabled    string // the reason, in one sentence; empty means enabled
	OnChanged   func(index int)
	// Reasons say of options why they cannot be chosen; empty, or missing, if they can.
	Reasons []string
	// OnChosen hears of a choice in the open list, even of the same option; then OnChanged is not called for it.
	OnChosen func(index int)
	// OnKey sees a key before the choice does and may use it; with TakesTab also Tab, for an editor in a table.
	OnKey    func(*fyne.KeyEvent) bool
	TakesTab bool
	OnLeft   func() // the focus went away, not to the list
	Opens    bool   // the list is open from the start, in a table
}

// Select chooses one of a list. Up and Down change the choice, letters find,
// Space, Alt+Down or a click open the list; Enter goes to the surface.
type Select struct {
	control
	o     SelectOptions
	menu  *Menu
	lists bool // the list is open, or about to be
	wrong bool
	watch func(entryEvent)
	box   *canvas.Rectangle
	over  *canvas.Rectangle
	focus *canvas.Rectangle
	text  *canvas.Text
	arrow *glyph
}

// NewSelect makes a choice.
func NewSelect(o SelectOptions) *Select {
	s := &Select{o: o, box: canvas.NewRectangle(color.Transparent), over: canvas.NewRectangle(color.Transparent), focus: ringRect(),
		text: canvas.NewText("", color.Transparent), arrow: newGlyph()}
	s.reason, s.disabled = o.Disabled, o.Disabled != ""
	s.hint = func() tip {
		if _, was := s.shown(s.Size().Width); was {
			return tip{text: s.Text()}
		}
		return tip{}
	}
	s.bind(s)
	return s
}

// Selected gives the index of the choice, -1 if there is none.
func (s *Select) Selected() int { return s.o.Selected }

// Text gives the choice in words, empty if there is none.
func (s *Select) Text() string {
	if s.o.Selected < 0 || s.o.Selected >= len(s.o.Options) {
		return ""
	}
	return s.o.Options[s.o.Selected]
}

// SetOptions changes the list and the choice, without a callback.
func (s *Select) SetOptions(options []string, selected int) {
	s.o.Options, s.o.Selected = options, selected
	s.Refresh()
}

// SetSelected changes the choice, without a callback.
func (s *Select) SetSelected(index int) {
	s.o.Selected = index
	s.Refresh()
}

// SetInvalid shows the choice as wrong or right.
func (s *Select) SetInvalid(on bool) {
	s.wrong = on
	s.Refresh()
}

// choose is a choice of the user.
func (s *Select) choose(index int) {
	if index < 0 || index >= len(s.o.Options) || index == s.o.Selected || s.why(index) != "" {
		return
	}
	s.o.Selected = index
	s.Refresh()
	if s.o.OnChanged != nil {
		s.o.OnChanged(index)
	}
	if s.watch != nil {
		s.watch(entryChanged)
	}
}

// why says why an option cannot be chosen, empty if it can.
func (s *Select) why(index int) string {
	if index < len(s.o.Reasons) {
		return s.o.Reasons[index]
	}
	return ""
}

// step goes to the next option in a direction that can be chosen.
func (s *Select) step(by int) {
	for i := s.o.Selected + by; i >= 0 && i < len(s.o.Options); i += by {
		if s.why(i) == "" {
			s.choose(i)
			return
		}
	}
}

// pick is a choice in the open list.
func (s *Select) pick(index int) {
	if s.o.OnChosen == nil {
		s.choose(index)
		return
	}
	s.SetSelected(index)
	s.o.OnChosen(index)
}

// AcceptsTab implements fyne.Tabbable.
func (s *Select) AcceptsTab() bool { return s.o.TakesTab }

// openList shows the list under the field.
func (s *Select) openList() { s.openIn(canvasOf(s), below(s)) }

func (s *Select) openIn(c fyne.Canvas, place menuPlace) {
	if s.disabled {
		return
	}
	items := make([]MenuItem, len(s.o.Options))
	for i, t := range s.o.Options {
		items[i] = MenuItem{Text: t, OnTapped: func() { s.pick(i) }, Checked: i == s.o.Selected, Disabled: s.why(i)}
	}
	place.minWidth, place.first = s.Size().Width, max(s.o.Selected, 0)
	s.lists = true
	s.menu = openMenuOn(c, items, place, func() { s.menu, s.lists = nil, false })
	s.lists = s.menu != nil
}

// FocusLost implements fyne.Focusable.
func (s *Select) FocusLost() {
	s.control.FocusLost()
	if s.watch != nil && !s.lists {
		s.watch(entryLeft)
	}
	if s.o.OnLeft != nil && !s.lists {
		s.o.OnLeft()
	}
}

// TypedKey implements fyne.Focusable.
func (s *Select) TypedKey(ev *fyne.KeyEvent) {
	s.key()
	if s.o.OnKey != nil && s.o.OnKey(ev) {
		return
	}
	switch ev.Name {
	case fyne.KeySpace:
		s.openList()
	case fyne.KeyDown:
		if modifiers()&fyne.KeyModifierAlt != 0 {
			s.openList()
			return
		}
		s.step(1)
	case fyne.KeyUp:
		s.step(-1)
	case fyne.KeyHome:
		s.choose(0)
	case fyne.KeyEnd:
		s.choose(len(s.o.Options) - 1)
	default:
		PassKey(s, ev)
	}
}

// TypedShortcut implements fyne.Shortcutable, for Alt+Down.
func (s *Select) TypedShortcut(sc fyne.Shortcut) {
	if c, ok := sc.(*desktop.CustomShortcut); ok && c.KeyName == fyne.KeyDown && c.Modifier == fyne.KeyModifierAlt {
		s.openList()
		return
	}
	PassShortcut(s, sc)
}

// TypedRune implements fyne.Focusable: goes to the next option with that letter.
func (s *Select) TypedRune(r rune) {
	want := string(unicode.ToLower(r))
	if want == " " {
		return
	}
	n := len(s.o.Options)
	for i := range n {
		at := (max(s.o.Selected, -1) + 1 + i) % n
		if strings.HasPrefix(strings.ToLower(s.o.Options[at]), want) {
			s.choose(at)
			return
		}
	}
}

// Tapped implements fyne.Tappable.
func (s *Select) Tapped(*fyne.PointEvent) { s.openList() }

// MouseDown implements desktop.Mouseable.
func (s *Select) MouseDown(*desktop.MouseEvent) { s.press() }

// MouseUp implements desktop.Mouseable.
func (s *Select) MouseUp(*desktop.MouseEvent) { s.release() }

// shown gives the words that fit into the field.
func (s *Select) shown(width float32) (string, bool) {
	words := s.Text()
	if words == "" {
		words = s.o.Placeholder
	}
	return cut(words, width-theme.InnerPadding-26, theme.TextSize, fyne.TextStyle{})
}

// CreateRenderer implements fyne.Widget.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(s, s.min, s.place, s.paint, s.box, s.over, s.text, s.arrow.img, s.focus)
}

func (s *Select) min() fyne.Size {
	return fyne.NewSize(max(s.o.MinWidth, 80), theme.ControlHeight)
}

func (s *Select) place(size fyne.Size) {
	for _, r := range []*canvas.Rectangle{s.box, s.over, s.focus} {
		put(r, 0, 0, size.Width, size.Height)
	}
	s.text.Text, _ = s.shown(size.Width)
	h := textSize("M", theme.TextSize, fyne.TextStyle{}).Height
	put(s.text, theme.InnerPadding, middle(size.Height, h), max(size.Width-theme.InnerPadding-26, 0), h)
	put(s.arrow.img, size.Width-21, middle(size.Height, 14), 14, 14)
}

func (s *Select) paint() {
	ink, edge, back, ring := theme.Text, theme.InputBorder, theme.Surface, theme.Accent
	if s.Text() == "" {
		ink = theme.Muted
	}
	if s.wrong {
		edge, ring = theme.Danger, theme.Danger
	}
	if s.disabled {
		ink, edge, back = theme.Disabled, theme.Border, theme.DisabledButton
	}
	s.box.StrokeColor, s.box.StrokeWidth, s.box.CornerRadius = theme.Color(edge), theme.LineWidth, theme.ControlRadius
	fill(s.box, back)
	s.over.CornerRadius = theme.ControlRadius
	s.veil(s.over)
	s.text.Text, _ = s.shown(s.Size().Width)
	s.text.TextSize, s.text.Color = theme.TextSize, theme.Color(ink)
	s.text.Refresh()
	arrow := theme.Muted
	if s.disabled {
		arrow = theme.Disabled
	}
	s.arrow.set(theme.IconChevronDown, arrow)
	drawRing(s.focus, !s.disabled && (s.focused || s.wrong), ring, theme.ControlRadius)
}
