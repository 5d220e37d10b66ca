// Package hostfile is a host.xml itself as the Backend of Host Manager, for a Host that does not run: one that was
// never started, a standalone one, or one that cannot start because of its configuration. While a person edits, it
// holds the lock of the folder, so that no Host starts with a configuration that is about to change; a Host that runs
// holds it, and is told to be ended first.
//
// The maintenance password is asked for as the Host's service does, where it protects the configuration. Passwords
// that only the Host can protect, because its key is needed, cannot be set here.
package hostfile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"impero/core/config"
	"impero/core/store"
	"impero/ui/hostmanager/presenter"
	"impero/ui/shell/phrase"
)

// lockName is the lock of a Host on its folder.
const lockName = "host"

// lookEvery is how often the file is looked at, for changes made by hand.
const lookEvery = 2 * time.Second

// File is a Backend. It is safe for concurrent use. Close gives the folder back.
type File struct {
	folder, user string
	log          *slog.Logger

	mu    sync.Mutex
	file  *config.File
	lock  *store.FileLock  // nil until Hello
	now   *config.Document // what was last read, whole; nil before Hello
	state presenter.Snapshot
	may   bool // Open has succeeded
}

// ErrName says that a path is none of a configuration.
var ErrName = errors.New("the file must be called " + config.FileName)

// New gives the Backend for a path, host.xml or the folder it is in; nothing is read yet. user is whose name is shown.
func New(path, user string, log *slog.Logger) (*File, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		path = filepath.Join(path, config.FileName)
	case filepath.Base(path) != config.FileName:
		return nil, ErrName
	}
	folder := filepath.Dir(path)
	return &File{folder: folder, user: user, log: log, file: config.At(folder, log)}, nil
}

// Path is the file's own path.
func (f *File) Path() string { return f.file.Path() }

// Close gives the lock back.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lock == nil {
		return nil
	}
	err := f.lock.Close()
	f.lock = nil
	return err
}

// Hello implements presenter.Backend: it takes the lock and reads the file.
func (f *File) Hello(context.Context) (presenter.Place, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	place := presenter.Place{
		Host:     filepath.Base(f.folder),
		Service:  phrase.Plain(f.file.Path()),
		Document: phrase.With("host.xml version {{.Version}}", phrase.Args{"Version": config.Version}),
		Stopped:  true,
	}
	if name, err := os.Hostname(); err == nil {
		place.Host = name
	}
	f.may = false
	if err := f.take(); err != nil {
		return place, err
	}
	if err := f.read(); err != nil {
		return place, err
	}
	if f.guarded() {
		place.Wants = presenter.WantsMaintenance
	}
	return place, nil
}

// take takes the lock, if it is not held already.
func (f *File) take() error {
	if f.lock != nil {
		return nil
	}
	lock, err := store.Lock(f.folder, lockName)
	var running *store.RunningError
	if errors.As(err, &running) {
		f.log.Warn("the configuration is in use", "file", f.file.Path(), "process", running.Process)
		return &presenter.GoneError{Reason: phrase.With("A Host, or another Host Manager, uses {{.File}} now. End it, then try again.", phrase.Args{"File": f.file.Path()})}
	}
	if err != nil {
		return err
	}
	f.lock = lock
	return nil
}

// read reads the file into now and state.
func (f *File) read() error {
	d, err := f.file.Load()
	trouble := phrase.Phrase{}
	var broken *config.BrokenError
	switch {
	case errors.As(err, &broken):
		trouble = brokenWords(broken)
		if d == nil {
			d = config.New()
		}
	case err != nil:
		return err
	}
	info, missing := os.Stat(f.file.Path())
	if errors.Is(missing, fs.ErrNotExist) && trouble.Empty() {
		trouble = phrase.With("There is no {{.File}} yet. What you see is a fresh configuration; applying it makes the file.", phrase.Args{"File": f.file.Path()})
	}
	f.now = d
	sum := sha256.Sum256(d.Text())
	f.state = presenter.Snapshot{Revision: hex.EncodeToString(sum[:]), Trouble: trouble}
	if missing == nil {
		f.state.Written = info.ModTime()
	}
	return nil
}

// brokenWords says what is wrong with a host.xml that cannot be used, and what is shown in its place.
func brokenWords(e *config.BrokenError) phrase.Phrase {
	reason := phrase.Plain(strings.TrimSuffix(e.Reason.Error(), ".") + ".")
	if e.Good.IsZero() {
		return phrase.With("host.xml cannot be used: {{.Reason}} What you see is a fresh configuration; applying it keeps the broken file beside it.",
			phrase.Args{"Reason": reason})
	}
	return phrase.With("host.xml cannot be used: {{.Reason}} What you see is the last good copy from {{.Time}}.",
		phrase.Args{"Reason": reason, "Time": e.Good.Local().Format("2006-01-02 15:04")})
}

// guarded says whether the maintenance password protects the configuration.
func (f *File) guarded() bool {
	v, err := f.now.Values()
	if err != nil {
		return false
	}
	guard := v.HostComputer.Security.Maintenance
	return guard.Password != "" && (guard.AllOtherConfiguration || guard.GuestAccessSecurity)
}

// checks says whether password is the maintenance password in force; any is where there is none.
func (f *File) checks(password string) bool {
	v, err := f.now.Values()
	if err != nil || v.HostComputer.Security.Maintenance.Password == "" {
		return true
	}
	return config.CheckHash(v.HostComputer.Security.Maintenance.Password, password)
}

// Open implements presenter.Backend.
func (f *File) Open(_ context.Context, a presenter.Account) (presenter.Rights, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.now == nil || f.lock == nil {
		return presenter.Rights{}, presenter.ErrGone
	}
	if f.guarded() && !f.checks(a.Maintenance) {
		f.log.Warn("a wrong maintenance password", "file", f.file.Path())
		return presenter.Rights{}, &presenter.DeniedError{Left: -1}
	}
	f.may = true
	rights := presenter.Rights{User: f.user, Change: true, Paths: true}
	if err := writable(f.folder); err != nil {
		rights.Change = false
		rights.Reason = phrase.With("You may read {{.File}}, not change it: its folder cannot be written.", phrase.Args{"File": f.file.Path()})
	}
	f.log.Info("a configuration is edited", "file", f.file.Path(), "user", f.user, "change", rights.Change)
	return rights, nil
}

// writable says whether a file can be made in a folder.
func writable(folder string) error {
	probe, err := os.CreateTemp(folder, ".probe-")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}
