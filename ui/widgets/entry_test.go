package widgets

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

func TestEntryPassesKeysOn(t *testing.T) {
	var submitted []string
	e := NewEntry(EntryOptions{OnSubmitted: func(s string) { submitted = append(submitted, s) }})
	s := newStage(t, Row(8, e))
	FocusOn(e)
	s.enter("till-042")
	s.press(fyne.KeyLeft, fyne.KeyBackspace, fyne.KeyReturn)
	if !slices.Equal(submitted, []string{"till-02"}) {
		t.Errorf("submitted %v", submitted)
	}
	s.press(fyne.KeyA, fyne.KeySpace, desktop.KeyShiftLeft, fyne.KeyDown, fyne.KeyEscape, fyne.KeyF6)
	if !slices.Equal(s.unused, []fyne.KeyName{fyne.KeyDown, fyne.KeyEscape, fyne.KeyF6}) {
		t.Errorf("the frame got %v", s.unused)
	}
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	equal(t, "selected", e.SelectedText(), "till-02")
}

func TestEntrySizeAndRing(t *testing.T) {
	e := NewEntry(EntryOptions{})
	s := newStage(t, Row(8, e))
	equal(t, "height", e.MinSize().Height, 30)
	equal(t, "ring at rest", e.ring.Visible(), false)
	FocusOn(e)
	equal(t, "ring with focus", e.ring.Visible(), true)
	accent := e.ring.StrokeColor
	e.SetInvalid(true)
	if e.ring.StrokeColor == accent {
		t.Error("the ring of a wrong entry has the colour of a right one")
	}
	s.w.Canvas().Unfocus()
	equal(t, "ring of a wrong entry", e.ring.Visible(), true)
}

func TestPasswordIsShownAndHidden(t *testing.T) {
	e := NewEntry(EntryOptions{Password: true, Text: "correct horse"})
	s := newStage(t, Row(8, e))
	r := e.ActionItem.(*revealer)
	equal(t, "at first", e.Revealed(), false)
	r.Tapped(nil)
	equal(t, "after a click", e.Revealed(), true)
	equal(t, "focus goes to the text", s.w.Canvas().Focused() == fyne.Focusable(e), true)
	equal(t, "verb", r.verb(), "Hide password")
	e.TypedShortcut(revealKey())
	equal(t, "after the shortcut", e.Revealed(), false)
	e.SetDisabled("The Host asks for no password.")
	r.Tapped(nil)
	e.TypedShortcut(revealKey())
	equal(t, "while disabled", e.Revealed(), false)
}

func TestTabPassesTheEyeBy(t *testing.T) {
	first, second := NewEntry(EntryOptions{Password: true}), NewEntry(EntryOptions{Password: true})
	s := newStage(t, Row(8, first, second))
	FocusOn(first)
	s.enter("correct horse")
	s.press(fyne.KeyTab)
	equal(t, "Tab goes to the next entry", s.w.Canvas().Focused() == fyne.Focusable(second), true)
	equal(t, "the first is still hidden", first.Revealed(), false)
}

func port(e *Entry) func() string {
	return func() string {
		if e.Text == "6502" {
			return ""
		}
		return "Use a port from 1025 to 65535."
	}
}

// TestFieldValidates holds the rule: silent while typing first, judged when
// left or submitted, then with each change.
func TestFieldValidates(t *testing.T) {
	e := NewEntry(EntryOptions{})
	other := NewButton(ButtonOptions{Text: "Other"})
	f := NewField(FieldOptions{Label: "Port", Helper: "6502 is common", Control: e, Validate: port(e)})
	s := newStage(t, Col(8, f, other))
	FocusOn(e)
	s.press(fyne.KeyTab)
	equal(t, "left empty", f.Error(), "")
	FocusOn(e)
	s.enter("65")
	equal(t, "typing", f.Error(), "")
	FocusOn(other)
	equal(t, "left", f.Error(), "Use a port from 1025 to 65535.")
	equal(t, "line", f.line.Text(), "Use a port from 1025 to 65535.")
	equal(t, "entry looks wrong", e.invalid, true)
	FocusOn(e)
	e.CursorColumn = 2
	s.enter("02")
	equal(t, "typed right", f.Error(), "")
	equal(t, "line", f.line.Text(), "6502 is common")
	s.enter("9")
	equal(t, "typed wrong again", f.Error(), "Use a port from 1025 to 65535.")
}

func TestFieldForgetsAnswerFromElsewhere(t *testing.T) {
	e := NewEntry(EntryOptions{})
	f := NewField(FieldOptions{Label: "Host", Control: e})
	s := newStage(t, f)
	f.SetError("Nothing is called till-04 on this network.")
	FocusOn(e)
	equal(t, "focus", f.Error(), "Nothing is called till-04 on this network.")
	s.enter("2")
	equal(t, "typing", f.Error(), "")
}

func TestErrorOfABarTakesItsWidth(t *testing.T) {
	const wrong = "Nothing is called till-04 on this network. Check the spelling, or type the IP address."
	f := NewField(FieldOptions{Label: "Host", Above: true, Control: NewEntry(EntryOptions{})})
	newStage(t, f)
	f.SetError(wrong)
	f.Resize(fyne.NewSize(660, 100))
	equal(t, "lines where there is room", len(f.line.lines), 1)
	f.Resize(fyne.NewSize(300, 100))
	equal(t, "lines where there is none", len(f.line.lines), 2)
}

func TestFormGoesToFirstWrongField(t *testing.T) {
	good, bad, worse := NewEntry(EntryOptions{Text: "6502"}), NewEntry(EntryOptions{Text: "1"}), NewEntry(EntryOptions{})
	field := func(label string, e *Entry) *Field {
		return NewField(FieldOptions{Label: label, Control: e, Validate: port(e)})
	}
	first, second := field("Port", good), field("Receive port of the service", bad)
	form := NewForm(first, second, field("Other", worse), Indent(NewCheck(CheckOptions{Text: "x"})))
	s := newStage(t, form)
	equal(t, "check", form.Check(), false)
	equal(t, "focus", s.w.Canvas().Focused() == fyne.Focusable(bad), true)
	equal(t, "both wrong fields say so", second.Error() != "" && worse.invalid, true)
	equal(t, "one column", first.left(), first.column+12)
	bad.SetText("6502")
	worse.SetText("6502")
	equal(t, "check again", form.Check(), true)
}
