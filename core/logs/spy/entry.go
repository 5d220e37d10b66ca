package spy

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"impero/core/logs"
	"impero/core/logs/event"
)

// Entry is one line of a log.
type Entry struct {
	File    string     // where it is from; set by whoever reads several
	Time    time.Time  // UTC; zero if the line has none
	Level   logs.Level // NoLog if the line has none. An event is Info if it was done, Warning if denied, Error if it failed
	Module  string
	Session string // its number
	Text    string // what follows the level; printable
}

// timeForm is that of both kinds of log.
const timeForm = "2006-01-02T15:04:05.000000Z"

// Parse reads a line, without its newline. One that is of no log is text.
func Parse(line string) Entry {
	if e, ok := event.Parse([]byte(line)); ok {
		return ofEvent(e)
	}
	stamp, rest, _ := strings.Cut(line, " ")
	at, err := time.Parse(timeForm, stamp)
	word, text, _ := strings.Cut(rest, " ")
	level, wrong := logs.ParseLevel(word)
	if err != nil || wrong != nil || level == logs.NoLog {
		return Entry{Text: printable(line)}
	}
	e := Entry{Time: at, Level: level, Text: printable(text)}
	pairs(text, func(key, value string) {
		switch {
		case key == "module" && e.Module == "":
			e.Module = printable(value)
		case key == "session" && e.Session == "":
			e.Session = printable(value)
		}
	})
	return e
}

// pairs finds the key=value pairs of a line; one inside a quoted value is none.
func pairs(text string, found func(key, value string)) {
	for text != "" {
		end := strings.IndexAny(text, " =")
		if end < 0 {
			return
		}
		key, sign := text[:end], text[end]
		text = text[end+1:]
		if sign == ' ' {
			continue
		}
		if quoted, err := strconv.QuotedPrefix(text); err == nil && strings.HasPrefix(text, `"`) {
			value, _ := strconv.Unquote(quoted)
			found(key, value)
			text = strings.TrimPrefix(text[len(quoted):], " ")
			continue
		}
		value, rest, _ := strings.Cut(text, " ")
		found(key, value)
		text = rest
	}
}

func ofEvent(e event.Event) Entry {
	level := logs.Info
	switch e.Outcome {
	case event.Denied:
		level = logs.Warning
	case event.Failed:
		level = logs.Error
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s", e.Code, e.Code.Words())
	for _, pair := range [][2]string{{"host", e.Host}, {"who", e.Who}, {"way", e.Way}, {"what", e.What}} {
		if pair[1] != "" {
			fmt.Fprintf(&text, " %s=%s", pair[0], strconv.Quote(pair[1]))
		}
	}
	entry := Entry{Time: e.Time, Level: level, Module: string(logs.Events), Text: printable(text.String())}
	if e.Session != 0 {
		entry.Session = strconv.FormatUint(uint64(e.Session), 10)
	}
	return entry
}

// String is the entry as a line: time, level, text. Several files are told apart by their name in front.
func (e Entry) String() string {
	text := e.Text
	if e.Level != logs.NoLog {
		text = e.Time.Format(timeForm) + " " + e.Level.String() + " " + text
	}
	if e.File != "" {
		text = e.File + ": " + text
	}
	return text
}

// printable escapes what a terminal would obey or not show.
func printable(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return text
	}
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// Filter says which entries are shown. The zero value shows all.
type Filter struct {
	Level   logs.Level // the most detailed; NoLog for every one
	Module  string
	Session string
	Text    string // anywhere in the line, in capitals or not
}

// Shows says whether an entry passes. One without a level passes every level.
func (f Filter) Shows(e Entry) bool {
	return (f.Level == logs.NoLog || e.Level <= f.Level) &&
		(f.Module == "" || strings.EqualFold(f.Module, e.Module)) &&
		(f.Session == "" || f.Session == e.Session) &&
		(f.Text == "" || strings.Contains(strings.ToLower(e.String()), strings.ToLower(f.Text)))
}
