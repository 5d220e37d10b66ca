package view

import (
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"impero/core/logs"
	"impero/core/logs/spy"
)

// lines are entries of a Host's log.
func lines(n int) []spy.Entry {
	var all []spy.Entry
	for i := range n {
		level := []string{"info", "warning", "error", "debug"}[i%4]
		all = append(all, spy.Parse(fmt.Sprintf("2026-01-02T03:04:%02d.%06dZ %s line %d module=%s session=%d", i/1000%60, i%1000, level, i, []string{"gate", "host"}[i%2], i%3)))
	}
	return all
}

func started(entries []spy.Entry) screen {
	s := newScreen([]string{"a.log"}, spy.Filter{}, func() ([]spy.Entry, string) { return nil, "" })
	s.plain = true
	return after(s, tea.WindowSizeMsg{Width: 70, Height: 12}, arrived{entries: entries})
}

func after(s screen, messages ...tea.Msg) screen {
	for _, m := range messages {
		next, _ := s.Update(m)
		s = next.(screen)
	}
	return s
}

// keys are presses; a word is a key's name, or text.
func keys(words ...string) (all []tea.Msg) {
	named := map[string]tea.KeyType{"enter": tea.KeyEnter, "esc": tea.KeyEsc, "up": tea.KeyUp, "pgup": tea.KeyPgUp, "home": tea.KeyHome, "end": tea.KeyEnd,
		"right": tea.KeyRight, "left": tea.KeyLeft, "backspace": tea.KeyBackspace, "down": tea.KeyDown}
	for _, word := range words {
		if k, ok := named[word]; ok {
			all = append(all, tea.KeyMsg{Type: k})
			continue
		}
		for _, r := range word {
			all = append(all, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
		}
	}
	return all
}

func TestScreenFollowsAndMoves(t *testing.T) {
	s := started(lines(100))
	view := s.View()
	if rows := strings.Split(view, "\n"); len(rows) != 12 || !strings.Contains(rows[10], "line 99 ") || !strings.Contains(rows[0], "100 of 100 lines · following") {
		t.Errorf("the screen is\n%s", view)
	}
	if usual := after(s, tea.WindowSizeMsg{Width: 80, Height: 24}).View(); !strings.HasSuffix(strings.TrimRight(usual, " "), "Esc all") {
		t.Errorf("not all keys fit in the usual terminal:\n%s", usual)
	}
	s = after(s, keys("up")...)
	s = after(s, arrived{entries: lines(101)[100:]})
	if view := s.View(); strings.Contains(view, "line 99 ") || strings.Contains(view, "following") || !strings.Contains(view, "of 101 lines") {
		t.Errorf("after Up it is\n%s", view)
	}
	if view := after(s, keys("end")...).View(); !strings.Contains(view, "line 100 ") || !strings.Contains(view, "following") {
		t.Errorf("after End it is\n%s", view)
	}
	if view := after(s, keys("home", "up", "pgup")...).View(); !strings.Contains(view, "line 0 ") {
		t.Errorf("after Home it is\n%s", view)
	}
	if view := after(s, keys("right", "right")...).View(); strings.Contains(view, "2026-01") || !strings.Contains(view, "module=") {
		t.Errorf("to the right it is\n%s", view)
	}
}

func TestScreenFilters(t *testing.T) {
	s := started(lines(100))
	for what, c := range map[string]struct {
		keys []string
		says string
	}{
		"level":     {[]string{"lll"}, "50 of 100 lines · following · level warning"}, // once more for each from critical on
		"module":    {[]string{"m", "gate", "enter"}, `50 of 100 lines · following · module "gate"`},
		"session":   {[]string{"s", "2", "enter"}, `33 of 100 lines · following · session "2"`},
		"text":      {[]string{"/", "LINE 99", "enter"}, `1 of 100 lines · following · text "LINE 99"`},
		"left":      {[]string{"m", "gate", "esc"}, "100 of 100 lines · following"},
		"corrected": {[]string{"m", "gatx", "backspace", "e", "enter"}, `module "gate"`},
		"cleared":   {[]string{"m", "gate", "enter", "l", "c"}, "100 of 100 lines · following "},
		"escaped":   {[]string{"m", "gate", "enter", "l", "esc"}, "100 of 100 lines · following "},
		"kept":      {[]string{"m", "gate", "enter", "s", "2", "esc"}, `50 of 100 lines · following · module "gate" `},
	} {
		if view := after(s, keys(c.keys...)...).View(); !strings.Contains(strings.Split(view, "\n")[0]+" ", c.says) {
			t.Errorf("%s: the screen is\n%s", what, view)
		}
	}
	if view := after(s, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("llmgate")}).View(); !strings.Contains(view, "level error") || !strings.Contains(view, ": gate_") {
		t.Errorf("keys that came at once make\n%s", view)
	}
	gate := after(s, keys("m", "gate", "enter")...)
	if view := after(gate, arrived{entries: lines(102)[100:]}).View(); !strings.Contains(view, "51 of 102") {
		t.Errorf("with two more lines it is\n%s", view)
	}
}

func TestScreenEnds(t *testing.T) {
	s := started(nil)
	for _, m := range append(keys("q"), tea.KeyMsg{Type: tea.KeyCtrlC}) {
		if _, next := s.Update(m); next == nil || next() != tea.Quit() {
			t.Errorf("%v does not end it", m)
		}
	}
	asking := after(s, keys("m")...)
	if _, next := asking.Update(keys("q")[0]); next != nil {
		t.Error("q in an answer ends it")
	}
	for _, s := range []screen{s, asking, after(s, keys("l")...)} {
		if _, next := s.Update(keys("esc")[0]); next != nil {
			t.Error("Esc ends it, from", s.View())
		}
	}
}

// TestScreenOrdersSeveralFiles: entries of one may come after later ones of another.
func TestScreenOrdersSeveralFiles(t *testing.T) {
	all := lines(4)
	s := after(started(all[2:]), arrived{entries: []spy.Entry{all[0], {Text: "of the same record"}, all[1]}})
	view := s.View()
	zero, same, one, two := strings.Index(view, "line 0 "), strings.Index(view, "of the same record"), strings.Index(view, "line 1 "), strings.Index(view, "line 2 ")
	if zero < 0 || same < zero || one < same || two < one {
		t.Errorf("the screen is\n%s", view)
	}
	if s.entries[0].Level != logs.Info {
		t.Error("levels")
	}
}

// TestScreenFits: no size makes it larger than the terminal, or fail.
func TestScreenFits(t *testing.T) {
	s := started(lines(30))
	for _, size := range [][2]int{{0, 0}, {1, 1}, {3, 3}, {200, 60}} {
		view := after(s, tea.WindowSizeMsg{Width: size[0], Height: size[1]}).View()
		if rows := strings.Count(view, "\n") + 1; rows > max(3, size[1]) {
			t.Errorf("%v has %d rows", size, rows)
		}
	}
}
