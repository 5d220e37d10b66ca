package logs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"impero/core/store"
)

// The guide's defaults for a Host's log, used for every log file: a file is
// set aside at 10 MB, and all files of one log take 40 MB at most. So whoever
// makes a Host log a line by calling it cannot fill the disk.
const (
	rotationSize = 10 << 20 // bytes
	keptFiles    = 3        // besides the current one: NAME.1, the newest, to NAME.3
)

// file is a log file that sets itself aside when it is full. It is used by one
// goroutine at a time (destinations' mu).
type file struct {
	name string
	max  int64    // bytes in one file, unless one line is longer
	pipe bool     // a pipe or a device: it is never full
	open *os.File // nil after a failure, until the next line
	size int64
}

// openFile opens the log file name to be written on at its end.
func openFile(name string) (*file, error) {
	if name == "" {
		return nil, errors.New("it has no name")
	}
	if err := store.MakeFolder(filepath.Dir(name)); err != nil {
		return nil, err
	}
	f := &file{name: name, max: rotationSize}
	if err := f.reopen(); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *file) reopen() error {
	opened, err := os.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	info, err := opened.Stat()
	if err != nil {
		return errors.Join(err, opened.Close())
	}
	f.open, f.size, f.pipe = opened, info.Size(), !info.Mode().IsRegular()
	return nil
}

// Write writes one whole line. While a full file cannot be set aside, lines are
// refused: a log that ends is better than a full disk.
func (f *file) Write(line []byte) (int, error) {
	if err := f.ready(int64(len(line))); err != nil {
		return 0, err
	}
	n, err := f.open.Write(line)
	f.size += int64(n)
	return n, err
}

// ready makes the current file one that is open and has room for a line.
func (f *file) ready(length int64) error {
	if f.open == nil {
		if err := f.reopen(); err != nil {
			return err
		}
	}
	if f.pipe || f.size == 0 || f.size+length <= f.max {
		return nil
	}
	if err := f.setAside(); err != nil {
		return err
	}
	return f.reopen()
}

// setAside makes the current file NAME.1 and each older one a number older;
// the oldest is replaced.
func (f *file) setAside() error {
	if err := f.Close(); err != nil {
		return err
	}
	for number := keptFiles; number > 1; number-- {
		err := os.Rename(f.numbered(number-1), f.numbered(number))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return os.Rename(f.name, f.numbered(1))
}

func (f *file) numbered(number int) string { return fmt.Sprintf("%s.%d", f.name, number) }

// Close closes the file; a line after it opens it again.
func (f *file) Close() error {
	if f.open == nil {
		return nil
	}
	opened := f.open
	f.open = nil
	return opened.Close()
}
