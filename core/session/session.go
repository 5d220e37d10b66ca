package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"impero/core/transport"
	"impero/core/wire"
)

// closeTime is how long a side that ends a session tries to get its Close out.
const closeTime = time.Second

// hearTime is how long a connection that takes nothing any more is listened to.
const hearTime = 200 * time.Millisecond

// Errors of a session that cannot take what it is given.
var (
	ErrOver = errors.New("the session is over")
	ErrLost = errors.New("the session has no connection now")
)

// Config says what a session does with what arrives.
type Config struct {
	// Self is this side.
	Self wire.Side
	// ID is the session's name on both sides, that of wire.LogonDone.
	ID [wire.SessionLen]byte
	// Keep is how long the session outlives the loss of its connection, ResumeTime as a rule; 0 ends it at once.
	Keep time.Duration
	// Dial opens one more connection to the same Host, its handshake done with the Host's key verified, for
	// wire.PurposeAttach or wire.PurposeResume. Only a Guest has it; nil makes no further connection.
	Dial func(context.Context, wire.Purpose) (Sealed, error)
	// Changed is told that Lost gives something else. It must not block. May be nil.
	Changed func()
	// Message is given every message that the session does not handle itself, in order, from the reading goroutine: while
	// it waits nothing is read, and the other side is not heard. An error ends the session; a *wire.Violation tells the other side its code. The message's byte
	// fields are good only during the call.
	Message func(stream uint32, m wire.Message) error
	// Accept is given every stream the other side opens; it answers Accept or Reset, now or later. It must not block. Nil refuses all.
	Accept func(*Stream)
	// Reset is told every stream that ended before its time: reset by the other side, or a screen whose connection was lost. It must not block. May be nil.
	Reset func(*Stream)
	// Lost is told of every loss of the connection, after all that came by it was handled and Reset was told. It must not
	// block. May be nil.
	Lost func()
	// Log gets what went wrong; nil for none.
	Log *slog.Logger
}

// Session is a session after its logon.
type Session struct {
	cfg     Config
	began   time.Time // the clock of everything below
	log     *slog.Logger
	wg      sync.WaitGroup
	joining chan struct{} // capacity 1: one connection joins at a time
	over    chan struct{} // closed when the session has ended
	try     chan struct{} // capacity 1: try to resume now

	mu         sync.Mutex
	running    bool
	links      [2]*link // linkFirst, linkBulk; nil while there is none
	lost       *Lost    // why links[linkFirst] is nil
	former     former
	back       time.Time // of the last connection that took the place of a lost one
	resumed    time.Time // last, by this side
	hasty      int       // losses in a row that came soon after
	complained time.Time // of a loss, last
	expiry     *time.Timer
	stopJoin   context.CancelFunc // ends the attempt to join that goes on
	tickets    *tickets           // nil: nothing can join
	boxes      [wire.ChannelInput + 1]outbox
	got        [wire.ChannelInput + 1]uint64 // numbered messages that arrived
	streams    map[uint32]*Stream
	order      []*Stream // all of streams; those of a channel send in turn
	nextID     uint32    // of the next stream this side opens
	peerID     uint32    // highest stream the other side opened
	bulk       bulkWish
	closing    *wire.Close
	err        error // why the session ended; nil while it lasts

	roundTrip atomic.Int64
	in, out   atomic.Uint64
	losses    atomic.Uint64
}

// former is what a session had before it was lost.
type former struct {
	link    *link    // its first connection; nil if it was never lost
	screens []uint32 // that ended with it and those before, maxFormer at most; input that was under way for them still counts
}

// maxFormer bounds former.screens: a connection may break again before what was typed at an earlier screen has arrived.
const maxFormer = 16

// add notes a screen that was lost.
func (f *former) add(stream uint32) {
	f.screens = append(f.screens, stream)
	f.screens = f.screens[max(0, len(f.screens)-maxFormer):]
}

// New makes a session of a connection whose logon is done. Run does the work. A session with cfg.Keep takes further
// connections if rec is Sealed.
func New(rec Records, cfg Config) *Session {
	first := uint32(2)
	if cfg.Self == wire.FromGuest {
		first = 1
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Session{
		cfg: cfg, log: cfg.Log, began: time.Now(), nextID: first,
		streams: map[uint32]*Stream{},
		over:    make(chan struct{}),
		joining: make(chan struct{}, 1),
		try:     make(chan struct{}, 1), stopJoin: func() {},
	}
	for ch := range s.boxes {
		s.boxes[ch].first = 1
	}
	if sealed, ok := rec.(Sealed); ok && cfg.Keep > 0 {
		s.tickets = newTickets(sealed)
	}
	s.links[linkFirst] = s.newLink(linkFirst, rec)
	return s
}

// Run carries the session until either side closes it, it is lost for good, or ctx ends. It closes the connections
// and gives nil if this side closed, a *wire.Closed if the other did, else why it broke.
func (s *Session) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { s.Close(wire.CloseDone, "") })
	defer stop()
	s.mu.Lock()
	s.running = true
	if l := s.links[linkFirst]; l != nil {
		s.start(l) // of a session that was closed before, too: the other side is told why
	}
	s.mu.Unlock()
	s.wg.Go(s.keepalive)
	<-s.over
	s.wg.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.links {
		if l != nil {
			l.rec.Close()
		}
	}
	s.empty()
	if errors.Is(s.err, ErrOver) {
		return nil
	}
	return s.err
}

// empty lets go of what an ended session carried: it is kept to tell a Guest that comes back why it ended, and no more.
// mu is held.
func (s *Session) empty() {
	clear(s.streams)
	s.order, s.former.link = nil, nil
	for ch := range s.boxes {
		s.boxes[ch].kept, s.boxes[ch].next = nil, 0
	}
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
	if s.expiry != nil {
		s.expiry.Stop()
	}
	s.stopJoin()
	close(s.over)
	for _, l := range s.links {
		if l != nil {
			l.rec.SetDeadline(time.Now().Add(closeTime)) // whoever reads or writes now gives up soon
		}
	}
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

// Send queues m for the channel its kind belongs to. It does not block. stream is 0 for a message of the session. Input
// is not kept while the session is lost: that gives ErrLost.
func (s *Session) Send(stream uint32, m wire.Message) error {
	spec, ok := wire.Lookup(m.Type())
	if !ok || spec.Channel == 0 || spec.Channel > wire.ChannelInput {
		return fmt.Errorf("message %#x is not sent this way", m.Type())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if spec.Channel == wire.ChannelInput && s.lost != nil {
		return ErrLost
	}
	return s.send(spec.Channel, stream, m)
}

// send queues a numbered message; mu is held.
func (s *Session) send(ch wire.Channel, stream uint32, m wire.Message) error {
	if s.err != nil {
		return s.err
	}
	if !s.boxes[ch].add(outgoing{stream: stream, m: m, at: time.Now()}) {
		go s.end(fmt.Errorf("%d messages wait to be sent", maxKept))
		return ErrOver
	}
	s.signal()
	return nil
}

// signal tells every connection's writer that there may be something to send; mu is held.
func (s *Session) signal() {
	for _, l := range s.links {
		if l != nil {
			l.signal()
		}
	}
}

// RoundTrip is the time of the last keepalive there and back, 0 before the first.
func (s *Session) RoundTrip() time.Duration { return time.Duration(s.roundTrip.Load()) }

// Delivery is how many bytes a second the way of what is urgent took lately, as the system measured it; 0 if it does not
// tell. Safe for concurrent use.
func (s *Session) Delivery() uint64 {
	s.mu.Lock()
	l := s.links[linkFirst]
	s.mu.Unlock()
	if l == nil {
		return 0
	}
	if c := l.stream(); c != nil {
		return transport.Delivery(c)
	}
	return 0
}

// Traffic gives the plaintext bytes received and sent so far.
func (s *Session) Traffic() (in, out uint64) { return s.in.Load(), s.out.Load() }

func (s *Session) changed() {
	if s.cfg.Changed != nil {
		s.cfg.Changed()
	}
}

// LostError says that the other side was not heard of in time.
type LostError struct{ Silent time.Duration }

func (e *LostError) Error() string {
	return fmt.Sprintf("the other side was not heard of for %d seconds", int(e.Silent.Seconds()))
}
