package logs

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"
	"unicode/utf8"
)

// Limits of one line. Longer texts are cut, with a note of how much is gone:
// a peer that sends a megabyte for a name costs a line, not the disk.
const (
	maxText = 4 << 10  // bytes of one message or value, before escaping
	maxLine = 64 << 10 // bytes of one line; pairs beyond it are left out
)

// timeForm is RFC 3339 with microseconds that are always there, so that lines
// sort as text.
const timeForm = "2006-01-02T15:04:05.000000Z"

// handler writes records as lines. It is immutable: WithAttrs and WithGroup
// return new ones that write to the same log.
type handler struct {
	log    *Log
	module Module // empty for none
	pairs  []byte // formatted pairs of WithAttrs, each with a space before it
	prefix string // of keys, from WithGroup: "a.b."
}

// Enabled reports whether any destination wants the level.
func (h *handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.log.plan.Load().wanted(h.module).Level()
}

// Handle writes one record as one line.
func (h *handler) Handle(_ context.Context, record slog.Record) error {
	line := make([]byte, 0, 256)
	if !record.Time.IsZero() { // slog's contract: a record may have none
		line = record.Time.UTC().AppendFormat(line, timeForm)
		line = append(line, ' ')
	}
	text := len(line)
	line = append(line, nameOf(record.Level)...)
	line = append(line, ' ')
	line = appendMessage(line, record.Message)
	if h.module != "" {
		line = appendAttr(line, "", slog.String(moduleKey, string(h.module)))
	}
	line = append(line, h.pairs...)
	record.Attrs(func(attr slog.Attr) bool {
		line = appendAttr(line, h.prefix, attr)
		return true
	})
	return h.log.write(h.module, record.Level, append(line, '\n'), text)
}

// WithAttrs returns a handler whose lines all hold attrs. One called module, outside of groups, is the records' module;
// the last one counts.
func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *h
	with.pairs = append([]byte(nil), h.pairs...)
	for _, attr := range attrs {
		if attr.Key == moduleKey && h.prefix == "" && attr.Value.Kind() == slog.KindString {
			with.module = Module(attr.Value.String())
			continue
		}
		with.pairs = appendAttr(with.pairs, h.prefix, attr)
	}
	return &with
}

// WithGroup returns a handler that puts "name." before the keys that follow.
func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	with := *h
	with.prefix += name + "."
	return &with
}

// appendAttr appends " key=value", or the pairs of a group. An empty Attr is
// left out, as slog's contract says.
func appendAttr(line []byte, prefix string, attr slog.Attr) []byte {
	value := attr.Value.Resolve()
	if attr.Key == "" && value.Kind() != slog.KindGroup && value.Any() == nil {
		return line
	}
	if value.Kind() == slog.KindGroup {
		if attr.Key != "" {
			prefix += attr.Key + "."
		}
		for _, inner := range value.Group() {
			line = appendAttr(line, prefix, inner)
		}
		return line
	}
	if len(line) > maxLine {
		return line
	}
	line = append(line, ' ')
	line = appendWord(line, prefix+attr.Key)
	line = append(line, '=')
	return appendWord(line, text(value))
}

// text is a value in words. Values of other types say themselves what may be
// shown of them (String, Error): a key shows its fingerprint, a secret nothing.
func text(value slog.Value) string {
	switch value.Kind() {
	case slog.KindTime:
		return value.Time().UTC().Format(time.RFC3339Nano)
	case slog.KindAny:
		if bytes, ok := value.Any().([]byte); ok {
			return fmt.Sprintf("%d bytes", len(bytes))
		}
		return fmt.Sprintf("%+v", value.Any())
	default:
		return value.String()
	}
}

// appendMessage appends a message with everything escaped that could end the
// line or steer a terminal. Messages are constant texts, so this is rare.
func appendMessage(line []byte, message string) []byte {
	message, cut := bound(message)
	if printable(message) {
		line = append(line, message...)
	} else {
		quoted := strconv.Quote(message)
		line = append(line, quoted[1:len(quoted)-1]...)
	}
	return append(line, cut...)
}

// appendWord appends a key or a value: as it is if it is one plain word, else
// quoted and escaped as in Go. What is not printable, including the signs that
// turn the direction of writing, is always escaped.
func appendWord(line []byte, word string) []byte {
	word, cut := bound(word)
	if plain(word) {
		line = append(line, word...)
	} else {
		line = strconv.AppendQuote(line, word)
	}
	return append(line, cut...)
}

// bound cuts a text to maxText and says how much is gone.
func bound(word string) (kept, cut string) {
	if len(word) <= maxText {
		return word, ""
	}
	end := maxText
	for end > maxText-utf8.UTFMax && !utf8.RuneStart(word[end]) {
		end--
	}
	return word[:end], fmt.Sprintf("(+%d bytes)", len(word)-end)
}

func printable(word string) bool {
	for _, r := range word {
		if !strconv.IsPrint(r) {
			return false
		}
	}
	return utf8.ValidString(word) // a replacement character that somebody wrote is one like others
}

func plain(word string) bool {
	for _, r := range word {
		if r == ' ' || r == '"' || r == '=' {
			return false
		}
	}
	return word != "" && printable(word)
}
