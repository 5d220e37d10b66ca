package keeper

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"impero/core/logs/event"
)

// journalSettings say where events are written, and which.
type journalSettings struct {
	on     bool
	name   string // of the file
	codes  event.Set
	naming event.Naming
}

// journal is the event log with its file, which may change while events come. It is the log's one Sink.
type journal struct {
	events *event.Log
	log    *slog.Logger
	host   string
	cancel context.CancelFunc
	done   chan error

	mu     sync.Mutex // guards what follows
	is     journalSettings
	file   *event.File // nil if nothing is written
	former *parting    // nil if that is written as before
}

// parting is a file that is written no more, once it has who had that so.
type parting struct {
	is   journalSettings
	file *event.File
}

// wants says whether a file of these settings gets an event. What changes the configuration, and with it this, it gets always.
func (s journalSettings) wants(e event.Event, file *event.File) bool {
	return (s.codes.Has(e.Code) || e.Code == event.Configured) && e.Sequence > file.Last()
}

// openJournal begins the event log of a Host of that name; end ends it.
func openJournal(host string, s journalSettings, log *slog.Logger) (*journal, error) {
	ctx, cancel := context.WithCancel(context.Background())
	j := &journal{log: log, host: host, cancel: cancel, done: make(chan error, 1)}
	j.events = event.New(event.Options{
		Host: host, Naming: s.naming, Log: log,
		Consumers: []event.Consumer{{Name: "the local event log", Sink: j}},
	})
	if err := j.configure(s); err != nil {
		cancel()
		return nil, err
	}
	go func() { j.done <- j.events.Run(ctx) }()
	return j, nil
}

// configure changes what is written and where to. If it fails, nothing has changed. A file that is left gets events up to
// the one that says who changed the configuration.
func (j *journal) configure(s journalSettings) error {
	j.mu.Lock()
	if j.former != nil && (j.file == nil || j.former.is.name == s.name) { // the change did not come to pass
		j.leave(j.file, j.is.name)
		j.file, j.is, j.former = j.former.file, j.former.is, nil
	}
	file, found := j.file, []event.Event(nil)
	other := s.on && (file == nil || s.name != j.is.name)
	if other {
		var err error
		if file, found, err = event.OpenFile(event.FileOptions{Name: s.name, Host: j.host}); err != nil {
			j.mu.Unlock()
			return err
		}
		j.events.After(file.Last())
	} else if !s.on {
		file = nil
	}
	if j.file != nil && j.file != file {
		j.part()
		j.former = &parting{j.is, j.file}
	}
	j.file, j.is = file, s
	j.mu.Unlock()
	j.events.Name(s.naming)
	for _, e := range found {
		j.log.Warn("the event log is not as it was left", "code", string(e.Code), "what", e.What)
		j.events.Record(e)
	}
	return nil
}

// part closes the file that was left; mu is held.
func (j *journal) part() {
	if j.former != nil {
		j.leave(j.former.file, j.former.is.name)
		j.former = nil
	}
}

// leave closes a file, if there is one.
func (j *journal) leave(file *event.File, name string) {
	if file == nil {
		return
	}
	if err := file.Close(); err != nil {
		j.log.Error("the event log that was written until now is not whole", "file", name, "reason", err)
	}
}

// Write implements event.Sink.
func (j *journal) Write(ctx context.Context, events []event.Event) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if f := j.former; f != nil {
		last := slices.IndexFunc(events, func(e event.Event) bool { return e.Code == event.Configured })
		its := events
		if last >= 0 {
			its = events[:last+1]
		}
		if err := write(ctx, f.file, f.is, its); err != nil {
			return err
		}
		if last >= 0 {
			j.part()
		}
	}
	if j.file == nil {
		return nil
	}
	return write(ctx, j.file, j.is, events)
}

// write writes what a file of these settings gets.
func write(ctx context.Context, file *event.File, s journalSettings, events []event.Event) error {
	var wanted []event.Event
	for _, e := range events {
		if s.wants(e, file) {
			wanted = append(wanted, e)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	return file.Write(ctx, wanted)
}

// Close implements event.Sink.
func (j *journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.part()
	if j.file == nil {
		return nil
	}
	file := j.file
	j.file = nil
	return file.Close()
}

// end ends the log, when everything that records events is gone.
func (j *journal) end() error {
	j.events.Record(event.Event{Code: event.ServiceEnded})
	j.cancel()
	return <-j.done
}
