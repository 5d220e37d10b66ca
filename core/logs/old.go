package logs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"impero/core/store"
)

// oldForm is the time in the name of a file that was set aside, in UTC. Names sort by it.
const oldForm = "20060102T150405.000000Z"

// setAside moves the current file to the folder of old ones, with the time in its name, and deletes the oldest there.
func (f *file) setAside() error {
	if err := f.Close(); err != nil {
		return err
	}
	if err := store.MakeFolder(f.old); err != nil {
		return err
	}
	at := time.Now().UTC()
	if !at.After(f.aside) { // the clock was set back: names keep the order
		at = f.aside.Add(time.Microsecond)
	}
	name := f.oldName(at)
	for {
		_, err := os.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err != nil {
			return err
		}
		at = at.Add(time.Microsecond)
		name = f.oldName(at)
	}
	if err := os.Rename(f.name, name); err != nil {
		return fmt.Errorf("set the full file aside: %w (the folder for old log files must be on the same disk)", err)
	}
	f.aside = at
	f.prune()
	return nil
}

// oldName is the name of a file that is set aside at a time: Impero_host-20260102T030405.000006Z.log.
func (f *file) oldName(at time.Time) string {
	stem, suffix := f.nameParts()
	return filepath.Join(f.old, stem+at.Format(oldForm)+suffix)
}

func (f *file) nameParts() (stem, suffix string) {
	base := filepath.Base(f.name)
	suffix = filepath.Ext(base)
	return strings.TrimSuffix(base, suffix) + "-", suffix
}

// prune deletes the oldest files until all together are no larger than they may be. One that cannot be deleted is tried
// again the next time.
func (f *file) prune() {
	entries, err := os.ReadDir(f.old) // sorted by name
	if err != nil {
		return // there are none yet
	}
	var room = f.maxOld
	for i := len(entries) - 1; i >= 0; i-- {
		if !f.isOld(entries[i].Name()) {
			continue
		}
		info, err := entries[i].Info()
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		if room -= info.Size(); room < 0 {
			os.Remove(filepath.Join(f.old, entries[i].Name()))
		}
	}
}

// isOld says whether a name is that of a file of this log that was set aside.
func (f *file) isOld(name string) bool {
	stem, suffix := f.nameParts()
	rest, ok := strings.CutPrefix(name, stem)
	if !ok {
		return false
	}
	at, ok := strings.CutSuffix(rest, suffix)
	if !ok {
		return false
	}
	_, err := time.Parse(oldForm, at)
	return err == nil
}
