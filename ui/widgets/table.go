package widgets

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"impero/ui/theme"
)

// Column is a column of a Table.
type Column struct {
	Title    string
	Width    float32 // units; with Grow the least
	MinWidth float32 // when dragged; 48 if zero
	Grow     bool    // takes the room the others leave
	Right    bool    // numbers, durations, sizes stand at the right
	Sortable bool
	Strong   bool // cells in text colour; else muted, but for the first column
}

// Cell is what stands in one place of a Table.
type Cell struct {
	Text      string
	Second    string // a line under Text, in rows of theme.TallRowHeight
	Icon      theme.IconName
	IconToken theme.Token // muted if empty
	Indent    bool        // without an Icon, the text stands where it would beside one
	Token     theme.Token // that of the column if empty
	Bold      bool
	Mono      bool
	Tip       string         // for the icon, or instead of the text when that is cut
	Button    theme.IconName // a button in the place of everything; Text is its tooltip
	OnButton  func()
}

// RowLook is what holds for a whole row.
type RowLook struct {
	Bar   theme.Token // a bar at the left edge: a waiting change; none if empty
	Muted bool        // everything muted: a damaged record
	// Joined says that the next row goes on with this one: there is no line between them.
	Joined bool
}

// TableOptions say what a Table shows and does. The rows are the caller's: the
// table asks for each cell when it draws it.
type TableOptions struct {
	Columns   []Column
	Rows      func() int
	Cell      func(row, col int) Cell
	Look      func(row int) RowLook
	RowHeight float32 // theme.RowHeight if zero
	Multi     bool    // more than one row can be selected
	// Key names a row, so that the selection stays with it when rows move. Nil:
	// the selection stays with the number.
	Key        func(row int) string
	FindColumn int // typing goes to the row whose text here starts so
	Sorted     int // column the rows are sorted by; -1 for none
	Descending bool

	OnSelect func(rows []int)            // the selection changed
	OnAction func(row int)               // Enter or double-click
	OnMenu   func(rows []int) []MenuItem // context menu for the selection
	OnSort   func(col int, descending bool)
	OnResize func(widths []float32)       // columns were dragged
	OnKey    func(ev *fyne.KeyEvent) bool // before the table; true if used
	OnRune   func(row int, r rune) bool   // before finding; true if used
	Empty    fyne.CanvasObject            // in the place of the rows when there are none
	Ground   theme.Token                  // behind the rows; Surface if empty
	NoHead   bool
}

// Table shows rows in columns under a head. Whole rows are selected; the
// current one has an outline while the table has the keyboard. It draws only
// the rows in view.
//
// Keys: Up, Down, Page, Home, End (with Shift they extend the selection), Space
// with Ctrl turns a row on or off, Ctrl+A all, letters find, Enter the default
// action, Menu or Shift+F10 the context menu.
type Table struct {
	widget.BaseWidget
	o        TableOptions
	widths   []float32 // as dragged or given, one a column
	current  int       // row of the keyboard, -1 none
	anchor   int       // where a range starts
	selected map[int]bool
	keys     map[string]bool // the selection by Key
	curKey   string
	focused  bool
	quiet    bool
	muted    bool
	hovered  int
	search   typing
	clock    clock
	head     *tableHead
	body     *tableBody
	scroll   *container.Scroll
	ground   *canvas.Rectangle
	editor   *cellEditor
	draw     *drawing
}

// NewTable makes a table. Rows and Cell must be given.
func NewTable(o TableOptions) *Table {
	if o.RowHeight == 0 {
		o.RowHeight = theme.RowHeight
	}
	if o.Ground == "" {
		o.Ground = theme.Surface
	}
	t := &Table{o: o, current: -1, hovered: -1, selected: map[int]bool{}, keys: map[string]bool{}, clock: wallClock(),
		ground: canvas.NewRectangle(color.Transparent)}
	for _, c := range o.Columns {
		t.widths = append(t.widths, c.Width)
	}
	t.head = newTableHead(t)
	t.body = newTableBody(t)
	t.scroll = container.NewVScroll(t.body)
	t.scroll.OnScrolled = func(fyne.Position) { t.body.update(false) }
	t.ExtendBaseWidget(t)
	return t
}

// Reload draws the rows anew after they changed. The selection stays with the
// keys, or with the numbers if there is no Key.
func (t *Table) Reload() {
	t.EndEdit()
	t.restore()
	t.Refresh()
}

// restore finds the selection again among changed rows.
func (t *Table) restore() {
	n := t.o.Rows()
	if t.o.Key == nil {
		for r := range t.selected {
			if r >= n {
				delete(t.selected, r)
			}
		}
		t.current, t.anchor = min(t.current, n-1), max(min(t.anchor, n-1), 0)
		return
	}
	old := t.current
	clear(t.selected)
	t.current = -1
	if len(t.keys) > 0 || t.curKey != "" {
		for r := range n {
			k := t.o.Key(r)
			if t.keys[k] {
				t.selected[r] = true
			}
			if k == t.curKey {
				t.current = r
			}
		}
	}
	if t.current < 0 && old >= 0 && n > 0 {
		t.current = min(old, n-1)
	}
	t.anchor = max(t.current, 0)
	t.note()
}

// note remembers the selection by key.
func (t *Table) note() {
	if t.o.Key == nil {
		return
	}
	clear(t.keys)
	n := t.o.Rows()
	for r := range t.selected {
		if r < n {
			t.keys[t.o.Key(r)] = true
		}
	}
	t.curKey = ""
	if t.current >= 0 && t.current < n {
		t.curKey = t.o.Key(t.current)
	}
}

// Selected gives the selected rows in order.
func (t *Table) Selected() []int {
	rows := make([]int, 0, len(t.selected))
	for r := range t.selected {
		rows = append(rows, r)
	}
	slices.Sort(rows)
	return rows
}

// Current gives the row of the keyboard, -1 if there is none.
func (t *Table) Current() int { return t.current }

// Select selects one row, makes it the current one and scrolls to it; -1 clears
// the selection. It calls OnSelect if the selection changed.
func (t *Table) Select(row int) {
	if row < 0 || row >= t.o.Rows() {
		t.current = -1
		t.setSelection(map[int]bool{})
		return
	}
	t.current, t.anchor = row, row
	t.setSelection(map[int]bool{row: true})
	t.ScrollTo(row)
}

// SelectAll selects every row of a Multi table.
func (t *Table) SelectAll() {
	if !t.o.Multi {
		return
	}
	all := make(map[int]bool, t.o.Rows())
	for r := range t.o.Rows() {
		all[r] = true
	}
	t.setSelection(all)
}

// setSelection changes the selection, tells about it and repaints.
func (t *Table) setSelection(rows map[int]bool) {
	same := len(rows) == len(t.selected)
	for r := range rows {
		same = same && t.selected[r]
	}
	t.selected = rows
	t.note()
	t.body.update(true)
	if !same && t.o.OnSelect != nil {
		t.o.OnSelect(t.Selected())
	}
}

// moveTo makes a row current as a key or click does: alone, or with extend the
// range from the anchor.
func (t *Table) moveTo(row int, extend bool) {
	n := t.o.Rows()
	if n == 0 {
		return
	}
	row = min(max(row, 0), n-1)
	t.current = row
	if !extend || !t.o.Multi {
		t.anchor = row
		t.setSelection(map[int]bool{row: true})
	} else {
		t.setSelection(span(t.anchor, row))
	}
	t.ScrollTo(row)
}

func span(a, b int) map[int]bool {
	rows := make(map[int]bool, max(a, b)-min(a, b)+1)
	for r := min(a, b); r <= max(a, b); r++ {
		rows[r] = true
	}
	return rows
}

// toggle turns a row of a Multi table on or off.
func (t *Table) toggle(row int) {
	rows := make(map[int]bool, len(t.selected)+1)
	for r := range t.selected {
		rows[r] = true
	}
	if rows[row] {
		delete(rows, row)
	} else {
		rows[row] = true
	}
	t.current, t.anchor = row, row
	t.setSelection(rows)
}

// ScrollTo scrolls as little as is needed to show a row whole.
func (t *Table) ScrollTo(row int) {
	h := t.o.RowHeight
	top, view := float32(row)*h, t.scroll.Size().Height
	switch {
	case view <= 0:
		return
	case top < t.scroll.Offset.Y:
		t.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case top+h > t.scroll.Offset.Y+view:
		t.scroll.ScrollToOffset(fyne.NewPos(0, top+h-view))
	}
	t.body.update(false)
}

// SetSorted shows which column the rows are sorted by, -1 for none.
func (t *Table) SetSorted(col int, descending bool) {
	t.o.Sorted, t.o.Descending = col, descending
	t.head.Refresh()
}

// SetEmpty changes what stands in the place of the rows when there are none.
func (t *Table) SetEmpty(o fyne.CanvasObject) {
	t.o.Empty = o
	if t.draw != nil {
		t.draw.objects = t.parts()
	}
	t.Refresh()
}

// SetMuted mutes the old rows while new ones are on their way.
func (t *Table) SetMuted(on bool) {
	if on != t.muted {
		t.muted = on
		t.body.update(true)
	}
}

// Widths gives the widths of the columns, to be remembered.
func (t *Table) Widths() []float32 { return slices.Clone(t.widths) }

// SetWidths gives the columns remembered widths; a list of another length, or
// a width that is not positive, counts as nothing remembered.
func (t *Table) SetWidths(widths []float32) {
	if len(widths) != len(t.widths) {
		return
	}
	for i, w := range widths {
		if w > 0 {
			t.widths[i] = max(w, t.leastWidth(i))
		}
	}
	t.Refresh()
}

// grows tells whether a column takes the room the others leave.
func (t *Table) grows() bool {
	return slices.ContainsFunc(t.o.Columns, func(c Column) bool { return c.Grow })
}

func (t *Table) leastWidth(col int) float32 {
	if w := t.o.Columns[col].MinWidth; w > 0 {
		return w
	}
	return 48
}

// spans gives start and width of each column for the width of the table. The
// columns start at the margin; those that grow share the room left, and give way
// down to their least width where there is none.
func (t *Table) spans(width float32) (starts, lengths []float32) {
	left, growing := width-theme.Margin, 0
	for i, w := range t.widths {
		left -= w
		if t.o.Columns[i].Grow {
			growing++
		}
	}
	x := theme.Margin
	for i, w := range t.widths {
		switch share := left / float32(max(growing, 1)); {
		case t.o.Columns[i].Grow && left > 0:
			w += up(share)
		case t.o.Columns[i].Grow:
			w = min(w, max(w-up(-share), t.leastWidth(i)))
		}
		starts, lengths = append(starts, x), append(lengths, w)
		x += w
	}
	return starts, lengths
}

func (t *Table) headHeight() float32 {
	if t.o.NoHead {
		return 0
	}
	return theme.TableHeadHeight + theme.LineWidth
}

func (t *Table) parts() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{t.ground, t.scroll}
	if t.o.Empty != nil {
		objects = append(objects, t.o.Empty)
	}
	if !t.o.NoHead {
		objects = append(objects, t.head)
	}
	return objects
}

// CreateRenderer implements fyne.Widget.
func (t *Table) CreateRenderer() fyne.WidgetRenderer {
	t.draw = newDrawing(t, func() fyne.Size {
		return fyne.NewSize(160, t.headHeight()+3*t.o.RowHeight)
	}, func(s fyne.Size) {
		put(t.ground, 0, 0, s.Width, s.Height)
		h := t.headHeight()
		put(t.head, 0, 0, s.Width, h)
		put(t.scroll, 0, h, s.Width, max(s.Height-h, 0))
		t.body.update(true)
		if t.o.Empty != nil {
			put(t.o.Empty, 0, h, s.Width, max(s.Height-h, 0))
		}
	}, func() {
		fill(t.ground, t.o.Ground)
		empty := t.o.Rows() == 0
		if t.o.Empty != nil {
			show(t.o.Empty, empty)
		}
		show(t.scroll, !empty)
		t.scroll.Refresh()
		t.head.Refresh()
	}, t.parts()...)
	return t.draw
}
