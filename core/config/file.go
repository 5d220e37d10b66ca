package config

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"impero/core/store"
)

// File is host.xml on disk, with the last good copy beside it in host.xml.good. The program that uses it holds the
// folder's [store.Lock]; people may still edit the file. Its methods are for one goroutine at a time.
type File struct {
	path string
	log  *slog.Logger
	seen stamp
	good []byte // what the last good copy holds, nil if it is not known
	// broken says that the file that was read last cannot be used.
	broken bool
}

// stamp is what was last read of the file.
type stamp struct {
	exists bool
	size   int64
	time   time.Time
	read   time.Time
	sum    [sha256.Size]byte
}

// At gives the file host.xml in a folder; nothing is read yet. log gets what a person should know.
func At(folder string, log *slog.Logger) *File {
	return &File{path: filepath.Join(folder, FileName), log: log}
}

// Path is the file's own path.
func (f *File) Path() string { return f.path }

func (f *File) goodPath() string { return f.path + ".good" }

// BrokenError says that host.xml is there and cannot be used, and what is used instead. The file is left as it is.
type BrokenError struct {
	File   string
	Reason error     // a *SyntaxError, a *Fault or an error of the system
	Faults []*Fault  // all of them, if it could be read
	Good   time.Time // when the last good copy was written; zero if there is none
}

func (e *BrokenError) Unwrap() error { return e.Reason }

func (e *BrokenError) Error() string {
	reason := e.Reason.Error()
	if !strings.HasPrefix(reason, "line ") {
		reason = "which cannot be used: " + reason
	}
	if !strings.HasSuffix(reason, ".") {
		reason += "."
	}
	text := filepath.Base(e.File) + ", " + reason
	if more := len(e.Faults) - 1; more > 0 {
		text += fmt.Sprintf(" There are %d more faults.", more)
	}
	if e.Good.IsZero() {
		return text
	}
	return text + fmt.Sprintf(" The Host goes on with the last good copy from %s.", e.Good.Local().Format("2 January, 15:04"))
}

// Load reads the file. Without one it gives [New] and writes nothing. If the file is broken, the error is a
// *[BrokenError] and the document is the last good copy, or nil if there is none. A file of a newer release is
// refused with a *[store.NewerError]. One of an older release is brought up to date on disk, and kept beside it.
func (f *File) Load() (*Document, error) { return f.load(Version, migrations) }

func (f *File) load(newest int, steps map[int]migration) (*Document, error) {
	text, err := f.read()
	if errors.Is(err, fs.ErrNotExist) {
		return New(), nil
	}
	if err != nil {
		return f.fallBack(err, nil)
	}
	d, was, err := parse(text, newest, steps)
	var newer *store.NewerError
	if errors.As(err, &newer) {
		newer.File = f.path
		return nil, newer
	}
	if err != nil {
		return f.fallBack(err, nil)
	}
	if faults := d.stored(); len(faults) > 0 {
		return f.fallBack(faults[0], faults)
	}
	if was < newest {
		if err := f.upgrade(d, text, was); err != nil {
			return nil, err
		}
	} else if err := f.keepGood(text); err != nil {
		f.log.Warn("the last good copy of the configuration is not kept", "reason", err)
	}
	for _, u := range d.Unknown() {
		f.log.Warn("something in the configuration has no effect", "file", f.path, "reason", u)
	}
	return d, nil
}

// read reads the file and remembers what it saw.
func (f *File) read() ([]byte, error) {
	f.seen, f.broken = stamp{read: time.Now()}, false
	if changed, err := store.KeepPrivate(f.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	} else if changed {
		f.log.Warn("the configuration could be read by others; now only by its owner", "file", f.path)
	}
	info, err := os.Stat(f.path)
	if err != nil {
		return nil, err
	}
	text, err := store.ReadFile(f.path, MaxFile)
	if err != nil {
		f.seen = stamp{exists: true, size: info.Size(), time: info.ModTime(), read: f.seen.read}
		return nil, err
	}
	f.seen = stamp{exists: true, size: info.Size(), time: info.ModTime(), read: f.seen.read, sum: sha256.Sum256(text)}
	return text, nil
}

// fallBack gives the last good copy and says why.
func (f *File) fallBack(reason error, faults []*Fault) (*Document, error) {
	f.broken = true
	broken := &BrokenError{File: f.path, Reason: reason, Faults: faults}
	text, err := store.ReadFile(f.goodPath(), MaxFile)
	if err != nil {
		return nil, broken
	}
	d, err := Parse(text)
	if err != nil || len(d.stored()) > 0 {
		return nil, broken
	}
	if info, err := os.Stat(f.goodPath()); err == nil {
		broken.Good = info.ModTime()
	}
	d.source = nil // its lines are those of another file
	return d, broken
}

// upgrade keeps the file of an older version and writes it anew.
func (f *File) upgrade(d *Document, old []byte, was int) error {
	backup := fmt.Sprintf("%s.version-%d", f.path, was)
	if err := store.WriteFile(backup, old, 0); err != nil {
		return fmt.Errorf("keep the configuration of an older release: %w", err)
	}
	if err := f.write(d); err != nil {
		return err
	}
	f.log.Info("the configuration was brought up to date", "file", f.path, "from", was, "backup", backup)
	return nil
}

func (f *File) keepGood(text []byte) error {
	if f.good == nil {
		f.good, _ = store.ReadFile(f.goodPath(), MaxFile)
	}
	if bytes.Equal(f.good, text) {
		return nil
	}
	if err := store.WriteFile(f.goodPath(), text, 0); err != nil {
		return err
	}
	f.good = bytes.Clone(text)
	return nil
}

// ErrChangedByHand says that the file on disk is not the one that was read last. [File.Load] reads it.
var ErrChangedByHand = errors.New("host.xml was changed by hand meanwhile; nothing was written")

// InvalidError says that a document cannot be saved, and why.
type InvalidError struct{ Faults []*Fault }

func (e *InvalidError) Error() string {
	return fmt.Sprintf("the configuration is not valid (%d faults): %v", len(e.Faults), e.Faults[0])
}

// Save writes a valid document, whole or not at all, for the owner alone. The error is an *[InvalidError],
// [ErrChangedByHand], or one of the system. A broken file in its place is set aside.
func (f *File) Save(d *Document) error {
	if faults := d.stored(); len(faults) > 0 {
		return &InvalidError{Faults: faults}
	}
	if changed, err := f.Changed(); err != nil {
		return err
	} else if changed {
		return ErrChangedByHand
	}
	if err := f.setAsideBroken(); err != nil {
		return err
	}
	return f.write(d)
}

// setAsideBroken copies a file that cannot be used, before it is replaced: somebody's work is in it.
func (f *File) setAsideBroken() error {
	if !f.broken {
		return nil
	}
	text, err := store.ReadFile(f.path, MaxFile)
	if err != nil {
		_, err = store.SetAside(f.path)
		return err
	}
	aside := f.path + ".broken-" + time.Now().UTC().Format("20060102T150405.000000000Z")
	if err := store.WriteFile(aside, text, 0); err != nil {
		return fmt.Errorf("keep the broken configuration: %w", err)
	}
	f.log.Warn("a configuration that could not be used was kept beside the new one", "file", aside)
	return nil
}

func (f *File) write(d *Document) error {
	text := d.Text()
	if len(text) > MaxFile {
		return fmt.Errorf("write the configuration: %w", store.ErrTooLarge)
	}
	if err := store.WriteFile(f.path, text, store.PrivateFile); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	if _, err := f.read(); err != nil {
		return fmt.Errorf("read back what was written: %w", err)
	}
	if err := f.keepGood(text); err != nil {
		return fmt.Errorf("keep the last good copy: %w", err)
	}
	f.log.Info("configuration written", "file", f.path)
	return nil
}

// stored is Validate for a document on disk, where no password may wait for its protected form.
func (d *Document) stored() []*Fault {
	faults := d.Validate()
	d.secrets(func(n node, a *Attribute, value string) {
		prefix := a.Form.prefix()
		if prefix == "" || len(value) < len(prefix) || value[:len(prefix)] != prefix {
			faults = append(faults, &Fault{Path: n.path, Attribute: a.XML, Line: d.source.line(n.xml, a.XML),
				Message: say("A password does not stand in the file as it is typed. Set it in Host Manager.")})
		}
	})
	return faults
}
