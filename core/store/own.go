package store

import (
	"errors"
	"fmt"
	"os"
)

// ErrNotAFile says that what a log is to be written to is a link, a pipe, or anything else than a file.
var ErrNotAFile = errors.New("it is no file: choose another name, or remove it")

// OpenOwn is os.OpenFile, with a new file for this user alone, for what a program writes by itself. It never waits, as the
// opening of a pipe does. For root it follows no link and opens files and character devices alone: whoever may write in the
// folder could have root write anywhere else.
func OpenOwn(name string, flag int) (*os.File, error) {
	f, err := os.OpenFile(name, flag|ownFlags(), PrivateFile)
	if err != nil {
		if isLink(name) {
			err = fmt.Errorf("%s: %w", name, ErrNotAFile)
		}
		return nil, err
	}
	if os.Geteuid() != 0 {
		return f, nil
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() && info.Mode()&os.ModeCharDevice == 0 {
		err = fmt.Errorf("%s: %w", name, ErrNotAFile)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func isLink(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.Mode().Type() == os.ModeSymlink && os.Geteuid() == 0
}
