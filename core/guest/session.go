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

	stream  *session.Stream
	decoder *screen.Decoder // owned by the decoding goroutine, its frame guarded by mu
	layout  atomic.Uint32   // number of the layout shown, for Pointer

	strokes sync.Mutex     // guards steps
	steps   []wire.Message // what Press still has to send, the one sent last first

	mu         sync.Mutex
	painted    []picture.Rect
	arranged   picture.Layout
	cursor     picture.Cursor
	cursorSeen uint64 // version of cursor
	pointer    screen.Pointer
	ready      bool
	reason     string
	denied     map[role.Permission]uint64
	stats      Stats
}

func newSession(a *attempt, c net.Conn, conn *secure.Conn, done *wire.LogonDone) *Session {
	peer := conn.Peer()
	s := &Session{
		e:       a.e,
		updates: make(chan struct{}, 1), first: make(chan struct{}), done: make(chan struct{}),
		decoder: screen.NewDecoder(screen.DecoderConfig{Order: a.e.cfg.Order}),
		ready:   true, denied: map[role.Permission]uint64{},
		info: Info{
			Target: a.target, Address: c.RemoteAddr().String(), HostName: peer.HostName, Fingerprint: peer.HostKey.Fingerprint(),
			Role: done.Role, MayControl: slices.Contains(done.Permissions, uint16(role.UseKeyboardMouse)),
			Level: levelName(peer.Level), Since: a.e.now(),
		},
	}
	s.s = session.New(conn, session.Config{Self: wire.FromGuest, Message: s.message, Log: a.e.log})
	return s
}

// levelName is the guide's name of an encryption level.
func levelName(l wire.Level) string {
	if l == wire.LevelVeryHigh {
		return "Very high"
	}
	return "Unknown"
}

// begin starts the session's goroutines, opens the screen and waits for the first picture.
func (s *Session) begin(ctx context.Context) error {
	run, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	decoded := make(chan struct{}) // closed when no goroutine decodes any more
	go func() {
		err := s.s.Run(run)
		<-decoded
		s.finish(err)
		close(s.done)
	}()
	st, err := s.s.Open(ctx, wire.KindScreen, nil)
	if err != nil {
		close(decoded)
		return err
	}
	s.stream = st
	go func() {
		defer close(decoded)
		s.decode()
	}()
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

func (s *Session) signal() {
	select {
	case s.updates <- struct{}{}:
	default:
	}
}

// decode takes the screen stream until it ends.
func (s *Session) decode() {
	var split screen.Splitter
	buf := make([]byte, readSize)
	for {
		n, err := s.stream.Read(buf)
		if err != nil {
			var closed *wire.Closed
			if errors.As(err, &closed) {
				s.broken.Store(&Error{Kind: kindOf(closed.Code), Detail: closed.Detail, Err: err})
				s.s.Close(wire.CloseDone, "") // the Host ended the screen, and there is nothing else yet
			}
			return
		}
		split.Feed(buf[:n])
		if err := s.apply(&split); err != nil {
			s.e.log.Error("the Host's picture cannot be understood", "reason", err)
			s.broken.Store(&Error{Kind: KindProtocol, Detail: err.Error(), Err: err})
			s.s.Close(wire.CloseProtocol, "the picture cannot be understood")
			return
		}
	}
}

// apply decodes every whole message that split has.
func (s *Session) apply(split *screen.Splitter) error {
	for {
		kind, body, ok, err := split.Next()
		if err != nil || !ok {
			return err
		}
		start := time.Now()
		s.mu.Lock()
		r, err := s.decoder.Decode(kind, body)
		if err == nil {
			s.take(r, time.Since(start))
		}
		s.mu.Unlock()
		if err != nil {
			return err
		}
		if r.Sequence != 0 {
			s.layout.Store(s.decoder.LayoutNumber())
			s.s.Send(s.stream.ID, &wire.ScreenAck{Sequence: r.Sequence})
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
		s.stats.DecodeTime, s.stats.Exact = spent, r.Exact
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
