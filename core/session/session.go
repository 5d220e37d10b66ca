package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"impero/core/wire"
)

// Times of a session.
const (
	pingEvery = 3 * time.Second  // the Guest asks; costs about 30 bytes/s
	peerDead  = 15 * time.Second // nothing heard for so long ends the session
	closeTime = time.Second      // to get a Close out
)

// maxQueued bounds the messages of control and input that wait to be sent: about 64 KiB. It fills only when the
// connection stands still, and then the keepalive ends the session anyway.
const maxQueued = 4096

// ErrOver says that the session has ended.
var ErrOver = errors.New("the session is over")

// Config says what a session does with what arrives.
type Config struct {
	// Self is this side.
	Self wire.Side
	// Message is given every message that the session does not handle itself, in order, from the reading goroutine: while
	// it waits nothing is read, and the other side is not heard. An error ends the session; a *wire.Violation tells the other side its code. The message's byte
	// fields are good only during the call.
	Message func(stream uint32, m wire.Message) error
	// Accept is given every stream the other side opens; it answers Accept or Reset, now or later. It must not block. Nil refuses all.
	Accept func(*Stream)
	// Reset is told every stream that the other side reset, from the reading goroutine. It must not block. May be nil.
	Reset func(*Stream)
	// Log gets what went wrong; nil for none.
	Log *slog.Logger
}

// Session is a session after its logon.
type Session struct {
	cfg   Config
	rec   Records
	check wire.Checker

	mu      sync.Mutex
	wake    chan struct{} // capacity 1: the writer has work
	queued  [wire.ChannelInput + 1][]outgoing
	streams map[uint32]*Stream
	order   []*Stream // those with data to send, in turn
	nextID  uint32    // of the next stream this side opens
	peerID  uint32    // highest stream the other side opened
	closing *wire.Close
	err     error // why the session ended; nil while it lasts
	over    chan struct{}

	heard     atomic.Int64 // unix ns of the last record
	pinged    atomic.Int64 // unix ns of the last ping sent
	roundTrip atomic.Int64
	in, out   atomic.Uint64
}

type outgoing struct {
	stream uint32
	m      wire.Message
}

// New makes a session of a connection whose logon is done. Run does the work.
func New(rec Records, cfg Config) *Session {
	other := wire.FromGuest
	first := uint32(2)
	if cfg.Self == wire.FromGuest {
		other, first = wire.FromHost, 1
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Session{
		cfg: cfg, rec: rec, nextID: first,
		check:   wire.Checker{From: other, State: wire.StateOpen},
		wake:    make(chan struct{}, 1),
		streams: map[uint32]*Stream{},
		over:    make(chan struct{}),
	}
	s.heard.Store(time.Now().UnixNano())
	return s
}

// Run carries the session until either side closes it, the connection breaks, or ctx ends. It closes the connection
// and gives nil if this side closed, a *wire.Closed if the other did, else why it broke.
func (s *Session) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { s.Close(wire.CloseDone, "") })
	defer stop()
	var wg sync.WaitGroup
	wg.Go(s.writeLoop)
	wg.Go(s.keepalive)
	err := s.readLoop()
	s.end(err)
	wg.Wait()
	s.rec.Close()
	if errors.Is(s.err, ErrOver) {
		return nil
	}
	return s.err
}

// end makes err the reason of the end unless there is one, and wakes everybody who waits.
func (s *Session) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return
	}
	s.err = err
	if code, ok := CodeOf(err); ok && s.closing == nil {
		s.closing = &wire.Close{Code: code}
	}
	for _, st := range s.streams {
		st.fail(err)
	}
	close(s.over)
	s.rec.SetDeadline(time.Now().Add(closeTime)) // whoever reads or writes now gives up soon
}

// Over is closed when the session has ended.
func (s *Session) Over() <-chan struct{} { return s.over }

// Close ends the session with a reason for the other side. Only the first call counts.
func (s *Session) Close(code wire.CloseCode, detail string) {
	s.mu.Lock()
	if s.err == nil && s.closing == nil {
		s.closing = &wire.Close{Code: code, Detail: clip(detail, wire.MaxDetail)}
	}
	s.mu.Unlock()
	s.end(ErrOver)
}

// Send queues m for the channel its kind belongs to. It does not block. stream is 0 for a message of the session.
func (s *Session) Send(stream uint32, m wire.Message) error {
	spec, ok := wire.Lookup(m.Type())
	if !ok || spec.Channel == 0 || spec.Channel > wire.ChannelInput {
		return fmt.Errorf("message %#x is not sent this way", m.Type())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.send(spec.Channel, stream, m)
}

// send is Send with mu held.
func (s *Session) send(ch wire.Channel, stream uint32, m wire.Message) error {
	if s.err != nil {
		return s.err
	}
	q := s.queued[ch]
	if p, ok := m.(*wire.Pointer); ok && len(q) > 0 {
		if last, ok := q[len(q)-1].m.(*wire.Pointer); ok && q[len(q)-1].stream == stream && last.Layout == p.Layout {
			q[len(q)-1].m = p // only the newest place counts while none is under way
			return nil
		}
	}
	if len(q) >= maxQueued {
		go s.end(fmt.Errorf("%d messages wait to be sent", len(q)))
		return ErrOver
	}
	s.queued[ch] = append(q, outgoing{stream, m})
	s.signal()
	return nil
}

func (s *Session) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// RoundTrip is the time of the last keepalive there and back, 0 before the first.
func (s *Session) RoundTrip() time.Duration { return time.Duration(s.roundTrip.Load()) }

// Traffic gives the plaintext bytes received and sent so far.
func (s *Session) Traffic() (in, out uint64) { return s.in.Load(), s.out.Load() }

// keepalive asks whether the other side is there, and ends the session when it is not.
func (s *Session) keepalive() {
	t := time.NewTicker(pingEvery)
	defer t.Stop()
	if s.cfg.Self == wire.FromGuest {
		s.ping()
	}
	for {
		select {
		case <-s.over:
			return
		case <-t.C:
		}
		if silent := time.Since(time.Unix(0, s.heard.Load())); silent > peerDead {
			s.end(&LostError{Silent: silent})
			return
		}
		if s.cfg.Self == wire.FromGuest {
			s.ping()
		}
	}
}

func (s *Session) ping() {
	now := time.Now().UnixNano()
	s.pinged.Store(now)
	s.Send(0, &wire.Ping{Token: uint64(now)})
}

// LostError says that the other side was not heard of in time.
type LostError struct{ Silent time.Duration }

func (e *LostError) Error() string {
	return fmt.Sprintf("the other side was not heard of for %d seconds", int(e.Silent.Seconds()))
}
