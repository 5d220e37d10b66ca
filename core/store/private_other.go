//go:build !windows

package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// KeepPrivate gives a regular file the mode [PrivateFile] if others than its
// owner may use it, and says whether it did. What is not there, a symbolic link
// and everything else is left to whoever reads it.
func KeepPrivate(path string) (changed bool, err error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("keep file private: %w", err)
	case !info.Mode().IsRegular(), info.Mode().Perm()&0o077 == 0:
		return false, nil
	}
	if err := os.Chmod(path, PrivateFile); err != nil {
		return false, fmt.Errorf("keep file private: %w", err)
	}
	return true, nil
}
