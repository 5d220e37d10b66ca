package config

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"impero/core/store"
)

// settled is how old a change must be for size and time to tell one content from another: file systems keep times as
// coarse as two seconds.
const settled = 3 * time.Second

// Changed says whether the file is another one than was last read or written. It costs one look at the folder, and
// reads the file only where that does not suffice; call it every few seconds.
func (f *File) Changed() (bool, error) {
	info, err := os.Stat(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return f.seen.exists, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the configuration: %w", err)
	}
	if !f.seen.exists || info.Size() != f.seen.size {
		return true, nil
	}
	if info.ModTime().Equal(f.seen.time) && f.seen.read.Sub(f.seen.time) > settled {
		return false, nil
	}
	text, err := store.ReadFile(f.path, MaxFile)
	if err != nil {
		return true, nil // Load tells why
	}
	if sha256.Sum256(text) != f.seen.sum {
		return true, nil
	}
	f.seen.time, f.seen.read = info.ModTime(), time.Now()
	return false, nil
}

// Reload reads a file that was changed by hand and gives what is different from now, which it logs. Broken, or of a
// newer release, it gives now, no changes and the error of [File.Load]: the Host goes on as it was.
func (f *File) Reload(now *Document) (*Document, []Change, error) {
	next, err := f.Load()
	if err != nil {
		f.log.Error("the configuration was changed by hand and cannot be used", "reason", err)
		return now, nil, err
	}
	changes := Diff(now, next)
	for _, c := range changes {
		f.log.Info("the configuration was changed by hand", c.Attributes()...)
	}
	return next, changes, nil
}

// Attributes are those of a log record that tells the change.
func (c Change) Attributes() []any {
	list := []any{"element", string(c.Path), "change", c.Kind.String()}
	if c.Attribute != nil {
		list = append(list, "attribute", c.Attribute.XML)
	}
	return append(list, "old", c.Old, "new", c.New, "effect", c.Effect.Name())
}
