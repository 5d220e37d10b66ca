package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"impero/core/logs"
	"impero/core/logs/event"
	"impero/core/store"
	"impero/core/version"
)

// openEvents begins the event log. end ends it, when everything that records events is gone. Without logging there is none.
func openEvents(o *options, home store.Home, log *slog.Logger) (events *event.Log, end func() error, err error) {
	if !o.Logs.Enabled {
		return nil, func() error { return nil }, nil
	}
	log = logs.Events.Of(log)
	file, found, err := event.OpenFile(event.FileOptions{Name: home.HostEventFile(), Host: o.Name})
	if err != nil {
		return nil, nil, err
	}
	events = event.New(event.Options{
		Host: o.Name, First: file.Last() + 1, Log: log,
		Consumers: []event.Consumer{{Name: "the local event log", Sink: file}},
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- events.Run(ctx) }()
	for _, e := range found {
		log.Warn("the event log is not as it was left", "code", string(e.Code), "what", e.What)
		events.Record(e)
	}
	events.Record(event.Event{Code: event.ServiceBegun, What: "version " + version.Version})
	return events, func() error {
		events.Record(event.Event{Code: event.ServiceEnded})
		cancel()
		return <-done
	}, nil
}

// verifyLog verifies an event log, says on out what it holds, and returns the exit code.
func verifyLog(file string, out, errs io.Writer) int {
	report, err := event.VerifyLog(file, "")
	var broken *event.BrokenError
	if err != nil && !errors.As(err, &broken) {
		return complain(errs, exitError, err)
	}
	last := report.Parts[len(report.Parts)-1]
	fmt.Fprintf(out, "Log     %s\nHost    %s\nFiles   %d, the first is part %d\nEvents  %d, numbers %d to %d\nHash    %s\n",
		file, last.Host, len(report.Parts), report.Parts[0].Part, report.Events, report.First, report.Last, last.Hash)
	for _, part := range report.Parts {
		for _, e := range part.Noted {
			fmt.Fprintf(out, "Noted   %s %s: %s\n", e.Time.Format("2006-01-02 15:04:05Z"), e.Code.Words(), e.What)
		}
	}
	if err != nil {
		fmt.Fprintf(errs, "%s: this log is not as it was written:\n%v\n", program, err)
		return exitError
	}
	fmt.Fprintln(out, "This log is whole: nothing in it was changed, removed or moved.")
	return exitDone
}
