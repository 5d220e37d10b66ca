package guest

import (
	"image/color"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"

	"impero/ui/guest/presenter"
	"impero/ui/shell"
	"impero/ui/theme"
	"impero/ui/widgets"
)

const (
	heatEvery  = time.Second / 15 // the map is painted so often
	heatSwatch = 11               // side of a colour in the legend, in units
)

// heatMap shows over the picture how each part of it came, and a legend in the
// upper left corner of the picture's room. Before the first time there is nothing
// of it in the window.
type heatMap struct {
	v      *sessionWindow
	layer  *fyne.Container // nil before the first time
	legend *floating       // as layer
	heat   *presenter.Heat // nil while it is off
	stop   func()          // the next look
}

// shown tells whether the map is there.
func (h *heatMap) shown() bool { return h.heat != nil }

// toggle shows the map or takes it away.
func (h *heatMap) toggle() {
	switch {
	case h.shown():
		h.close()
	case !h.v.l.Over():
		h.open()
	}
	h.v.coverChanged()
	h.v.focus()
}

func (h *heatMap) open() {
	if h.legend == nil {
		h.legend = newFloating(widgets.Inset(9, statsMargin, 10, statsMargin, heatLegend()), h.v.focus)
		h.legend.whole = true
		h.layer = &fyne.Container{Layout: h, Objects: []fyne.CanvasObject{h.legend}}
		h.v.room.Objects = slices.Insert(h.v.room.Objects, 1, fyne.CanvasObject(h.layer)) // below all else
		h.v.room.Refresh()
	}
	h.legend.Show()
	h.layer.Refresh()
	h.heat = h.v.l.Heat()
	h.v.screen.SetTint(h.heat.Image, presenter.HeatCell)
	h.look()
}

// close takes the map away.
func (h *heatMap) close() {
	if !h.shown() {
		return
	}
	h.stop()
	h.heat.Close()
	h.heat = nil
	h.v.screen.SetTint(nil, 0)
	h.legend.Hide()
}

// look paints what came, and again soon.
func (h *heatMap) look() {
	if !h.shown() {
		return
	}
	w, height := h.v.screen.Desktop()
	if h.heat.Look(w, height, heatColours()) {
		h.v.screen.Retint()
	}
	t := time.AfterFunc(heatEvery, func() { h.v.g.sh.Post(h.look) })
	h.stop = func() { t.Stop() }
}

// heatTokens are the colours of the kinds.
func heatTokens() [presenter.HeatKinds]theme.Token {
	return [presenter.HeatKinds]theme.Token{
		presenter.HeatMoved: theme.HeatMoved, presenter.HeatCached: theme.HeatCached, presenter.HeatExact: theme.HeatExact, presenter.HeatJPEG: theme.HeatJPEG,
		presenter.HeatVideo: theme.HeatVideo, presenter.HeatSketch: theme.HeatSketch, presenter.HeatRefined: theme.HeatRefined,
	}
}

func heatColours() (colours [presenter.HeatKinds]color.NRGBA) {
	for k, token := range heatTokens() {
		colours[k] = color.NRGBAModel.Convert(theme.Color(token)).(color.NRGBA)
	}
	return colours
}

// heatLegend tells which colour is what.
func heatLegend() fyne.CanvasObject {
	col := widgets.Col(0, widgets.NewText(lang.L("How the picture came"), widgets.TextOptions{Size: statsSize, Bold: true}))
	for k, token := range heatTokens() {
		swatch := canvas.NewRectangle(theme.Color(token)) // the same in each theme
		swatch.CornerRadius = 2
		text := widgets.NewText(shell.Say(presenter.HeatKind(k).Name()), widgets.TextOptions{Size: statsSize})
		col.Add(widgets.Row(theme.Padding, widgets.Inset(3, 0, 3, 0, widgets.Sized(heatSwatch, heatSwatch, swatch)), text))
	}
	return col
}

// Layout implements fyne.Layout: in the upper left corner, in full screen below
// the bar.
func (h *heatMap) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	top := float32(statsMargin)
	if h.v.win.FullScreen() {
		top += h.v.full.panel.MinSize().Height
	}
	for _, o := range objects {
		o.Resize(o.MinSize())
		o.Move(fyne.NewPos(statsMargin, top))
	}
}

// MinSize implements fyne.Layout: the layer takes no room.
func (h *heatMap) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }
