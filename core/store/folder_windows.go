package store

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/windows"
)

// MakeFolder makes a folder, and those above it that are missing, for the
// owner alone: what is made in it inherits that. One that is there already
// stays as it is.
func MakeFolder(path string) error {
	path = filepath.Clean(path)
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return nil
	case err == nil:
		return &fs.PathError{Op: "mkdir", Path: path, Err: windows.ERROR_DIRECTORY}
	}
	if parent := filepath.Dir(path); parent != path {
		if err := MakeFolder(parent); err != nil {
			return err
		}
	}
	name, attributes, err := private(path, folderRights)
	if err == nil {
		err = windows.CreateDirectory(name, attributes)
	}
	if err != nil && !errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		return &fs.PathError{Op: "mkdir", Path: path, Err: err}
	}
	return nil
}

// createTemporary makes a new file beside one called base. It is for the owner
// alone from its first moment if perm is; else it has its folder's rights.
func createTemporary(folder, base string, perm fs.FileMode) (*os.File, error) {
	path := filepath.Join(folder, temporaryName(base)+rand.Text())
	if perm&0o077 != 0 {
		return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
	}
	name, attributes, err := private(path, fileRights)
	if err != nil {
		return nil, &fs.PathError{Op: "create", Path: path, Err: err}
	}
	handle, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, windows.FILE_SHARE_READ,
		attributes, windows.CREATE_NEW, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "create", Path: path, Err: err}
	}
	return os.NewFile(uintptr(handle), path), nil
}

// How long a file that somebody has open is waited for, and how often it is tried.
const (
	busyLimit = 2 * time.Second
	busyPause = 5 * time.Millisecond
)

// replace gives a file the name of another, which it replaces. Windows refuses
// that while any program has the other one open, another writer for a moment
// or a virus scanner for some: it is tried again for a while.
func replace(from, to string) error {
	for end := time.Now().Add(busyLimit); ; time.Sleep(busyPause) {
		err := os.Rename(from, to)
		busy := errors.Is(err, windows.ERROR_ACCESS_DENIED) || errors.Is(err, windows.ERROR_SHARING_VIOLATION)
		if !busy || time.Now().After(end) {
			return err
		}
		if info, gone := os.Stat(to); gone == nil && info.IsDir() {
			return err // no file ever takes its place
		}
	}
}

// syncFolder does nothing: Windows writes a rename to its journal by itself
// and cannot flush a folder.
func syncFolder(string) error { return nil }
