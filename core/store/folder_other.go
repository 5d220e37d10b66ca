//go:build !windows

package store

import (
	"errors"
	"os"
)

// syncFolder brings a rename to the disk; without it a crash may undo it.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
