package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// ProgressOptions say how a ProgressBar looks.
type ProgressOptions struct {
	Value    float64 // 0 to 1
	Token    theme.Token
	Segments int // separate pieces, for a strength; one bar if less than 2
}

// ProgressBar is a slim bar without words.
type ProgressBar struct {
	widget.BaseWidget
	o     ProgressOptions
	backs []*canvas.Rectangle
	bars  []*canvas.Rectangle
}

// NewProgressBar makes a bar in accent, or in the token given.
func NewProgressBar(o ProgressOptions) *ProgressBar {
	if o.Token == "" {
		o.Token = theme.Accent
	}
	p := &ProgressBar{o: o}
	for range max(o.Segments, 1) {
		p.backs = append(p.backs, canvas.NewRectangle(color.Transparent))
		p.bars = append(p.bars, canvas.NewRectangle(color.Transparent))
	}
	p.ExtendBaseWidget(p)
	return p
}

// Value gives the value, 0 to 1.
func (p *ProgressBar) Value() float64 { return p.o.Value }

// Set changes value and colour. Values outside 0 to 1 count as the nearer end.
func (p *ProgressBar) Set(value float64, t theme.Token) {
	p.o.Value = min(max(value, 0), 1)
	if t != "" {
		p.o.Token = t
	}
	p.Refresh()
}

// SetValue changes the value.
func (p *ProgressBar) SetValue(value float64) { p.Set(value, "") }

// CreateRenderer implements fyne.Widget.
func (p *ProgressBar) CreateRenderer() fyne.WidgetRenderer {
	var objects []fyne.CanvasObject
	for i := range p.backs {
		objects = append(objects, p.backs[i], p.bars[i])
	}
	return newDrawing(p, func() fyne.Size {
		return fyne.NewSize(40, theme.ProgressHeight)
	}, p.place, p.paint, objects...)
}

func (p *ProgressBar) place(s fyne.Size) {
	const gap = 5
	n := float32(len(p.backs))
	y := middle(s.Height, theme.ProgressHeight)
	for i := range p.backs {
		x := up((s.Width + gap) / n * float32(i))
		width := up((s.Width+gap)/n*float32(i+1)) - gap - x
		put(p.backs[i], x, y, width, theme.ProgressHeight)
		part := min(max(float32(p.o.Value)*n-float32(i), 0), 1)
		put(p.bars[i], x, y, up(width*part), theme.ProgressHeight)
		show(p.bars[i], part > 0)
	}
}

func (p *ProgressBar) paint() {
	for i := range p.backs {
		p.backs[i].CornerRadius, p.bars[i].CornerRadius = 2, 2
		fill(p.backs[i], theme.Button)
		fill(p.bars[i], p.o.Token)
	}
}
