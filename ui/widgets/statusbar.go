package widgets

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// StatusItem is one statement of a StatusBar.
type StatusItem struct {
	Text string
	Icon theme.IconName
	Tone Tone // of the icon; Neutral is muted
	Tip  string
}

// announceTime is how long the bar says what happened.
const announceTime = 8 * time.Second

// StatusBar is the foot of a window: the state of the thing in words at the
// left, figures and who at the right.
type StatusBar struct {
	widget.BaseWidget
	left, right []StatusItem
	notice      *StatusItem // what happened, after the first left item
	stop        func()
	clock       clock
	ground      *canvas.Rectangle
	line        *canvas.Rectangle
	row         *fyne.Container
	slots       []*statusSlot
}

// NewStatusBar makes an empty bar.
func NewStatusBar() *StatusBar {
	b := &StatusBar{clock: wallClock(), ground: canvas.NewRectangle(color.Transparent), line: canvas.NewRectangle(color.Transparent),
		row: &fyne.Container{}}
	b.ExtendBaseWidget(b)
	return b
}

// SetLeft changes the statements at the left.
func (b *StatusBar) SetLeft(items ...StatusItem) {
	b.left = items
	b.Refresh()
}

// SetRight changes the statements at the right.
func (b *StatusBar) SetRight(items ...StatusItem) {
	b.right = items
	b.Refresh()
}

// Announce says what happened, for 8 seconds, in the place of all statements
// at the left but the first.
func (b *StatusBar) Announce(item StatusItem) {
	if b.stop != nil {
		b.stop()
	}
	b.notice = &item
	b.stop = b.clock.after(announceTime, func() {
		b.notice, b.stop = nil, nil
		b.Refresh()
	})
	b.Refresh()
}

// Close stops what the bar waits for. Call it when the window closes.
func (b *StatusBar) Close() {
	if b.stop != nil {
		b.stop()
		b.stop = nil
	}
}

// statusSlot draws one statement.
type statusSlot struct {
	icon *glyph
	text *canvas.Text
	area *tipArea
	item StatusItem
}

func newStatusSlot() *statusSlot {
	s := &statusSlot{icon: newGlyph(), text: canvas.NewText("", color.Transparent)}
	s.area = newTipArea(func() tip {
		if s.item.Tip == "" && s.text.Text != s.item.Text {
			return tip{text: s.item.Text}
		}
		return tip{text: s.item.Tip}
	})
	return s
}

// shownLeft gives what stands at the left now.
func (b *StatusBar) shownLeft() []StatusItem {
	if b.notice == nil {
		return b.left
	}
	if len(b.left) == 0 {
		return []StatusItem{*b.notice}
	}
	return []StatusItem{b.left[0], *b.notice}
}

// CreateRenderer implements fyne.Widget.
func (b *StatusBar) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(b, func() fyne.Size {
		return fyne.NewSize(100, theme.StatusBarHeight+theme.LineWidth)
	}, b.place, b.paint, b.ground, b.line, b.row)
}

func (b *StatusBar) paint() {
	fill(b.ground, theme.Chrome)
	fill(b.line, theme.Border)
	items := append(append([]StatusItem(nil), b.shownLeft()...), b.right...)
	for len(b.slots) < len(items) {
		b.slots = append(b.slots, newStatusSlot())
	}
	b.row.Objects = b.row.Objects[:0]
	for i, it := range items {
		s := b.slots[i]
		s.item = it
		ink := theme.Muted
		if it.Tone != Neutral {
			ink = it.Tone.ink()
		}
		s.icon.set(it.Icon, ink)
		s.text.Text, s.text.TextSize, s.text.Color = it.Text, theme.CaptionSize, theme.Color(theme.Muted)
		b.row.Objects = append(b.row.Objects, s.icon.img, s.text, s.area)
	}
	canvas.Refresh(b.row)
}

const statusGap = 15

func (b *StatusBar) place(s fyne.Size) {
	put(b.line, 0, 0, s.Width, theme.LineWidth)
	put(b.ground, 0, 0, s.Width, s.Height)
	put(b.row, 0, theme.LineWidth, s.Width, s.Height-theme.LineWidth)
	left := len(b.shownLeft())
	end := s.Width - theme.Margin
	for i := len(b.right) - 1; i >= 0; i-- {
		slot := b.slots[left+i]
		end -= slot.width()
		slot.place(end, slot.width())
		end -= statusGap
	}
	x := theme.Margin
	for i := range left {
		slot := b.slots[i]
		width := max(min(slot.width(), end-x), 0)
		slot.place(x, width)
		x += width + statusGap
	}
}

func (s *statusSlot) lead() float32 {
	if s.item.Icon == "" {
		return 0
	}
	return theme.StatusIconSize + 5
}

func (s *statusSlot) width() float32 {
	return s.lead() + textSize(s.item.Text, theme.CaptionSize, fyne.TextStyle{}).Width
}

// place puts the slot at x and cuts its text to the width.
func (s *statusSlot) place(x, width float32) {
	const height = theme.StatusBarHeight
	put(s.icon.img, x, iconTop(height, theme.StatusIconSize), theme.StatusIconSize, theme.StatusIconSize)
	room := max(width-s.lead(), 0)
	s.text.Text, _ = cut(s.item.Text, room, theme.CaptionSize, fyne.TextStyle{})
	h := textSize("M", theme.CaptionSize, fyne.TextStyle{}).Height
	put(s.text, x+s.lead(), middle(height, h), room, h)
	s.text.Refresh()
	put(s.area, x, 0, width, height)
}
