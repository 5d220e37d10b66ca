package host

import (
	"fmt"
	"time"

	"impero/core/wire"
)

// Attempts is what too many wrong tries from one address lead to, besides what guard.go does in any case: the zero value
// is that alone.
type Attempts struct {
	// Limit is how many wrong tries an address has; 0 for 3, at most 10.
	Limit int
	// Action is what happens then.
	Action AttemptAction
	// LockOut is how long LockOut locks, and twice as long each later time, up to a day; 0 for a minute.
	LockOut time.Duration
}

// AttemptAction is what wrong tries lead to. Values are part of stored configurations.
type AttemptAction uint8

const (
	AttemptNone       AttemptAction = 0 // what guard.go does: a lock of 30 s, and longer ones later
	AttemptDisconnect AttemptAction = 1 // the connection ends, and every session from the same address
	AttemptLockOut    AttemptAction = 2 // no logon from there for LockOut
	AttemptRestart    AttemptAction = 3 // the computer restarts
)

// Limits of Attempts.
const (
	maxAttempts  = 10
	lockOutTime  = time.Minute
	maxLockOut   = 24 * time.Hour
	restartAfter = 10 * time.Minute // a stranger cannot have the computer restart more often
)

func (a Attempts) check() error {
	switch {
	case a.Limit < 0 || a.Limit > maxAttempts:
		return fmt.Errorf("illegal attempts: the limit is 1 to %d", maxAttempts)
	case a.Action > AttemptRestart:
		return fmt.Errorf("illegal attempts: there is no action %d", a.Action)
	case a.LockOut < 0 || a.LockOut > maxLockOut:
		return fmt.Errorf("illegal attempts: a lock-out lasts up to %s", maxLockOut)
	}
	return nil
}

// rule is how the tries of one address are counted.
func (a Attempts) rule() rule {
	r := ruleAddress
	if a.Limit > 0 {
		r.first, r.next = a.Limit, a.Limit
	}
	if a.Action == AttemptLockOut {
		r.lock = lockOutTime
		if a.LockOut > 0 {
			r.lock = a.LockOut
		}
		r.longest = max(r.longest, min(maxLockOut, 24*r.lock))
	}
	return r
}

// setAttempts changes how an address's tries are counted, from its next try on. Locks that there are stay.
func (g *guard) setAttempts(a Attempts) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.address.rule = a.rule()
}

// tooMany does what too many wrong tries from one address lead to.
func (h *Host) tooMany(try guess) {
	if len(try.had) == 0 || try.had[0].lock == 0 { // the address is counted first
		return
	}
	switch h.rules().Attempts.Action {
	case AttemptDisconnect:
		h.endSessionsFrom(try.from)
	case AttemptRestart:
		h.restartOnce(try.from)
	}
}

func (h *Host) endSessionsFrom(from place) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, g := range h.sessions {
		if placeOf(g.remote()).address == from.address {
			g.log.Warn("session is ended: too many wrong tries came from its address", "session", g.id)
			go g.end(wire.CloseLockedOut)
		}
	}
}

func (h *Host) restartOnce(from place) {
	h.mu.Lock()
	now := time.Now()
	again := now.Sub(h.restarted) >= restartAfter && now.Sub(h.made) >= restartAfter
	if again {
		h.restarted = now
	}
	h.mu.Unlock()
	if !again {
		h.log.Warn("the computer does not restart for wrong tries: it did, or this Host started, a short while ago", "from", from.ip)
		return
	}
	h.log.Warn("the computer restarts: too many wrong tries", "from", from.ip)
	h.perform(AfterRestart)
}
