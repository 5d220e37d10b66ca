//go:build unix && !darwin

package capture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"impero/core/picture"
	"impero/core/x11"
)

const (
	opGetImage   = 73
	allPlanes    = 1<<32 - 1
	zPixmap      = 2
	maxStrip     = 4 << 20 // bytes of picture in one reply through the socket
	maxRetries   = 4       // captures that fail because the display changes size meanwhile
	errorMatch   = 8
	errorValue   = 2
	fixFetch     = 19
	fixCursor    = 4
	damSubtract  = 3
	shmAttach    = 1
	shmDetach    = 2
	shmGetImage  = 4
	queryPointer = 38
)

// share makes a segment of size bytes that the server writes pictures into, and drops the old one. Where that is not
// possible pictures come through the socket.
func (s *x11Source) share(size int) error {
	if s.mem != nil {
		mem := s.mem
		s.mem = nil
		s.c.Send(s.shmExt.Opcode, shmDetach, s.seg)
		s.c.Free(s.seg)
		if err := freeSegment(mem); err != nil {
			return fmt.Errorf("free shared memory: %w", err)
		}
	}
	if s.noShm {
		return nil
	}
	s.seg = s.c.NewID()
	var refused error
	mem, err := newSegment(size, func(id uint32) error {
		refused = s.c.Check(s.shmExt.Opcode, shmAttach, s.seg, id, 0)
		return refused
	})
	if errors.Is(refused, x11.ErrLost) {
		return refused
	}
	if err != nil {
		s.noShm = true
		return nil
	}
	s.mem = mem
	really, err := s.reallyShared()
	if err != nil {
		return err
	}
	if !really {
		s.noShm = true
		return s.share(size)
	}
	return nil
}

// reallyShared says whether the server writes into our memory: a server in another container may know another segment by
// the same number. A pixel cannot leave both of two different words as they were.
func (s *x11Source) reallyShared() (bool, error) {
	for _, word := range []uint32{0, 1<<32 - 1} {
		binary.LittleEndian.PutUint32(s.mem, word)
		_, err := s.c.Call(s.shmExt.Opcode, shmGetImage, s.root, 0, x11.Pair(1, 1), allPlanes, zPixmap, s.seg, 0)
		var refused *x11.Error
		if errors.As(err, &refused) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if binary.LittleEndian.Uint32(s.mem) != word {
			return true, nil
		}
	}
	return false, nil
}

// fetchDamage takes the damage from the server and adds it to s.rects.
func (s *x11Source) fetchDamage() error {
	s.damaged = false
	s.c.Send(s.damageExt.Opcode, damSubtract, s.damage, 0, s.region)
	r, err := s.c.Call(s.fixes.Opcode, fixFetch, s.region)
	if err != nil {
		return fmt.Errorf("fetch damage: %w", err)
	}
	le, bounds := binary.LittleEndian, s.frame.Bounds()
	for b := r[32:]; len(b) >= 8; b = b[8:] {
		rect := picture.Rect{X: int(int16(le.Uint16(b))), Y: int(int16(le.Uint16(b[2:]))), W: int(le.Uint16(b[4:])), H: int(le.Uint16(b[6:]))}
		s.rects = append(s.rects, rect.Intersect(bounds))
	}
	s.rects = picture.Gather(s.rects, maxGrabs)
	// A notice met on the way may be of what we just fetched: then the next fetch is empty, which costs little.
	s.handleQueued()
	return nil
}

// grab captures s.rects into the frame and moves them to u.Changed. A display that changes its size meanwhile is read anew.
func (s *x11Source) grab(u *Update) error {
	for try := 0; ; try++ {
		err := s.fetchPixels()
		if err == nil {
			u.Changed = append(u.Changed, s.rects...)
			s.rects = s.rects[:0]
			s.lastGrab = time.Now()
			return nil
		}
		var refused *x11.Error
		if !errors.As(err, &refused) || try == maxRetries || refused.Code != errorMatch && refused.Code != errorValue {
			return fmt.Errorf("capture display: %w", err)
		}
		s.relayout = false
		if err := s.readLayout(u); err != nil {
			return err
		}
	}
}

// fetchPixels captures s.rects into the frame, and asks where the pointer is while it is at it.
func (s *x11Source) fetchPixels() error {
	if s.mem == nil {
		for _, r := range s.rects {
			if err := s.fetchThroughSocket(r); err != nil {
				return err
			}
		}
		return s.askPointer()
	}
	// All requests first, then all answers: one round trip.
	var last [maxGrabs]uint64
	at := 0
	for i, r := range s.rects {
		last[i] = s.c.Send(s.shmExt.Opcode, shmGetImage, s.root, x11.Pair(r.X, r.Y), x11.Pair(r.W, r.H), allPlanes, zPixmap, s.seg, uint32(at))
		at += r.Area() * 4
	}
	pointer := s.c.Send(queryPointer, 0, s.root)
	var failed error
	for i := range s.rects {
		if _, err := s.c.Reply(last[i]); err != nil && failed == nil {
			failed = err
		}
	}
	if err := s.takePointer(s.c.Reply(pointer)); err != nil || failed != nil {
		return errors.Join(failed, err)
	}
	at = 0
	for _, r := range s.rects {
		n := r.Area() * 4
		put(s.frame, r, s.mem[at:at+n])
		at += n
	}
	return nil
}

func (s *x11Source) fetchThroughSocket(r picture.Rect) error {
	rows := max(1, maxStrip/(r.W*4))
	for y := r.Y; y < r.Y+r.H; y += rows {
		strip := picture.Rect{X: r.X, Y: y, W: r.W, H: min(rows, r.Y+r.H-y)}
		b, err := s.c.Call(opGetImage, zPixmap, s.root, x11.Pair(strip.X, strip.Y), x11.Pair(strip.W, strip.H), allPlanes)
		if err != nil {
			return err
		}
		if n := strip.Area() * 4; len(b)-32 < n {
			return fmt.Errorf("%w: a picture is too short", ErrUnsupported)
		}
		put(s.frame, strip, b[32:32+strip.Area()*4])
	}
	return nil
}

func (s *x11Source) readCursor(u *Update) error {
	s.shape = false
	b, err := s.c.Call(s.fixes.Opcode, fixCursor)
	var refused *x11.Error
	if errors.As(err, &refused) { // no cursor on this display
		if !s.started {
			u.Cursor = &picture.Cursor{}
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("read cursor: %w", err)
	}
	le := binary.LittleEndian
	w, h := int(le.Uint16(b[12:])), int(le.Uint16(b[14:]))
	if len(b)-32 < w*h*4 {
		return fmt.Errorf("%w: the cursor's picture is too short", ErrUnsupported)
	}
	u.Cursor = straightCursor(w, h, int(le.Uint16(b[16:])), int(le.Uint16(b[18:])), b[32:])
	return nil
}

// askPointer asks where the pointer is.
func (s *x11Source) askPointer() error { return s.takePointer(s.c.Call(queryPointer, 0, s.root)) }

// takePointer takes the answer to a question for the pointer.
func (s *x11Source) takePointer(b []byte, err error) error {
	if err != nil {
		return fmt.Errorf("read pointer: %w", err)
	}
	s.motion = false
	s.lastPointer = time.Now()
	s.px, s.py = int(int16(binary.LittleEndian.Uint16(b[16:]))), int(int16(binary.LittleEndian.Uint16(b[18:])))
	return nil
}

// tellPointer puts the pointer's place into u.
func (s *x11Source) tellPointer(u *Update) {
	if s.px != s.toldX || s.py != s.toldY || !s.started {
		s.toldX, s.toldY = s.px, s.py
		u.CursorMoved = true
		s.lastMotion = s.lastPointer
	}
	u.CursorX, u.CursorY = s.px, s.py
}
