package guest

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"impero/ui/guest/presenter"
	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

// Sizes of the panel, in units.
const (
	statsMargin = 12 // from the edges of the picture's room
	statsGap    = 0  // between lines
	statsSize   = theme.CaptionSize
)

// statsPanel shows the figures of the session over the picture, in the upper
// right corner of its room. It never moves the picture.
type statsPanel struct {
	v       *sessionWindow
	layer   *fyne.Container
	panel   *floating
	content *fyne.Container
	figures *presenter.Statistics // nil while the panel is hidden
	values  []*widgets.Text       // of the figures, then of the codecs
}

func newStatsPanel(v *sessionWindow) *statsPanel {
	p := &statsPanel{v: v, content: widgets.Col(statsGap)}
	p.panel = newFloating(widgets.Inset(9, statsMargin, 10, statsMargin, p.content), v.focus)
	p.panel.whole = true
	p.panel.Hide()
	p.layer = &fyne.Container{Layout: p, Objects: []fyne.CanvasObject{p.panel}}
	return p
}

// shown tells whether the panel is there.
func (p *statsPanel) shown() bool { return p.panel.Visible() }

// toggle shows the panel or takes it away.
func (p *statsPanel) toggle() {
	if p.shown() {
		p.figures = nil
		p.panel.Hide()
	} else if !p.v.l.Over() {
		p.figures = p.v.l.Statistics()
		p.figures.Look(p.look())
		if p.values == nil {
			p.fill()
		}
		p.panel.Show()
		p.update()
	}
	p.v.coverChanged()
	p.v.focus()
}

// look tells how the picture is shown.
func (p *statsPanel) look() presenter.Shown {
	w, h := p.v.screen.Shown()
	t := p.v.screen.PresentTimes()
	return presenter.Shown{Width: w, Height: h, Scale: p.v.screen.Scale(), Presented: t.Count, Median: t.Median, Worst: t.Worst}
}

// fill makes the lines: labels at the left, and figures of one width a digit at
// the right. The codecs stand in two columns.
func (p *statsPanel) fill() {
	value := func(wide string) fyne.CanvasObject {
		t := widgets.NewText("", widgets.TextOptions{Mono: true, Size: statsSize, Align: fyne.TextAlignTrailing})
		p.values = append(p.values, t)
		least := widgets.NewText(wide, widgets.TextOptions{Mono: true, Size: statsSize}).MinSize()
		return widgets.Sized(least.Width, 0, t)
	}
	line := func(f presenter.Figure, wide string) fyne.CanvasObject {
		label := widgets.NewText(shell.Say(f.Label), widgets.TextOptions{Token: theme.Muted, Size: statsSize})
		return widgets.Row(theme.BlockGap, label, widgets.Spacer(), value(wide))
	}
	for _, f := range p.figures.Figures() {
		p.content.Add(line(f, "999.9 9999.9 ms"))
	}
	p.content.Add(widgets.Inset(5, 0, 2, 0, widgets.HLine()))
	p.content.Add(widgets.NewText(lang.L("Screen data by kind"), widgets.TextOptions{Size: statsSize, Bold: true}))
	codecs := p.figures.Codecs()
	columns := []*fyne.Container{widgets.Col(statsGap), widgets.Col(statsGap)}
	for i, f := range codecs {
		columns[i*len(columns)/len(codecs)].Add(line(f, "100 %"))
	}
	p.content.Add(widgets.Row(2*statsMargin, widgets.Grow(columns[0]), widgets.Grow(columns[1])))
}

// update shows what there is now; it comes about once a second.
func (p *statsPanel) update() {
	if p.figures == nil {
		return
	}
	if !p.v.l.Over() {
		p.figures.Look(p.look())
	}
	i := 0
	for _, lines := range [][]presenter.Figure{p.figures.Figures(), p.figures.Codecs()} {
		for _, f := range lines {
			p.values[i].SetText(shell.Say(f.Value))
			i++
		}
	}
	p.layer.Refresh() // a figure may need more room than before
}

// Layout implements fyne.Layout: in the upper right corner, in full screen below
// the bar.
func (p *statsPanel) Layout(_ []fyne.CanvasObject, room fyne.Size) {
	size, top := p.panel.MinSize(), float32(statsMargin)
	if p.v.win.FullScreen() {
		top += p.v.full.panel.MinSize().Height
	}
	p.panel.Resize(size)
	p.panel.Move(fyne.NewPos(max(room.Width-size.Width-statsMargin, 0), top))
}

// MinSize implements fyne.Layout: the layer takes no room.
func (p *statsPanel) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }
