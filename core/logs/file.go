package logs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"impero/core/store"
)

// settings are what a file obeys; sizes are in bytes.
type settings struct {
	old     string // folder of the files set aside
	max     int64  // in one file, unless one line is longer
	maxOld  int64  // in the files set aside, together
	minFree uint64 // on the disk
	free    func(folder string) (uint64, error)
}

func settingsOf(o Options) settings {
	s := settings{
		old: o.oldFolder(), max: int64(o.RotationSize) << 20, maxOld: int64(o.MaxSize-o.RotationSize) << 20,
		minFree: uint64(o.MinFreeSpace) << 20, free: o.FreeSpace,
	}
	if s.free == nil {
		s.free = freeSpace
	}
	return s
}

// How often the system is asked for the free space: that is the most a burst goes below the minimum.
const (
	spaceEvery = time.Second
	spaceAfter = 1 << 20 // bytes
)

// SpaceError says that a disk has too little free space to log to.
type SpaceError struct {
	Folder     string
	Free, Want uint64 // bytes
}

func (e *SpaceError) Error() string {
	return fmt.Sprintf("%s has %d MB of free space, the log needs %d; make room, or change the minimum", e.Folder, e.Free>>20, e.Want>>20)
}

// file is a log file that sets itself aside when it is full. It is used by one
// goroutine at a time (Log's mu).
type file struct {
	settings
	name  string
	pipe  bool     // a pipe or a device: it is never full
	open  *os.File // nil after a failure, until the next line
	size  int64
	aside time.Time // of the last file set aside
	asked time.Time // for the free space
	since int64     // bytes written since
	full  error     // what the answer was
}

// openFile opens the log file name to be written on at its end.
func openFile(name string, s settings) (*file, error) {
	if name == "" {
		return nil, errors.New("it has no name")
	}
	if err := store.MakeFolder(filepath.Dir(name)); err != nil {
		return nil, err
	}
	f := &file{name: name, settings: s}
	if err := f.reopen(); err != nil {
		return nil, err
	}
	f.prune()
	return f, nil
}

func (f *file) reopen() error {
	opened, err := store.OpenOwn(f.name, os.O_WRONLY|os.O_CREATE|os.O_APPEND)
	if err != nil {
		return err
	}
	info, err := opened.Stat()
	if err == nil && info.Mode().IsRegular() {
		_, err = store.KeepPrivate(f.name)
	}
	if err != nil {
		return errors.Join(err, opened.Close())
	}
	f.open, f.size, f.pipe = opened, info.Size(), !info.Mode().IsRegular()
	return nil
}

// Write writes one whole line. While a full file cannot be set aside or the disk is nearly full, lines are
// refused: a log that ends is better than a full disk.
func (f *file) Write(line []byte) (int, error) {
	if err := f.ready(int64(len(line))); err != nil {
		return 0, err
	}
	n, err := f.open.Write(line)
	f.size += int64(n)
	f.since += int64(n)
	return n, err
}

// ready makes the current file one that is open and has room for a line.
func (f *file) ready(length int64) error {
	if f.open == nil {
		if err := f.reopen(); err != nil {
			return err
		}
	}
	if f.pipe {
		return nil
	}
	if err := f.space(); err != nil {
		return err
	}
	if f.size == 0 || f.size+length <= f.max {
		return nil
	}
	if err := f.setAside(); err != nil {
		return err
	}
	return f.reopen()
}

// space says whether the disk has enough free space.
func (f *file) space() error {
	if f.minFree == 0 {
		return nil
	}
	now := time.Now()
	if !f.asked.IsZero() && now.Sub(f.asked) < spaceEvery && f.since < spaceAfter {
		return f.full
	}
	f.asked, f.since, f.full = now, 0, nil
	folder := filepath.Dir(f.name)
	// A system that does not say is no reason to log nothing: the sizes are bounded all the same.
	if free, err := f.free(folder); err == nil && free < f.minFree {
		f.full = &SpaceError{Folder: folder, Free: free, Want: f.minFree}
	}
	return f.full
}

// Close closes the file; a line after it opens it again.
func (f *file) Close() error {
	if f.open == nil {
		return nil
	}
	opened := f.open
	f.open = nil
	return opened.Close()
}
