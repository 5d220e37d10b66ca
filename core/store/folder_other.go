//go:build !windows

package store

import (
	"errors"
	"io/fs"
	"os"
)

const privateFolder fs.FileMode = 0o700

// MakeFolder makes a folder, and those above it that are missing, for the
// owner alone. One that is there already stays as it is.
func MakeFolder(path string) error { return os.MkdirAll(path, privateFolder) }

// createTemporary makes a new file beside one called base, with the mode perm.
func createTemporary(folder, base string, perm fs.FileMode) (*os.File, error) {
	file, err := os.CreateTemp(folder, temporaryName(base)+"*")
	if err != nil {
		return nil, err
	}
	if err := file.Chmod(perm); err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	return file, nil
}

// replace gives a file the name of another, which it replaces.
func replace(from, to string) error { return os.Rename(from, to) }

// syncFolder brings a rename to the disk; without it a crash may undo it.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
