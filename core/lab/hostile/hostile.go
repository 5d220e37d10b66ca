// Package hostile is a caller that does on purpose what no Guest does: it
// speaks other protocols, halves of this one, every message at the wrong time,
// lengths that cannot be, or nothing at all. A test points it at a Host (or at
// whatever else listens for Guests) and looks at what that does.
//
// A Case is one such connection. Strangers, Preambles, Partials, Records,
// Messages and Plaintexts make lists of them, the same for the same seed; Play
// does one and tells the Outcome. A Case that says MustEnd breaks a rule of
// core/wire/PROTOCOL.md for which the other side has to end the connection;
// of the others only harm matters, which Play cannot see: a test asks between
// them whether a good Guest is served.
//
// An Impostor is the reverse: it listens where a Host should, and gives Guests
// Answers that no Host gives.
//
// Who sits between two sound ends, and changes what they say, is lab.Rules.
// Everything here is bounded: a connection sends at most some hundred KiB,
// reads at most 64 KiB, and ends with its limit. A Target and a Case may be
// used by several goroutines.
package hostile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net"
	"syscall"
	"time"

	"impero/core/wire"
)

// Defaults of a Target.
const (
	defaultLimit = 20 * time.Second
	defaultLook  = 200 * time.Millisecond
)

// maxAnswer is how much of what a target says is kept.
const maxAnswer = 64 << 10

// Target is whom to be hostile to.
type Target struct {
	Address string // "127.0.0.1:7"
	// Dial replaces a plain TCP connection to Address if it is not nil. Several
	// addresses to come from keep a Host's locks by address out of the way.
	Dial func(ctx context.Context) (net.Conn, error)
	// User and Password are those of a logon that is allowed: StageOpen needs
	// them. Without User the method is the Host's own password.
	User, Password string
	// Seed makes what is random.
	Seed uint64
	// Limit is how long a connection with a Case that MustEnd is given to end,
	// and how long one may take to be brought to its stage; 0 for 20 s.
	Limit time.Duration
	// Look is how long one with another Case is watched; 0 for 200 ms.
	Look time.Duration
}

// Case is one thing to do to a target.
type Case struct {
	Name    string
	Stage   Stage // at which it is done
	MustEnd bool  // the target has to end the connection
	play    func(*line) error
}

// Outcome is what a target did.
type Outcome struct {
	Ended bool          // it ended the connection
	Reset bool          // … with a reset
	Took  time.Duration // until then, from the end of what was sent
	Code  wire.CloseCode
	Said  bool   // it said Code: in a Refuse or a Close
	Clear []byte // what it said in clear, if there was no handshake; at most 64 KiB
}

// line is a connection to a target, brought to a stage.
type line struct {
	net.Conn
	random *rand.Rand
	sealed sealed // nil before there are keys
}

// sealed is what a case needs of a *secure.Conn.
type sealed interface {
	ReadRecord() (wire.Channel, []byte, error)
	WriteRecord(wire.Channel, []byte) error
	MaxPayload() int
}

// Play makes a connection, brings it to the case's stage, does the case, and
// waits for what the target does. An error means that the stage was not
// reached: the target does not serve a good caller.
func (t Target) Play(ctx context.Context, c Case) (Outcome, error) {
	limit, look := orDefault(t.Limit, defaultLimit), orDefault(t.Look, defaultLook)
	random := source(t.Seed, c.Name)
	reaching, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	l, err := t.reach(reaching, c.Stage, random)
	if err != nil {
		return Outcome{}, fmt.Errorf("%s: reach stage %s: %w", c.Name, c.Stage, err)
	}
	defer l.Close()
	defer context.AfterFunc(ctx, func() { l.Close() })()
	l.SetDeadline(time.Now().Add(limit))
	done := make(chan Outcome)
	go func() { done <- l.watch() }()
	playErr := c.play(l)
	sent := time.Now()
	if !c.MustEnd {
		l.SetDeadline(sent.Add(look))
	}
	o := <-done
	// A target that hung up while it was still spoken to has ended it too.
	o.Ended = o.Ended || hungUp(playErr)
	o.Reset = o.Reset || errors.Is(playErr, syscall.ECONNRESET)
	o.Took = time.Since(sent)
	if ctx.Err() != nil {
		return o, fmt.Errorf("%s: %w", c.Name, ctx.Err())
	}
	return o, nil
}

// source is what is random of a case or an answer: no two have the same.
func source(seed uint64, name string) *rand.Rand {
	hash := fnv.New64a()
	io.WriteString(hash, name)
	return rand.New(rand.NewPCG(seed, hash.Sum64()))
}

// hungUp says whether an error of writing or reading means that the other side
// ended the connection.
func hungUp(err error) bool {
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}

// watch reads until the connection ends or its deadline.
func (l *line) watch() (o Outcome) {
	var err error
	if l.sealed == nil {
		err = l.watchClear(&o)
	} else {
		err = l.watchSealed(&o)
	}
	o.Ended, o.Reset = hungUp(err), errors.Is(err, syscall.ECONNRESET)
	return o
}

func (l *line) watchClear(o *Outcome) error {
	buffer := make([]byte, 4096)
	for {
		n, err := l.Read(buffer)
		o.Clear = append(o.Clear, buffer[:min(n, maxAnswer-len(o.Clear))]...)
		if err != nil {
			o.Code, o.Said = refusal(o.Clear)
			if err == io.EOF {
				return err
			}
			return fmt.Errorf("read: %w", err)
		}
	}
}

// refusal finds the Refuse that is all of an answer in clear.
func refusal(text []byte) (wire.CloseCode, bool) {
	r := bytes.NewReader(text)
	if _, _, err := wire.ReadAnswer(r); err != nil {
		r.Reset(text) // the stage was past it
	}
	_, body, err := wire.ReadRecord(r, make([]byte, wire.MaxRecord), wire.MaxRecord)
	if err != nil {
		return 0, false
	}
	f, _, err := wire.NextFrame(body)
	if err != nil {
		return 0, false
	}
	m, _ := wire.Parse(f.Type, f.Body)
	refuse, ok := m.(*wire.Refuse)
	if !ok {
		return 0, false
	}
	return refuse.Code, true
}

func (l *line) watchSealed(o *Outcome) error {
	for {
		_, plain, err := l.sealed.ReadRecord()
		if err != nil {
			return err
		}
		for len(plain) > 0 {
			f, rest, err := wire.NextFrame(plain)
			if err != nil {
				return fmt.Errorf("the target sent what is no frame: %w", err)
			}
			plain = rest
			if m, err := wire.Parse(f.Type, f.Body); err == nil {
				if end, ok := m.(*wire.Close); ok {
					o.Code, o.Said = end.Code, true
				}
			}
		}
	}
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}
