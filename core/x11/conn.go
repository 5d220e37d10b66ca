// Package x11 is a small client of the X Window System protocol, version 11: enough to capture a display and to type on it.
//
// It carries requests, replies, events and errors; what the bytes of an extension mean is the caller's knowledge, from the
// protocol texts named there. It is synchronous and has no goroutine: a reply is read by the call that asked for it, events
// met on the way wait in a queue. So a wake-up costs one read, and closing leaves nothing behind.
//
// It exists beside the known client libraries because several displays, or several connections of one, must live in one
// process without sharing state (a global table of event types, a global logger), because generic events (XInput 2) must
// be framed rightly, and because no error may end the process.
//
// A Conn is not for concurrent use, except Interrupt. The server is trusted as the user's own; lengths are checked all the same.
package x11

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

var (
	// ErrNoDisplay says that no display is named, or that nobody answers at the named one.
	ErrNoDisplay = errors.New("no X display")
	// ErrRefused says that the server did not let us in (it wants another authority).
	ErrRefused = errors.New("connection refused by the X display")
	// ErrLost says that the server went away or no longer answers. The Conn is of no more use.
	ErrLost = errors.New("connection to the X display lost")
	// ErrInterrupted says that Interrupt ended a wait for an event.
	ErrInterrupted = errors.New("wait for an X event interrupted")
	// ErrMissing says that the server lacks an extension.
	ErrMissing = errors.New("the X display lacks an extension")
)

const (
	dialTimeout  = 5 * time.Second
	replyTimeout = 10 * time.Second
	maxMessage   = 64 << 20 // largest reply we accept; an 8K row is 30 KiB, an image is fetched in strips of 4 MiB
	maxQueued    = 1 << 16  // events waiting for the caller: 2 MiB
	syncEvery    = 1 << 14  // requests without a reply before one with a reply, so that 16-bit numbers stay clear
)

var order = binary.LittleEndian

// Format is how pixels of a depth are laid out in images.
type Format struct{ Depth, BitsPerPixel, Pad uint8 }

// Screen is one X screen and the visual of its root window.
type Screen struct {
	Root             uint32
	W, H             int
	Depth            uint8
	Red, Green, Blue uint32 // masks of the root's visual; 0 if it is not a colour visual
}

// Setup is what the server said of itself.
type Setup struct {
	MinKeycode, MaxKeycode uint8
	BigEndianImages        bool
	Formats                []Format
	Screens                []Screen
}

// Ext is where an extension's numbers begin on this connection.
type Ext struct{ Opcode, Event, Error byte }

// Error is an error the server gave for a request.
type Error struct {
	Code, Major byte
	Minor       uint16
	Bad         uint32
}

func (e *Error) Error() string {
	return fmt.Sprintf("X request %d.%d refused with error %d (value %#x)", e.Major, e.Minor, e.Code, e.Bad)
}

// Conn is a connection to a display.
type Conn struct {
	Setup  Setup
	Screen int  // the screen the display's name chose, an index into Setup.Screens
	Local  bool // through a socket of this machine: shared memory may work

	nc          net.Conn
	out         []byte
	in          []byte
	r, w        int     // in[r:w] is unread
	seq         uint64  // of the last request
	replied     uint64  // of the last request whose reply was read
	events      []Event // events[taken:] wait for the caller
	taken       int
	lost        error
	interrupted atomic.Bool
	idBase      uint32
	idNext      uint32
	idMask      uint32
	idFree      []uint32
}

// Dial connects to display, for example ":0", "host:1.0" or "" for the one DISPLAY names.
func Dial(ctx context.Context, display string) (*Conn, error) {
	if display == "" {
		display = os.Getenv("DISPLAY")
	}
	n, err := parseName(display)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	nc, err := n.dial(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to display %q: %w: %v", display, ErrNoDisplay, err)
	}
	c := &Conn{nc: nc, Local: nc.RemoteAddr().Network() == "unix", Screen: n.screen, in: make([]byte, 64<<10)}
	deadline, _ := ctx.Deadline()
	nc.SetDeadline(deadline)
	stop := context.AfterFunc(ctx, func() { nc.SetDeadline(time.Unix(1, 0)) })
	err = c.handshake(n)
	if !stop() && err == nil {
		err = fmt.Errorf("connect to display %q: %w", display, ErrLost)
	}
	if err != nil {
		nc.Close()
		return nil, err
	}
	nc.SetDeadline(time.Time{})
	if c.Screen >= len(c.Setup.Screens) {
		nc.Close()
		return nil, fmt.Errorf("connect to display %q: %w: it has no screen %d", display, ErrNoDisplay, c.Screen)
	}
	return c, nil
}

// Close ends the connection. It is idempotent.
func (c *Conn) Close() error {
	if c.lost == nil {
		c.lost = fmt.Errorf("%w: closed", ErrLost)
	}
	return c.nc.Close()
}

// Root is the screen this connection is about.
func (c *Conn) Root() *Screen { return &c.Setup.Screens[c.Screen] }

// NewID gives a number for a new server object; Free takes it back when the object is gone.
func (c *Conn) NewID() uint32 {
	if n := len(c.idFree); n > 0 {
		id := c.idFree[n-1]
		c.idFree = c.idFree[:n-1]
		return id
	}
	step := c.idMask & -c.idMask
	c.idNext += step
	return c.idBase | c.idNext&c.idMask
}

// Free makes id usable again. The object it named must be destroyed.
func (c *Conn) Free(id uint32) { c.idFree = append(c.idFree, id) }

// Extension asks for an extension by name, and fails with ErrMissing.
func (c *Conn) Extension(name string) (Ext, error) {
	b := make([]byte, 0, 4+len(name)+3)
	b = order.AppendUint16(b, uint16(len(name)))
	b = append(b, 0, 0)
	b = append(b, name...)
	seq := c.SendBytes(98, 0, b)
	r, err := c.Reply(seq)
	if err != nil {
		return Ext{}, fmt.Errorf("ask for extension %s: %w", name, err)
	}
	if r[8] == 0 {
		return Ext{}, fmt.Errorf("%w: %s", ErrMissing, name)
	}
	return Ext{Opcode: r[9], Event: r[10], Error: r[11]}, nil
}

// name is a display's name taken apart.
type name struct {
	host, number string
	path         string // of a socket named outright
	screen       int
}

func parseName(display string) (name, error) {
	var n name
	i := strings.LastIndexByte(display, ':')
	if i < 0 {
		return n, fmt.Errorf("%w: DISPLAY is %q; a display's name looks like \":0\"", ErrNoDisplay, display)
	}
	n.host = strings.TrimPrefix(display[:i], "tcp/")
	n.number = display[i+1:]
	if j := strings.IndexByte(n.number, '.'); j >= 0 {
		s, err := strconv.ParseUint(n.number[j+1:], 10, 8)
		if err != nil {
			return n, fmt.Errorf("%w: display %q names a screen that is no number", ErrNoDisplay, display)
		}
		n.screen, n.number = int(s), n.number[:j]
	}
	if _, err := strconv.ParseUint(n.number, 10, 15); err != nil {
		return n, fmt.Errorf("%w: display %q has no number after the colon", ErrNoDisplay, display)
	}
	if strings.HasPrefix(n.host, "/") { // as launchd on macOS names them
		n.path = display
		n.host = ""
	}
	if h := strings.Trim(n.host, "[]"); h != n.host && net.ParseIP(h) != nil {
		n.host = h
	}
	return n, nil
}

func (n name) dial(ctx context.Context) (net.Conn, error) {
	var d net.Dialer
	if n.path != "" {
		return d.DialContext(ctx, "unix", n.path)
	}
	if n.host == "" || n.host == "unix" {
		nc, err := d.DialContext(ctx, "unix", "/tmp/.X11-unix/X"+n.number)
		if err != nil { // a server without the folder, or in another root
			if nc2, err2 := d.DialContext(ctx, "unix", "@/tmp/.X11-unix/X"+n.number); err2 == nil {
				return nc2, nil
			}
		}
		return nc, err
	}
	num, _ := strconv.Atoi(n.number)
	return d.DialContext(ctx, "tcp", net.JoinHostPort(n.host, strconv.Itoa(6000+num)))
}

func (c *Conn) handshake(n name) error {
	auth := readAuthority(c.nc.RemoteAddr(), n.number)
	b := []byte{'l', 0, 11, 0, 0, 0}
	b = order.AppendUint16(b, uint16(len(auth.name)))
	b = order.AppendUint16(b, uint16(len(auth.data)))
	b = append(b, 0, 0)
	b = padded(padded(b, auth.name), auth.data)
	if _, err := c.nc.Write(b); err != nil {
		return fmt.Errorf("greet the display: %w: %v", ErrLost, err)
	}
	var head [8]byte
	if _, err := io.ReadFull(c.nc, head[:]); err != nil {
		return fmt.Errorf("read the display's greeting: %w: %v", ErrLost, err)
	}
	body := make([]byte, int(order.Uint16(head[6:]))*4)
	if _, err := io.ReadFull(c.nc, body); err != nil {
		return fmt.Errorf("read the display's greeting: %w: %v", ErrLost, err)
	}
	if head[0] != 1 {
		why := body
		if head[0] == 0 {
			why = body[:min(int(head[1]), len(body))]
		}
		return fmt.Errorf("%w: %s", ErrRefused, strings.TrimRight(string(why), "\x00\n "))
	}
	return c.parseSetup(body)
}

func pad4(n int) int { return (n + 3) &^ 3 }

// padded appends s and zeros up to a multiple of four.
func padded(b []byte, s string) []byte {
	b = append(b, s...)
	for range pad4(len(s)) - len(s) {
		b = append(b, 0)
	}
	return b
}

var errSetup = fmt.Errorf("read the display's greeting: %w: it is malformed", ErrLost)

func (c *Conn) parseSetup(b []byte) error {
	if len(b) < 32 {
		return errSetup
	}
	c.idBase, c.idMask = order.Uint32(b[4:]), order.Uint32(b[8:])
	vendor, screens, formats := int(order.Uint16(b[16:])), int(b[20]), int(b[21])
	s := Setup{BigEndianImages: b[22] != 0, MinKeycode: b[26], MaxKeycode: b[27]}
	at := 32 + pad4(vendor)
	if c.idMask == 0 || at+8*formats > len(b) {
		return errSetup
	}
	for range formats {
		s.Formats = append(s.Formats, Format{b[at], b[at+1], b[at+2]})
		at += 8
	}
	for range screens {
		sc, n := parseScreen(b[at:])
		if n == 0 {
			return errSetup
		}
		s.Screens = append(s.Screens, sc)
		at += n
	}
	if len(s.Screens) == 0 {
		return errSetup
	}
	c.Setup = s
	return nil
}

// parseScreen gives a screen and its length in bytes, 0 if b is cut short.
func parseScreen(b []byte) (Screen, int) {
	if len(b) < 40 {
		return Screen{}, 0
	}
	s := Screen{Root: order.Uint32(b), W: int(order.Uint16(b[20:])), H: int(order.Uint16(b[22:])), Depth: b[38]}
	visual, depths, at := order.Uint32(b[32:]), int(b[39]), 40
	for range depths {
		if at+8 > len(b) {
			return Screen{}, 0
		}
		n := int(order.Uint16(b[at+2:]))
		at += 8
		if at+24*n > len(b) {
			return Screen{}, 0
		}
		for range n {
			if order.Uint32(b[at:]) == visual {
				s.Red, s.Green, s.Blue = order.Uint32(b[at+8:]), order.Uint32(b[at+12:]), order.Uint32(b[at+16:])
			}
			at += 24
		}
	}
	return s, at
}
