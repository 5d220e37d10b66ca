package guest

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"impero/core/picture"
	"impero/core/role"
	"impero/core/screen"
	"impero/core/screen/video"
	"impero/core/secure"
	"impero/core/session"
	"impero/core/wire"
)

// readSize is how much of the screen stream is taken at once.
const readSize = 256 << 10

// maxPainted bounds the list of changed rectangles that wait for Picture; past it their union stands for them.
const maxPainted = 512

// Session is a session with a Host whose screen is shown.
type Session struct {
	e    *Engine
	s    *session.Session
	info Info

	updates chan struct{} // capacity 1
	first   chan struct{} // closed when the first picture is there
	done    chan struct{} // closed when all goroutines are gone
	err     *Error        // why it ended, nil if by us; read after done
	byUs    atomic.Bool
	broken  atomic.Pointer[Error] // why this side had to end it
	cancel  context.CancelFunc

	stream atomic.Pointer[session.Stream] // the screen's; nil before the first
	link   chan struct{}                  // capacity 1: the connection was lost or is there again
	layout atomic.Uint32                  // number of the layout shown, for Pointer

	strokes sync.Mutex     // guards steps
	steps   []wire.Message // what Press still has to send, the one sent last first

	mu         sync.Mutex
	decoder    *screen.Decoder // of the picture shown
	painted    []picture.Rect
	arranged   picture.Layout
	cursor     picture.Cursor
	cursorSeen uint64 // version of cursor
	pointer    screen.Pointer
	ready      bool
	reason     string
	denied     map[role.Permission]uint64
	stats      Stats
	tally      tally
	trace      trace
	times      screen.Times // what the Host told last
	timed      time.Time    // when
}

func newSession(a *attempt, c net.Conn, conn *secure.Conn, done *wire.LogonDone) *Session {
	peer := conn.Peer()
	s := &Session{
		e:       a.e,
		updates: make(chan struct{}, 1), first: make(chan struct{}), done: make(chan struct{}), link: make(chan struct{}, 1),
		decoder: a.e.newDecoder(),
		ready:   true, denied: map[role.Permission]uint64{},
		info: Info{
			Target: a.target, Address: c.RemoteAddr().String(), HostName: peer.HostName, Fingerprint: peer.HostKey.Fingerprint(),
			Role: done.Role, MayControl: slices.Contains(done.Permissions, uint16(role.UseKeyboardMouse)),
			Level: peer.Level.String(), Since: a.e.now(),
		},
	}
	s.s = session.New(conn, session.Config{
		Self: wire.FromGuest, ID: done.Session, Keep: session.ResumeTime, Message: s.message, Log: a.e.log,
		Dial: func(ctx context.Context, purpose wire.Purpose) (session.Sealed, error) {
			return a.e.dialAgain(ctx, a.target, peer, purpose)
		},
		Changed: func() {
			tap(s.link)
			s.signal()
		},
	})
	return s
}

func (e *Engine) newDecoder() *screen.Decoder {
	return screen.NewDecoder(screen.DecoderConfig{Order: e.cfg.Order, Video: video.Formats(), Cache: e.cfg.abilities().Cache})
}

// dialAgain opens a connection more to the Host of a session, which must show the same key.
func (e *Engine) dialAgain(ctx context.Context, t Target, peer secure.Peer, purpose wire.Purpose) (session.Sealed, error) {
	c, err := e.cfg.Dial(ctx, t.Address())
	if err != nil {
		return nil, err
	}
	return secure.Guest(ctx, c, secure.GuestConfig{
		Target: t.Host, Purpose: purpose, Levels: []wire.Level{peer.Level}, Capabilities: e.cfg.capabilities(),
		Verify: func(_ context.Context, id secure.HostID) error {
			if !id.Key.Equal(peer.HostKey) {
				return errors.New("another Host answers in its place")
			}
			return nil
		},
	})
}

// begin starts the session's goroutines, opens the screen and waits for the first picture.
func (s *Session) begin(ctx context.Context) error {
	run, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	var watching sync.WaitGroup
	opened := make(chan error, 1)
	watching.Go(func() { s.watch(ctx, run, opened) })
	go func() {
		err := s.s.Run(run)
		watching.Wait()
		s.decoder.Close()
		s.finish(err)
		close(s.done)
	}()
	select {
	case err := <-opened:
		if err != nil {
			return err
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-s.first:
		return nil
	case <-s.done:
		if s.err != nil {
			return s.err
		}
		return session.ErrOver
	case <-ctx.Done():
		return ctx.Err()
	}
}

// finish notes how the session ended.
func (s *Session) finish(err error) {
	if b := s.broken.Load(); b != nil && err == nil {
		err = b
	}
	if err != nil && !s.byUs.Load() {
		a := &attempt{e: s.e, target: s.info.Target}
		s.err = a.explain(context.Background(), err)
	}
	defer s.signal()
	select {
	case <-s.first:
	default:
		return // it never was shown: Connect keeps the attempt
	}
	var end error
	if s.err != nil {
		end = s.err
	}
	s.e.log.Info("session ended", "host", s.info.Target.String(), "reason", end)
	s.e.record(Record{Target: s.info.Target, Address: s.info.Address, Start: s.info.Since, Duration: s.e.now().Sub(s.info.Since)}, end)
}

// Close ends the session and waits until it is gone.
func (s *Session) Close() {
	s.byUs.Store(true)
	s.s.Close(wire.CloseDone, "")
	s.cancel()
	<-s.done
}

// Done is closed when the session has ended.
func (s *Session) Done() <-chan struct{} { return s.done }

// Err says why the session ended, an *Error; nil if it was this side's Close, or while it lasts.
func (s *Session) Err() error {
	select {
	case <-s.done:
		if s.err != nil {
			return s.err
		}
	default:
	}
	return nil
}

// Info describes the session.
func (s *Session) Info() Info { return s.info }

// Updates gives a signal when there is something new to show; signals come together.
func (s *Session) Updates() <-chan struct{} { return s.updates }

func (s *Session) signal() { tap(s.updates) }

// tap gives a signal, unless one waits.
func tap(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// watch shows the screen until the session ends: a screen that was lost with its connection is opened again. opened is
// told of the first one, for which ctx counts; run is the session's.
func (s *Session) watch(ctx, run context.Context, opened chan<- error) {
	st, err := s.s.Open(ctx, wire.KindScreen, nil)
	opened <- err
	for err == nil {
		s.stream.Store(st)
		if err = s.decode(st); !wasLost(err) {
			break
		}
		if !s.awaitLink() {
			return
		}
		s.ReleaseAll() // of what was under way: its release may have been left out
		for st, err = s.s.Open(run, wire.KindScreen, nil); wasLost(err) && s.awaitLink(); {
			st, err = s.s.Open(run, wire.KindScreen, nil)
		}
	}
	var closed *wire.Closed
	if errors.As(err, &closed) {
		s.broken.CompareAndSwap(nil, &Error{Kind: kindOf(closed.Code), Detail: closed.Detail, Err: err})
		s.s.Close(wire.CloseDone, "") // the Host ended the screen, and there is nothing else yet
	}
}

// wasLost says whether a screen ended because its connection was lost.
func wasLost(err error) bool {
	var closed *wire.Closed
	return errors.As(err, &closed) && closed.Code == wire.CloseLost
}

// awaitLink waits until there is a connection; false says that the session is over.
func (s *Session) awaitLink() bool {
	for {
		select {
		case <-s.s.Over():
			return false
		default:
		}
		if _, lost := s.s.Lost(); !lost {
			return true
		}
		select {
		case <-s.link:
		case <-s.s.Over():
			return false
		}
	}
}

// Lost says whether the connection is lost now, and what is done about it.
func (s *Session) Lost() (Lost, bool) { return s.s.Lost() }

// TryNow has a lost session not wait for its next attempt.
func (s *Session) TryNow() { s.s.TryNow() }

// Open opens a stream of another kind than the screen's. An error is the Host's *wire.Closed, or the session's.
func (s *Session) Open(ctx context.Context, kind wire.StreamKind, parameter []byte) (*session.Stream, error) {
	return s.s.Open(ctx, kind, parameter)
}

// view is one screen stream on its way to the picture.
type view struct {
	stream  *session.Stream
	split   screen.Splitter
	decoder *screen.Decoder
}

// decode takes a screen stream until it ends, and gives why.
func (s *Session) decode(st *session.Stream) error {
	v := &view{stream: st, decoder: s.e.newDecoder()}
	defer s.forget(v)
	buf := make([]byte, readSize)
	for {
		n, err := st.Read(buf)
		if err != nil {
			return err
		}
		v.split.Feed(buf[:n])
		if err := s.apply(v); err != nil {
			s.e.log.Error("the Host's picture cannot be understood", "reason", err)
			s.broken.Store(&Error{Kind: KindProtocol, Detail: err.Error(), Err: err})
			s.s.Close(wire.CloseProtocol, "the picture cannot be understood")
			return session.ErrOver
		}
	}
}

// forget closes the decoder of a view whose picture was never shown.
func (s *Session) forget(v *view) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.decoder != v.decoder {
		v.decoder.Close()
	}
}

// apply decodes every whole message that v has.
func (s *Session) apply(v *view) error {
	for {
		kind, body, ok, err := v.split.Next()
		if err != nil || !ok {
			return err
		}
		start := time.Now()
		s.mu.Lock()
		r, err := v.decoder.Decode(kind, body)
		if err == nil {
			if r.Sequence != 0 && s.decoder != v.decoder { // until its first picture the one before is shown
				s.decoder.Close()
				s.decoder = v.decoder
			}
			s.take(r, time.Since(start))
		}
		s.mu.Unlock()
		if err != nil {
			return err
		}
		if r.Sequence != 0 {
			s.layout.Store(v.decoder.LayoutNumber())
			s.s.Send(v.stream.ID, &wire.ScreenAck{Sequence: r.Sequence})
			select {
			case <-s.first:
			default:
				close(s.first)
			}
		}
		s.signal()
	}
}

// take notes what a message changed; mu is held.
func (s *Session) take(r screen.Result, spent time.Duration) {
	if r.Sequence != 0 {
		s.stats.Frames++
		s.stats.DecodeTime, s.stats.Exact, s.stats.Shown = spent, r.Exact, s.e.now()
		s.tally.add(s.decoder, s.stats.Shown, spent)
		if s.trace.on {
			s.trace.add(&s.tally, s.stats.Shown)
		}
	}
	s.painted = append(s.painted, r.Changed...)
	if r.Sync {
		s.painted = append(s.painted[:0], s.decoder.Frame().Bounds())
	}
	if len(s.painted) > maxPainted {
		var all picture.Rect
		for _, p := range s.painted {
			all = all.Union(p)
		}
		s.painted = append(s.painted[:0], all)
	}
	if r.Layout != nil {
		s.arranged = *r.Layout
	}
	if r.Cursor != nil {
		s.cursor = *r.Cursor
		s.cursorSeen++
	}
	if r.Pointer != nil {
		s.pointer = *r.Pointer
	}
	if r.Times != nil {
		s.times, s.timed = *r.Times, s.e.now()
	}
}

// Picture calls f with the picture as it is and the rectangles painted since the last call, under the session's lock: f
// copies what it needs and keeps nothing. The frame is empty before the first picture.
func (s *Session) Picture(f func(frame *picture.Frame, changed []picture.Rect, layout *picture.Layout)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s.decoder.Frame(), s.painted, &s.arranged)
	s.painted = s.painted[:0]
}

// Cursor gives the cursor's shape and a number that is another for each new shape; 0 before the first.
func (s *Session) Cursor() (picture.Cursor, uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cursor, s.cursorSeen
}

// Pointer is where the Host's pointer is, in desktop pixels.
func (s *Session) Pointer() (x, y int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pointer.X, s.pointer.Y
}

// Display says whether the Host has a display to show now, and if not, why in the Host's words.
func (s *Session) Display() (ready bool, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ready, s.reason
}

// DeniedCount says how often the Host told that the role does not allow p.
func (s *Session) DeniedCount(p role.Permission) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.denied[p]
}

// Stats gives the session's figures.
func (s *Session) Stats() Stats {
	s.mu.Lock()
	st := s.stats
	s.mu.Unlock()
	st.BytesIn, st.BytesOut = s.s.Traffic()
	st.RoundTrip = s.s.RoundTrip()
	return st
}

// message takes what the session layer does not handle, from its reading goroutine.
func (s *Session) message(_ uint32, m wire.Message) error {
	s.mu.Lock()
	switch m := m.(type) {
	case *wire.DisplayState:
		s.ready, s.reason = m.Ready, m.Reason
	case *wire.Denied:
		if p := role.Permission(m.Permission); len(s.denied) < wire.MaxPermission || s.denied[p] > 0 {
			s.denied[p]++
		}
	}
	s.mu.Unlock()
	s.signal()
	return nil
}
