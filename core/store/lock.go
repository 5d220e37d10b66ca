package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// maxOwner bounds what is read of a lock file: a process number and a newline.
const maxOwner = 32

// ErrUnsupported says that this system has no file locks this package knows.
var ErrUnsupported = errors.New("file locks are not supported on this system")

// RunningError says that another program holds the lock.
type RunningError struct {
	File    string // the lock file
	Process int    // its process number, 0 if it did not say
}

func (e *RunningError) Error() string {
	if e.Process == 0 {
		return fmt.Sprintf("already running (%s is locked)", e.File)
	}
	return fmt.Sprintf("already running as process %d (%s is locked)", e.Process, e.File)
}

// A FileLock keeps other programs out of a folder until Close, or until this
// process ends in whatever way: the system gives the lock back.
type FileLock struct{ file *os.File }

// Lock takes the lock "NAME.lock" in folder, which it makes if it is missing.
// It does not wait: if another process, or another FileLock of this one, holds
// it, the error is a *[RunningError].
func Lock(folder, name string) (*FileLock, error) {
	if err := MakeFolder(folder); err != nil {
		return nil, fmt.Errorf("lock %s: %w", folder, err)
	}
	path := filepath.Join(folder, name+".lock")
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, PrivateFile)
	if err != nil {
		return nil, fmt.Errorf("lock folder: %w", err)
	}
	taken, err := lockFile(file)
	if err == nil && taken {
		err = writeOwner(file)
	}
	switch {
	case err != nil:
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
	case !taken:
		running := &RunningError{File: path, Process: readOwner(file)}
		if err := file.Close(); err != nil {
			return nil, errors.Join(running, err)
		}
		return nil, running
	}
	return &FileLock{file: file}, nil
}

// Close gives the lock back. The file stays: removing it would let two
// programs lock two files of one name.
func (l *FileLock) Close() error {
	if err := errors.Join(l.file.Truncate(0), l.file.Close()); err != nil {
		return fmt.Errorf("unlock: %w", err)
	}
	return nil
}

// writeOwner notes this process for whoever finds the lock taken.
func writeOwner(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// readOwner returns the process number in a lock file, or 0: the owner may be
// about to write it, and the message is good without it.
func readOwner(file *os.File) int {
	text, err := io.ReadAll(io.LimitReader(file, maxOwner))
	if err != nil {
		return 0
	}
	process, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || process < 0 {
		return 0
	}
	return process
}
