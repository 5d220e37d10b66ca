package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"impero/ui/theme"
)

// Importance is how a Button looks.
type Importance int

// The looks. A window or dialog has one Primary or Risky button.
const (
	Secondary Importance = iota
	Primary
	Risky // destructive, or weakening security
	Low   // no ground until the pointer is over it
	Link  // words in accent, no ground, no margins
)

// ButtonOptions say what a Button shows and does.
type ButtonOptions struct {
	Text       string
	Icon       theme.IconName
	IconToken  theme.Token // colour of the icon; that of the text if empty
	Importance Importance
	Tip        string // tooltip; an icon-only button must have one
	Shortcut   string // shown in the tooltip, such as "Ctrl+F"
	Disabled   string // the reason, in one sentence; empty means enabled
	MinWidth   float32
	OnTapped   func()
}

// Button does one thing on a click, Enter or Space.
type Button struct {
	control
	o       ButtonOptions
	plain   bool // not bold: toolbars
	compact bool // 28 high, side margins of a toolbar
	active  bool
	arrow   bool // a chevron after the text: it opens a menu
	ground  *canvas.Rectangle
	over    *canvas.Rectangle
	focus   *canvas.Rectangle
	icon    *glyph
	more    *glyph
	text    *canvas.Text
}

// NewButton makes a button, at least 88 wide unless it is Low or a Link.
func NewButton(o ButtonOptions) *Button {
	b := &Button{o: o, ground: canvas.NewRectangle(color.Transparent), over: canvas.NewRectangle(color.Transparent), focus: ringRect(),
		icon: newGlyph(), more: newGlyph(), text: canvas.NewText("", color.Transparent)}
	b.reason, b.disabled = o.Disabled, o.Disabled != ""
	b.hint = func() tip { return tip{b.o.Tip, b.o.Shortcut} }
	b.bind(b)
	return b
}

// NewIconButton makes a button of 28 by 28 units that shows an icon alone.
func NewIconButton(o ButtonOptions) *Button {
	o.Text, o.Importance = "", Low
	b := NewButton(o)
	b.compact = true
	return b
}

// Text gives the words on the button.
func (b *Button) Text() string { return b.o.Text }

// SetText changes the words.
func (b *Button) SetText(s string) {
	if s != b.o.Text {
		b.o.Text = s
		b.Refresh()
	}
}

// SetIcon changes the picture; the empty name takes it away.
func (b *Button) SetIcon(n theme.IconName) {
	b.o.Icon = n
	b.Refresh()
}

// SetImportance changes the look.
func (b *Button) SetImportance(i Importance) {
	b.o.Importance = i
	b.Refresh()
}

// SetTip changes the tooltip.
func (b *Button) SetTip(text, shortcut string) { b.o.Tip, b.o.Shortcut = text, shortcut }

// SetOnTapped changes what the button does.
func (b *Button) SetOnTapped(f func()) { b.o.OnTapped = f }

// SetActive shows the button as switched on, for buttons that switch a thing.
func (b *Button) SetActive(on bool) {
	if on != b.active {
		b.active = on
		b.Refresh()
	}
}

// Tap does what a click does; nothing while disabled.
func (b *Button) Tap() {
	if !b.disabled && b.o.OnTapped != nil {
		b.o.OnTapped()
	}
}

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) { b.Tap() }

// MouseDown implements desktop.Mouseable.
func (b *Button) MouseDown(*desktop.MouseEvent) { b.press() }

// MouseUp implements desktop.Mouseable.
func (b *Button) MouseUp(*desktop.MouseEvent) { b.release() }

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(ev *fyne.KeyEvent) {
	b.key()
	switch {
	case isEnter(ev.Name) || ev.Name == fyne.KeySpace:
		if guarded(b) {
			return
		}
		b.Tap()
	default:
		PassKey(b, ev)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(b, b.min, b.place, b.paint, b.ground, b.over, b.icon.img, b.text, b.more.img, b.focus)
}

func (b *Button) style() fyne.TextStyle {
	return fyne.TextStyle{Bold: !b.plain && b.o.Importance != Low && b.o.Importance != Link}
}

func (b *Button) side() float32 {
	switch {
	case b.o.Importance == Link:
		return 0
	case b.compact, b.o.Importance == Low:
		return 6
	}
	return 10
}

// words gives the width of icon, text and chevron together.
func (b *Button) words() float32 {
	w := float32(0)
	if b.o.Text != "" {
		w = textSize(b.o.Text, theme.TextSize, b.style()).Width
	}
	if b.o.Icon != "" {
		w += theme.IconSize
		if b.o.Text != "" {
			w += 4
		}
	}
	if b.arrow {
		w += 14
	}
	return w
}

func (b *Button) min() fyne.Size {
	height, least := theme.ControlHeight, float32(0)
	switch {
	case b.o.Importance == Link:
		height = textSize("M", theme.TextSize, b.style()).Height
	case b.compact:
		height, least = theme.IconButtonSize, theme.IconButtonSize
	case b.o.Importance == Low:
		least = theme.IconButtonSize
	default:
		least = theme.ButtonMinWidth
		if b.o.Text == "" {
			least = theme.IconButtonSize
		}
	}
	if b.o.MinWidth > 0 {
		least = b.o.MinWidth
	}
	return fyne.NewSize(max(b.words()+2*b.side(), least), height)
}

func (b *Button) place(s fyne.Size) {
	put(b.ground, 0, 0, s.Width, s.Height)
	put(b.over, 0, 0, s.Width, s.Height)
	switch b.o.Importance {
	case Primary, Risky: // a ring in accent on accent is none: outside, a unit away
		put(b.focus, -3, -3, s.Width+6, s.Height+6)
	case Link:
		put(b.focus, -4, -2, s.Width+8, s.Height+4)
	default:
		put(b.focus, 0, 0, s.Width, s.Height)
	}
	x := middle(s.Width, b.words())
	if b.o.Icon != "" {
		put(b.icon.img, x, b.iconTop(s.Height), theme.IconSize, theme.IconSize)
		x += theme.IconSize + 4
	}
	t := textSize(b.o.Text, theme.TextSize, b.style())
	put(b.text, x, middle(s.Height, t.Height), t.Width, t.Height)
	put(b.more.img, x+t.Width+3, iconTop(s.Height, 11), 11, 11)
}

// iconTop is in the middle without words, else in line with them.
func (b *Button) iconTop(height float32) float32 {
	if b.o.Text == "" {
		return middle(height, theme.IconSize)
	}
	return iconTop(height, theme.IconSize)
}

// colours gives ground and ink of the look.
func (b *Button) colours() (ground, ink theme.Token) {
	switch {
	case b.disabled && (b.o.Importance == Low || b.o.Importance == Link):
		return "", theme.Disabled
	case b.disabled:
		return theme.DisabledButton, theme.Disabled
	case b.active:
		return theme.AccentSoft, theme.Accent
	}
	switch b.o.Importance {
	case Primary:
		return theme.Accent, theme.OnAccent
	case Risky:
		return theme.Danger, theme.OnDanger
	case Low:
		return "", theme.Text
	case Link:
		return "", theme.Accent
	}
	return theme.Button, theme.Text
}

func (b *Button) paint() {
	ground, ink := b.colours()
	b.ground.FillColor = color.Transparent
	if ground != "" {
		b.ground.FillColor = theme.Color(ground)
	}
	b.ground.CornerRadius, b.over.CornerRadius = theme.ControlRadius, theme.ControlRadius
	b.ground.Refresh()
	b.veil(b.over)
	if b.o.Importance == Link {
		show(b.over, false)
	}
	radius := theme.ControlRadius
	if b.o.Importance == Primary || b.o.Importance == Risky {
		radius += 3
	}
	drawRing(b.focus, b.ring(), theme.Accent, radius)
	b.text.Text, b.text.TextSize, b.text.TextStyle = b.o.Text, theme.TextSize, b.style()
	b.text.Color = theme.Color(ink)
	b.text.Refresh()
	tint := ink
	if b.o.IconToken != "" && !b.disabled {
		tint = b.o.IconToken
	}
	b.icon.set(b.o.Icon, tint)
	if b.arrow {
		b.more.set(theme.IconChevronDown, ink)
	}
}
