package rfb

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"impero/core/picture"
	"impero/core/screen"
)

// Limits of what a server may send.
const (
	maxText   = 1 << 20 // a clipboard or the reason of a refusal; skipped, not kept
	maxName   = 4096
	maxCursor = 256 // pixels a side
	maxRects  = 1<<16 - 1
	readAhead = 256 << 10
)

// ErrProtocol is in every error about what a server sent.
var ErrProtocol = errors.New("not the RFB protocol")

// Encodings and pseudo-encodings.
const (
	encodingRaw        = 0
	encodingCopyRect   = 1
	encodingTight      = 7
	encodingZRLE       = 16
	encodingQuality8   = -24
	encodingCompress2  = -254
	encodingCursor     = -239
	encodingSize       = -223
	encodingExtSize    = -308
	encodingLastRect   = -224
	encodingFence      = -312
	encodingContinuous = -313
)

// encodings are those the usual viewer asks for by default: Tight first, JPEG of quality 8.
var encodings = []int32{
	encodingTight, encodingCopyRect, encodingZRLE, encodingRaw, encodingQuality8, encodingCompress2,
	encodingCursor, encodingSize, encodingExtSize, encodingLastRect, encodingFence, encodingContinuous,
}

// Conn is a session with a VNC server.
type Conn struct {
	frame      *picture.Frame
	in         *bufio.Reader
	jpeg       *screen.JPEG
	tight      tightDecoder
	zrle       zrleDecoder
	continuous bool // the server sends without being asked
	maxPixels  int  // of the picture
	scratch    []byte

	mu  sync.Mutex // guards out
	out io.Writer
}

// Open shakes hands with a server on stream, asks for no security and a picture of 32-bit pixels, blue first.
func Open(stream io.ReadWriter) (*Conn, error) {
	c := newConn(stream)
	if err := c.handshake(); err != nil {
		return nil, fmt.Errorf("open RFB session: %w", err)
	}
	return c, nil
}

func newConn(stream io.ReadWriter) *Conn {
	return &Conn{in: bufio.NewReaderSize(stream, readAhead), out: stream, jpeg: screen.NewJPEG(), maxPixels: picture.MaxPixels}
}

// Frame is the picture, which Next changes.
func (c *Conn) Frame() *picture.Frame { return c.frame }

func (c *Conn) handshake() error {
	var version [12]byte
	if _, err := io.ReadFull(c.in, version[:]); err != nil {
		return err
	}
	if string(version[:8]) != "RFB 003." {
		return fmt.Errorf("%w: it begins with %q", ErrProtocol, version[:])
	}
	if err := c.write([]byte("RFB 003.008\n")); err != nil {
		return err
	}
	if err := c.security(); err != nil {
		return err
	}
	if err := c.write([]byte{1}); err != nil { // others may watch too
		return err
	}
	if err := c.serverInit(); err != nil {
		return err
	}
	return c.ask()
}

const securityNone = 1

func (c *Conn) security() error {
	count, err := c.in.ReadByte()
	if err != nil {
		return err
	}
	if count == 0 {
		return c.refusal()
	}
	kinds, err := c.take(int(count))
	if err != nil {
		return err
	}
	offered := false
	for _, kind := range kinds {
		offered = offered || kind == securityNone
	}
	if !offered {
		return fmt.Errorf("the server wants security %v; start it without", kinds)
	}
	if err := c.write([]byte{securityNone}); err != nil {
		return err
	}
	result, err := c.u32()
	if err != nil {
		return err
	}
	if result != 0 {
		return c.refusal()
	}
	return nil
}

// refusal reads why the server does not want us.
func (c *Conn) refusal() error {
	n, err := c.u32()
	if err != nil {
		return err
	}
	if n > maxName {
		return fmt.Errorf("%w: a reason of %d bytes", ErrProtocol, n)
	}
	reason, err := c.take(int(n))
	if err != nil {
		return err
	}
	return fmt.Errorf("the server refused: %q", reason)
}

func (c *Conn) serverInit() error {
	head, err := c.take(24)
	if err != nil {
		return err
	}
	w, h := int(binary.BigEndian.Uint16(head)), int(binary.BigEndian.Uint16(head[2:]))
	n := binary.BigEndian.Uint32(head[20:])
	if n > maxName {
		return fmt.Errorf("%w: a name of %d bytes", ErrProtocol, n)
	}
	if err := c.skip(int(n)); err != nil {
		return err
	}
	return c.resize(w, h)
}

// ask says how the picture shall be sent and asks for all of it.
func (c *Conn) ask() error {
	format := []byte{0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0}
	list := []byte{2, 0}
	list = binary.BigEndian.AppendUint16(list, uint16(len(encodings)))
	for _, e := range encodings {
		list = binary.BigEndian.AppendUint32(list, uint32(e))
	}
	return c.write(append(append(format, list...), c.request(false)...))
}

// request is the message that asks for the whole picture, or for what changed of it.
func (c *Conn) request(changes bool) []byte {
	message := []byte{3, 0, 0, 0, 0, 0}
	if changes {
		message[1] = 1
	}
	message = binary.BigEndian.AppendUint16(message, uint16(c.frame.W))
	return binary.BigEndian.AppendUint16(message, uint16(c.frame.H))
}

// Key presses or releases a key by its X keysym.
func (c *Conn) Key(keysym uint32, down bool) error {
	message := []byte{4, 0, 0, 0}
	if down {
		message[1] = 1
	}
	return c.write(binary.BigEndian.AppendUint32(message, keysym))
}

func (c *Conn) write(b []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.out.Write(b)
	return err
}

// resize makes a black picture of another size.
func (c *Conn) resize(w, h int) error {
	if err := picture.CheckSize(w, h); err != nil {
		return fmt.Errorf("%w: %v", ErrProtocol, err)
	}
	if w*h > c.maxPixels {
		return fmt.Errorf("%w: picture of %d × %d", ErrProtocol, w, h)
	}
	if c.frame != nil && c.frame.W == w && c.frame.H == h {
		return nil
	}
	c.frame = picture.NewFrame(w, h, picture.BGRX)
	if c.continuous {
		return c.write(c.enable())
	}
	return nil
}

// take reads n bytes, which hold until the next take; the caller has limited n.
func (c *Conn) take(n int) ([]byte, error) {
	if cap(c.scratch) < n {
		c.scratch = make([]byte, n)
	}
	b := c.scratch[:n]
	_, err := io.ReadFull(c.in, b)
	return b, err
}

func (c *Conn) skip(n int) error {
	_, err := c.in.Discard(n)
	return err
}

func (c *Conn) u16() (int, error) {
	b, err := c.take(2)
	if err != nil {
		return 0, err
	}
	return int(binary.BigEndian.Uint16(b)), nil
}

func (c *Conn) u32() (uint32, error) {
	b, err := c.take(4)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint32(b), nil
}
