package hostfile

import (
	"context"
	"errors"
	"time"

	"impero/core/config"
	"impero/ui/hostmanager/people"
	"impero/ui/hostmanager/presenter"
)

// Load implements presenter.Backend.
func (f *File) Load(context.Context) (presenter.Snapshot, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.snapshot()
}

func (f *File) snapshot() (presenter.Snapshot, error) {
	if !f.may {
		return presenter.Snapshot{}, presenter.ErrGone
	}
	if changed, err := f.file.Changed(); err != nil {
		return presenter.Snapshot{}, err
	} else if changed {
		if err := f.read(); err != nil {
			return presenter.Snapshot{}, err
		}
	}
	s := f.state
	s.Document = f.now.Redacted()
	return s, nil
}

// errOwnKey says that a password needs the Host's key.
var errOwnKey = errors.New("only the running Host can keep this password")

// ownKey is what Check tells of such a password.
const ownKey = "This password can be set only while the Host runs: it needs the Host's own key. Take the change back."

// Check implements presenter.Backend: it finds the passwords that cannot be kept here.
func (f *File) Check(_ context.Context, d *config.Document) ([]*config.Fault, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var faults []*config.Fault
	for _, c := range config.Diff(f.now.Redacted(), d) {
		if c.Kind == config.Changed && c.New != "" && (c.Attribute.Form == config.Verifier || c.Attribute.Form == config.Sealed) {
			faults = append(faults, &config.Fault{Path: c.Path, Attribute: c.Attribute.XML, Message: config.Message{Key: ownKey}})
		}
	}
	return faults, nil
}

// Apply implements presenter.Backend.
func (f *File) Apply(_ context.Context, d *config.Document, revision string) (presenter.Outcome, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	was, err := f.snapshot()
	switch {
	case err != nil:
		return presenter.Outcome{}, err
	case was.Revision != revision:
		return presenter.Outcome{}, &presenter.ConflictError{Now: was}
	}
	next := d.Clone()
	proof := next.TakeProof()
	changes := config.Diff(was.Document, next)
	if changesMaintenance(changes) && !f.checks(proof) {
		f.log.Warn("a wrong maintenance password", "file", f.file.Path())
		return presenter.Outcome{}, &presenter.DeniedError{Left: -1}
	}
	if err := f.save(next); err != nil {
		return presenter.Outcome{}, err
	}
	for _, c := range changes {
		f.log.Info("the configuration was changed", append(c.Attributes(), "user", f.user)...)
	}
	now, err := f.snapshot()
	return presenter.Outcome{Snapshot: now}, err
}

// save puts the secrets in and writes.
func (f *File) save(next *config.Document) error {
	if err := next.Restore(f.now); err != nil {
		return err
	}
	if err := next.Protect(func(config.SecretForm, string) (string, error) { return "", errOwnKey }); err != nil {
		return err
	}
	if err := f.file.Save(next); err != nil {
		return err
	}
	return f.read()
}

// changesMaintenance says whether the maintenance password would be another one.
func changesMaintenance(changes []config.Change) bool {
	for _, c := range changes {
		if c.Attribute != nil && c.Attribute.Form == config.Hash {
			return true
		}
	}
	return false
}

// Sessions implements presenter.Backend: no Host runs, so there are none.
func (f *File) Sessions(context.Context) ([]presenter.Session, error) { return nil, nil }

// Missing implements presenter.Backend.
func (f *File) Missing(ctx context.Context, names []presenter.SystemName) ([]presenter.SystemName, error) {
	return people.Missing(ctx, names)
}

// Watch implements presenter.Backend: it looks at the file now and then.
func (f *File) Watch(ctx context.Context, changed func()) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	changed()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
		f.mu.Lock()
		is, err := f.file.Changed()
		f.mu.Unlock()
		if err == nil && is {
			changed()
		}
	}
}
