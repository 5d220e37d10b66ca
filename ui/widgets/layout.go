package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// Align says where a part stands across the direction of a Row or Col.
type Align int

// The four places across.
const (
	AlignFill Align = iota
	AlignStart
	AlignCenter
	AlignEnd
)

// widthAware is anything whose height depends on its width.
type widthAware interface{ heightFor(width float32) float32 }

// heightFor gives the height an object needs in a width.
func heightFor(o fyne.CanvasObject, width float32) float32 {
	if w, ok := o.(widthAware); ok {
		return up(w.heightFor(width))
	}
	if c, ok := o.(*fyne.Container); ok {
		if l, ok := c.Layout.(interface {
			heightFor(objects []fyne.CanvasObject, width float32) float32
		}); ok {
			return up(l.heightFor(c.Objects, width))
		}
	}
	return up(o.MinSize().Height)
}

// HeightFor gives the height that an object of this package needs in a width,
// for layouts elsewhere.
func HeightFor(o fyne.CanvasObject, width float32) float32 { return heightFor(o, width) }

// grown is a part that takes the room left over.
type grown struct {
	widget.BaseWidget
	content fyne.CanvasObject
}

// Grow lets a part of a Row or Col take the room the others leave.
func Grow(o fyne.CanvasObject) fyne.CanvasObject {
	g := &grown{content: o}
	g.ExtendBaseWidget(g)
	return g
}

// Spacer takes the room left over and shows nothing.
func Spacer() fyne.CanvasObject { return Grow(&fyne.Container{}) }

func (g *grown) heightFor(width float32) float32 { return heightFor(g.content, width) }

// CreateRenderer implements fyne.Widget.
func (g *grown) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(g, g.content.MinSize, g.content.Resize, func() {}, g.content)
}

// line is the layout of Row and Col.
type line struct {
	gap      float32
	align    Align
	vertical bool
}

// Row places parts from left to right with a gap between, each as wide as it
// must be, centred in height; parts made by Grow share the room left.
func Row(gap float32, parts ...fyne.CanvasObject) *fyne.Container {
	return RowAligned(gap, AlignCenter, parts...)
}

// RowAligned is Row with the parts at another place in height.
func RowAligned(gap float32, a Align, parts ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &line{gap: gap, align: a}, Objects: parts}
}

// Col places parts from top to bottom with a gap between, each as high as it
// must be and as wide as the column; parts made by Grow share the room left.
func Col(gap float32, parts ...fyne.CanvasObject) *fyne.Container {
	return ColAligned(gap, AlignFill, parts...)
}

// ColAligned is Col with the parts at another place in width.
func ColAligned(gap float32, a Align, parts ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &line{gap: gap, align: a, vertical: true}, Objects: parts}
}

// shown gives the visible parts.
func shown(parts []fyne.CanvasObject) []fyne.CanvasObject {
	for i, p := range parts {
		if p.Visible() {
			continue
		}
		kept := append([]fyne.CanvasObject(nil), parts[:i]...)
		for _, q := range parts[i:] {
			if q.Visible() {
				kept = append(kept, q)
			}
		}
		return kept
	}
	return parts
}

// MinSize implements fyne.Layout.
func (l *line) MinSize(parts []fyne.CanvasObject) fyne.Size {
	var along, across float32
	for i, p := range shown(parts) {
		s := upSize(p.MinSize())
		if l.vertical {
			s.Width, s.Height = s.Height, s.Width
		}
		if i > 0 {
			along += l.gap
		}
		along, across = along+s.Width, max(across, s.Height)
	}
	if l.vertical {
		return fyne.NewSize(across, along)
	}
	return fyne.NewSize(along, across)
}

// Layout implements fyne.Layout.
func (l *line) Layout(parts []fyne.CanvasObject, room fyne.Size) {
	parts = shown(parts)
	lengths := l.lengths(parts, room)
	at := float32(0)
	for i, p := range parts {
		if l.vertical {
			x, w := l.across(room.Width, up(p.MinSize().Width))
			put(p, x, at, w, lengths[i])
		} else {
			y, h := l.across(room.Height, heightFor(p, lengths[i]))
			put(p, at, y, lengths[i], h)
		}
		at += lengths[i] + l.gap
	}
}

// across gives start and length of a part across the direction.
func (l *line) across(room, want float32) (start, length float32) {
	want = min(want, room)
	switch l.align {
	case AlignStart:
		return 0, want
	case AlignEnd:
		return room - want, want
	case AlignCenter:
		return middle(room, want), want
	}
	return 0, room
}

// lengths gives each part's length along the direction; those made by Grow
// share what is left.
func (l *line) lengths(parts []fyne.CanvasObject, room fyne.Size) []float32 {
	lengths := make([]float32, len(parts))
	left := room.Width
	if l.vertical {
		left = room.Height
	}
	left -= l.gap * float32(max(len(parts)-1, 0))
	var growing []int
	for i, p := range parts {
		lengths[i] = l.least(p, room)
		if _, ok := p.(*grown); ok {
			growing = append(growing, i)
		} else {
			left -= lengths[i]
		}
	}
	shareOut(lengths, growing, left)
	return lengths
}

// shareOut gives the growing parts equal lengths that fill the room, but none
// less than it needs, which is what lengths holds.
func shareOut(lengths []float32, growing []int, room float32) {
	for again := true; again && len(growing) > 0; {
		again = false
		share := room / float32(len(growing))
		for n, i := range growing {
			if lengths[i] > share {
				room -= lengths[i]
				growing = append(append([]int(nil), growing[:n]...), growing[n+1:]...)
				again = true
				break
			}
		}
	}
	for n, i := range growing {
		lengths[i] = up(room / float32(len(growing)-n))
		room -= lengths[i]
	}
}

func (l *line) least(p fyne.CanvasObject, room fyne.Size) float32 {
	if !l.vertical {
		return up(p.MinSize().Width)
	}
	width := room.Width
	if l.align != AlignFill {
		width = min(width, up(p.MinSize().Width))
	}
	return heightFor(p, width)
}

func (l *line) heightFor(parts []fyne.CanvasObject, width float32) float32 {
	parts = shown(parts)
	total := float32(0)
	if l.vertical {
		for i, p := range parts {
			if i > 0 {
				total += l.gap
			}
			total += l.least(p, fyne.NewSize(width, 0))
		}
		return total
	}
	for i, w := range l.lengths(parts, fyne.NewSize(width, 0)) {
		total = max(total, heightFor(parts[i], w))
	}
	return total
}

// frameOf is the layout of Inset and Sized: one part within margins, with a
// least size.
type frameOf struct {
	top, right, bottom, left float32
	least                    fyne.Size
}

// Inset puts margins around a part.
func Inset(top, right, bottom, left float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &frameOf{top: top, right: right, bottom: bottom, left: left}, Objects: []fyne.CanvasObject{o}}
}

// Sized makes a part at least as wide and high as given; zero leaves a
// direction as it is.
func Sized(width, height float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &frameOf{least: fyne.NewSize(width, height)}, Objects: []fyne.CanvasObject{o}}
}

// MinSize implements fyne.Layout.
func (f *frameOf) MinSize(parts []fyne.CanvasObject) fyne.Size {
	s := upSize(parts[0].MinSize()).Add(fyne.NewSize(f.left+f.right, f.top+f.bottom))
	return s.Max(f.least)
}

// Layout implements fyne.Layout.
func (f *frameOf) Layout(parts []fyne.CanvasObject, room fyne.Size) {
	put(parts[0], f.left, f.top, max(room.Width-f.left-f.right, 0), max(room.Height-f.top-f.bottom, 0))
}

func (f *frameOf) heightFor(parts []fyne.CanvasObject, width float32) float32 {
	return max(heightFor(parts[0], max(width-f.left-f.right, 0))+f.top+f.bottom, f.least.Height)
}

// ground paints a token behind a part, with an optional border and radius.
type ground struct {
	widget.BaseWidget
	content fyne.CanvasObject
	token   theme.Token
	border  theme.Token
	radius  float32
	raised  bool
	rect    *canvas.Rectangle
}

// Ground paints a token behind a part.
func Ground(t theme.Token, o fyne.CanvasObject) fyne.CanvasObject {
	return newGround(t, "", 0, o)
}

// Raised paints the ground of what lies over something else: round corners, a
// border, a shadow.
func Raised(o fyne.CanvasObject) fyne.CanvasObject {
	g := newGround(theme.Raised, theme.Border, theme.DialogRadius, o)
	g.raised = true
	return g
}

func newGround(t, border theme.Token, radius float32, o fyne.CanvasObject) *ground {
	g := &ground{content: o, token: t, border: border, radius: radius, rect: canvas.NewRectangle(color.Transparent)}
	g.ExtendBaseWidget(g)
	return g
}

func (g *ground) heightFor(width float32) float32 { return heightFor(g.content, width) }

// CreateRenderer implements fyne.Widget.
func (g *ground) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(g, g.content.MinSize, func(s fyne.Size) {
		put(g.rect, 0, 0, s.Width, s.Height)
		put(g.content, 0, 0, s.Width, s.Height)
	}, func() {
		g.rect.FillColor = theme.Color(g.token)
		g.rect.CornerRadius = g.radius
		if g.border != "" {
			g.rect.StrokeColor, g.rect.StrokeWidth = theme.Color(g.border), theme.LineWidth
		}
		if g.raised {
			g.rect.Shadow = popupShadow()
		}
		g.rect.Refresh()
	}, g.rect, g.content)
}

// rule is a decorative line, one unit thick.
type rule struct {
	widget.BaseWidget
	vertical bool
	rect     *canvas.Rectangle
}

// HLine is a line across the width it gets, one unit high.
func HLine() fyne.CanvasObject { return newRule(false) }

// VLine is a line along the height it gets, one unit wide.
func VLine() fyne.CanvasObject { return newRule(true) }

func newRule(vertical bool) *rule {
	r := &rule{vertical: vertical, rect: canvas.NewRectangle(color.Transparent)}
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer implements fyne.Widget.
func (r *rule) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(r, func() fyne.Size { return fyne.NewSize(1, 1) }, func(s fyne.Size) {
		if r.vertical {
			put(r.rect, 0, 0, 1, s.Height)
		} else {
			put(r.rect, 0, 0, s.Width, 1)
		}
	}, func() { fill(r.rect, theme.Border) }, r.rect)
}
