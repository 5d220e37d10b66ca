package store

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockOffset is the locked byte. Windows' locks forbid reading what they
// cover, so it lies far beyond the process number that others want to read.
const lockOffset = 1 << 30

func lockFile(file *os.File) (taken bool, err error) {
	err = windows.LockFileEx(windows.Handle(file.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY,
		0, 1, 0, &windows.Overlapped{Offset: lockOffset})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}
