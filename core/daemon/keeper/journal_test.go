package keeper

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"impero/core/logs/event"
)

// TestTheLogSaysWhoSwitchedItOff: whatever is written from then on, the file that was written until now has the change.
func TestTheLogSaysWhoSwitchedItOff(t *testing.T) {
	dir := t.TempDir()
	name, other := filepath.Join(dir, "a.nlg"), filepath.Join(dir, "b.nlg")
	all := event.Set{event.Configured: true, event.ServiceBegun: true, event.ServiceEnded: true}
	for what, next := range map[string]journalSettings{
		"off": {name: name, codes: all}, "another file": {on: true, name: other, codes: all}, "without changes": {on: true, name: name, codes: event.Set{event.ServiceBegun: true}},
	} {
		t.Run(what, func(t *testing.T) {
			os.Remove(name)
			os.Remove(other)
			j, err := openJournal("till", journalSettings{on: true, name: name, codes: all}, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			j.events.Record(event.Event{Code: event.ServiceBegun, What: "first"})
			if err := j.configure(next); err != nil {
				t.Fatal(err)
			}
			j.events.Record(event.Event{Code: event.Configured, What: "by eve"})
			j.events.Record(event.Event{Code: event.ServiceEnded, What: "after"})
			if err := j.end(); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for word, want := range map[string]bool{"first": true, "by eve": true, "after": false} {
				if strings.Contains(string(text), word) != want {
					t.Errorf("%q: %v, in\n%s", word, !want, text)
				}
			}
			if now, err := os.ReadFile(other); next.name == other && (err != nil || !strings.Contains(string(now), "after")) {
				t.Errorf("the new file: %v\n%s", err, now)
			}
		})
	}
}

// TestAChangeThatFailedLeavesTheLog: the file that was to be left is written on.
func TestAChangeThatFailedLeavesTheLog(t *testing.T) {
	dir := t.TempDir()
	set := event.Set{event.ServiceBegun: true}
	was := journalSettings{on: true, name: filepath.Join(dir, "a.nlg"), codes: set}
	j, err := openJournal("till", was, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []journalSettings{{name: was.name}, was, {on: true, name: filepath.Join(dir, "b.nlg"), codes: set}, was} {
		if err := j.configure(s); err != nil {
			t.Fatal(err)
		}
	}
	j.events.Record(event.Event{Code: event.ServiceBegun, What: "goes on"})
	if err := j.end(); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(was.name); err != nil || !strings.Contains(string(text), "goes on") {
		t.Errorf("%v\n%s", err, text)
	}
}
