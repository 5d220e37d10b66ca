package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// glyph draws an icon and repaints it only when picture or colour change,
// because parsing an SVG costs more than all the rest of a widget.
type glyph struct {
	img  *canvas.Image
	name string
}

func newGlyph() *glyph {
	return &glyph{img: &canvas.Image{FillMode: canvas.ImageFillContain}}
}

// scale gives how many pixels a unit has where the icon is drawn.
func (g *glyph) scale() float32 {
	c := canvasOf(g.img)
	if c == nil {
		return 1
	}
	const units = 1000
	px, _ := c.PixelCoordinateForPosition(fyne.NewPos(units, units))
	return float32(px) / units
}

// set shows an icon in the colour of a token; the empty name hides it.
func (g *glyph) set(n theme.IconName, t theme.Token) {
	if n == "" {
		show(g.img, false)
		return
	}
	res := theme.IconAt(n, t, g.scale)
	if name := res.Name(); name != g.name {
		g.name = name
		g.img.Resource = res
		g.img.Refresh()
	}
	show(g.img, true)
}

// Icon is a picture of the own set in the colour of a token.
type Icon struct {
	widget.BaseWidget
	name  theme.IconName
	token theme.Token
	edge  float32
	image *glyph
}

// NewIcon makes an icon with the edge given, theme.IconSize if zero.
func NewIcon(n theme.IconName, t theme.Token, edge float32) *Icon {
	if edge == 0 {
		edge = theme.IconSize
	}
	i := &Icon{name: n, token: t, edge: edge, image: newGlyph()}
	i.ExtendBaseWidget(i)
	return i
}

// Set changes picture and colour.
func (i *Icon) Set(n theme.IconName, t theme.Token) {
	i.name, i.token = n, t
	i.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (i *Icon) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(i, func() fyne.Size { return fyne.NewSquareSize(i.edge) }, func(s fyne.Size) {
		put(i.image.img, middle(s.Width, i.edge), middle(s.Height, i.edge), i.edge, i.edge)
	}, func() { i.image.set(i.name, i.token) }, i.image.img)
}

// Emblem is an icon on a round ground in the soft colour of a tone: the sign of
// a state block or of a question.
type Emblem struct {
	widget.BaseWidget
	name  theme.IconName
	tone  Tone
	edge  float32
	disc  *canvas.Rectangle
	image *glyph
}

// NewEmblem makes an emblem, 44 units wide if edge is zero.
func NewEmblem(n theme.IconName, t Tone, edge float32) *Emblem {
	if edge == 0 {
		edge = 44
	}
	e := &Emblem{name: n, tone: t, edge: edge, disc: canvas.NewRectangle(color.Transparent), image: newGlyph()}
	e.ExtendBaseWidget(e)
	return e
}

// Set changes picture and tone.
func (e *Emblem) Set(n theme.IconName, t Tone) {
	e.name, e.tone = n, t
	e.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (e *Emblem) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(e, func() fyne.Size { return fyne.NewSquareSize(e.edge) }, func(s fyne.Size) {
		x, y := middle(s.Width, e.edge), middle(s.Height, e.edge)
		put(e.disc, x, y, e.edge, e.edge)
		in := up(e.edge * 0.25)
		put(e.image.img, x+in, y+in, e.edge-2*in, e.edge-2*in)
	}, func() {
		e.disc.CornerRadius = e.edge / 2
		fill(e.disc, e.tone.soft())
		e.image.set(e.name, e.tone.ink())
	}, e.disc, e.image.img)
}
