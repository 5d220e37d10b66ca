// Package backendtest is for tests of Host Manager: a configuration in memory
// that behaves as a Host's would ([Memory]), a large one ([Large]), and what
// every Backend must do ([Conform]).
package backendtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"impero/core/config"
	"impero/ui/hostmanager/presenter"
	"impero/ui/shell/phrase"
)

const startCommand = "sudo service Imperohostd start"

// Memory is a Backend without a Host. Its fields may be set before it is used; later with Set.
type Memory struct {
	mu sync.Mutex
	// guarded by mu:
	doc      *config.Document
	revision int
	watchers map[chan struct{}]bool

	Wants     presenter.Wants
	Password  string // of the account, or the maintenance password
	Rights    presenter.Rights
	List      []presenter.Session
	Gone      bool  // nothing answers
	Refuse    error // what Apply says
	Trouble   string
	Nobody    []string // names that Missing misses
	Overruled []config.Overruled
}

// New makes a configuration in memory that root may change.
func New(d *config.Document) *Memory {
	return &Memory{doc: d, Rights: presenter.Rights{User: "root", Change: true, Paths: true}, watchers: map[chan struct{}]bool{}}
}

// Large is a configuration with many roles and users.
func Large(roles, users int) *config.Document {
	var r, u strings.Builder
	for i := range roles {
		fmt.Fprintf(&r, "<Role Name=\"Role %d\" ConnectView=\"Allow\" UseKeyboardMouse=\"Allow\"/>", i)
	}
	for i := range users {
		fmt.Fprintf(&u, "<User Name=\"user%d\" Role=\"Role %d\"/>", i, i%max(roles, 1))
	}
	text := strings.Replace(string(config.New().Text()), "</Roles>", r.String()+"</Roles>", 1)
	d, err := config.Parse([]byte(strings.Replace(text, "</GuestUsers>", "<SystemAuthentication>"+u.String()+"</SystemAuthentication></GuestUsers>", 1)))
	if err != nil {
		panic(err) // it is made here
	}
	return d
}

// Set changes fields, and tells those who watch.
func (m *Memory) Set(change func(*Memory)) {
	m.mu.Lock()
	change(m)
	m.mu.Unlock()
	m.tell()
}

// Change changes the configuration as somebody else would.
func (m *Memory) Change(change func(*config.Document)) {
	m.mu.Lock()
	change(m.doc)
	m.revision++
	m.mu.Unlock()
	m.tell()
}

// Document gives a copy of what is in force.
func (m *Memory) Document() *config.Document {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.doc.Clone()
}

func (m *Memory) tell() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for c := range m.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// reach locks and says whether anything answers.
func (m *Memory) reach() error {
	m.mu.Lock()
	if m.Gone {
		m.mu.Unlock()
		return fmt.Errorf("dial: %w", presenter.ErrGone)
	}
	return nil
}

// Hello implements presenter.Backend.
func (m *Memory) Hello(context.Context) (presenter.Place, error) {
	if err := m.reach(); err != nil {
		return presenter.Place{Start: startCommand}, err
	}
	defer m.mu.Unlock()
	return presenter.Place{Host: "till-042", Service: phrase.Plain("Imperohostd on till-042"), Document: phrase.Plain("host.xml version 1"),
		Wants: m.Wants, User: "root", Start: startCommand}, nil
}

// Open implements presenter.Backend.
func (m *Memory) Open(_ context.Context, a presenter.Account) (presenter.Rights, error) {
	if err := m.reach(); err != nil {
		return presenter.Rights{}, err
	}
	defer m.mu.Unlock()
	if m.Wants != presenter.WantsNothing && a.Password != m.Password && a.Maintenance != m.Password {
		return presenter.Rights{}, &presenter.DeniedError{Left: 2}
	}
	return m.Rights, nil
}

// Load implements presenter.Backend.
func (m *Memory) Load(context.Context) (presenter.Snapshot, error) {
	if err := m.reach(); err != nil {
		return presenter.Snapshot{}, err
	}
	defer m.mu.Unlock()
	return m.snapshot(), nil
}

func (m *Memory) snapshot() presenter.Snapshot {
	return presenter.Snapshot{Document: m.doc.Redacted(), Revision: fmt.Sprint(m.revision), Trouble: phrase.Plain(m.Trouble), Overruled: m.Overruled}
}

// Check implements presenter.Backend.
func (m *Memory) Check(_ context.Context, d *config.Document) ([]*config.Fault, error) {
	return d.Validate(), nil
}

// Apply implements presenter.Backend.
func (m *Memory) Apply(_ context.Context, d *config.Document, revision string) (presenter.Outcome, error) {
	if err := m.reach(); err != nil {
		return presenter.Outcome{}, err
	}
	defer m.mu.Unlock()
	if m.Refuse != nil {
		return presenter.Outcome{}, m.Refuse
	}
	if was := m.snapshot(); was.Revision != revision {
		return presenter.Outcome{}, &presenter.ConflictError{Now: was}
	}
	next := d.Clone()
	next.TakeProof()
	if err := next.Restore(m.doc); err != nil {
		return presenter.Outcome{}, err
	}
	if err := next.Protect(func(_ config.SecretForm, p string) (string, error) { return fmt.Sprint(len(p)), nil }); err != nil {
		return presenter.Outcome{}, err
	}
	if faults := next.Validate(); len(faults) > 0 {
		return presenter.Outcome{}, &config.InvalidError{Faults: faults}
	}
	out := presenter.Outcome{}
	for _, c := range config.Diff(m.doc, next) {
		out.Restarted = out.Restarted || c.Effect == config.RestartsCommunication
	}
	if out.Restarted {
		out.Ended, m.List = len(m.List), nil
	}
	m.doc = next
	m.revision++
	out.Snapshot = m.snapshot()
	return out, nil
}

// Sessions implements presenter.Backend.
func (m *Memory) Sessions(context.Context) ([]presenter.Session, error) {
	if err := m.reach(); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	return append([]presenter.Session(nil), m.List...), nil
}

// Missing implements presenter.Backend.
func (m *Memory) Missing(_ context.Context, names []presenter.SystemName) (list []presenter.SystemName, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, n := range names {
		if slices.Contains(m.Nobody, n.Name) {
			list = append(list, n)
		}
	}
	return list, nil
}

// Watch implements presenter.Backend.
func (m *Memory) Watch(ctx context.Context, changed func()) error {
	c := make(chan struct{}, 1)
	m.mu.Lock()
	m.watchers[c] = true
	m.mu.Unlock()
	defer func() {
		m.mu.Lock()
		delete(m.watchers, c)
		m.mu.Unlock()
	}()
	changed()
	for {
		if err := m.reach(); err != nil {
			return err
		}
		m.mu.Unlock()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-c:
			changed()
		}
	}
}
