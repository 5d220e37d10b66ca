package event

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"impero/core/store"
)

// examine reads the log as it lies there and compares it with its head, if there is one. What it finds is told as events. The report is
// of what is to be gone on with; it has no size if a new part must begin.
func (f *File) examine(h head, known bool) (Report, []Event, error) {
	if _, err := store.KeepPrivate(f.o.Name); err != nil {
		return Report{}, nil, err
	}
	report, seen, err := verifyFile(f.o.Name, h)
	var broken *BrokenError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f.missing(h, known)
	case err == nil:
		return report, compare(report, h, known, seen), nil
	case !errors.As(err, &broken):
		return report, nil, err
	case report.Size == 0 && (broken.Reason == unfinished || broken.Reason == empty): // the program ended as it began a part
		if err := os.Remove(f.o.Name); err != nil {
			return report, nil, err
		}
		return f.missing(h, known)
	case broken.Reason == unfinished:
		if err := os.Truncate(f.o.Name, report.Size); err != nil {
			return report, nil, err
		}
		what := fmt.Sprintf("line %d was unfinished and is removed", broken.Line)
		return report, append([]Event{{Code: LogRepaired, What: what}}, compare(report, h, known, seen)...), nil
	}
	aside, err := store.SetAside(f.o.Name) // for people to look at
	if err != nil {
		return report, nil, err
	}
	what := fmt.Sprintf("line %d: %s; the file is kept as %s", broken.Line, broken.Reason, aside)
	return Report{Part: report.Part, Last: report.Last, last: report.last}, []Event{tampered(what)}, nil
}

// missing is what examine finds where there is no current file: the program ended between two parts, or somebody removed it.
func (f *File) missing(h head, known bool) (Report, []Event, error) {
	newest := f.newestPart()
	if newest == 0 && !known {
		return Report{}, nil, nil // a new log
	}
	var before Report
	var err error
	if newest != 0 {
		before, _, err = verifyFile(partName(f.o.Name, f.o.OldFolder, newest), h)
	}
	before.Size = 0
	if known && newest != 0 && err == nil && before.last == h.hash {
		return before, nil, nil
	}
	return before, []Event{tampered(fmt.Sprintf("the log is gone, which had events up to %d", max(before.Last, h.sequence)))}, nil
}

// fits says whether a file goes on from where its head is.
func (h head) fits(r Report, seen bool) bool { return seen || r.last == h.hash || r.before == h.hash }

// compare tells what is wrong with the end of a file that is whole.
func compare(r Report, h head, known, seen bool) []Event {
	switch {
	case !known:
		return []Event{tampered("the head is gone: events may be missing at the end")}
	case h.fits(r, seen):
		return nil
	case h.sequence > r.Last:
		return []Event{tampered(fmt.Sprintf("events %d to %d are missing at the end: cut off, or lost in a power failure", r.Last+1, h.sequence))}
	}
	return []Event{tampered(fmt.Sprintf("event %d, which the head has, is not in the log", h.sequence))}
}

func tampered(what string) Event { return Event{Code: LogTampered, What: what} }

// verifyFile is Verify of a file, and says whether the event of its head is in it. One with that number and another hash is a fault.
func verifyFile(name string, h head) (r Report, seen bool, err error) {
	in, err := os.Open(name)
	if err != nil {
		return r, false, err
	}
	defer in.Close()
	if info, err := in.Stat(); err != nil || !info.Mode().IsRegular() {
		return r, false, errors.Join(err, fmt.Errorf("%s: %w", name, store.ErrNotRegular))
	}
	r, err = scan(in, func(e Event, d digest) error {
		if h.hash != (digest{}) && e.Sequence == h.sequence {
			if d != h.hash {
				return errors.New("it is another event than the head has")
			}
			seen = true
		}
		return nil
	})
	var broken *BrokenError
	if errors.As(err, &broken) {
		broken.File = name
	}
	return r, seen, err
}
