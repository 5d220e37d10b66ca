package widgets

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"impero/ui/theme"
)

// hosts is a table of names with notes of what it told.
type hosts struct {
	*Table
	names    []string
	selected [][]int
	acted    []int
	sorted   []string
	closed   []int
}

func newHosts(n int, o TableOptions) *hosts {
	h := &hosts{}
	for i := range n {
		h.names = append(h.names, fmt.Sprintf("till-%03d", i))
	}
	o.Columns = []Column{{Title: "Host", Width: 200, Sortable: true}, {Title: "Address", Width: 120, Sortable: true}, {Title: "Duration", Width: 80, Right: true}, {Title: "", Width: 60}}
	o.Rows = func() int { return len(h.names) }
	o.Cell = func(r, c int) Cell {
		if c == 3 {
			return Cell{Text: "Disconnect " + h.names[r], Button: theme.IconClose, OnButton: func() { h.closed = append(h.closed, r) }}
		}
		return Cell{Text: []string{h.names[r], "10.0.0.1", "0:01"}[c]}
	}
	o.OnSelect = func(rows []int) { h.selected = append(h.selected, rows) }
	o.OnAction = func(r int) { h.acted = append(h.acted, r) }
	o.OnSort = func(c int, d bool) { h.sorted = append(h.sorted, fmt.Sprint(c, d)) }
	o.Sorted = 0
	h.Table = NewTable(o)
	return h
}

func (h *hosts) click(row int, m fyne.KeyModifier) {
	h.body.row(row).MouseDown(mouse(30, 5, desktop.MouseButtonPrimary, m))
}

func (h *hosts) isSelected(t *testing.T, what string, want ...int) {
	t.Helper()
	if got := h.Selected(); !slices.Equal(got, want) {
		t.Errorf("%s: selected %v, want %v", what, got, want)
	}
}

func TestTableKeys(t *testing.T) {
	h := newHosts(1000, TableOptions{Multi: true})
	s := newStage(t, h.Table)
	FocusOn(h.Table)
	equal(t, "focus makes the first row current", h.Current(), 0)
	s.press(fyne.KeyDown, fyne.KeyDown)
	h.isSelected(t, "Down twice", 2)
	s.press(fyne.KeyEnd)
	h.isSelected(t, "End", 999)
	if h.body.row(999) == nil {
		t.Error("End did not scroll to the last row")
	}
	s.press(fyne.KeyPageUp)
	page := 999 - h.Current()
	if page < 10 || page > 14 {
		t.Errorf("a page is %d rows", page)
	}
	s.press(fyne.KeyHome, fyne.KeyUp)
	h.isSelected(t, "Home", 0)
	s.press(fyne.KeyReturn, fyne.KeyF2)
	if !slices.Equal(h.acted, []int{0}) || !slices.Equal(s.unused, []fyne.KeyName{fyne.KeyF2}) {
		t.Errorf("acted on %v, passed on %v", h.acted, s.unused)
	}
	h.TypedShortcut(&fyne.ShortcutSelectAll{})
	equal(t, "Ctrl+A", len(h.Selected()), 1000)
}

func TestTableClicks(t *testing.T) {
	h := newHosts(20, TableOptions{Multi: true})
	s := newStage(t, h.Table)
	h.click(3, 0)
	h.isSelected(t, "click", 3)
	equal(t, "focus", s.w.Canvas().Focused() == fyne.Focusable(h.Table), true)
	h.click(6, fyne.KeyModifierShift)
	h.isSelected(t, "Shift+click", 3, 4, 5, 6)
	h.click(4, fyne.KeyModifierShortcutDefault)
	h.click(9, fyne.KeyModifierShortcutDefault)
	h.isSelected(t, "Ctrl+click", 3, 5, 6, 9)
	h.body.row(5).MouseDown(mouse(30, 5, desktop.MouseButtonSecondary, 0))
	h.isSelected(t, "right click in the selection", 3, 5, 6, 9)
	h.body.row(1).MouseDown(mouse(30, 5, desktop.MouseButtonSecondary, 0))
	h.isSelected(t, "right click beside it", 1)
	test.DoubleTap(h.body.row(1))
	if !slices.Equal(h.acted, []int{1}) {
		t.Errorf("acted on %v", h.acted)
	}
	told := len(h.selected)
	h.click(1, 0)
	equal(t, "told of a selection that is the same", len(h.selected), told)
}

func TestTableSingleSelection(t *testing.T) {
	h := newHosts(9, TableOptions{})
	newStage(t, h.Table)
	h.click(2, 0)
	h.click(5, fyne.KeyModifierShift)
	h.click(7, fyne.KeyModifierShortcutDefault)
	h.SelectAll()
	h.isSelected(t, "one at a time", 7)
	h.Select(-1)
	h.isSelected(t, "cleared")
}

func TestTableCellButton(t *testing.T) {
	h := newHosts(5, TableOptions{})
	s := newStage(t, h.Table)
	row := h.body.row(2)
	x := row.cells[3].button.img.Position().X + 3
	row.MouseDown(mouse(x, 5, desktop.MouseButtonPrimary, 0))
	row.MouseUp(mouse(x, 5, desktop.MouseButtonPrimary, 0))
	if !slices.Equal(h.closed, []int{2}) || len(h.Selected()) != 0 {
		t.Errorf("closed %v, selected %v", h.closed, h.Selected())
	}
	time0 := &fakeClock{at: time.Unix(0, 0)}
	s.frame.tips().clock = time0.clock()
	row.MouseIn(mouse(x, 5, 0, 0))
	time0.pass(time.Second)
	equal(t, "tooltip", s.frame.tips().visible(), "Disconnect till-002")
}

func TestTableSorts(t *testing.T) {
	h := newHosts(5, TableOptions{})
	newStage(t, h.Table)
	at := func(x float32) { h.head.Tapped(&fyne.PointEvent{Position: fyne.NewPos(x, 5)}) }
	at(30)
	at(230)
	at(230)
	at(230)
	at(350) // cannot be sorted
	if want := []string{"0 true", "1 false", "1 true", "1 false"}; !slices.Equal(h.sorted, want) {
		t.Errorf("sorted %v, want %v", h.sorted, want)
	}
}

func TestTableSelectionStaysWithKey(t *testing.T) {
	var h *hosts
	h = newHosts(6, TableOptions{Multi: true, Key: func(r int) string { return h.names[r] }})
	newStage(t, h.Table)
	h.click(1, 0)
	h.click(4, fyne.KeyModifierShortcutDefault)
	slices.Reverse(h.names)
	h.Reload()
	h.isSelected(t, "reversed", 1, 4)
	equal(t, "current", h.names[h.Current()], "till-004")
	h.names = h.names[2:] // till-003 and lower
	h.Reload()
	h.isSelected(t, "one row gone", 2)
	equal(t, "its name", h.names[2], "till-001")
	h.names = nil
	h.Reload()
	h.isSelected(t, "all gone")
	equal(t, "current of none", h.Current(), -1)
}

func TestTableFindsByTyping(t *testing.T) {
	h := newHosts(4, TableOptions{})
	h.names = []string{"apple", "berlin", "bergen", "oslo"}
	time0 := &fakeClock{at: time.Unix(0, 0)}
	h.clock = time0.clock()
	s := newStage(t, h.Table)
	FocusOn(h.Table)
	s.enter("b")
	h.isSelected(t, "b", 1)
	s.enter("erg")
	h.isSelected(t, "berg", 2)
	time0.pass(2 * time.Second)
	s.enter("o")
	h.isSelected(t, "o after a pause", 3)
	time0.pass(2 * time.Second)
	s.enter("bb")
	h.isSelected(t, "b twice", 2)
}

func TestTableColumnsAreDragged(t *testing.T) {
	var told []float32
	h := newHosts(3, TableOptions{OnResize: func(w []float32) { told = w }})
	newStage(t, h.Table)
	end := theme.Margin + 200 - cellGap/2
	h.head.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(end+40, 5)}, Dragged: fyne.NewDelta(40, 0)})
	h.head.DragEnd()
	equal(t, "width", h.Widths()[0], 240)
	equal(t, "told", told[0], 240)
	h.head.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(end-400, 5)}, Dragged: fyne.NewDelta(-440, 0)})
	h.head.DragEnd()
	equal(t, "least width", h.Widths()[0], 48)
	h.SetWidths([]float32{1, 2})
	equal(t, "a list of another length", h.Widths()[0], 48)
	h.SetWidths([]float32{300, 100, 60, 60})
	equal(t, "remembered", h.Widths()[0], 300)
}

func TestTableContextMenu(t *testing.T) {
	var asked []int
	h := newHosts(9, TableOptions{Multi: true, OnMenu: func(rows []int) []MenuItem {
		asked = rows
		return []MenuItem{{Text: "Delete"}}
	}})
	s := newStage(t, h.Table)
	h.body.row(4).TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(50, 50)})
	if !slices.Equal(asked, []int{4}) || s.w.Canvas().Overlays().Top() == nil {
		t.Errorf("asked for %v", asked)
	}
	s.press(fyne.KeyEscape)
	FocusOn(h.Table)
	s.press(fyne.KeyDown, desktop.KeyMenu)
	if !slices.Equal(asked, []int{5}) {
		t.Errorf("the key asked for %v", asked)
	}
}

func TestTableEdits(t *testing.T) {
	h := newHosts(9, TableOptions{})
	s := newStage(t, h.Table)
	FocusOn(h.Table)
	e := NewEntry(EntryOptions{Text: "10.0.0.1"})
	h.Edit(2, 1, e)
	row, col, ok := h.Editing()
	if row != 2 || col != 1 || !ok || s.w.Canvas().Focused() != fyne.Focusable(e) {
		t.Errorf("editing %d %d %v, focus %T", row, col, ok, s.w.Canvas().Focused())
	}
	h.EndEdit()
	_, _, ok = h.Editing()
	if ok || s.w.Canvas().Focused() != fyne.Focusable(h.Table) {
		t.Errorf("still editing %v, focus %T", ok, s.w.Canvas().Focused())
	}
}

func TestTableShowsEmptyState(t *testing.T) {
	empty := NewEmptyState(EmptyStateOptions{Icon: theme.IconUsers, Title: "Nobody is connected"})
	h := newHosts(0, TableOptions{Empty: empty})
	newStage(t, h.Table)
	equal(t, "without rows", empty.Visible(), true)
	h.names = []string{"one"}
	h.Reload()
	equal(t, "with a row", empty.Visible(), false)
}

// TestTableIsVirtual holds that a table of 100,000 rows makes widgets for those
// in view alone, wherever it is scrolled to.
func TestTableIsVirtual(t *testing.T) {
	h := newHosts(100_000, TableOptions{})
	newStage(t, h.Table)
	for _, r := range []int{0, 50_000, 99_999, 7} {
		h.Select(r)
		if n := len(h.body.rows); n > 15 || h.body.row(r) == nil {
			t.Errorf("at %d there are %d widgets", r, n)
		}
	}
	if n := len(h.body.rows) + len(h.body.spare); n > 40 {
		t.Errorf("%d widgets were made", n)
	}
}

func BenchmarkTableKeyDown(b *testing.B) {
	app := test.NewTempApp(b)
	app.Settings().SetTheme(theme.New())
	h := newHosts(10_000, TableOptions{Multi: true})
	w := test.NewWindow(nil)
	defer w.Close()
	NewFrame(FrameOptions{Content: h.Table}).Attach(w)
	w.Resize(fyne.NewSize(1040, 660))
	FocusOn(h.Table)
	for b.Loop() {
		if h.Current() == 9_999 {
			h.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
		}
		h.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
}

// TestTableOfTenThousandRows holds that work goes with the rows in view and not
// with all there are.
func TestTableOfTenThousandRows(t *testing.T) {
	const n = 10000
	asked := 0
	h := newHosts(n, TableOptions{Multi: true, Key: func(r int) string { return fmt.Sprint("key-", r) }})
	cell := h.o.Cell
	h.o.Cell = func(r, c int) Cell { asked++; return cell(r, c) }
	s := newStage(t, h.Table)
	inView := int(h.scroll.Size().Height/theme.RowHeight) + 2
	few := func(what string, draws int) {
		t.Helper()
		if most := draws * inView * len(h.o.Columns); asked > most {
			t.Errorf("%s asks for %d cells, more than %d", what, asked, most)
		}
		if have := len(h.body.rows) + len(h.body.spare); have > 2*inView {
			t.Errorf("%s leaves %d rows drawn", what, have)
		}
		asked = 0
	}
	FocusOn(h.Table)
	asked = 0
	s.press(fyne.KeyEnd)
	h.isSelected(t, "End", n-1)
	few("End", 4)
	s.press(fyne.KeyPageUp, fyne.KeyPageUp, fyne.KeyPageUp)
	few("Page Up three times", 12)
	s.press(fyne.KeyHome)
	h.isSelected(t, "Home", 0)
	few("Home", 4)
	for range 100 {
		h.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -250)})
	}
	few("scrolling a hundred notches", 100)
	if at := h.scroll.Offset.Y; at != 25000 || h.body.row(int(at/theme.RowHeight)) == nil {
		t.Errorf("after scrolling the view is at %v and its first row is not drawn", at)
	}
	h.Reload()
	few("reloading", 4)
	h.SelectAll()
	if got := h.Selected(); len(got) != n || got[n-1] != n-1 {
		t.Errorf("%d rows are selected", len(got))
	}
	few("selecting all", 4)
	h.clock = (&fakeClock{}).clock()
	s.enter("till-9876")
	h.isSelected(t, "typing", 9876)
}

// growing is a table of four columns, of which the first two grow.
func growing(t *testing.T, width float32) *Table {
	t.Helper()
	table := NewTable(TableOptions{Columns: []Column{{Width: 150, MinWidth: 100, Grow: true}, {Width: 150, MinWidth: 100, Grow: true}, {Width: 110}, {Width: 160}},
		Rows: func() int { return 0 }, Cell: func(int, int) Cell { return Cell{} }, Sorted: -1})
	newStage(t, table).w.Resize(fyne.NewSize(width, 300))
	return table
}

func TestGrowingColumnsGiveWay(t *testing.T) {
	for width, want := range map[float32][]float32{
		786: {250, 250, 110, 160},
		586: {150, 150, 110, 160},
		526: {120, 120, 110, 160},
		300: {100, 100, 110, 160},
	} {
		if _, got := growing(t, width).spans(width); !slices.Equal(got, want) {
			t.Errorf("at %v the columns are %v, not %v", width, got, want)
		}
	}
}

func TestEdgeFollowsThePointerWhereColumnsGrow(t *testing.T) {
	table := growing(t, 786)
	drag := func(from, to float32) {
		table.head.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(to, 5)}, Dragged: fyne.NewDelta(to-from, 0)})
		table.head.DragEnd()
	}
	starts, _ := table.spans(786)
	drag(starts[1]-cellGap/2, starts[1]-cellGap/2+40)
	if _, got := table.spans(786); !slices.Equal(got, []float32{290, 210, 110, 160}) {
		t.Errorf("dragged by 40 they are %v", got)
	}
	drag(starts[1]-cellGap/2+40, starts[1]+500)
	if _, got := table.spans(786); !slices.Equal(got, []float32{400, 100, 110, 160}) {
		t.Errorf("dragged too far they are %v", got)
	}
}
