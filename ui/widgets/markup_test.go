package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"impero/ui/theme"
)

// TestMarkup compares what a few windows draw with testdata/*.xml. A test that
// fails leaves what it drew in testdata/failed; look at it and move it up when
// the change is meant.
func TestMarkup(t *testing.T) {
	for _, c := range []struct {
		name string
		size fyne.Size
		make func(s *stage)
	}{
		{"table", fyne.NewSize(480, 160), func(s *stage) {
			h := newHosts(3, TableOptions{Multi: true})
			s.frame.SetContent(h.Table)
			FocusOn(h.Table)
			s.press(fyne.KeyDown)
		}},
		{"dialog", fyne.NewSize(520, 300), func(s *stage) { newAnswer(false, "entry").d.Open(s.w.Canvas()) }},
		{"field", fyne.NewSize(360, 120), func(s *stage) {
			f := NewField(FieldOptions{Label: "Port", Control: NewEntry(EntryOptions{Text: "650"})})
			f.SetError("650 is too low. Use a port from 1025 to 65535.")
			s.frame.SetContent(Inset(10, 10, 10, 10, f))
		}},
		{"menu", fyne.NewSize(320, 200), func(s *stage) {
			ShowMenu(s.frame, fyne.NewPos(20, 20), []MenuItem{{Text: "Remote control", Icon: theme.IconRemoteControl, Shortcut: "Enter"},
				MenuSeparator(), {Text: "Delete…", Shortcut: "Del", Disabled: "Nothing is selected."}})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t, nil)
			s.w.Resize(c.size)
			c.make(s)
			test.AssertRendersToMarkup(t, c.name+".xml", s.w.Canvas())
		})
	}
}
