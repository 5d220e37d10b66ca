package event

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"
)

// BrokenError says where a log is not what was written.
type BrokenError struct {
	File   string // empty if it is not known
	Line   int    // from 1 on, the header; 0 for the file as a whole
	Reason string
}

func (e *BrokenError) Error() string {
	where := e.File
	if e.Line > 0 {
		if where != "" {
			where += ", "
		}
		where += fmt.Sprintf("line %d", e.Line)
	}
	if where == "" {
		return e.Reason
	}
	return where + ": " + e.Reason
}

// Report is what a file of the log says about itself.
type Report struct {
	Host        string
	Part        uint64 // of the log, from 1 on
	Begun       time.Time
	Before      string // hash of the last line of the part before; zeros for the first
	Hash        string // of the last line
	Events      int
	First, Last uint64  // sequence of the first and last event; 0 if there are none
	Noted       []Event // what the log says of itself: tampered with, repaired, events lost; maxNoted at most
	Size        int64   // bytes of whole lines
	last        digest
	before      digest
}

// maxNoted bounds Noted.
const maxNoted = 100

// Verify reads one file of a log and says what it holds. The error is a *[BrokenError] for the first line that is not as it was
// written: changed, put elsewhere, unfinished, or after one that is missing; the report is of the lines before. What is missing
// at the end cannot be seen in the file alone: [VerifyLog] looks at the head beside it. It holds one line in memory.
func Verify(r io.Reader) (Report, error) { return scan(r, nil) }

// scan is Verify that shows each event with its hash to look.
func scan(r io.Reader, look func(Event, digest) error) (Report, error) {
	report, in := Report{}, bufio.NewReaderSize(r, maxLine)
	for number := 1; ; number++ {
		line, err := in.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF) && len(line) == 0 && number > 1:
			return report, nil
		case errors.Is(err, io.EOF) && len(line) == 0:
			return report, &BrokenError{Line: 1, Reason: empty}
		case errors.Is(err, io.EOF):
			return report, &BrokenError{Line: number, Reason: unfinished}
		case errors.Is(err, bufio.ErrBufferFull):
			return report, &BrokenError{Line: number, Reason: "it is longer than any line of a log"}
		case err != nil:
			return report, fmt.Errorf("read the event log: %w", err)
		}
		if number == 1 {
			err = report.head(line[:len(line)-1])
		} else {
			err = report.add(line[:len(line)-1], look)
		}
		if err != nil {
			return report, &BrokenError{Line: number, Reason: err.Error()}
		}
		report.Size += int64(len(line))
		report.Hash = report.last.String()
	}
}

// Why a file is broken whose writer crashed.
const (
	unfinished = "it is unfinished"
	empty      = "the file is empty"
)

// head takes the header.
func (r *Report) head(line []byte) error {
	text, d, err := split(line)
	if err != nil {
		return errors.New("it is no event log")
	}
	h, err := parseHeader(text)
	if err != nil {
		return err
	}
	if hashOf(h.before, text) != d {
		return errors.New("the header was changed")
	}
	r.Host, r.Part, r.Begun, r.Before = h.host, h.part, h.begun, h.before.String()
	r.before, r.last = h.before, d
	return nil
}

// add takes an event's line.
func (r *Report) add(line []byte, look func(Event, digest) error) error {
	text, d, err := split(line)
	if err != nil {
		return err
	}
	if hashOf(r.last, text) != d {
		return errors.New("it was changed, or a line before it was removed, added or moved")
	}
	e, err := parseEvent(text)
	if err != nil {
		return err
	}
	if e.Sequence <= r.Last {
		return fmt.Errorf("event %d comes after event %d", e.Sequence, r.Last)
	}
	if look != nil {
		if err := look(e, d); err != nil {
			return err
		}
	}
	if r.Events == 0 {
		r.First = e.Sequence
	}
	if (e.Code == LogTampered || e.Code == LogRepaired || e.Code == EventsDropped) && len(r.Noted) < maxNoted {
		r.Noted = append(r.Noted, e)
	}
	r.Events, r.Last, r.last = r.Events+1, e.Sequence, d
	return nil
}

// Parse reads one line of a log, without its newline, for whoever shows it; ok is false for the header and anything else. The hash
// is not checked.
func Parse(line []byte) (e Event, ok bool) {
	if len(line) > maxLine {
		return e, false
	}
	text, _, err := split(line)
	if err != nil {
		return e, false
	}
	e, err = parseEvent(text)
	return e, err == nil
}

// IsHeader says whether a line, without its newline, begins a file of an event log: it is of the file, and tells of no event.
// The hash is not checked.
func IsHeader(line []byte) bool {
	if len(line) > maxHeader {
		return false
	}
	text, _, err := split(line)
	if err != nil {
		return false
	}
	_, err = parseHeader(text)
	return err == nil
}
