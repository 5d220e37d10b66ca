package secure

import (
	"context"
	"crypto/mlkem"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"impero/core/key"
	"impero/core/wire"
)

// Times of a handshake.
const (
	// DefaultTimeout is how long the other side has for everything but what the next constant allows.
	DefaultTimeout = 10 * time.Second
	// VerifyTimeout is how long a Guest's Verify may take, since a person may compare a fingerprint in it. A Host waits
	// that long and DefaultTimeout more for GuestFinished.
	VerifyTimeout = 5 * time.Minute
	// lingerTimeout is how long a Host waits for a caller it refused to take the refusal and hang up.
	lingerTimeout = 2 * time.Second
)

// GuestConfig configures Guest. Verify is required.
type GuestConfig struct {
	// Target is the name by which the Host was called, at most 255 bytes. It travels in clear.
	Target string
	// Purpose is what the connection is for: PurposeSession (also 0), PurposeAttach or PurposeResume.
	Purpose wire.Purpose
	// Levels are the encryption levels to allow, the preferred one first; nil for DefaultLevels.
	Levels []wire.Level
	// Capabilities are what this side can do, ascending by number. They travel in clear.
	Capabilities []wire.Capability
	// Verify decides whether the Host is the one that is meant: a nil error trusts it. It may take VerifyTimeout, after
	// which its ctx ends. Its error is wrapped by Guest's.
	Verify func(ctx context.Context, id HostID) error
	// Timeout replaces DefaultTimeout if it is not 0.
	Timeout time.Duration

	entropy entropy
}

// HostConfig configures Host. Identity is required.
type HostConfig struct {
	Identity *key.Identity
	// Name is what the Host calls itself, at most 64 bytes. Only the Guest reads it.
	Name string
	// Levels are the encryption levels to allow, in any order; nil for DefaultLevels.
	Levels []wire.Level
	// Capabilities are what this side can do, ascending by number. They travel in clear.
	Capabilities []wire.Capability
	// Admit says of a caller whether to go on (0) or with which code to refuse it; nil admits all. It must not block.
	// Whatever it says, purposes other than session, attach and resume are refused.
	Admit func(wire.Preamble) wire.CloseCode
	// Afford says, once a caller's hello is whole and before anything is computed for it, whether to go on (0) or with
	// which code to refuse it; nil goes on with all. It must not block.
	Afford func() wire.CloseCode
	// Linger has a place for each refused caller that is waited for until it has taken the refusal and hung up, 2 s at
	// most; one that finds none is closed at once, and may miss the refusal. Hosts may share it. nil waits for all.
	Linger chan struct{}
	// Timeout replaces DefaultTimeout if it is not 0.
	Timeout time.Duration

	entropy entropy
}

// HostID is what a Host proved, and its name, which it did not.
type HostID struct {
	Key   key.Public
	Name  string
	Level wire.Level
}

// Peer is what the handshake settled. It is the same for a connection's whole life; treat it as read-only.
type Peer struct {
	Version      uint16
	Purpose      wire.Purpose
	Level        wire.Level
	Capabilities []wire.Capability // of the other side
	Target       string            // by which the Guest called the Host
	HostKey      key.Public        // on the Host its own
	HostName     string
	RemoteAddr   net.Addr
}

// entropy is where a handshake's random values come from; its zero value is the system. Tests fix them.
type entropy struct {
	read        func([]byte)
	encapsulate func(*mlkem.EncapsulationKey768) (shared, ciphertext []byte)
}

func (e entropy) fill(b []byte) {
	if e.read == nil {
		rand.Read(b) // never fails
		return
	}
	e.read(b)
}

func (e entropy) seal(to *mlkem.EncapsulationKey768) (shared, ciphertext []byte) {
	if e.encapsulate == nil {
		return to.Encapsulate()
	}
	return e.encapsulate(to)
}

// DefaultLevels are the encryption levels that are allowed where nobody chose any: those that encrypt everything.
func DefaultLevels() []wire.Level { return []wire.Level{wire.LevelVeryHigh, wire.LevelHigh} }

// checkLevels gives the levels to offer, the strongest first if sorted.
func checkLevels(levels []wire.Level, sorted bool) ([]wire.Level, error) {
	known := wire.Levels()
	if levels == nil {
		return DefaultLevels(), nil
	}
	if len(levels) == 0 {
		return nil, errors.New("no encryption level is allowed")
	}
	for i, l := range levels {
		if !slices.Contains(known, l) || slices.Contains(levels[:i], l) {
			return nil, fmt.Errorf("encryption level %d is unknown or there twice", l)
		}
	}
	if sorted {
		return slices.DeleteFunc(known, func(l wire.Level) bool { return !slices.Contains(levels, l) }), nil
	}
	return levels, nil
}

// chooseLevel gives the Guest's preferred level if the Host allows it, else the next stronger both allow, else the
// strongest both allow; false if there is none. known and host are sorted, the strongest first; guest may hold numbers
// that are not known.
func chooseLevel(known, guest, host []wire.Level) (wire.Level, bool) {
	both := slices.DeleteFunc(slices.Clone(known), func(l wire.Level) bool {
		return !slices.Contains(guest, l) || !slices.Contains(host, l)
	})
	if len(both) == 0 {
		return 0, false
	}
	preferred := slices.Index(known, guest[0])
	for _, l := range slices.Backward(both) {
		if slices.Index(known, l) <= preferred {
			return l, true
		}
	}
	return both[0], true
}

func checkCapabilities(list []wire.Capability) error {
	if len(list) > wire.MaxCapabilities {
		return fmt.Errorf("%d capabilities, at most %d are allowed", len(list), wire.MaxCapabilities)
	}
	for i, c := range list {
		if i > 0 && c.Number <= list[i-1].Number || len(c.Parameter) > wire.MaxParameter {
			return fmt.Errorf("capability %d is out of order or its parameter too long", c.Number)
		}
	}
	return nil
}

// copyCapabilities detaches what was parsed from the buffer it was read into.
func copyCapabilities(list []wire.Capability) []wire.Capability {
	out := slices.Clone(list)
	for i := range out {
		out[i].Parameter = slices.Clone(out[i].Parameter)
	}
	return out
}

func orDefault(d time.Duration) time.Duration {
	if d == 0 {
		return DefaultTimeout
	}
	return d
}
