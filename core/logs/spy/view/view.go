// Package view shows logs in a terminal, with filters that are chosen while they grow. [Run] is all there is to call; the screen
// itself is a value that keys and entries change, so that it is tested without a terminal.
package view

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"impero/core/logs/spy"
)

// gather is how often new entries come to the screen.
const gather = 150 * time.Millisecond

// Run shows the files until the person or ctx ends it. The error is that of reading them, or of the terminal.
func Run(ctx context.Context, files []string, filter spy.Filter) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in := &intake{}
	var reading sync.WaitGroup
	var failed error
	reading.Go(func() {
		failed = spy.Watch(ctx, files, true, in.put)
		if failed != nil {
			in.say(failed.Error())
		}
	})
	_, err := tea.NewProgram(newScreen(files, filter, in.take), tea.WithAltScreen(), tea.WithContext(ctx)).Run()
	cancel()
	reading.Wait()
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, context.Canceled) {
		err = nil
	}
	return errors.Join(err, failed)
}

// intake gathers entries between two looks at them.
type intake struct {
	mu      sync.Mutex
	entries []spy.Entry
	trouble string
}

func (i *intake) put(e spy.Entry) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.entries = append(i.entries, e)
}

func (i *intake) say(trouble string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.trouble = trouble
}

func (i *intake) take() (entries []spy.Entry, trouble string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	entries, i.entries = i.entries, nil
	return entries, i.trouble
}

// maxEntries is how many entries are held, the newest: about 100 MB of usual lines.
const maxEntries = 300_000

// arrived brings new entries to the screen.
type arrived struct {
	entries []spy.Entry
	trouble string
}

// Init begins to look for entries.
func (s screen) Init() tea.Cmd { return s.wait(time.Millisecond) }

func (s screen) wait(d time.Duration) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg {
		entries, trouble := s.source()
		return arrived{entries, trouble}
	})
}

// add takes entries in, in the order of their time; those without one stay after the one before.
func (s *screen) add(entries []spy.Entry) {
	if len(entries) == 0 {
		return
	}
	last := time.Time{}
	if n := len(s.entries); n > 0 {
		last = s.entries[n-1].Time
	}
	sorted := true
	for i := range entries {
		if entries[i].Time.IsZero() {
			entries[i].Time = last
		}
		sorted = sorted && !entries[i].Time.Before(last)
		last = entries[i].Time
	}
	s.entries = append(s.entries, entries...)
	if !sorted {
		slices.SortStableFunc(s.entries, func(a, b spy.Entry) int { return a.Time.Compare(b.Time) })
	}
	if over := len(s.entries) - maxEntries; over > 0 {
		s.entries = append([]spy.Entry(nil), s.entries[over:]...)
		sorted = false
	}
	if sorted {
		for i := len(s.entries) - len(entries); i < len(s.entries); i++ {
			if s.filter.Shows(s.entries[i]) {
				s.shown = append(s.shown, i)
			}
		}
		return
	}
	s.refilter()
}

// refilter finds what the filter shows.
func (s *screen) refilter() {
	s.shown = s.shown[:0]
	for i, e := range s.entries {
		if s.filter.Shows(e) {
			s.shown = append(s.shown, i)
		}
	}
}
