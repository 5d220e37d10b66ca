package widgets

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// answer is a dialog with two buttons that notes what was pressed.
type answer struct {
	d       *Dialog
	cancel  *Button
	apply   *Button
	entry   *Entry
	pressed []string
}

func newAnswer(guard bool, focus string) *answer {
	a := &answer{entry: NewEntry(EntryOptions{})}
	note := func(s string) func() { return func() { a.pressed = append(a.pressed, s) } }
	a.cancel = NewButton(ButtonOptions{Text: "Cancel", OnTapped: note("cancel")})
	a.apply = NewButton(ButtonOptions{Text: "Apply", Importance: Primary, OnTapped: note("apply")})
	o := DialogOptions{Title: "Apply?", Text: "It restarts.", Body: a.entry, Buttons: []*Button{a.cancel, a.apply}, Guard: guard, OnCancel: note("esc")}
	switch focus {
	case "entry":
		o.Focus = a.entry
	case "cancel":
		o.Focus = a.cancel
	}
	a.d = NewDialog(o)
	return a
}

func TestDialogKeys(t *testing.T) {
	for _, c := range []struct {
		name, focus string
		keys        []fyne.KeyName
		want        []string
	}{
		{"Enter on the primary", "", []fyne.KeyName{fyne.KeyReturn}, []string{"apply"}},
		{"Enter on Cancel", "cancel", []fyne.KeyName{fyne.KeyReturn}, []string{"cancel"}},
		{"Enter in a field", "entry", []fyne.KeyName{fyne.KeyEnter}, []string{"apply"}},
		{"Esc in a field", "entry", []fyne.KeyName{fyne.KeyEscape}, []string{"esc"}},
		{"Tab round", "entry", []fyne.KeyName{fyne.KeyTab, fyne.KeyTab, fyne.KeySpace, fyne.KeyTab, fyne.KeyTab, fyne.KeySpace}, []string{"apply", "cancel"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t, NewButton(ButtonOptions{Text: "Under"}))
			a := newAnswer(false, c.focus)
			a.d.Open(s.w.Canvas())
			s.press(c.keys...)
			if !slices.Equal(a.pressed, c.want) {
				t.Errorf("pressed %v, want %v", a.pressed, c.want)
			}
			equal(t, "keys that came through", len(s.unused), 0)
			equal(t, "open", a.d.IsOpen(), c.want[0] != "esc")
		})
	}
}

func TestDialogGivesFocusBackAfterClickBeside(t *testing.T) {
	s := newStage(t, NewButton(ButtonOptions{Text: "Under"}))
	a := newAnswer(false, "entry")
	a.d.Open(s.w.Canvas())
	s.w.Canvas().Unfocus()
	a.d.shade.Tapped(nil)
	equal(t, "focus", s.w.Canvas().Focused() == fyne.Focusable(a.entry), true)
	s.w.Canvas().Unfocus()
	s.press(fyne.KeyEscape)
	if !slices.Equal(a.pressed, []string{"esc"}) {
		t.Errorf("Esc with nothing focused gave %v", a.pressed)
	}
	equal(t, "overlays", len(s.w.Canvas().Overlays().List()), 0)
}

// TestDialogGuard holds that keys are ignored for 700 ms, clicks are not.
func TestDialogGuard(t *testing.T) {
	time0 := &fakeClock{at: time.Unix(0, 0)}
	s := newStage(t, nil)
	a := newAnswer(true, "cancel")
	a.d.clock = time0.clock()
	a.d.Open(s.w.Canvas())
	time0.pass(699 * time.Millisecond)
	s.press(fyne.KeyReturn, fyne.KeySpace, fyne.KeyEscape)
	FocusOn(a.entry)
	s.enter("typed on")
	s.press(fyne.KeyReturn)
	equal(t, "pressed within 700 ms", len(a.pressed), 0)
	equal(t, "typed within 700 ms", a.entry.Text, "")
	a.apply.MouseDown(mouse(1, 1, desktop.MouseButtonPrimary, 0))
	a.apply.Tapped(nil)
	time0.pass(time.Millisecond)
	FocusOn(a.cancel)
	s.press(fyne.KeyReturn)
	if !slices.Equal(a.pressed, []string{"apply", "cancel"}) {
		t.Errorf("pressed %v", a.pressed)
	}
}

// TestDialogAsWindow holds that a dialog is a window's content as well, one
// after another, sized by what it says.
func TestDialogAsWindow(t *testing.T) {
	s := newStage(t, nil)
	a := newAnswer(false, "")
	a.d.Attach(s.w)
	equal(t, "width", s.w.Canvas().Size().Width, 440)
	s.press(fyne.KeyReturn, fyne.KeyEscape)
	if !slices.Equal(a.pressed, []string{"apply", "esc"}) {
		t.Errorf("pressed %v", a.pressed)
	}
	taller := NewDialog(DialogOptions{Title: "Who?", Text: "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen.",
		Buttons: []*Button{NewButton(ButtonOptions{Text: "Close"})}})
	first := a.d.MinSize().Height
	taller.Attach(s.w)
	equal(t, "height", s.w.Canvas().Size().Height, taller.MinSize().Height)
	if first == taller.MinSize().Height || len(taller.card.body.Objects) == 0 {
		t.Errorf("both dialogs are %g high", first)
	}
}

func TestMenuKeys(t *testing.T) {
	var chosen []string
	item := func(s string) MenuItem {
		return MenuItem{Text: s, OnTapped: func() { chosen = append(chosen, s) }}
	}
	off := item("Tunnel")
	off.Disabled = "Your role does not allow tunnels."
	items := []MenuItem{item("Remote control"), off, MenuSeparator(), {Text: "Move to", Items: []MenuItem{item("Oslo"), item("Bergen")}}, item("Delete")}
	under := NewButton(ButtonOptions{Text: "Under"})
	s := newStage(t, Row(8, under))
	FocusOn(under)
	open := func() *Menu { return ShowMenu(under, fyne.NewPos(20, 20), items) }
	open()
	s.press(fyne.KeyReturn)
	open()
	s.press(fyne.KeyDown, fyne.KeyRight, fyne.KeyDown, fyne.KeyReturn)
	open()
	s.enter("d")
	s.press(fyne.KeySpace)
	open()
	s.press(fyne.KeyUp, fyne.KeyUp, fyne.KeyRight, fyne.KeyLeft)
	m := s.w.Canvas().Overlays().Top().(*Menu)
	equal(t, "levels after Left", len(m.panels), 1)
	s.press(fyne.KeyEscape)
	equal(t, "open after Esc", m.IsOpen(), false)
	if !slices.Equal(chosen, []string{"Remote control", "Bergen", "Delete"}) {
		t.Errorf("chosen %v", chosen)
	}
	m = open()
	m.panels[0].rows[1].Tapped(nil)
	equal(t, "a disabled row keeps the menu open", m.IsOpen(), true)
	m.Tapped(nil)
	equal(t, "focus after all", s.w.Canvas().Focused() == fyne.Focusable(under), true)
}

// TestMenuStaysOnCanvas holds that a menu at an edge turns, and one that is too
// high scrolls.
func TestMenuStaysOnCanvas(t *testing.T) {
	under := NewButton(ButtonOptions{Text: "Under"})
	s := newStage(t, under)
	var many []MenuItem
	for range 40 {
		many = append(many, MenuItem{Text: "One of many"})
	}
	for _, items := range [][]MenuItem{many[:3], many} {
		m := ShowMenu(under, fyne.NewPos(595, 390), items)
		p := m.panels[0]
		end := p.Position().Add(p.Size())
		if p.Position().X < 0 || p.Position().Y < 0 || end.X > 600 || end.Y > 400 {
			t.Errorf("%d items stand from %v to %v", len(items), p.Position(), end)
		}
		s.press(fyne.KeyEnd)
		equal(t, "active", p.active, len(items)-1)
		row := p.rows[p.active]
		if y := row.Position().Y - p.scroll.Offset.Y; y < 0 || y+row.Size().Height > p.scroll.Size().Height {
			t.Errorf("the active one of %d stands at %g of %g", len(items), y, p.scroll.Size().Height)
		}
		m.Close()
	}
}
