package widgets

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"impero/ui/theme"
)

func TestFrameMinSizeAndFocus(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.Fixed(fynetheme.VariantLight))
	w := test.NewWindow(nil)
	defer w.Close()
	e := NewEntry(EntryOptions{})
	f := NewFrame(FrameOptions{MinSize: fyne.NewSize(860, 520), Content: Row(8, e), Status: NewStatusBar(), Focus: e})
	f.Attach(w)
	equal(t, "least size", f.MinSize(), fyne.NewSize(860, 520))
	equal(t, "focus", w.Canvas().Focused() == fyne.Focusable(e), true)
}

// TestFrameUnderMenuBar holds that parts stand on whole units under a menu bar
// that is 23.7 high.
func TestFrameUnderMenuBar(t *testing.T) {
	status := NewStatusBar()
	text := NewText("content", TextOptions{})
	s := newStage(t, nil)
	f := NewFrame(FrameOptions{HasMenu: true, Content: text, Status: status})
	s.w.SetContent(f)
	f.Resize(fyne.NewSize(300, 200))
	f.Move(fyne.NewPos(0, 23.7))
	if y := f.Position().Y + text.Position().Y; frac(y) || up(y) != 25 {
		t.Errorf("the content stands at %g", y)
	}
}

func TestFrameBannerAndBars(t *testing.T) {
	tools, status, content := NewToolbar(ToolbarOptions{}), NewStatusBar(), NewLabel("content")
	s := newStage(t, nil)
	f := NewFrame(FrameOptions{Toolbar: tools, Status: status, Content: content})
	f.Attach(s.w)
	s.w.Resize(fyne.NewSize(300, 200))
	equal(t, "content", content.Position().Y, 41)
	f.SetBanner(NewBanner(BannerOptions{Tone: Warning, Text: "View only"}))
	equal(t, "content under a banner", content.Position().Y, 79)
	f.SetBanner(nil)
	f.SetBars(false)
	equal(t, "content without bars", content.Position().Y, 0)
	equal(t, "its height", content.Size().Height, 200)
}

// TestThemeChangesAtRunTime holds that every kind of drawing asks for its
// colours again.
func TestThemeChangesAtRunTime(t *testing.T) {
	b := NewButton(ButtonOptions{Text: "Connect", Icon: theme.IconPlug, Importance: Primary})
	e := NewEntry(EntryOptions{})
	text := NewText("words", TextOptions{})
	h := newHosts(3, TableOptions{})
	newStage(t, Col(8, b, e, text, Grow(h.Table)))
	h.Select(1)
	look := func() [6]any {
		row := h.body.row(1)
		return [6]any{b.ground.FillColor, b.icon.img.Resource.Name(), e.edge.StrokeColor, text.lines[0].Color, row.back.FillColor, row.cells[0].text.Color}
	}
	light := look()
	fyne.CurrentApp().Settings().SetTheme(theme.Fixed(fynetheme.VariantDark))
	dark := look()
	for i := range light {
		if light[i] == dark[i] {
			t.Errorf("part %d is %v in both variants", i, light[i])
		}
	}
	equal(t, "ground of a primary button", dark[0], any(theme.Color(theme.Accent)))
}

func TestRowSharesRoom(t *testing.T) {
	newStage(t, nil)
	narrow, wide := NewButton(ButtonOptions{Text: "a"}), NewButton(ButtonOptions{MinWidth: 200, Text: "b"})
	row := Row(10, Grow(narrow), Grow(wide))
	row.Resize(fyne.NewSize(510, 30))
	equal(t, "equal shares", narrow.Size().Width, 250)
	equal(t, "equal shares", wide.Size().Width, 250)
	row.Resize(fyne.NewSize(310, 30))
	equal(t, "what the other leaves", narrow.Size().Width, 100)
	equal(t, "its least", wide.Size().Width, 200)
	text := NewText("one two three four five six seven eight nine ten eleven twelve", TextOptions{Wrap: true})
	under := NewButton(ButtonOptions{Text: "under"})
	col := Col(8, text, under)
	col.Resize(fyne.NewSize(100, 400))
	if n := len(text.lines); n < 4 || under.Position().Y != text.heightFor(100)+8 {
		t.Errorf("%d lines, the part under them at %g", n, under.Position().Y)
	}
	equal(t, "height for a width", heightFor(col, 100), text.heightFor(100)+8+30)
}

func TestCardWrapsItsTitle(t *testing.T) {
	c := NewCard(CardOptions{Title: "Fingerprint of " + strings.Repeat("long-name-", 12), Groups: "7K2M Q4TX 9HDA R3WC", OnCopy: func() {}})
	s := newStage(t, c)
	s.w.Resize(fyne.NewSize(500, 300))
	b := c.CopyButton()
	if right := absolute(b).X + b.Size().Width; right > absolute(c).X+c.Size().Width {
		t.Errorf("the Copy button ends at %v of %v", right, c.Size().Width)
	}
	short := NewCard(CardOptions{Title: "Fingerprint of till", Groups: "7K2M Q4TX 9HDA R3WC", OnCopy: func() {}})
	if c.heightFor(500) <= short.heightFor(500) {
		t.Error("the title does not wrap")
	}
}

func TestTextBreaks(t *testing.T) {
	newStage(t, nil)
	long := "The Host was installed again or got a new identity, and someone can confirm that. Or another machine answers in its place."
	text := NewText(long, TextOptions{Wrap: true})
	text.Resize(fyne.NewSize(2000, 100))
	for _, l := range text.lines {
		if n := len([]rune(l.Text)); n > theme.WrapColumns {
			t.Errorf("a line has %d characters", n)
		}
	}
	for _, c := range []struct {
		text  string
		width float32
		lines int
	}{{"", 50, 1}, {"one\n\ntwo", 500, 3}, {"Donaudampfschifffahrtsgesellschaft", 60, 4}, {"é", 1, 1}} {
		if got := breakLines(c.text, c.width, theme.WrapColumns, 13, fyne.TextStyle{}); len(got) != c.lines {
			t.Errorf("%q in %g gives %q", c.text, c.width, got)
		}
	}
}

func TestFramePromisesNoMoreThanTheRoom(t *testing.T) {
	newStage(t, nil)
	var room fyne.Size
	f := NewFrame(FrameOptions{MinSize: fyne.NewSize(860, 520), Content: Sized(300, 200, Spacer()), Room: func() fyne.Size { return room }})
	for _, c := range []struct{ room, want fyne.Size }{
		{fyne.Size{}, fyne.NewSize(860, 520)}, // not known
		{fyne.NewSize(1000, 1000), fyne.NewSize(860, 520)},
		{fyne.NewSize(853, 453), fyne.NewSize(853, 453)},
		{fyne.NewSize(100, 100), fyne.NewSize(300, 200)},
	} {
		if room = c.room; f.MinSize() != c.want {
			t.Errorf("in %v the least is %v, not %v", room, f.MinSize(), c.want)
		}
	}
	room = fyne.NewSize(853, 453)
	if f.Move(fyne.NewPos(0, 24.7)); f.MinSize() != fyne.NewSize(853, 428) {
		t.Errorf("under a menu the least is %v", f.MinSize())
	}
}

// What lies over the content of a window is told, each time it changes.
func TestFrameTellsWhatLiesOverIt(t *testing.T) {
	s := newStage(t, NewButton(ButtonOptions{Text: "Under"}))
	var over []bool
	var tips []bool
	s.frame.o.OnOverlay = func(on bool) { over = append(over, on) }
	s.frame.layer.changed = func() { tips = append(tips, s.frame.Tip().Visible()) }
	m := ShowMenu(s.frame.Content(), fyne.NewPos(10, 10), []MenuItem{{Text: "Item"}})
	d := NewDialog(DialogOptions{Title: "Dialog"})
	d.Open(s.w.Canvas())
	d.Close()
	m.Close()
	m.Close()
	if want := []bool{true, true, true, false}; !slices.Equal(over, want) {
		t.Errorf("told %v, not %v", over, want)
	}
	clock := &fakeClock{at: time.Unix(0, 0)}
	s.frame.layer.clock = clock.clock()
	s.frame.layer.rest(s.frame.Content(), tip{text: "says"}, 10)
	clock.pass(tipDelay)
	s.frame.layer.gone()
	s.frame.layer.gone()
	if want := []bool{true, false}; !slices.Equal(tips, want) {
		t.Errorf("of tips was told %v, not %v", tips, want)
	}
}
