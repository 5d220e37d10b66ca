package server

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"impero/core/config"
	"impero/core/control"
	"impero/core/directory"
	"impero/core/local"
)

// The users of the computer and their passwords.
const (
	root  = "0"
	ann   = "1001" // in the group of administrators
	bob   = "1002"
	word  = "her own password"
	guard = "the maintenance password"
)

// people are Accounts in memory; a refusal takes 3 s, as the system's do.
type people struct{}

func (people) Check(_ context.Context, user, password, _ string) (directory.Verdict, error) {
	if password == word {
		return directory.Right, nil
	}
	time.Sleep(3 * time.Second) // of a bubble: no time passes
	return directory.Wrong, nil
}

func (people) Find(_ context.Context, user string) (directory.Account, error) {
	switch user {
	case "ann":
		return directory.Account{Name: "ann", ID: ann, Groups: []directory.Group{{ID: "7", Name: "impero-admins"}}}, nil
	case "bob":
		return directory.Account{Name: "bob", ID: bob}, nil
	}
	return directory.Account{}, directory.ErrUnknown
}

func (p people) FindID(ctx context.Context, id string) (directory.Account, error) {
	return p.Find(ctx, map[string]string{ann: "ann", bob: "bob"}[id])
}

// computer is a Host and its Keeper in memory.
type computer struct {
	mu        sync.Mutex
	doc       *config.Document
	revision  int
	protected []control.Scope
	sessions  []control.Session
	running   bool
	who       string
}

func (c *computer) State() control.State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return control.State{Name: "till-042", Running: c.running, Protected: c.protected, Sessions: c.sessions}
}

func (c *computer) Start() error { c.set(func() { c.running = true }); return nil }
func (c *computer) Stop()        { c.set(func() { c.running = false }) }

func (c *computer) set(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
}

func (c *computer) Disconnect(uint32) { c.DisconnectAll() }
func (c *computer) DisconnectAll()    { c.set(func() { c.sessions = nil }) }

func (c *computer) CheckMaintenance(_ string, _ control.Scope, password string) error {
	if password != guard {
		return &control.DeniedError{Left: -1}
	}
	return nil
}

func (c *computer) Overruled() []config.Overruled {
	return []config.Overruled{{Kinds: config.Root + "/Configuration", Attribute: "Name", By: "--name"}}
}

func (c *computer) Snapshot() (*config.Document, string, time.Time, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.doc.Redacted(), strconv.Itoa(c.revision), time.Now(), ""
}

func (c *computer) Check(d *config.Document) []*config.Fault { return d.Validate() }

func (c *computer) Apply(_ context.Context, d *config.Document, revision, who string) (Outcome, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if revision != strconv.Itoa(c.revision) {
		return Outcome{}, control.ErrConflict
	}
	next := d.Clone()
	if err := next.Restore(c.doc); err != nil {
		return Outcome{}, err
	}
	if faults := next.Validate(); len(faults) > 0 {
		return Outcome{}, &config.InvalidError{Faults: faults}
	}
	c.doc, c.who = next, who
	c.revision++
	return Outcome{Restarted: true, Ended: 2}, nil
}

// house is a server, what it serves, and its log.
type house struct {
	t *testing.T
	*computer
	s    *Server
	here string // the user at the screen
	ctx  context.Context
	wg   sync.WaitGroup

	logMu sync.Mutex
	log   bytes.Buffer
}

func (h *house) Write(p []byte) (int, error) {
	h.logMu.Lock()
	defer h.logMu.Unlock()
	return h.log.Write(p)
}

func (h *house) logged() string {
	h.logMu.Lock()
	defer h.logMu.Unlock()
	return h.log.String()
}

// in runs a test at a new house, in a bubble.
func in(t *testing.T, test func(t *testing.T, h *house)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		h := &house{t: t, computer: &computer{doc: config.New(), running: true}, ctx: ctx}
		if err := h.doc.Set(access, "Group", "impero-admins"); err != nil {
			t.Fatal(err)
		}
		h.s = New(Config{
			Host: h.computer, Keeper: h.computer, Accounts: people{}, Here: func(user string) bool { return user == h.here },
			Log: slog.New(slog.NewTextHandler(h, nil)),
		})
		test(t, h)
		cancel()
		h.wg.Wait()
	})
}

// pipe is a connection of a user's program, and serves it.
func (h *house) pipe(user string) net.Conn {
	near, far := net.Pipe()
	h.wg.Go(func() { h.s.Attend(h.ctx, &local.Conn{Conn: far, Peer: local.Peer{User: user, Process: 4711}}) })
	return near
}

// client is a user's program.
func (h *house) client(user string) *control.Client {
	c := &control.Client{Path: "the socket", Dial: func(context.Context, string) (*local.Conn, error) {
		return &local.Conn{Conn: h.pipe(user), Peer: local.Peer{User: root}}, nil
	}}
	h.t.Cleanup(c.Close)
	return c
}

// open gives a client that has logged on.
func (h *house) open(user string, a control.Account) *control.Client {
	h.t.Helper()
	c := h.client(user)
	if _, err := c.Hello(h.ctx); err != nil {
		h.t.Fatal(err)
	}
	if _, err := c.Open(h.ctx, a); err != nil {
		h.t.Fatalf("user %s: %v", user, err)
	}
	return c
}

// changed gives a document made from a configuration, in which a value is another.
func changed(t *testing.T, from *control.Configuration, p config.Path, attribute, value string) *config.Document {
	t.Helper()
	d := from.Document.Clone()
	if err := d.Set(p, attribute, value); err != nil {
		t.Fatal(err)
	}
	return d
}

const (
	security = config.Root + "/Configuration/LocalConfiguration/HostComputer/Security"
	general  = security + "/Sessions"
)

// own is the account of user ann or bob.
func own(user string) control.Account {
	return control.Account{User: map[string]string{ann: "ann", bob: "bob"}[user], Password: word}
}
