package widgets

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"impero/ui/theme"
)

func TestButtonKeysAndClicks(t *testing.T) {
	taps := 0
	b := NewButton(ButtonOptions{Text: "Go", OnTapped: func() { taps++ }})
	s := newStage(t, Row(8, b))
	FocusOn(b)
	s.press(fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace)
	b.MouseDown(mouse(5, 5, desktop.MouseButtonPrimary, 0))
	b.Tapped(nil)
	b.MouseUp(mouse(5, 5, desktop.MouseButtonPrimary, 0))
	equal(t, "taps", taps, 4)
	s.press(fyne.KeyF6, fyne.KeyEscape)
	if !slices.Equal(s.unused, []fyne.KeyName{fyne.KeyF6, fyne.KeyEscape}) {
		t.Errorf("the frame got %v", s.unused)
	}
	b.SetDisabled("There is nothing to go to.")
	b.Tap()
	equal(t, "taps after it was disabled", taps, 4)
}

func TestButtonSizes(t *testing.T) {
	newStage(t, nil)
	for _, c := range []struct {
		name string
		b    *Button
		min  fyne.Size
	}{
		{"short", NewButton(ButtonOptions{Text: "OK"}), fyne.NewSize(88, 30)},
		{"icon only", NewIconButton(ButtonOptions{Icon: theme.IconClose, Tip: "Close"}), fyne.NewSize(28, 28)},
		{"given", NewButton(ButtonOptions{Text: "Edit…", MinWidth: 64}), fyne.NewSize(64, 30)},
	} {
		equal(t, c.name, c.b.MinSize(), c.min)
	}
	long := NewButton(ButtonOptions{Text: "Verbindung mit diesem Rechner trennen"})
	if w := long.MinSize().Width; w <= 200 || w != up(w) {
		t.Errorf("a long button is %g wide", w)
	}
}

// TestRingOnlyForKeys holds that a click does not draw a focus ring, and that
// the first key does.
func TestRingOnlyForKeys(t *testing.T) {
	b := NewButton(ButtonOptions{Text: "Go"})
	s := newStage(t, Row(8, b))
	b.MouseDown(mouse(5, 5, desktop.MouseButtonPrimary, 0))
	b.MouseUp(mouse(5, 5, desktop.MouseButtonPrimary, 0))
	equal(t, "ring after a click", b.focus.Visible(), false)
	equal(t, "focus after a click", s.w.Canvas().Focused() == fyne.Focusable(b), true)
	s.press(fyne.KeyF5)
	equal(t, "ring after a key", b.focus.Visible(), true)
}

func TestTooltip(t *testing.T) {
	b := NewIconButton(ButtonOptions{Icon: theme.IconKeyboard, Tip: "Send keys", Shortcut: "Ctrl+K"})
	s := newStage(t, Row(8, b))
	time0 := &fakeClock{at: time.Unix(0, 0)}
	layer := s.frame.tips()
	layer.clock = time0.clock()
	b.MouseIn(mouse(5, 5, 0, 0))
	time0.pass(599 * time.Millisecond)
	equal(t, "after 599 ms", layer.visible(), "")
	time0.pass(time.Millisecond)
	equal(t, "after 600 ms", layer.visible(), "Send keys Ctrl+K")
	b.MouseOut()
	equal(t, "after the pointer left", layer.visible(), "")
	b.SetDisabled("Your role does not allow keys.")
	b.MouseIn(mouse(5, 5, 0, 0))
	time0.pass(time.Second)
	equal(t, "while disabled", layer.visible(), "Your role does not allow keys.")
	s.press(fyne.KeyF6)
	equal(t, "after a key", layer.visible(), "")
}

func TestCutTextHasTooltip(t *testing.T) {
	whole := "a-host-with-a-name-that-is-much-too-long-for-the-place-it-got"
	text := NewText(whole, TextOptions{Ellipsis: true})
	s := newStage(t, text)
	s.w.Resize(fyne.NewSize(160, 100))
	if text.lines[0].Text == whole || text.lines[0].MinSize().Width > 161 {
		t.Errorf("the text shown is %q, %g wide", text.lines[0].Text, text.lines[0].MinSize().Width)
	}
	equal(t, "tooltip", text.area.says().text, whole)
	s.w.Resize(fyne.NewSize(900, 100))
	equal(t, "text with room", text.lines[0].Text, whole)
	equal(t, "tooltip with room", text.area.says().text, "")
}

func TestCheck(t *testing.T) {
	var told []bool
	c := NewCheck(CheckOptions{Text: "Remember", OnChanged: func(on bool) { told = append(told, on) }})
	s := newStage(t, Row(8, c))
	FocusOn(c)
	s.press(fyne.KeySpace)
	c.Tapped(nil)
	c.SetChecked(true)
	if !slices.Equal(told, []bool{true, false}) || !c.Checked() {
		t.Errorf("told %v, checked %v", told, c.Checked())
	}
	s.press(fyne.KeyReturn)
	equal(t, "Enter", len(s.unused), 1)
}

func TestSelect(t *testing.T) {
	var told []int
	c := NewSelect(SelectOptions{Options: []string{"Internet (TCP)", "LAN (UDP)", "Local"}, OnChanged: func(i int) { told = append(told, i) }})
	s := newStage(t, Row(8, c))
	FocusOn(c)
	s.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyHome, fyne.KeyEnd)
	if !slices.Equal(told, []int{1, 2, 1, 0, 2}) {
		t.Errorf("told %v", told)
	}
	s.enter("l")
	equal(t, "after l", c.Text(), "LAN (UDP)")
	s.enter("l")
	equal(t, "after l again", c.Text(), "Local")
	s.press(fyne.KeySpace)
	if c.menu == nil {
		t.Fatal("Space opened no list")
	}
	s.press(fyne.KeyUp, fyne.KeyReturn)
	equal(t, "from the list", c.Text(), "LAN (UDP)")
	equal(t, "overlays after it", len(s.w.Canvas().Overlays().List()), 0)
	equal(t, "focus after it", s.w.Canvas().Focused() == fyne.Focusable(c), true)
	s.press(fyne.KeySpace, fyne.KeyEscape)
	equal(t, "after Esc", c.Text(), "LAN (UDP)")
	equal(t, "Esc closed the list only", len(s.unused), 0)
	s.press(fyne.KeyReturn)
	equal(t, "Enter goes on", len(s.unused), 1)
}

func TestTabStrip(t *testing.T) {
	var told []int
	tabs := NewTabStrip(TabStripOptions{Tabs: []string{"One", "Two", "Three"}, OnChanged: func(i int) { told = append(told, i) }})
	s := newStage(t, tabs)
	s.press(fyne.KeyTab)
	equal(t, "first stop", s.w.Canvas().Focused() == fyne.Focusable(tabs.tabs[0]), true)
	s.press(fyne.KeyRight, fyne.KeyEnd, fyne.KeyRight, fyne.KeyLeft)
	tabs.tabs[0].Tapped(nil)
	tabs.Select(9)
	if !slices.Equal(told, []int{1, 2, 1, 0}) {
		t.Errorf("told %v", told)
	}
	before := tabs.MinSize()
	tabs.Select(2)
	equal(t, "width with another tab", tabs.MinSize(), before)
}

func TestStatusBarAnnounces(t *testing.T) {
	bar := NewStatusBar()
	time0 := &fakeClock{at: time.Unix(0, 0)}
	bar.clock = time0.clock()
	newStage(t, bar)
	bar.SetLeft(StatusItem{Text: "Ready"}, StatusItem{Text: "till-042 selected"})
	words := func() (all []string) {
		for _, it := range bar.shownLeft() {
			all = append(all, it.Text)
		}
		return all
	}
	bar.Announce(StatusItem{Text: "Saved to the phonebook"})
	if got := words(); !slices.Equal(got, []string{"Ready", "Saved to the phonebook"}) {
		t.Errorf("the bar says %v", got)
	}
	time0.pass(5 * time.Second)
	bar.Announce(StatusItem{Text: "Copied"})
	time0.pass(5 * time.Second)
	if got := words(); !slices.Equal(got, []string{"Ready", "Copied"}) {
		t.Errorf("5 s after the second, the bar says %v", got)
	}
	time0.pass(3 * time.Second)
	if got := words(); !slices.Equal(got, []string{"Ready", "till-042 selected"}) {
		t.Errorf("8 s after the second, the bar says %v", got)
	}
}

func TestToolbarGetsNarrow(t *testing.T) {
	items := []*ToolItem{{Text: "Remote control", Icon: theme.IconRemoteControl}, {Text: "File transfer", Icon: theme.IconFileTransfer}, {Text: "Tunnel", Icon: theme.IconTunnel}}
	bar := NewToolbar(ToolbarOptions{Groups: [][]*ToolItem{items[:2], items[2:]}})
	s := newStage(t, nil)
	s.frame.SetContent(bar)
	state := func(width float32) (state string) {
		s.w.Resize(fyne.NewSize(width, 60))
		for _, it := range items {
			switch {
			case it.hidden:
				state += "-"
			case it.short:
				state += "i"
			default:
				state += "w"
			}
		}
		return state
	}
	equal(t, "wide", state(600), "www")
	equal(t, "narrower", state(330), "wwi")
	equal(t, "narrow", state(180), "iii")
	equal(t, "very narrow", state(100), "i--")
	if more := bar.moreItems(); len(more) != 2 || more[0].Text != "File transfer" || !bar.more.Visible() {
		t.Errorf("More has %v, visible %v", more, bar.more.Visible())
	}
	equal(t, "wide again", state(600), "www")
	equal(t, "More when wide", bar.more.Visible(), false)
}
