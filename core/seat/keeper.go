package seat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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
	nobody  bool     // it is known that no user is logged in
	process int      // the agent's; 0 while none runs
}

// ErrStranger says that somebody else than the agent of the desktop on the screen wants to be the agent.
var ErrStranger = errors.New("it is not the agent of the desktop on the screen")

// Admit says whether the peer may be the agent: it is the process that the Keeper started, and of the user at the
// screen. Where the system starts agents (macOS), the user alone counts.
func (k *Keeper) Admit(p local.Peer) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.here == nil:
		return fmt.Errorf("%w: there is none", ErrStranger)
	case p.User != k.here.User:
		return fmt.Errorf("%w: that is user %s's", ErrStranger, k.here.User)
	case startsAgents && p.Process != k.process:
		return fmt.Errorf("%w: that is process %d", ErrStranger, k.process)
	}
	return nil
}

// Here says whether the desktop on the screen is the user's. At a login screen it is nobody's.
func (k *Keeper) Here(user string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.here != nil && !k.here.Greeter && k.here.User == user
}

// LoggedIn says whether a user is logged in at the screen; what is not known counts as yes.
func (k *Keeper) LoggedIn() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return !k.nobody
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
	k.nobody = d != nil && d.Greeter || d == nil && n.reason == NobodyHere
	k.mu.Unlock()
	if d == nil {
		k.Log.Info("no desktop to share", "reason", n.reason)
		k.Vacant(n.reason)
		return func() {}
	}
	k.Log.Info("another desktop is on the screen", "user", d.User, "session", d.ID, "display", d.Display, "greeter", d.Greeter)
	k.Vacant(Starting)
	if !startsAgents {
		return func() {}
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
	if err := k.start(c); err != nil {
		return fmt.Errorf("start the agent: %w", err)
	}
	k.Log.Info("the agent was started", "user", who.Name, "process", c.Process.Pid, "display", d.Display)
	ended := make(chan struct{})
	var asking sync.WaitGroup
	asking.Go(func() { endBy(ctx, c, ended) })
	err = c.Wait()
	close(ended)
	asking.Wait()
	out.flush()
	k.mu.Lock()
	k.process = 0
	k.mu.Unlock()
	if err == nil {
		err = errors.New("it ended by itself")
	}
	return err
}

// start starts c so that Admit knows it before it can connect.
func (k *Keeper) start(c *exec.Cmd) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := c.Start(); err != nil {
		return err
	}
	k.process = c.Process.Pid
	return nil
}

// endBy ends c when ctx does: it asks, and kills what does not follow.
func endBy(ctx context.Context, c *exec.Cmd, ended <-chan struct{}) {
	select {
	case <-ended:
		return
	case <-ctx.Done():
	}
	ask(c.Process)
	select {
	case <-ended:
	case <-time.After(endTime):
		c.Process.Kill()
	}
}
