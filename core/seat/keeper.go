package seat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"

	"impero/core/directory"
	"impero/core/local"
)

// Times of an agent that ends by itself.
const (
	firstWait = 250 * time.Millisecond // before it is started again; doubled each time
	lastWait  = 30 * time.Second
	wellAfter = 30 * time.Second // one that ran so long was well: the next wait is the first
	endTime   = 3 * time.Second  // to end when asked to
	bareAfter = 3                // ends in a row without having been well
)

// Starting is what Guests are told while the agent is not there though it should.
const Starting = "The part of this Host that sees the desktop is being started. The picture comes with it."

// Keeper keeps an agent at the desktop on the screen. Its fields are set before Run.
type Keeper struct {
	Watcher  Watcher
	Accounts directory.Accounts
	Program  []string            // the agent and its arguments
	Bare     []string            // arguments for an agent that ends at once again and again: without a window, which needs more
	Env      []string            // of the daemon's environment, for the agent: NAME=value
	Vacant   func(reason string) // is told why there is no agent
	Log      *slog.Logger        // gets what happens, and what agents write

	mu      sync.Mutex
	here    *Desktop // on the screen
	watcher Watcher  // of Run; nil while that does not watch
	run     *run     // the agent's; nil while there is none
}

// run is one agent, from its start to its end; where the system starts agents, whatever is of the user at the screen.
type run struct {
	process int // 0: any
	ctx     context.Context
	end     context.CancelFunc
	taken   bool // it has its connection
}

// ErrStranger says that somebody else than the agent of the desktop on the screen wants to be the agent.
var ErrStranger = errors.New("it is not the agent of the desktop on the screen")

// Admit says whether the peer may be the agent: it is the process that the Keeper started, of the user at the screen, and
// has no other connection. Where the system starts agents (macOS), the user alone counts. The peer is the agent until ctx
// ends, which it does as soon as its process ends or another desktop comes on the screen; leave must be called when its
// connection is closed.
func (k *Keeper) Admit(p local.Peer) (ctx context.Context, leave func(), err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.here == nil:
		return nil, nil, fmt.Errorf("%w: there is none", ErrStranger)
	case p.User != k.here.User:
		return nil, nil, fmt.Errorf("%w: that is user %s's", ErrStranger, k.here.User)
	case k.run == nil:
		return nil, nil, fmt.Errorf("%w: that does not run", ErrStranger)
	case k.run.process == 0: // the newest is the one
		return k.run.ctx, func() {}, nil
	case p.Process != k.run.process:
		return nil, nil, fmt.Errorf("%w: that is process %d", ErrStranger, k.run.process)
	case k.run.taken:
		return nil, nil, fmt.Errorf("%w: that has its connection already", ErrStranger)
	}
	r := k.run
	r.taken = true
	return r.ctx, func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		r.taken = false
	}, nil
}

// Here says whether the desktop on the screen is the user's. At a login screen it is nobody's.
func (k *Keeper) Here(user string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.here != nil && !k.here.Greeter && k.here.User == user
}

// LoggedIn says whether a user is logged in at the screen, in front of it or behind a login screen; what is not known
// counts as yes.
func (k *Keeper) LoggedIn() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	w, ok := k.watcher.(interface{ Nobody() bool })
	return !ok || !w.Nobody()
}

// notice is what a Watcher said last.
type notice struct {
	desktop *Desktop
	reason  string
}

// Run follows the screen until ctx ends; then the agent has ended too. It returns the Watcher's error.
func (k *Keeper) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	k.watch(k.Watcher)
	defer k.watch(nil)
	news := make(chan notice, 1)
	var watching sync.WaitGroup
	defer watching.Wait()
	var failed error
	watching.Go(func() {
		defer cancel()
		failed = k.Watcher.Watch(ctx, func(d *Desktop, reason string) {
			select {
			case <-news: // the newest counts
			default:
			}
			news <- notice{d, reason}
		})
	})
	stop := func() {}
	var said notice
	for first := true; ; first = false {
		select {
		case <-ctx.Done():
			stop()
			watching.Wait()
			return failed
		case n := <-news:
			if !first && same(said, n) {
				continue
			}
			said = n
			stop()
			stop = k.serve(ctx, n)
		}
	}
}

// watch notes who watches the screen. While nobody does, nobody is known to be there.
func (k *Keeper) watch(w Watcher) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.watcher, k.here = w, nil
}

func same(a, b notice) bool {
	if a.desktop == nil || b.desktop == nil {
		return a.desktop == b.desktop && a.reason == b.reason
	}
	return *a.desktop == *b.desktop
}

// serve begins to keep an agent at what n says, and gives what ends that.
func (k *Keeper) serve(ctx context.Context, n notice) (stop func()) {
	d := n.desktop
	if d != nil && d.User == "0" {
		d, n.reason = nil, RootHere
	}
	k.mu.Lock()
	k.here = d
	k.mu.Unlock()
	if d == nil {
		k.Log.Info("no desktop to share", "reason", n.reason)
		k.Vacant(n.reason)
		return func() {}
	}
	k.Log.Info("another desktop is on the screen", "user", d.User, "session", d.ID, "display", d.Display, "greeter", d.Greeter)
	k.Vacant(Starting)
	if !startsAgents {
		return k.begin(ctx, 0)
	}
	ctx, cancel := context.WithCancel(ctx)
	var keeping sync.WaitGroup
	keeping.Go(func() { k.keep(ctx, d) })
	return func() { cancel(); keeping.Wait() }
}

// keep has an agent run at d until ctx ends.
func (k *Keeper) keep(ctx context.Context, d *Desktop) {
	wait, failed, short := firstWait, false, 0
	for ctx.Err() == nil {
		start := time.Now()
		program := k.Program
		if short >= bareAfter {
			program = slices.Concat(k.Program, k.Bare)
		}
		err := k.runOnce(ctx, d, program)
		if ctx.Err() != nil {
			return
		}
		if time.Since(start) >= wellAfter {
			wait, failed, short = firstWait, false, 0
		}
		short++
		switch {
		case !failed:
			k.Log.Warn("the agent ended and is started again", "user", d.User, "reason", err)
		case wait >= lastWait && wait < 2*lastWait:
			k.Log.Error("the agent ends again and again; it is tried twice a minute from now on", "user", d.User, "reason", err)
			wait = 2 * lastWait // said once
		}
		failed = true
		k.Vacant(Starting)
		select {
		case <-ctx.Done():
		case <-time.After(min(wait, lastWait)):
		}
		if wait < lastWait {
			wait = min(2*wait, lastWait)
		}
	}
}

// runOnce runs one agent to its end.
func (k *Keeper) runOnce(ctx context.Context, d *Desktop, program []string) error {
	who, err := k.Accounts.FindID(ctx, d.User)
	if err != nil {
		return err
	}
	c := exec.Command(program[0], program[1:]...)
	c.Dir = "/"
	c.Env = d.environment(who.Name, who.Home, who.Shell, k.Env)
	if err := become(c, d, who); err != nil {
		return fmt.Errorf("start the agent as %s: %w", who.Name, err)
	}
	out := &scribe{log: k.Log.With("user", who.Name)}
	c.Stdout, c.Stderr = out, out
	c.WaitDelay = endTime
	process, wait, end, err := k.start(ctx, c)
	if err != nil {
		return fmt.Errorf("start the agent: %w", err)
	}
	k.Log.Info("the agent was started", "user", who.Name, "process", process.Pid, "display", d.Display)
	ended := make(chan struct{})
	var asking sync.WaitGroup
	asking.Go(func() { endBy(ctx, process, ended) })
	err = wait()
	end()
	close(ended)
	asking.Wait()
	out.flush()
	if err == nil {
		err = errors.New("it ended by itself")
	}
	return err
}

// start starts c so that Admit knows it before it can connect, until end is called or ctx ends.
func (k *Keeper) start(ctx context.Context, c *exec.Cmd) (p *os.Process, wait func() error, end func(), err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if p, wait, err = begin(c); err != nil {
		return nil, nil, nil, err
	}
	return p, wait, k.admitLocked(ctx, p.Pid), nil
}

// begin has Admit know an agent, of any process if that is 0, until stop is called or ctx ends.
func (k *Keeper) begin(ctx context.Context, process int) (stop func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.admitLocked(ctx, process)
}

// admitLocked is begin with mu held.
func (k *Keeper) admitLocked(ctx context.Context, process int) (stop func()) {
	r := &run{process: process}
	r.ctx, r.end = context.WithCancel(ctx)
	k.run = r
	return func() {
		r.end()
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.run == r {
			k.run = nil
		}
	}
}

// endBy ends p when ctx does: it asks, and kills what does not follow.
func endBy(ctx context.Context, p *os.Process, ended <-chan struct{}) {
	select {
	case <-ended:
		return
	case <-ctx.Done():
	}
	ask(p)
	select {
	case <-ended:
	case <-time.After(endTime):
		p.Kill()
	}
}
