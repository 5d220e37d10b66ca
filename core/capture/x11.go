//go:build unix && !darwin

package capture

import (
	"context"
	"errors"
	"fmt"
	"time"

	"impero/core/picture"
	"impero/core/x11"
)

// errMissing says that the server lacks an extension our source needs; another source may do.
var errMissing = fmt.Errorf("%w: the X server lacks an extension", ErrUnsupported)

const (
	// A drawing of at most smallDamage pixels that comes after a pause goes out at once (the echo of a key), and any that
	// comes after calm (a key's answer, whatever it changes); everything else waits a little where bursts come, so that
	// one burst of drawing is one update.
	smallDamage = 128 * 128
	calm        = 50 * time.Millisecond

	maxGrabs = 8 // rectangles fetched one by one

	// The pointer is looked at when it moves, at most every pointerPause, and now and then all the same: a program that
	// puts it elsewhere causes no event. Without XInput 2 there are no events at all and looking is all there is.
	pointerPause  = 8 * time.Millisecond
	pointerGlance = 250 * time.Millisecond
	pointerIdle   = 50 * time.Millisecond
	pointerMoving = 16 * time.Millisecond
	pointerRest   = 500 * time.Millisecond
)

// x11Source captures an X display. See the X protocol's texts of DAMAGE 1.1, XFIXES 4, RANDR 1.5, MIT-SHM 1.1 and XI 2.2.
type x11Source struct {
	c    *x11.Conn
	root uint32

	damageExt, fixes, randr, shmExt, input x11.Ext
	hasInput, hasRandr                     bool

	damage, region uint32
	seg            uint32 // server's name of mem
	mem            []byte // shared with the server; nil: pictures come through the socket
	noShm          bool

	up      Update
	frame   *picture.Frame
	layout  *picture.Layout
	rects   []picture.Rect // fetched damage, not yet captured
	windows windowPlaces
	burst   burst

	px, py       int // where the pointer was seen last
	toldX, toldY int // and where the last Update had it

	started                           bool
	damaged, relayout, shape, motion  bool      // what events said since the last look
	lastGrab, lastPointer, lastMotion time.Time // ends of the last captures, of looks at the pointer, of its moves
	closed                            bool
}

func openX11(cfg Config, display string) (*x11Source, error) {
	c, err := x11.Dial(context.Background(), display)
	if err != nil {
		return nil, openError(err, display)
	}
	s := &x11Source{c: c, root: c.Root().Root, noShm: cfg.NoSharedMemory || !c.Local}
	if err := s.setUp(); err != nil {
		s.Close()
		return nil, openError(err, display)
	}
	return s, nil
}

// openError gives an error of x11 the name a caller of this package knows.
func openError(err error, display string) error {
	switch {
	case errors.Is(err, x11.ErrNoDisplay):
		return fmt.Errorf("open display %q: %w: %v", display, ErrNoDisplay, err)
	case errors.Is(err, x11.ErrRefused):
		return fmt.Errorf("open display %q: %w: it belongs to another user, or XAUTHORITY does not name its cookie: %v", display, ErrNoDisplay, err)
	case errors.Is(err, x11.ErrMissing):
		return fmt.Errorf("open display %q: %w: %v", display, errMissing, err)
	case errors.Is(err, x11.ErrLost):
		return fmt.Errorf("open display %q: %w: %v", display, ErrDisplayLost, err)
	}
	return fmt.Errorf("open display %q: %w", display, err)
}

// Next implements Source.
func (s *x11Source) Next(ctx context.Context) (*Update, error) {
	if s.closed {
		return nil, ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, s.c.Interrupt)
	defer func() {
		stop()
		s.c.Resume()
	}()
	for {
		u, err := s.next()
		if errors.Is(err, x11.ErrInterrupted) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			s.c.Resume() // the end of an earlier context, seen late
			continue
		}
		if errors.Is(err, x11.ErrLost) {
			return nil, fmt.Errorf("capture display: %w: %v", ErrDisplayLost, err)
		}
		return u, err
	}
}

// Close implements Source.
func (s *x11Source) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	s.c.Close() // the server frees its objects
	if s.mem != nil {
		mem := s.mem
		s.mem = nil
		if err := freeSegment(mem); err != nil {
			return fmt.Errorf("free shared memory: %w", err)
		}
	}
	return nil
}

func (s *x11Source) next() (*Update, error) {
	for {
		if u, err := s.look(); u != nil || err != nil {
			return u, err
		}
		e, ok, err := s.c.Event(s.deadline())
		if err != nil {
			return nil, err
		}
		if ok {
			s.handle(&e)
			s.handleQueued()
		}
	}
}

// deadline is when to look at the pointer next.
func (s *x11Source) deadline() time.Time {
	switch {
	case s.motion:
		return s.lastPointer.Add(pointerPause)
	case s.hasInput:
		return s.lastPointer.Add(pointerGlance)
	case time.Since(s.lastMotion) < pointerRest:
		return s.lastPointer.Add(pointerMoving)
	}
	return s.lastPointer.Add(pointerIdle)
}

// look gives an Update if there is something new, else nil.
func (s *x11Source) look() (*Update, error) {
	u := &s.up
	*u = Update{Changed: u.Changed[:0], Moves: u.Moves[:0]}
	if s.relayout || !s.started {
		s.relayout = false
		if err := s.readLayout(u); err != nil {
			return nil, err
		}
	}
	if s.damaged || len(s.rects) > 0 {
		if err := s.collect(); err != nil {
			return nil, err
		}
	}
	if len(s.rects) > 0 {
		start := time.Now()
		if err := s.grab(u); err != nil {
			return nil, err
		}
		u.Took = time.Since(start)
	}
	if s.shape || !s.started {
		if err := s.readCursor(u); err != nil {
			return nil, err
		}
	}
	if len(u.Changed) == 0 && !time.Now().Before(s.deadline()) {
		if err := s.askPointer(); err != nil {
			return nil, err
		}
	}
	s.tellPointer(u)
	if len(u.Changed) == 0 && u.Cursor == nil && u.Layout == nil && !u.CursorMoved {
		return nil, nil
	}
	u.Frame = s.frame
	if len(u.Changed) > 0 {
		// The server told of every window that moved before it took the picture, and of none that moved after: with what
		// waits in the queue the places are those of the picture.
		s.handleQueued()
		u.Moves = s.windows.take(u.Moves, s.frame.Bounds())
	}
	s.started = true
	return u, nil
}

// collect fetches what is damaged into s.rects; it waits for the rest of a burst where nobody waits for a key's echo.
func (s *x11Source) collect() error {
	if err := s.fetchDamage(); err != nil || len(s.rects) == 0 {
		return err
	}
	area := 0
	for _, r := range s.rects {
		area += r.Area()
	}
	now := time.Now()
	if since := now.Sub(s.lastGrab); !s.started || since >= calm || area <= smallDamage && since >= settle {
		return nil
	}
	for until := now.Add(s.burst.wait(now.Sub(s.lastGrab))); ; {
		e, ok, err := s.c.Event(until)
		if err != nil {
			return err // s.rects is kept for the next call
		}
		if !ok {
			break
		}
		s.handle(&e)
	}
	s.burst.waited(s.damaged)
	if s.damaged {
		return s.fetchDamage()
	}
	return nil
}

func (s *x11Source) handleQueued() {
	for {
		e, ok := s.c.Queued()
		if !ok {
			return
		}
		s.handle(&e)
	}
}

const (
	codeDestroyNotify   = 17
	codeConfigureNotify = 22
	inputRawMotion      = 17
)

func (s *x11Source) handle(e *x11.Event) {
	switch code := e.Code(); {
	case code == s.damageExt.Event:
		s.damaged = true
	case code == s.fixes.Event+1:
		s.shape = true
	case s.hasRandr && (code == s.randr.Event || code == s.randr.Event+1):
		s.relayout = true
	case code == x11.GenericEvent && s.hasInput && e[1] == s.input.Opcode && e.U16(8) == inputRawMotion:
		s.motion = true
	case code == codeConfigureNotify && e.U32(8) == s.root:
		s.relayout = true
	case code == codeConfigureNotify:
		s.windows.placed(e.U32(8), picture.Rect{X: int(int16(e.U16(16))), Y: int(int16(e.U16(18))),
			W: int(e.U16(20)) + 2*int(e.U16(24)), H: int(e.U16(22)) + 2*int(e.U16(24))})
	case code == codeDestroyNotify:
		s.windows.gone(e.U32(8))
	}
}
