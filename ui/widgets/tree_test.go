package widgets

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"impero/ui/theme"
)

// grove is a tree of branches with leaves, and notes of what it told.
type grove struct {
	*Tree
	closed   map[string]bool
	lines    []TreeItem
	selected []string
	acted    []int
}

func newGrove(branches, leaves int) *grove {
	g := &grove{closed: map[string]bool{}}
	grow := func() {
		g.lines = g.lines[:0]
		for b := range branches {
			name := fmt.Sprintf("branch %d", b)
			g.lines = append(g.lines, TreeItem{Text: name, Icon: theme.IconFolder, Branch: true, Open: !g.closed[name]})
			for l := range leaves {
				if !g.closed[name] {
					g.lines = append(g.lines, TreeItem{Text: fmt.Sprintf("leaf %d.%d", b, l), Depth: 1, Dot: theme.Accent})
				}
			}
		}
	}
	grow()
	g.Tree = NewTree(TreeOptions{
		Rows: func() int { return len(g.lines) }, Item: func(row int) TreeItem { return g.lines[row] },
		OnSelect: func(row int) { g.selected = append(g.selected, g.lines[row].Text) },
		OnOpen: func(row int, on bool) {
			g.closed[g.lines[row].Text] = !on
			grow()
			g.Reload(row)
		},
		OnAction: func(row int) { g.acted = append(g.acted, row) },
		OnMenu:   func(int) []MenuItem { return []MenuItem{{Text: "Delete"}} },
	})
	return g
}

func (g *grove) at(t *testing.T, what, want string) {
	t.Helper()
	if s := g.Selected(); s < 0 || g.lines[s].Text != want {
		t.Errorf("%s: selected is %d", what, s)
	}
}

func TestTreeKeys(t *testing.T) {
	g := newGrove(3, 4)
	s := newStage(t, g.Tree)
	FocusOn(g.Tree)
	g.Reload(0)
	s.press(fyne.KeyRight)
	g.at(t, "Right goes in", "leaf 0.0")
	s.press(fyne.KeyDown, fyne.KeyLeft)
	g.at(t, "Left goes out", "branch 0")
	s.press(fyne.KeyLeft)
	if !g.closed["branch 0"] || len(g.lines) != 11 {
		t.Error("Left does not close")
	}
	s.press(fyne.KeyRight, fyne.KeyEnd)
	g.at(t, "End", "leaf 2.3")
	s.press(fyne.KeyHome)
	s.enter("leaf 1")
	g.at(t, "typing", "leaf 1.0")
	s.press(fyne.KeyReturn, fyne.KeyF2)
	if !slices.Equal(g.acted, []int{6}) || !slices.Equal(s.unused, []fyne.KeyName{fyne.KeyF2}) {
		t.Errorf("acted on %v, passed on %v", g.acted, s.unused)
	}
	s.press(desktop.KeyMenu)
	equal(t, "menus", len(s.w.Canvas().Overlays().List()), 1)
}

func TestTreeClicks(t *testing.T) {
	g := newGrove(3, 4)
	s := newStage(t, g.Tree)
	row := g.body.rows[1]
	row.MouseDown(mouse(60, 5, desktop.MouseButtonPrimary, 0))
	g.at(t, "click", "leaf 0.0")
	equal(t, "focus", s.w.Canvas().Focused() == fyne.Focusable(g.Tree), true)
	g.body.rows[5].MouseDown(mouse(treeArrow+3, 5, desktop.MouseButtonPrimary, 0))
	if g.at(t, "a click on the sign", "branch 1"); !g.closed["branch 1"] {
		t.Error("it does not close")
	}
	test.DoubleTap(g.body.rows[5])
	equal(t, "double click opens", g.closed["branch 1"], false)
	g.body.rows[2].TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(80, 60)})
	g.at(t, "right click", "leaf 0.1")
	equal(t, "menus", len(s.w.Canvas().Overlays().List()), 1)
}

func TestTreeDrawsWhatIsInView(t *testing.T) {
	g := newGrove(100, 100)
	newStage(t, g.Tree)
	FocusOn(g.Tree)
	g.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	if n := len(g.body.rows) + len(g.body.spare); n > 40 {
		t.Errorf("%d widgets for 10100 lines", n)
	}
	if last := g.body.rows[len(g.body.rows)-1]; last.item.Text != "leaf 99.99" {
		t.Errorf("the last line in view is %s", last.item.Text)
	}
}

func TestSelectPassesOverWhatCannotBeChosen(t *testing.T) {
	var chosen []int
	sel := NewSelect(SelectOptions{Options: []string{"One", "Two", "Three"}, Reasons: []string{"", "There is no two yet."},
		OnChanged: func(i int) { chosen = append(chosen, i) }})
	s := newStage(t, sel)
	FocusOn(sel)
	s.press(fyne.KeyDown)
	s.enter("t")
	if sel.Selected() != 2 || !slices.Equal(chosen, []int{2}) {
		t.Errorf("chosen are %v", chosen)
	}
	s.press(fyne.KeySpace)
	if m := sel.menu; m == nil || m.panels[0].rows[1].item.Disabled == "" {
		t.Error("the list does not say why")
	}
}

func TestSelectInATableIsOpenAtOnce(t *testing.T) {
	h := newHosts(20, TableOptions{})
	s := newStage(t, h.Table)
	var told []int
	sel := NewSelect(SelectOptions{Options: []string{"One", "Two"}, Opens: true, OnChosen: func(i int) { told = append(told, i) },
		OnLeft: func() { t.Error("opening the list leaves the editor") }})
	h.Edit(3, 1, sel)
	if len(s.w.Canvas().Overlays().List()) != 1 {
		t.Fatal("no list is open")
	}
	s.press(fyne.KeyReturn)
	if !slices.Equal(told, []int{0}) || s.w.Canvas().Focused() != fyne.Focusable(sel) {
		t.Errorf("told %v", told)
	}
}

func TestEntryInATableGetsTab(t *testing.T) {
	h := newHosts(20, TableOptions{})
	s := newStage(t, h.Table)
	var keys []fyne.KeyName
	e := NewEntry(EntryOptions{TakesTab: true, OnKey: func(ev *fyne.KeyEvent) bool { keys = append(keys, ev.Name); return true }})
	h.Edit(3, 1, e)
	s.press(fyne.KeyTab)
	if !slices.Equal(keys, []fyne.KeyName{fyne.KeyTab}) || e.Size().Height < theme.ControlHeight {
		t.Errorf("keys %v, %v high", keys, e.Size().Height)
	}
}

func TestTableThatLostTheKeyboardWhileEditing(t *testing.T) {
	h := newHosts(20, TableOptions{})
	other := NewTree(TreeOptions{Rows: func() int { return 0 }})
	s := newStage(t, Row(0, Grow(h.Table), other))
	h.Edit(3, 1, NewEntry(EntryOptions{OnLeft: h.DropEdit}))
	FocusOn(other)
	if _, _, on := h.Editing(); on || h.focused || !other.focused || s.w.Canvas().Focused() != fyne.Focusable(other) {
		t.Errorf("editing %v, the table has the keyboard: %v, the other: %v", on, h.focused, other.focused)
	}
}
