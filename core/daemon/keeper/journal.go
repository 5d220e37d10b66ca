package keeper

import (
	"context"
	"log/slog"
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

	mu   sync.Mutex // guards what follows
	is   journalSettings
	file *event.File // nil if nothing is written
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

// configure changes what is written and where to. If it fails, nothing has changed.
func (j *journal) configure(s journalSettings) error {
	j.mu.Lock()
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
		if err := j.file.Close(); err != nil {
			j.log.Error("the event log that was written until now is not whole", "file", j.is.name, "reason", err)
		}
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

// Write implements event.Sink.
func (j *journal) Write(ctx context.Context, events []event.Event) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	var wanted []event.Event
	for _, e := range events {
		if j.is.codes.Has(e.Code) && e.Sequence > j.file.Last() {
			wanted = append(wanted, e)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	return j.file.Write(ctx, wanted)
}

// Close implements event.Sink.
func (j *journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
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
