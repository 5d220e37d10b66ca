package event

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"impero/core/store"
)

// oldFolder is where the full files of the log called name go, if nobody says where.
func oldFolder(name string) string { return strings.TrimSuffix(name, filepath.Ext(name)) + "_old" }

// partName is what a full file is called: Imperohost-00000012.nlg. Names sort by the part.
func partName(name, folder string, part uint64) string {
	base := filepath.Base(name)
	suffix := filepath.Ext(base)
	return filepath.Join(folder, fmt.Sprintf("%s-%08d%s", strings.TrimSuffix(base, suffix), part, suffix))
}

// parts lists the parts of the log called name that are in a folder, the oldest first.
func parts(name, folder string) ([]uint64, error) {
	entries, err := os.ReadDir(folder) // sorted by name
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []uint64
	base := filepath.Base(name)
	form := strings.TrimSuffix(base, filepath.Ext(base)) + "-"
	for _, entry := range entries {
		number, ok := strings.CutPrefix(entry.Name(), form)
		if !ok || !entry.Type().IsRegular() {
			continue
		}
		var part uint64
		if _, err := fmt.Sscanf(number, "%d", &part); err == nil && partName(name, folder, part) == filepath.Join(folder, entry.Name()) {
			all = append(all, part)
		}
	}
	return all, nil
}

// setAside moves the current file to the full ones and deletes the oldest of them.
func (f *File) setAside(part uint64) error {
	if err := store.MakeFolder(f.o.OldFolder); err != nil {
		return err
	}
	to := partName(f.o.Name, f.o.OldFolder, part)
	if _, err := os.Lstat(to); err == nil {
		return fmt.Errorf("set the full file aside: %s: %w", to, fs.ErrExist)
	}
	if err := os.Rename(f.o.Name, to); err != nil {
		return fmt.Errorf("set the full file aside: %w (the folder for old ones must be on the same disk)", err)
	}
	all, err := parts(f.o.Name, f.o.OldFolder)
	if err != nil {
		return err
	}
	for _, part := range all[:max(0, len(all)-f.o.Keep)] {
		if err := os.Remove(partName(f.o.Name, f.o.OldFolder, part)); err != nil {
			return err
		}
	}
	return nil
}

// newestPart is the number of the newest full file; 0 if there is none.
func (f *File) newestPart() uint64 {
	all, err := parts(f.o.Name, f.o.OldFolder)
	if err != nil || len(all) == 0 {
		return 0
	}
	return all[len(all)-1]
}

// LogReport is what a whole log says about itself.
type LogReport struct {
	Parts  []Report // the oldest first; the last is the current file
	Events int
	First  uint64 // sequence of the first event that is kept; earlier ones were in files that were deleted, or were not to be logged
	Last   uint64
}

// VerifyLog verifies the log called name: its full files in their folder (empty: the usual one), the current one, that each
// continues the one before, and that the last line is the one that its head has. All faults are told, joined; each is a *[BrokenError].
func VerifyLog(name, folder string) (LogReport, error) {
	if folder == "" {
		folder = oldFolder(name)
	}
	h, known, err := readHead(name)
	if err != nil {
		err = &BrokenError{File: name + headSuffix, Reason: err.Error()}
	}
	faults := []error{err}
	all, err := parts(name, folder)
	if err != nil {
		return LogReport{}, err
	}
	files := make([]string, 0, len(all)+1)
	for _, part := range all {
		files = append(files, partName(name, folder, part))
	}
	log, fits := LogReport{}, false
	for _, file := range append(files, name) {
		report, seen, err := verifyFile(file, h)
		var broken *BrokenError
		if err != nil && !errors.As(err, &broken) {
			return log, err
		}
		fits = h.fits(report, seen)
		faults = append(faults, err, log.add(report, file))
	}
	return log, errors.Join(append(faults, log.compare(name, h, known, fits))...)
}

// add adds a part. The error is what is wrong with its place in the log, or what the log says of itself.
func (l *LogReport) add(r Report, file string) error {
	var faults []error
	if n := len(l.Parts); n > 0 {
		faults = append(faults, follows(l.Parts[n-1], r, file))
	}
	for _, e := range r.Noted {
		if e.Code == LogTampered {
			faults = append(faults, &BrokenError{File: file, Reason: fmt.Sprintf("event %d of %s says: %s", e.Sequence, e.Time.Format(timeForm), e.What)})
		}
	}
	l.Parts = append(l.Parts, r)
	l.Events += r.Events
	if l.First == 0 {
		l.First = r.First
	}
	l.Last = max(l.Last, r.Last)
	return errors.Join(faults...)
}

// follows says whether a part continues another.
func follows(before, part Report, file string) error {
	switch {
	case part.Part == 0: // it was told that its header is broken
	case part.Part != before.Part+1:
		return &BrokenError{File: file, Reason: fmt.Sprintf("it is part %d of the log and follows part %d: parts are missing", part.Part, before.Part)}
	case part.before != before.last:
		return &BrokenError{File: file, Reason: fmt.Sprintf("it does not continue part %d as it is now", before.Part)}
	case part.First != 0 && part.First <= before.Last:
		return &BrokenError{File: file, Reason: "its events are older than those of the part before"}
	}
	return nil
}

// compare says whether the log ends as its head says. One that is being written may go on.
func (l *LogReport) compare(name string, h head, known, fits bool) error {
	switch {
	case !known:
		return &BrokenError{File: name + headSuffix, Reason: "there is no head: whether events are missing at the end cannot be told"}
	case fits:
		return nil
	case h.sequence > l.Last:
		return &BrokenError{File: name, Reason: fmt.Sprintf("it ends with event %d though %d were written: events %d to %d are missing at the end, cut off or lost in a power failure",
			l.Last, h.sequence, l.Last+1, h.sequence)}
	}
	return &BrokenError{File: name, Reason: fmt.Sprintf("event %d, which its head has, is not in it", h.sequence)}
}
