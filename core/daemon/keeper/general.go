package keeper

import (
	"context"
	"os"
	"sync"
	"time"

	"impero/core/config"
	"impero/core/host"
	"impero/core/machine"
)

// process is the number of this process.
func process() int { return os.Getpid() }

// mindGeneral has the computer wake up, and waits until the Host was idle for as long as it may; false if ctx ends before. What
// is changed meanwhile counts at once.
func (k *Keeper) mindGeneral(ctx context.Context) bool {
	k.loadAtBoot(ctx, config.General{}, k.General())
	for {
		k.mu.Lock()
		g, turned := k.now.general, k.turned
		k.mu.Unlock()
		inner, cancel := context.WithCancel(ctx)
		var waking sync.WaitGroup
		waking.Go(func() {
			machine.Daily{On: g.WakeEveryDay, Hour: g.WakeHour, Minute: g.WakeMinute}.Keep(inner, k.o.Machine, k.service)
		})
		idle := k.awaitIdle(inner, turned, g.ExitWhenIdle)
		cancel()
		waking.Wait()
		if idle {
			k.service.Info("the Host was idle and exits", "after", g.ExitWhenIdle)
		}
		if idle || ctx.Err() != nil {
			return idle
		}
	}
}

// awaitIdle returns true when no Guest was connected for so long, false when ctx ends or General turned out another. 0 is never.
func (k *Keeper) awaitIdle(ctx context.Context, turned <-chan struct{}, after time.Duration) bool {
	for {
		var up <-chan time.Time
		left := after - k.h.Idle()
		if after > 0 && left <= 0 {
			return true
		}
		if after > 0 {
			up = time.After(left) // sessions only put it off
		}
		select {
		case <-ctx.Done():
			return false
		case <-turned:
			return false
		case <-up:
		}
	}
}

// turn says that General may be another than it was; mu is held.
func (k *Keeper) turn(was config.General) {
	g := k.now.general
	if g == was {
		return
	}
	close(k.turned)
	k.turned = make(chan struct{})
	if was.WakeEveryDay && !g.WakeEveryDay {
		if err := k.o.Machine.WakeAt(context.Background(), time.Time{}); err != nil {
			k.service.Error("the computer may wake up once more: what it was told cannot be taken back", "reason", err)
		}
	}
	if g.LoadAtBoot != was.LoadAtBoot {
		k.loadAtBoot(context.Background(), was, g)
	}
}

// loadAtBoot has the service start with the computer, or not. A new Host leaves that as it was installed.
func (k *Keeper) loadAtBoot(ctx context.Context, was, g config.General) {
	switch {
	case g.LoadAtBoot == was.LoadAtBoot:
	case !k.o.Service:
		k.service.Warn("this Host does not load when the computer starts, whatever the configuration says: it is no service of this computer, but a program of its user")
	default:
		if err := k.o.Machine.LoadAtBoot(ctx, g.LoadAtBoot); err != nil {
			k.service.Error("whether the service starts with the computer cannot be set", "reason", err)
		} else {
			k.service.Info("whether the service starts with the computer is set", "on", g.LoadAtBoot)
		}
	}
}

// loggedIn says whether a user is logged in at this computer.
func (k *Keeper) loggedIn() bool {
	k.mu.Lock()
	f := k.o.LoggedIn
	k.mu.Unlock()
	return f == nil || f()
}

// Seat tells the Keeper who knows whether a user is logged in at this computer.
func (k *Keeper) Seat(loggedIn func() bool) {
	k.mu.Lock()
	k.o.LoggedIn = loggedIn
	k.mu.Unlock()
}

// nobody are the accounts of a system that cannot be asked.
type nobody struct{ why string }

var _ host.Accounts = nobody{}
