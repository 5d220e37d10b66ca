package view

import (
	"fmt"
	"os"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"impero/core/logs"
	"impero/core/logs/spy"
)

// screen is what the person sees.
type screen struct {
	files         []string
	source        func() ([]spy.Entry, string)
	filter        spy.Filter
	entries       []spy.Entry
	shown         []int // of entries
	top, left     int   // of shown, and columns
	follow        bool  // the newest entry is at the bottom
	asks          string
	answer        string
	width, height int
	trouble       string
	plain         bool // no colours
}

// What a prompt asks for.
const (
	askModule  = "module"
	askSession = "session"
	askText    = "text"
)

func newScreen(files []string, filter spy.Filter, source func() ([]spy.Entry, string)) screen {
	return screen{files: files, source: source, filter: filter, follow: true, width: 80, height: 24, plain: os.Getenv("NO_COLOR") != ""}
}

// rows is how many entries fit: the title and the line of keys take two.
func (s *screen) rows() int { return max(1, s.height-2) }

// Update takes a key, a size or new entries.
func (s screen) Update(m tea.Msg) (tea.Model, tea.Cmd) {
	var next tea.Cmd
	switch m := m.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = m.Width, m.Height
	case arrived:
		s.add(m.entries)
		s.trouble = m.trouble
		next = s.wait(gather)
	case tea.KeyMsg:
		if s.press(m) {
			return s, tea.Quit
		}
	}
	s.settle()
	return s, next
}

// press takes a key, or several that came at once, and says whether one of them ends the program.
func (s *screen) press(m tea.KeyMsg) (quit bool) {
	switch {
	case m.Type == tea.KeyCtrlC:
		return true
	case m.Type == tea.KeyRunes && len(m.Runes) > 1:
		for _, r := range m.Runes {
			if s.press(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}) {
				return true
			}
		}
		return false
	case s.asks != "":
		s.edit(m)
		return false
	}
	return s.key(m.String())
}

// settle keeps the place within what is shown.
func (s *screen) settle() {
	last := max(0, len(s.shown)-s.rows())
	if s.follow {
		s.top = last
	}
	s.top = max(0, min(s.top, last))
	s.left = max(0, s.left)
}

// key does what a key is for, and says whether it ends the program.
func (s *screen) key(key string) (quit bool) {
	move := map[string]int{"up": -1, "k": -1, "down": 1, "j": 1, "pgup": -s.rows(), "pgdown": s.rows(), " ": s.rows(), "home": -len(s.shown)}
	if by, moves := move[key]; moves {
		s.top += by
		s.follow = false
		return false
	}
	switch key {
	case "q":
		return true
	case "end", "f":
		s.follow = key == "end" || !s.follow
	case "right":
		s.left += 20
	case "left":
		s.left -= 20
	case "l":
		s.filter.Level = s.filter.Level%logs.Trace + 1 // critical to trace, and again
		s.refilter()
	case "m":
		s.asks, s.answer = askModule, s.filter.Module
	case "s":
		s.asks, s.answer = askSession, s.filter.Session
	case "/", "t":
		s.asks, s.answer = askText, s.filter.Text
	case "c", "esc":
		s.filter = spy.Filter{}
		s.refilter()
	}
	return false
}

// edit takes a key of an answer. Enter takes it, Esc leaves the filter as it was.
func (s *screen) edit(key tea.KeyMsg) {
	switch key.Type {
	case tea.KeyEsc:
		s.asks = ""
	case tea.KeyBackspace:
		runes := []rune(s.answer)
		s.answer = string(runes[:max(0, len(runes)-1)])
	case tea.KeyCtrlU:
		s.answer = ""
	case tea.KeyRunes, tea.KeySpace:
		if len(s.answer) < 200 {
			s.answer += string(key.Runes)
		}
	case tea.KeyEnter:
		*map[string]*string{askModule: &s.filter.Module, askSession: &s.filter.Session, askText: &s.filter.Text}[s.asks] = strings.TrimSpace(s.answer)
		s.asks = ""
		s.refilter()
	}
}

// View draws the screen.
func (s screen) View() string {
	var out strings.Builder
	out.WriteString(s.bar(s.title()))
	for row := range s.rows() {
		out.WriteByte('\n')
		if at := s.top + row; at < len(s.shown) {
			out.WriteString(s.line(s.entries[s.shown[at]]))
		}
	}
	out.WriteByte('\n')
	out.WriteString(s.bar(s.bottom()))
	return out.String()
}

func (s *screen) title() string {
	what := fmt.Sprintf("%d logs", len(s.files))
	if len(s.files) == 1 {
		what = s.files[0]
	}
	state := ""
	if s.follow {
		state = " · following"
	}
	text := fmt.Sprintf(" DTLSpy  %s  %d of %d lines%s%s", what, len(s.shown), len(s.entries), state, s.chosen())
	if s.trouble != "" {
		text += " · " + s.trouble
	}
	return strings.ReplaceAll(text, "\n", "; ")
}

// chosen names the filters that are on.
func (s *screen) chosen() string {
	text := ""
	if s.filter.Level != logs.NoLog {
		text += " · level " + s.filter.Level.String()
	}
	for _, f := range [][2]string{{askModule, s.filter.Module}, {askSession, s.filter.Session}, {askText, s.filter.Text}} {
		if f[1] != "" {
			text += fmt.Sprintf(" · %s %q", f[0], f[1])
		}
	}
	return text
}

func (s *screen) bottom() string {
	if s.asks != "" {
		return fmt.Sprintf(" Only lines with this %s (empty: all): %s_   Enter  Esc", s.asks, s.answer)
	}
	return " q end  ↑↓←→ PgUp PgDn  f follow  l level  m module  s session  / text  Esc all"
}

// bar is a line in inverse colours, over the whole width.
func (s *screen) bar(text string) string {
	text = ansi.Truncate(text, s.width, "…")
	text += strings.Repeat(" ", max(0, s.width-ansi.StringWidth(text)))
	if s.plain {
		return text
	}
	return "\x1b[7m" + text + "\x1b[0m"
}

// colours of levels; others have the terminal's own.
var colours = map[logs.Level]string{logs.Critical: "\x1b[1;31m", logs.Error: "\x1b[31m", logs.Warning: "\x1b[33m", logs.Debug: "\x1b[2m", logs.Trace: "\x1b[2m"}

func (s *screen) line(e spy.Entry) string {
	text := e.String()
	if s.left > 0 {
		text = ansi.TruncateLeft(text, s.left, "…")
	}
	text = ansi.Truncate(text, s.width, "…")
	if colour := colours[e.Level]; colour != "" && !s.plain {
		return colour + text + "\x1b[0m"
	}
	return text
}
