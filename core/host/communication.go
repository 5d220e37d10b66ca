package host

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"impero/core/wire"
)

// Communication is how Guests reach a Host, and what they see of it before a logon. It is a value: what Communicate took
// is not changed any more.
type Communication struct {
	Name     string // of this Host, at most 64 bytes; empty for none
	Profiles []Profile
	Levels   []wire.Level // the encryption levels that are allowed, one at least
}

// Profile is a communication profile that listens.
type Profile struct {
	Name   string
	Listen []string // "host:port"
}

// ErrNoProfile says that nothing listens because no communication profile is enabled.
var ErrNoProfile = errors.New("no communication profile is enabled, so nothing listens")

func (c *Communication) check() error {
	switch {
	case len(c.Name) > wire.MaxName:
		return fmt.Errorf("the Host's name has %d bytes, at most %d are allowed", len(c.Name), wire.MaxName)
	case len(c.Levels) == 0:
		return errors.New("no encryption level is allowed, so no Guest could connect")
	}
	return nil
}

// addresses are all that are listened on.
func (c *Communication) addresses() (list []string) {
	for _, p := range c.Profiles {
		list = append(list, p.Listen...)
	}
	return list
}

// same says whether what listens, and under which name, is the same.
func (c *Communication) same(other *Communication) bool {
	return c.Name == other.Name && slices.EqualFunc(c.Profiles, other.Profiles, func(a, b Profile) bool {
		return a.Name == b.Name && slices.Equal(a.Listen, b.Listen)
	})
}

// Communicate changes how the Host is reached. Levels count from the next connection on. Another name or other profiles
// restart communication, if it is started: ended says how many sessions that ended. A Host that could not start as it was
// starts now. If it cannot start, State says why too.
func (h *Host) Communicate(c Communication) (restarted bool, ended int, err error) {
	if err := c.check(); err != nil {
		return false, 0, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	defer h.changed()
	was := h.com.Swap(&c)
	if !slices.Equal(was.Levels, c.Levels) {
		h.log.Info("the encryption levels are set", "levels", strings.Join(levelNames(c.Levels), ", "))
	}
	switch {
	case c.same(was):
		return false, 0, nil
	case !h.since.IsZero():
		ended = len(h.sessions)
		h.log.Info("communication restarts: it is set otherwise", "sessions", ended)
		return true, ended, h.restart()
	case h.problem != "": // it waits for an address
		return false, 0, h.start()
	}
	return false, 0, nil
}

// logonLimit is how long a Guest may take to log on, the time besides in which the Host's user is asked.
func (a *Access) logonLimit() time.Duration {
	if a.LogonTime > 0 {
		return a.LogonTime
	}
	return logonTime
}

// sessionLimit is how many sessions there may be.
func (a *Access) sessionLimit() int {
	if a.MaxSessions > 0 {
		return min(a.MaxSessions, MaxSessions)
	}
	return MaxSessions
}
