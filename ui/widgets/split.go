package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// SplitOptions say what a Split parts.
type SplitOptions struct {
	First, Second fyne.CanvasObject
	Vertical      bool    // one over the other, else side by side
	Length        float32 // of First in units; of Second with FromEnd
	FromEnd       bool
	Least         float32 // of the part that Length measures; 80 if zero
	OnMoved       func(length float32)
}

// Split shows two parts with a line of one unit between, which can be dragged.
// When the window changes its size, the part that Length does not measure does.
type Split struct {
	widget.BaseWidget
	o    SplitOptions
	line *splitLine
}

// NewSplit makes a split.
func NewSplit(o SplitOptions) *Split {
	if o.Least == 0 {
		o.Least = 80
	}
	s := &Split{o: o}
	s.line = &splitLine{split: s, rect: canvas.NewRectangle(color.Transparent), over: canvas.NewRectangle(color.Transparent)}
	s.line.ExtendBaseWidget(s.line)
	s.ExtendBaseWidget(s)
	return s
}

// Length gives the length that is to be remembered.
func (s *Split) Length() float32 { return s.o.Length }

// SetLength moves the line.
func (s *Split) SetLength(length float32) {
	s.o.Length = length
	s.Refresh()
}

func (s *Split) along(size fyne.Size) float32 {
	if s.o.Vertical {
		return size.Height
	}
	return size.Width
}

// first gives the length of the first part in a room.
func (s *Split) first(room float32) float32 {
	least := [2]float32{up(s.along(s.o.First.MinSize())), up(s.along(s.o.Second.MinSize()))}
	length := max(s.o.Length, s.o.Least)
	if s.o.FromEnd {
		length = room - theme.LineWidth - length
	}
	return up(max(min(length, room-theme.LineWidth-least[1]), least[0]))
}

// CreateRenderer implements fyne.Widget.
func (s *Split) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(s, func() fyne.Size {
		a, b := upSize(s.o.First.MinSize()), upSize(s.o.Second.MinSize())
		if s.o.Vertical {
			return fyne.NewSize(max(a.Width, b.Width), a.Height+b.Height+theme.LineWidth)
		}
		return fyne.NewSize(a.Width+b.Width+theme.LineWidth, max(a.Height, b.Height))
	}, func(size fyne.Size) {
		at := s.first(s.along(size))
		const grab = 2 // the handle is 5 units thick, the line in its middle
		if s.o.Vertical {
			put(s.o.First, 0, 0, size.Width, at)
			put(s.o.Second, 0, at+1, size.Width, size.Height-at-1)
			put(s.line, 0, at-grab, size.Width, 2*grab+1)
			return
		}
		put(s.o.First, 0, 0, at, size.Height)
		put(s.o.Second, at+1, 0, size.Width-at-1, size.Height)
		put(s.line, at-grab, 0, 2*grab+1, size.Height)
	}, func() {}, s.o.First, s.o.Second, s.line)
}

// splitLine is the handle of a Split.
type splitLine struct {
	widget.BaseWidget
	split *Split
	rect  *canvas.Rectangle
	over  *canvas.Rectangle
	hover bool
}

// CreateRenderer implements fyne.Widget.
func (l *splitLine) CreateRenderer() fyne.WidgetRenderer {
	return newDrawing(l, func() fyne.Size { return fyne.NewSize(1, 1) }, func(s fyne.Size) {
		put(l.over, 0, 0, s.Width, s.Height)
		if l.split.o.Vertical {
			put(l.rect, 0, 2, s.Width, 1)
		} else {
			put(l.rect, 2, 0, 1, s.Height)
		}
	}, func() {
		fill(l.rect, theme.Border)
		fill(l.over, theme.Hover)
		show(l.over, l.hover)
	}, l.over, l.rect)
}

// Cursor implements desktop.Cursorable.
func (l *splitLine) Cursor() desktop.Cursor {
	if l.split.o.Vertical {
		return desktop.VResizeCursor
	}
	return desktop.HResizeCursor
}

// MouseIn implements desktop.Hoverable.
func (l *splitLine) MouseIn(*desktop.MouseEvent) {
	l.hover = true
	l.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (l *splitLine) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (l *splitLine) MouseOut() {
	l.hover = false
	l.Refresh()
}

// Dragged implements fyne.Draggable.
func (l *splitLine) Dragged(ev *fyne.DragEvent) {
	s := l.split
	room, at := s.along(s.Size()), l.Position().X+ev.Position.X
	if s.o.Vertical {
		at = l.Position().Y + ev.Position.Y
	}
	if s.o.FromEnd {
		at = room - at
	}
	s.SetLength(up(min(max(at, s.o.Least), room)))
}

// DragEnd implements fyne.Draggable.
func (l *splitLine) DragEnd() {
	if l.split.o.OnMoved != nil {
		l.split.o.OnMoved(l.split.o.Length)
	}
}
