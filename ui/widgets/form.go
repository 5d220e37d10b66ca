package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// The column of labels is as wide as its longest, within these bounds.
const (
	labelColumnLeast = 92
	labelColumnMost  = 120
	formGap          = 10
)

// Form is a column of Fields and other parts, the labels in one column and the
// controls in one width.
type Form struct {
	widget.BaseWidget
	fields []*Field
	col    *fyne.Container
}

// NewForm makes a form. Parts that are no Field take the whole width, unless
// they come from Indent.
func NewForm(parts ...fyne.CanvasObject) *Form {
	f := &Form{}
	width := float32(labelColumnLeast)
	for _, p := range parts {
		if field, ok := p.(*Field); ok {
			f.fields = append(f.fields, field)
			if !field.o.Above {
				width = max(width, min(field.labelWidth(), labelColumnMost))
			}
		}
	}
	for _, field := range f.fields {
		field.column = width
	}
	for i, p := range parts {
		if in, ok := p.(*indented); ok {
			parts[i] = Inset(0, 0, 0, width+12, in.CanvasObject)
		}
	}
	f.col = Col(formGap, parts...)
	f.ExtendBaseWidget(f)
	return f
}

// indented marks a part that stands under the controls.
type indented struct{ fyne.CanvasObject }

// Indent puts a part of a Form under the controls instead of the labels.
func Indent(o fyne.CanvasObject) fyne.CanvasObject { return &indented{o} }

// Check validates all fields, gives the keyboard to the first wrong one and
// returns whether all is well.
func (f *Form) Check() bool {
	var first *Field
	for _, field := range f.fields {
		if field.Visible() && !field.Check() && first == nil {
			first = field
		}
	}
	if first != nil {
		first.Focus()
	}
	return first == nil
}

func (f *Form) heightFor(width float32) float32 { return heightFor(f.col, width) }

// CreateRenderer implements fyne.Widget.
func (f *Form) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(f, f.col.MinSize, f.col.Resize, func() {}, f.col)
}
