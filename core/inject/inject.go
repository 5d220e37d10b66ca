// Package inject moves the pointer, presses buttons and keys and types text on the display of this system, for Guests.
//
// A key comes as its place on the keyboard (USB HID usage, see package keys) with, if known, the character it had on the
// Guest's layout. The place is the rule and the character is the hint: the key at that place is pressed, unless it would
// give another character than the Guest saw. Then the character is typed: so different layouts on both sides still write
// what the technician wrote. While Ctrl, Alt or Super is held, or when no character is known, the place alone counts.
//
// Injectors are safe for concurrent use. Several sessions at one display share a Desk: a key that two of them hold goes
// up when both have let go. Errors are returned, never logged: keystrokes belong in no log.
package inject

import (
	"errors"
	"fmt"
	"sync"
	"unicode/utf8"

	"impero/core/keys"
)

var (
	// ErrNoDisplay says that there is no display to type on, or nobody answers there.
	ErrNoDisplay = errors.New("no display to control")
	// ErrWayland says that the desktop is a Wayland session, which lets no program type this way.
	ErrWayland = errors.New("the desktop is a Wayland session, which cannot be controlled yet; log in with an X11 (Xorg) session")
	// ErrDisplayLost says that the display went away or no longer answers: open a new injector.
	ErrDisplayLost = errors.New("the display went away")
	// ErrUnsupported says that this system or display cannot be controlled.
	ErrUnsupported = errors.New("this display cannot be controlled")
	// ErrClosed says that the injector was closed before.
	ErrClosed = errors.New("control is closed")
	// ErrNoKey says that this keyboard has neither such a key nor a way to type its character. Nothing was pressed.
	ErrNoKey = errors.New("no such key on this keyboard")
	// ErrBadInput says that a value is out of its range. Nothing was done.
	ErrBadInput = errors.New("input out of range")
)

const (
	// MaxText is the longest text of one call, in characters.
	MaxText = 4096
	// MaxNotches is how many notches one call turns the wheel at most, in each direction; more are cut to it.
	MaxNotches = 32
	maxHeld    = 128 // keys one session holds
)

// Injector is the input of one session.
type Injector interface {
	// MoveAbs puts the pointer at a place in desktop pixels. Places outside are moved to the edge.
	MoveAbs(x, y int) error
	// Button presses or releases 1 left, 2 middle, 3 right, 8 back or 9 forward.
	Button(b int, down bool) error
	// Wheel turns the wheel by notches; right and down are positive.
	Wheel(dx, dy int) error
	// Key presses or releases a key: a usage of the USB HID keyboard page and the character the Guest's layout gave it,
	// 0 if not known. With usage 0 the character alone counts. A second press of a key that is down, and the release of
	// one that is not, do nothing.
	Key(usage uint16, down bool, r rune) error
	// Text types up to MaxText characters, with Return for \n and Tab for \t. Other control characters are left out.
	// On X11 characters that no key has are typed on borrowed keycodes, of which there are few (about 18, for two each):
	// beyond that Text waits a quarter of a second before one gets a new meaning, and a program that lags more reads a
	// wrong character. Long texts in a foreign script belong on the clipboard.
	Text(s string) error
	// ReleaseAll lets go every key and button held through this injector, and returns when that is done.
	ReleaseAll() error
	// Recover lets go every key and button that is down on the display and that no injector of the Desk holds: a program
	// that was killed could not. What somebody holds by hand there stays down.
	Recover() error
	// Close is ReleaseAll, and gives back the keycodes borrowed for characters once the last injector of a Desk closes.
	// It is idempotent.
	Close() error
}

// Config says what to control. The zero Config is the user's own display.
type Config struct {
	Display string // an X display as in DISPLAY, which it defaults to
	Desk    *Desk  // shared by all sessions at one display; nil for a session on its own
}

// Desk is what several sessions at one display share. The zero Desk is ready; it opens the display with its first
// injector and leaves it with its last.
type Desk struct {
	mu  sync.Mutex
	cur *seat
}

// seat is one opened display. Guarded by the Desk's mutex.
type seat struct {
	driver driver
	users  int
}

// driver is what a system must be able to do. Calls are serialised by the Desk. Keys are named by codes of the driver's
// own, never 0.
type driver interface {
	move(x, y int) error
	button(b int, down bool) error
	wheel(dx, dy int) error
	// press does what a key press means and gives the code to release later; 0 if nothing stays down.
	press(usage uint16, r rune, s *typing) (code int, err error)
	release(code int) error
	text(s string) error
	recover() error
	sync() error // returns when everything before was done
	close() error
}

// typing is what a driver remembers for a session from key to key.
type typing struct {
	dead     bool // a dead key was pressed: the next key completes it
	rightAlt bool // the right Alt key is held by this session
}

// Open starts to control a display.
func Open(cfg Config) (Injector, error) {
	d := cfg.Desk
	if d == nil {
		d = new(Desk)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cur == nil {
		drv, err := openDriver(cfg)
		if err != nil {
			return nil, err
		}
		d.cur = &seat{driver: drv}
	}
	d.cur.users++
	return &session{desk: d, seat: d.cur, held: make(map[uint32]int)}, nil
}

// session is the Injector of one session; all of it is guarded by desk.mu.
type session struct {
	desk    *Desk
	seat    *seat
	held    map[uint32]int // key → code to release; 0 if nothing is to be released
	buttons uint16         // bit b: button b is held
	typing  typing
	closed  bool
}

// do runs f with the driver, one call at a time.
func (s *session) do(f func(d driver) error) error {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	err := f(s.seat.driver)
	if errors.Is(err, ErrDisplayLost) && s.desk.cur == s.seat {
		s.desk.cur = nil // the next Open opens anew
	}
	return err
}

func (s *session) MoveAbs(x, y int) error {
	return s.do(func(d driver) error { return d.move(min(max(x, 0), 1<<15-1), min(max(y, 0), 1<<15-1)) })
}

func (s *session) Button(b int, down bool) error {
	if !(b >= 1 && b <= 3 || b == 8 || b == 9) {
		return fmt.Errorf("%w: button %d", ErrBadInput, b)
	}
	return s.do(func(d driver) error {
		if down == (s.buttons>>b&1 == 1) {
			return nil
		}
		if err := d.button(b, down); err != nil {
			return err
		}
		s.buttons ^= 1 << b
		return nil
	})
}

func (s *session) Wheel(dx, dy int) error {
	cut := func(n int) int { return min(max(n, -MaxNotches), MaxNotches) }
	return s.do(func(d driver) error { return d.wheel(cut(dx), cut(dy)) })
}

// keyOf names a held key: its usage, or its character where there is no usage.
func keyOf(usage uint16, r rune) uint32 {
	if usage == 0 {
		return 1<<31 | uint32(r)
	}
	return uint32(usage)
}

func (s *session) Key(usage uint16, down bool, r rune) error {
	if !utf8.ValidRune(r) || !printable(r) {
		r = 0
	}
	if usage == 0 && r == 0 {
		return fmt.Errorf("%w: a key without place and character", ErrBadInput)
	}
	k := keyOf(usage, r)
	return s.do(func(d driver) error {
		code, held := s.held[k]
		if held == down {
			return nil
		}
		if !down {
			delete(s.held, k)
			if usage == keys.RightAlt {
				s.typing.rightAlt = false
			}
			return releaseCode(d, code)
		}
		if len(s.held) >= maxHeld {
			return fmt.Errorf("%w: more than %d keys held", ErrBadInput, maxHeld)
		}
		code, err := d.press(usage, r, &s.typing)
		if err != nil {
			return err
		}
		s.held[k] = code
		if usage == keys.RightAlt {
			s.typing.rightAlt = true
		}
		return nil
	})
}

func releaseCode(d driver, code int) error {
	if code == 0 {
		return nil
	}
	return d.release(code)
}

func (s *session) Text(text string) error {
	if !utf8.ValidString(text) {
		return fmt.Errorf("%w: the text is not UTF-8", ErrBadInput)
	}
	if len(text) > MaxText && utf8.RuneCountInString(text) > MaxText {
		return fmt.Errorf("%w: the text is longer than %d characters", ErrBadInput, MaxText)
	}
	return s.do(func(d driver) error { return d.text(text) })
}

func (s *session) ReleaseAll() error { return s.do(s.releaseAll) }

func (s *session) Recover() error { return s.do(driver.recover) }

func (s *session) releaseAll(d driver) error {
	var first error
	keep := func(err error) {
		if first == nil {
			first = err
		}
	}
	for k, code := range s.held {
		delete(s.held, k)
		keep(releaseCode(d, code))
	}
	for b := 1; b <= 9; b++ {
		if s.buttons>>b&1 == 1 {
			keep(d.button(b, false))
		}
	}
	s.buttons, s.typing = 0, typing{}
	keep(d.sync())
	return first
}

func (s *session) Close() error {
	err := s.do(s.releaseAll)
	if errors.Is(err, ErrClosed) {
		return nil
	}
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	s.seat.users--
	if s.seat.users > 0 {
		return err
	}
	if s.desk.cur == s.seat {
		s.desk.cur = nil
	}
	if e := s.seat.driver.close(); err == nil {
		err = e
	}
	return err
}

// counts says how many sessions hold each code.
type counts map[int]int

// down says whether this is the first hold of code.
func (c counts) down(code int) bool { c[code]++; return c[code] == 1 }

// up says whether this was the last hold of code; false if there was none.
func (c counts) up(code int) bool {
	if c[code] == 0 {
		return false
	}
	c[code]--
	if c[code] == 0 {
		delete(c, code)
		return true
	}
	return false
}
