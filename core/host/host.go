package host

import (
	"context"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"impero/core/key"
	"impero/core/logs"
	"impero/core/logs/event"
	"impero/core/password"
	"impero/core/seam"
	"impero/core/secure"
	"impero/core/store"
	"impero/core/transport"
	"impero/core/wire"
)

// MaxSessions is how many Guests a Host serves at once.
const MaxSessions = 8

// DefaultPort is the port of the profile `TCP 1`.
const DefaultPort = transport.DefaultPort

// ProfileName is the name of the one communication profile a new Host has.
const ProfileName = "TCP 1"

// Config is what a Host is made of.
type Config struct {
	// Home says where the Host's key and logon settings live.
	Home store.Home
	// Name is what the Host calls itself, at most 64 bytes; empty for the computer's name.
	Name string
	// Listen are the addresses of profile TCP 1, "host:port"; empty for the default port on every address.
	Listen []string
	// Levels are the encryption levels this Host allows; nil for secure.DefaultLevels.
	Levels []wire.Level
	// Communication is how it is reached, in place of Name, Listen and Levels; nil for those.
	Communication *Communication
	// Limits bound what strangers can cost; the zero value has good ones.
	Limits Limits
	// Activities are what Guests can open streams for besides the screen, by the kind of stream; others are refused.
	Activities map[wire.StreamKind]Activity
	// Access is who may do what at first; the zero value is one password and the role set with it.
	Access Access
	// Keep keeps a password's verifier, and the role that it gives if one is named, and puts both into force with SetAccess; nil for
	// the file logon.json. Where it is set, Access has the password.
	Keep func(v *password.Verifier, role string) error
	// Lock keeps other programs out of the Host's folder, until Close; nil for New to take it.
	Lock *store.FileLock
	// Machine is asked to lock, log off and restart this computer; nil for System.
	Machine Machine
	// Agent is the connection to the agent half of a Host that has one all along, which the Host closes; nil where agents
	// come and go, see Attach.
	Agent net.Conn
	// Quiet has Run not start communication: Start does.
	Quiet bool
	// Log gets every success and refusal; nil for none.
	Log *slog.Logger
	// Events gets what is to be answered for; nil for none. Whoever makes it carries it.
	Events *event.Log
}

// Host is the daemon half.
type Host struct {
	cfg      Config
	log      *slog.Logger
	gateLog  *slog.Logger // of connections that are no session yet
	lock     *store.FileLock
	com      atomic.Pointer[Communication]
	identity *key.Identity
	agent    *agentLink
	gate     *gate
	guard    *guard
	notes    *notes
	linger   chan struct{} // refused callers that are waited for
	changes  chan struct{}
	checks   chan struct{} // one for each account that the system is asked about now
	asks     asks
	machine  Machine
	made     time.Time

	maintainers maintainers

	watchMu  sync.Mutex // before mu
	watching []seam.Watcher

	ctx context.Context // of Run, for sessions and listeners
	wg  sync.WaitGroup  // every goroutine of this Host

	mu         sync.Mutex
	access     *access
	restarted  time.Time // for wrong tries
	refused    *Refusal
	logon      logonSettings
	verifier   *password.Verifier
	listeners  []*listener        // their profiles may change
	since      time.Time          // communication started; zero while stopped
	missing    []missing          // what could not be listened on yet
	hangUp     context.CancelFunc // ends the connections that are not sessions yet; nil while stopped
	hung       context.Context    // ended by hangUp
	problem    string             // with what is missing
	empty      time.Time          // since when there is no session
	trouble    string             // with the configuration
	display    Display
	sessions   map[uint32]*guestSession
	named      map[sessionName]*guestSession // those that a Guest may come back to
	lastID     uint32
	lastViewer uint32
}

// New reads the Host's identity and logon settings, and makes an identity at first start. It neither listens nor
// starts a goroutine, and keeps other programs out of the Host's folder until Close. Errors are a *store.RunningError
// if one is in it, and those of reading.
func New(cfg Config) (*Host, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	com, err := cfg.communication()
	if err != nil {
		return nil, err
	}
	lock := cfg.Lock
	if lock == nil {
		if lock, err = store.Lock(cfg.Home.HostDir(), "host"); err != nil {
			return nil, err
		}
	}
	good := newKnown(time.Now)
	h := &Host{
		cfg: cfg, log: logs.Host.Of(cfg.Log), gateLog: logs.Gate.Of(cfg.Log), lock: lock,
		gate:    newGate(cfg.Limits, time.Now, good),
		guard:   newGuard(time.Now, good),
		notes:   newNotes(refusedEvery),
		linger:  make(chan struct{}, maxLingering),
		changes: make(chan struct{}, 1),
		checks:  make(chan struct{}, maxChecks),
		machine: cfg.Machine, made: time.Now(),
		maintainers: maintainers{tries: newTally[string](ruleMaintenance)},
		sessions:    map[uint32]*guestSession{}, named: map[sessionName]*guestSession{},
		display: Display{Reason: "The part of this Host that sees the desktop has not answered yet."},
	}
	h.com.Store(com)
	if h.machine == nil {
		h.machine = System{}
	}
	if h.access, err = newAccess(cfg.Access); err == nil {
		h.guard.setAttempts(cfg.Access.Attempts)
		h.identity, err = loadIdentity(cfg.Home, cfg.Log)
	}
	switch {
	case err != nil:
	case cfg.Keep != nil:
		h.verifier = cfg.Access.Password
	default:
		err = h.loadLogon()
	}
	if err != nil {
		lock.Close()
		return nil, err
	}
	h.agent = newAgentLink(h)
	return h, nil
}

// communication is what a Config says of it.
func (cfg *Config) communication() (*Communication, error) {
	c := cfg.Communication
	if c == nil {
		c = &Communication{Name: cfg.Name, Profiles: []Profile{{ProfileName, cfg.Listen}}, Levels: cfg.Levels}
		if c.Name == "" {
			c.Name = ComputerName()
		}
		if len(cfg.Listen) == 0 {
			c.Profiles[0].Listen = []string{":" + strconv.Itoa(DefaultPort)}
		}
		if c.Levels == nil {
			c.Levels = secure.DefaultLevels()
		}
	}
	return c, c.check()
}

// Close lets another program use the Host's folder. Call it when Run has returned, or is never called.
func (h *Host) Close() error { return h.lock.Close() }

// Run starts communication if there is a way to log on, and serves until ctx ends; then every session is told so. A
// port that cannot be listened on does not end Run: State says what is wrong, and it is tried again.
func (h *Host) Run(ctx context.Context) error {
	h.mu.Lock()
	h.ctx, h.empty = ctx, time.Now()
	h.mu.Unlock()
	if h.cfg.Agent != nil {
		h.wg.Go(func() { h.agent.run(ctx, h.cfg.Agent) })
	}
	if h.cfg.Quiet {
		h.log.Info("communication is not started: it is set to wait")
	} else if err := h.Start(); err != nil {
		h.log.Warn("communication is not started", "reason", err)
	}
	<-ctx.Done()
	h.Stop()
	h.agent.close()
	h.wg.Wait()
	h.notes.close()
	return nil
}

// Disconnect ends one session, as the Host's user.
func (h *Host) Disconnect(id uint32) {
	h.mu.Lock()
	g := h.sessions[id]
	h.mu.Unlock()
	if g != nil {
		g.byUser.Store(true)
		g.end(wire.CloseHostUser)
	}
}

// DisconnectAll ends every session, as the Host's user.
func (h *Host) DisconnectAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.endAll(wire.CloseHostUser)
}

// endAll ends every session; mu is held.
func (h *Host) endAll(code wire.CloseCode) {
	for _, g := range h.sessions {
		if code == wire.CloseHostUser {
			g.byUser.Store(true)
		}
		go g.end(code)
	}
}

// changed tells whoever watches that State is another.
func (h *Host) changed() {
	select {
	case h.changes <- struct{}{}:
	default:
	}
}
