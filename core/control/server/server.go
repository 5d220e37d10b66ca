// Package server is the daemon's end of the control protocol: who may ask for what, and the answers.
//
// Nobody but the system says who is at the other end of a connection. root rules; others log on with an account that the system
// checks, or with the maintenance password, and get what the configuration gives them; the user at the screen sees who is
// connected and ends it. A connection costs its own goroutines and bounded memory: one that does not read keeps nobody waiting.
//
// Serve owns its goroutines. Notify and Raise may be called from any, also before Serve.
package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"impero/core/config"
	"impero/core/control"
	"impero/core/directory"
	"impero/core/local"
	"impero/core/logs"
	"impero/core/logs/event"
)

// Host is the Host that is administered.
type Host interface {
	State() control.State
	// Start fails with control.ErrNoPassword, or with words for people.
	Start() error
	Stop()
	Disconnect(session uint32)
	DisconnectAll()
	// CheckMaintenance fails with a *control.DeniedError. Where the scope is not protected every password is right.
	CheckMaintenance(user string, s control.Scope, password string) error
}

// Keeper keeps the Host's configuration.
type Keeper interface {
	// Snapshot gives a redacted copy, and what is wrong with it where it is kept.
	Snapshot() (d *config.Document, revision string, written time.Time, trouble string)
	// Overruled are the attributes that the command line goes before.
	Overruled() []config.Overruled
	// Check gives the faults of a document that would be applied.
	Check(d *config.Document) []*config.Fault
	// Apply makes d the configuration, and logs and records the change; who is whose it is. Errors are a *config.InvalidError, a *config.Fault, control.ErrConflict
	// and a *control.DeniedError; others are told in their words.
	Apply(ctx context.Context, d *config.Document, revision, who string) (Outcome, error)
}

// Outcome is what applying did.
type Outcome struct {
	Restarted bool
	Ended     int
	Pending   bool
}

// Config is what a Server is made of.
type Config struct {
	Host     Host
	Keeper   Keeper // nil where the configuration is not kept: then it can be neither seen nor changed
	Accounts directory.Accounts
	// Here says whether a user is the one at the screen; nil for nobody.
	Here   func(user string) bool
	Log    *slog.Logger // gets each success and refusal; nil for none
	Events *event.Log   // gets refusals; nil for none
}

// Bounds of what clients cost.
const (
	maxConns   = 64 // of all users but root
	maxOfUser  = 8  // of one of them
	maxLarge   = 2  // requests with a configuration at once, 17 MiB each
	maxRefused = 5  // requests of a connection that are refused, or it ends
	maxUsers   = 1024
	maxChecks  = 4 // accounts that the system is asked about at once
	acceptWait = time.Second
	awayTime   = 100 * time.Millisecond
	saidEvery  = time.Second // refused connections in the log
)

// Server serves the control socket. Use New.
type Server struct {
	cfg    Config
	log    *slog.Logger
	tries  *tries
	names  names
	large  chan struct{}
	checks chan struct{}

	mu       sync.Mutex
	conns    map[*conn]bool
	of       map[string]int
	checking map[string]bool // users whose account is being checked
	said     time.Time
	saidOf   map[string]time.Time // that a user was refused; of maxUsers at most
}

// refusedEvery is how often a user's refusals are logged.
const refusedEvery = time.Second

// mayComplain says whether a user's refusal is to be logged.
func (s *Server) mayComplain(user string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if now.Sub(s.saidOf[user]) < refusedEvery {
		return false
	}
	if len(s.saidOf) >= maxUsers {
		clear(s.saidOf)
	}
	s.saidOf[user] = now
	return true
}

// New makes a server.
func New(cfg Config) *Server {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Server{
		cfg: cfg, log: logs.Control.Of(cfg.Log), tries: newTries(time.Now), large: make(chan struct{}, maxLarge), checks: make(chan struct{}, maxChecks),
		conns: map[*conn]bool{}, of: map[string]int{}, checking: map[string]bool{}, saidOf: map[string]time.Time{},
	}
}

// Serve serves who comes to l until ctx ends; then l is closed and every connection has ended.
func (s *Server) Serve(ctx context.Context, l *local.Listener) {
	var serving sync.WaitGroup
	defer serving.Wait()
	defer context.AfterFunc(ctx, func() { l.Close() })()
	for {
		c, err := l.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			s.log.Error("a control connection could not be accepted", "reason", err)
			select {
			case <-ctx.Done():
				return
			case <-time.After(acceptWait):
			}
			continue
		}
		serving.Go(func() { s.Attend(ctx, c) })
	}
}

// Attend serves one connection until it or ctx ends, unless there are too many.
func (s *Server) Attend(ctx context.Context, c *local.Conn) {
	k := s.admit(c)
	if k == nil {
		s.sendAway(c)
		return
	}
	defer s.dismiss(k)
	k.serve(ctx)
}

// sendAway ends a connection that is one too many.
func (s *Server) sendAway(c *local.Conn) {
	defer c.Close()
	s.mu.Lock()
	now := time.Now()
	say := now.Sub(s.said) >= saidEvery
	if say {
		s.said = now
	}
	s.mu.Unlock()
	if say {
		s.log.Warn("a control connection was refused: there are too many", "user", c.Peer.User, "process", c.Peer.Process)
	}
	if text, err := control.AppendMessage(&control.Reply{Failure: &control.Failure{Code: control.CodeBusy}}); err == nil {
		c.SetWriteDeadline(now.Add(awayTime)) // a new connection has room for it
		c.Write(text)
	}
}

// admit counts a connection; nil if there are too many.
func (s *Server) admit(c *local.Conn) *conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !ruler(c.Peer) && (len(s.conns) >= maxConns || s.of[c.Peer.User] >= maxOfUser) {
		return nil
	}
	k := &conn{s: s, c: c, peer: c.Peer, bell: make(chan struct{}, 1), log: s.log.With("user", c.Peer.User, "process", c.Peer.Process)}
	s.conns[k] = true
	s.of[c.Peer.User]++
	return k
}

func (s *Server) dismiss(k *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, k)
	if s.of[k.peer.User]--; s.of[k.peer.User] == 0 {
		delete(s.of, k.peer.User)
	}
}

// ruler says whether a peer may do all: root, or whose daemon this is.
func ruler(p local.Peer) bool { return p.Rules() || p.Same() }

// Notify tells who watches what is new. It does not block.
func (s *Server) Notify(n control.News) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.conns {
		k.tell(n)
	}
}

// raise tells a user's own programs that have the Host's window to show it, and says whether one heard it.
func (s *Server) raise(user string) (heard bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.conns {
		if k.peer.User == user && k.tell(control.Raise) {
			heard = true
		}
	}
	return heard
}
