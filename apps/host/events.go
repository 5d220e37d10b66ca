package main

import (
	"errors"
	"fmt"
	"io"

	"impero/core/logs/event"
)

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
