package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// PrivateFile is the mode of what this package makes: for the owner alone. On
// Windows, which has no modes, a list of rights says the same.
const PrivateFile fs.FileMode = 0o600

// ErrTooLarge says that a file holds more than its reader accepts.
var ErrTooLarge = errors.New("file is larger than its limit")

// ErrNotRegular says that a path names a folder, a pipe or a device where a
// file belongs.
var ErrNotRegular = errors.New("not a regular file")

// WriteFile replaces the file at path by data, wholly or not at all: after a
// crash or a full disk the old content is there, or the new. It writes a
// temporary file in the same folder, brings it to the disk, renames it, and
// brings the folder to the disk. perm 0 means [PrivateFile]; missing folders
// are made for the owner alone. A symbolic link at path is itself replaced.
func WriteFile(path string, data []byte, perm fs.FileMode) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("write %s: %w", path, err)
		}
	}()
	if perm == 0 {
		perm = PrivateFile
	}
	folder := filepath.Dir(path)
	if err := MakeFolder(folder); err != nil {
		return err
	}
	temporary, err := writeTemporary(folder, filepath.Base(path), data, perm)
	if err != nil {
		return err
	}
	if err := replace(temporary, path); err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return syncFolder(folder)
}

// temporaryName is how the name of a temporary file begins.
func temporaryName(base string) string { return "." + base + ".new-" }

// writeTemporary puts data into a new file of folder, on the disk, and returns
// its name. It leaves nothing behind if it fails.
func writeTemporary(folder, base string, data []byte, perm fs.FileMode) (name string, err error) {
	file, err := createTemporary(folder, base, perm)
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	return file.Name(), err
}

// ReadFile reads a regular file of at most limit bytes. The error wraps
// [fs.ErrNotExist], [ErrTooLarge] or [ErrNotRegular] where one of them is the
// reason; no more than limit+1 bytes are ever held.
func ReadFile(path string, limit int64) ([]byte, error) {
	// Asked before the file is opened: opening a pipe would wait for a writer.
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read %s: %w", path, ErrNotRegular)
	}
	if info.Size() > limit {
		return nil, tooLarge(path, limit)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if int64(len(data)) > limit { // it grew meanwhile
		return nil, tooLarge(path, limit)
	}
	return data, nil
}

func tooLarge(path string, limit int64) error {
	return fmt.Errorf("read %s: %w (%d bytes)", path, ErrTooLarge, limit)
}
