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

	shown shown

	mu         sync.Mutex // held for moments only; shown's may be held when it is taken
	width      int        // of the picture shown, in pixels
	height     int
	cursor     picture.Cursor
	cursorSeen uint64 // version of cursor
	pointer    screen.Pointer
	ready      bool
	reason     string
	denied     map[role.Permission]uint64
	stats      Stats
	tally      tally
	trace      trace
	told       time.Time    // when a change of the role was logged last
	times      screen.Times // what the Host told last
	timed      time.Time    // when
}

func newSession(a *attempt, c net.Conn, conn *secure.Conn, done *wire.LogonDone) *Session {
	peer := conn.Peer()
	s := &Session{
		e:       a.e,
		updates: make(chan struct{}, 1), first: make(chan struct{}), done: make(chan struct{}), link: make(chan struct{}, 1),
		shown: shown{decoder: a.e.newDecoder()},
		ready: true, denied: map[role.Permission]uint64{},
		info: Info{
			Target: a.target, Address: c.RemoteAddr().String(), HostName: peer.HostName, Fingerprint: peer.HostKey.Fingerprint(),
			Role: done.Role, MayControl: mayControl(done.Permissions),
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

func mayControl(permissions []uint16) bool {
	return slices.Contains(permissions, uint16(role.UseKeyboardMouse))
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
		s.shown.decoder.Close()
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

// Info describes the session. Its role is the one that the Host told of last.
func (s *Session) Info() Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.info
}

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
	case *wire.RoleChanged:
		s.info.Role, s.info.MayControl = m.Role, mayControl(m.Permissions)
		if now := s.e.now(); now.Sub(s.told) >= time.Second { // a Host that says it all the time does not fill the log
			s.told = now
			s.e.log.Info("the Host has changed the role", "host", s.info.Target.String(), "role", m.Role, "permissions", m.Permissions)
		}
	case *wire.Denied:
		if p := role.Permission(m.Permission); len(s.denied) < wire.MaxPermission || s.denied[p] > 0 {
			s.denied[p]++
		}
	}
	s.mu.Unlock()
	s.signal()
	return nil
}
