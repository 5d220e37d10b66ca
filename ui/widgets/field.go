package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// FieldOptions say what a Field holds.
type FieldOptions struct {
	Label   string
	Above   bool // the label stands above the control: one-line bars
	Helper  string
	Control fyne.CanvasObject
	// Validate gives what is wrong in words, empty when nothing is. It is asked
	// as typed once the field was left or Enter was pressed.
	Validate func() string
}

// Field is a control with a label and a line for help, whose place an error
// takes.
type Field struct {
	widget.BaseWidget
	o      FieldOptions
	label  *Text
	line   *Text
	sign   *Icon
	wrong  string
	live   bool // validates with each change
	column float32
}

// invalidable is a control that can look wrong.
type invalidable interface{ SetInvalid(bool) }

// barWidth is more than a bar is wide, in units: its line is as long as the field.
const barWidth = 10000

// NewField makes a field. With Helper empty the line under the control takes
// room only while there is an error, unless the label stands above.
func NewField(o FieldOptions) *Field {
	line := TextOptions{Token: theme.Muted, Size: theme.CaptionSize, Wrap: true}
	if o.Above {
		line.MaxWidth = barWidth // what stands below a bar moves with every line
	}
	f := &Field{o: o, line: NewText(o.Helper, line),
		sign: NewIcon("", theme.Danger, theme.StatusIconSize)}
	size := theme.TextSize
	if o.Above {
		size = theme.LabelSize
	}
	f.label = NewText(o.Label, TextOptions{Token: theme.Muted, Size: size})
	switch c := o.Control.(type) {
	case *Entry:
		c.watch = f.hear
	case *Select:
		c.watch = f.hear
	}
	f.ExtendBaseWidget(f)
	f.say()
	return f
}

// hear follows what happens to the control.
func (f *Field) hear(ev entryEvent) {
	switch {
	case f.o.Validate == nil:
		if ev == entryChanged && f.wrong != "" {
			f.SetError("") // an error from elsewhere holds until the text changes
		}
	case ev == entryLeft && f.untouched():
		// leaving an empty field is no mistake yet
	case ev == entryChanged && !f.live:
		f.SetError("")
	default:
		f.Check()
	}
}

func (f *Field) untouched() bool {
	e, ok := f.o.Control.(*Entry)
	return ok && e.Text == "" && !f.live
}

// Control gives the control.
func (f *Field) Control() fyne.CanvasObject { return f.o.Control }

// Check validates now, shows the outcome and returns whether all is well.
func (f *Field) Check() bool {
	if f.o.Validate == nil {
		return f.wrong == ""
	}
	f.live = true
	f.SetError(f.o.Validate())
	return f.wrong == ""
}

// Error gives the error shown, empty if none.
func (f *Field) Error() string { return f.wrong }

// SetError shows an error in the place of the helper text; empty takes it away.
func (f *Field) SetError(s string) {
	if s == f.wrong {
		return
	}
	f.wrong = s
	if c, ok := f.o.Control.(invalidable); ok {
		c.SetInvalid(s != "")
	}
	f.say()
	f.Refresh()
}

// SetHelper changes the helper text.
func (f *Field) SetHelper(s string) {
	f.o.Helper = s
	f.say()
	f.Refresh()
}

// SetLabel changes the label.
func (f *Field) SetLabel(s string) {
	f.label.SetText(s)
	f.Refresh()
}

// Focus gives the keyboard to the control.
func (f *Field) Focus() {
	if c, ok := f.o.Control.(fyne.Focusable); ok {
		FocusOn(c)
	}
}

// say fills the line under the control.
func (f *Field) say() {
	if f.wrong != "" {
		f.line.SetToken(theme.Danger)
		f.line.SetText(f.wrong)
		f.sign.Set(theme.IconAlertCircle, theme.Danger)
		return
	}
	f.line.SetToken(theme.Muted)
	f.line.SetText(f.o.Helper)
	f.sign.Set("", theme.Danger)
}

// labelWidth is what the label needs; a Form gives all the widest.
func (f *Field) labelWidth() float32 { return up(f.label.MinSize().Width) }

// lineRoom is the height under the control for a width.
func (f *Field) lineRoom(width float32) float32 {
	if f.line.Text() == "" {
		return 0
	}
	if f.wrong != "" {
		width -= theme.StatusIconSize + 5
	}
	return 6 + f.line.heightFor(width)
}

// left is where the control begins.
func (f *Field) left() float32 {
	if f.o.Above || f.o.Label == "" {
		return 0
	}
	return max(f.column, f.labelWidth()) + 12
}

// top is where the control begins.
func (f *Field) top() float32 {
	if !f.o.Above {
		return 0
	}
	return up(f.label.MinSize().Height) + 4
}

func (f *Field) heightFor(width float32) float32 {
	room := width - f.left()
	return f.top() + heightFor(f.o.Control, room) + f.lineRoom(room)
}

// CreateRenderer implements fyne.Widget.
func (f *Field) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(f, func() fyne.Size {
		c := upSize(f.o.Control.MinSize())
		width := f.left() + c.Width
		if f.o.Above {
			width = max(width, f.labelWidth())
		}
		return fyne.NewSize(width, f.heightFor(max(f.Size().Width, width)))
	}, f.place, func() {}, f.label, f.o.Control, f.line, f.sign)
}

func (f *Field) place(s fyne.Size) {
	x, y := f.left(), f.top()
	room := s.Width - x
	h := heightFor(f.o.Control, room)
	lh := up(f.label.MinSize().Height)
	if f.o.Above {
		put(f.label, 0, 0, s.Width, lh)
	} else {
		put(f.label, 0, middle(min(h, theme.ControlHeight), lh), max(x-12, f.labelWidth()), lh)
	}
	put(f.o.Control, x, y, room, h)
	y += h + 6
	if f.wrong != "" {
		put(f.sign, x, y+2, theme.StatusIconSize, theme.StatusIconSize)
		x, room = x+theme.StatusIconSize+5, room-theme.StatusIconSize-5
	}
	put(f.line, x, y, room, f.line.heightFor(room))
}
