package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"impero/core/logs/event"
	"impero/core/transport"
	"impero/core/wire"
)

// An address that cannot be listened on is tried again after againFirst, then after pauses that double up to againMost:
// another program may end, and an interface may get its address later.
const (
	againFirst = time.Second
	againMost  = 30 * time.Second
)

// A port that was free a moment ago may be held by a process that this one is just starting, until that has become
// another program: so it is tried again at first, after pauses that double from soonFirst to soonMost.
const (
	soonFirst = 5 * time.Millisecond
	soonMost  = 40 * time.Millisecond
)

// listener is one that is open, whose it is, and on what.
type listener struct {
	net.Listener
	profile, address string
}

// missing is an address that a profile could not listen on yet.
type missing struct{ profile, address string }

// ErrNoPassword says that nobody could log on, so that nothing listens.
var ErrNoPassword = errors.New("no password is set, so nobody could log on")

// Start begins to listen. It is not an error if the Host listens already, or can on some of its addresses. The others are
// tried again until Stop; State says what is wrong with them meanwhile.
func (h *Host) Start() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.start()
}

// start is Start; mu is held.
func (h *Host) start() error {
	if h.ctx == nil || h.ctx.Err() != nil {
		return ErrNotRunning
	}
	if !h.since.IsZero() {
		return nil
	}
	if !h.canLogOn() {
		return ErrNoPassword
	}
	return h.begin()
}

// begin listens where Communication says, and goes on where it does already; mu is held.
func (h *Host) begin() error {
	defer h.changed()
	open := h.listeners
	h.listeners = nil
	h.forgetListeners()
	for _, p := range h.com.Load().Profiles {
		for _, address := range p.Listen {
			i := slices.IndexFunc(open, func(l *listener) bool { return l.address == address })
			if i < 0 {
				h.missing = append(h.missing, missing{p.Name, address})
				continue
			}
			open[i].profile = p.Name
			h.listeners = append(h.listeners, open[i])
			open = slices.Delete(open, i, i+1)
		}
	}
	for _, l := range open {
		l.Close()
	}
	if len(h.missing)+len(h.listeners) == 0 {
		h.problem = "No communication profile is enabled. Enable one in Host Manager."
		return fmt.Errorf("start communication: %w", ErrNoProfile)
	}
	h.hung, h.hangUp = context.WithCancel(h.ctx)
	err := h.listen()
	for pause := soonFirst; transport.InUse(err) && pause <= soonMost; pause *= 2 {
		time.Sleep(pause)
		err = h.listen()
	}
	if err != nil {
		ctx := h.hung
		h.wg.Go(func() { h.listenAgain(ctx) })
	}
	if len(h.listeners) == 0 {
		return fmt.Errorf("start communication: %w", err)
	}
	if err != nil {
		h.log.Warn("not every address can be listened on yet", "reason", h.problem)
	}
	return nil
}

// forgetListeners closes what listens, and ends the trying; mu is held.
func (h *Host) forgetListeners() {
	for _, l := range h.listeners {
		l.Close()
	}
	if h.hangUp != nil {
		h.hangUp()
	}
	h.listeners, h.missing, h.problem, h.since, h.hung, h.hangUp = nil, nil, "", time.Time{}, nil, nil
}

// listen opens what is missing, as far as it can. The error is of the first that it could not open. mu is held.
func (h *Host) listen() (first error) {
	var problems []string
	before := len(h.listeners)
	h.missing = slices.DeleteFunc(h.missing, func(m missing) bool {
		l, err := transport.Listen(h.ctx, m.address)
		if err != nil {
			if first == nil {
				first = err
			}
			if p := listenProblem(m.address, err); !slices.Contains(problems, p) {
				problems = append(problems, p)
			}
			return false
		}
		h.listeners = append(h.listeners, &listener{l, m.profile, m.address})
		return true
	})
	h.problem = strings.Join(problems, " ")
	if len(h.listeners) > 0 && h.since.IsZero() {
		h.since = time.Now()
		h.recordCommunication(event.HostBegun)
	}
	for _, l := range h.listeners[before:] {
		h.log.Info("listening", "profile", l.profile, "address", l.Addr(), "levels", strings.Join(levelNames(h.com.Load().Levels), ", "))
		h.wg.Go(func() { h.accept(l) })
	}
	return first
}

// listenAgain tries what is missing until nothing is, or ctx ends.
func (h *Host) listenAgain(ctx context.Context) {
	for pause := againFirst; ; pause = min(2*pause, againMost) {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		if h.listenedOnAll(ctx) {
			return
		}
	}
}

// listenedOnAll tries what is missing, and says whether there is nothing more to try.
func (h *Host) listenedOnAll(ctx context.Context) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if ctx.Err() != nil {
		return true
	}
	if !h.canLogOn() { // until there is a password again
		return false
	}
	before, listening := h.problem, len(h.listeners)
	err := h.listen()
	if h.problem != before || len(h.listeners) != listening {
		h.changed()
	}
	return err == nil
}

func listenProblem(address string, err error) string {
	_, port, _ := net.SplitHostPort(address)
	if transport.InUse(err) {
		return "Another program already uses port " + port + ". End it, or give this Host another port."
	}
	return "Port " + port + " cannot be listened on: " + err.Error() + "."
}

// Stop ends communication: nothing listens, and every logon and session ends.
func (h *Host) Stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stop()
}

// stop is Stop; mu is held.
func (h *Host) stop() {
	if !h.since.IsZero() {
		h.log.Info("communication stopped")
		h.recordCommunication(event.HostEnded)
	}
	h.forgetListeners()
	h.endAll(wire.CloseHostStopping)
	h.changed()
}

// restart has communication end and begin again without a moment in which nothing listens where it did and will; mu is held.
func (h *Host) restart() error {
	if !h.canLogOn() {
		h.stop()
		return ErrNoPassword
	}
	h.recordCommunication(event.HostEnded)
	h.endAll(wire.CloseHostStopping)
	return h.begin()
}
