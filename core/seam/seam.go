// Package seam is the conversation between the two halves of a Host: the daemon half, which listens, authenticates and
// decides, and the agent half, which captures, encodes and injects as the user. It runs over one local connection: an
// in-memory one in a standalone Host. The agent is trusted less than the daemon: every message is bounded and checked.
//
// A message is: length u32 · type u8 · body (length bytes). Numbers are in network byte order, fields as in
// core/wire/PROTOCOL.md §1. Agent and daemon are of one build; Hello refuses another version.
//
// Send may be called from several goroutines, Receive from one.
package seam

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"impero/core/wire"
)

// Version is the version of this conversation.
const Version = 3

// Limits.
const (
	// MaxBody bounds a message: a whole picture of the largest desktop's update, see wire.MaxPictureBody.
	MaxBody = 36 << 20
	// MaxViewers is the most viewers one picture goes to: the most sessions of a Host.
	MaxViewers = 8
	maxReason  = 512
	maxJoin    = 16 // capabilities of a Join
)

// Message numbers.
const (
	typeHello   = 1
	typeDisplay = 2
	typeJoin    = 3
	typeLeave   = 4
	typeAck     = 5
	typeRefresh = 6
	typeInput   = 7
	typePicture = 8
	typeResume  = 16
)

// Hello is each side's first message.
//
//	version u16
type Hello struct{ Version uint16 }

// Display says whether there is a display to share; from the agent, after Hello and at every change.
//
//	ready bool · reason text16 (≤ 512)
type Display struct {
	Ready  bool
	Reason string
}

// Join asks for the screen for one more viewer, with those of its Guest's capabilities that concern pictures. From the daemon.
//
//	viewer u32 · capabilities u8 count (≤ 16) × { number u16 · parameter bytes16 (≤ 256) }
type Join struct {
	Viewer       uint32
	Capabilities []wire.Capability
}

// PictureCapabilities picks what a Join carries: the numbers below 16.
func PictureCapabilities(all []wire.Capability) (list []wire.Capability) {
	for _, c := range all {
		if c.Number < maxJoin {
			list = append(list, c)
		}
	}
	return list
}

// Leave ends a viewer's screen, and lets go of all that the viewer of this number holds. A Guest's keyboard is a viewer of
// another number than its screens, and outlives them. From the daemon.
//
//	viewer u32
type Leave struct{ Viewer uint32 }

// Ack says that a viewer shows the picture up to an update, and how many bytes a second its way took lately; 0 if that is
// not known. From the daemon.
//
//	viewer u32 · sequence u32 · delivery u32
type Ack struct{ Viewer, Sequence, Delivery uint32 }

// Refresh asks for the whole picture anew for a viewer. From the daemon.
//
//	viewer u32
type Refresh struct{ Viewer uint32 }

// Input is a viewer's keyboard or mouse, already permitted. From the daemon.
//
//	viewer u32 · message u16 · body (the rest)
type Input struct {
	Viewer  uint32
	Message wire.Message
}

// Resume tells an agent that takes another's place what that one left: updates and layouts go on above these numbers, and
// keys and buttons that it may have left held go up. From the daemon, once, before the first Join.
//
//	sequence u32 · layout u32
type Resume struct{ Sequence, Layout uint32 }

// Class says which of a viewer's picture messages replaces an older one that still waits.
type Class uint8

const (
	ClassUpdate  Class = 1 // none: an update must arrive
	ClassCursor  Class = 2 // an older cursor shape
	ClassPointer Class = 3 // an older pointer position
	ClassTimes   Class = 4 // older times; the daemon adds how long pictures waited for the connection
)

// Picture carries whole picture messages (core/wire/PROTOCOL.md §11), each with its length, for some viewers. From the agent.
//
//	class u8 · viewers u8 count (1 to 8) × u32 · data (the rest)
type Picture struct {
	Class   Class
	Viewers []uint32
	Data    []byte
}

// ErrVersion says that the other half is of another build.
var ErrVersion = errors.New("the two halves of the Host are of different versions")

// Conn is one end of the conversation.
type Conn struct {
	c   net.Conn
	r   *bufio.Reader
	mu  sync.Mutex // guards writing and out
	out []byte
}

// New makes an end of c.
func New(c net.Conn) *Conn { return &Conn{c: c, r: bufio.NewReaderSize(c, 64<<10)} }

// Close closes the connection.
func (c *Conn) Close() error { return c.c.Close() }

// Greet exchanges the versions.
func (c *Conn) Greet() error {
	sent := make(chan error, 1)
	go func() { sent <- c.Send(&Hello{Version: Version}) }()
	m, err := c.Receive()
	if err = errors.Join(err, <-sent); err != nil {
		return fmt.Errorf("greet the Host's other half: %w", err)
	}
	if h, ok := m.(*Hello); !ok || h.Version != Version {
		return ErrVersion
	}
	return nil
}

// Send sends one message: one of this package's types.
func (c *Conn) Send(m any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := wire.Encoder{B: append(c.out[:0], 0, 0, 0, 0, 0)}
	var tail []byte
	switch m := m.(type) {
	case *Hello:
		e.B[4] = typeHello
		e.U16(m.Version)
	case *Display:
		e.B[4] = typeDisplay
		e.Bool(m.Ready)
		e.Text16(m.Reason)
	case *Join:
		e.B[4] = typeJoin
		e.U32(m.Viewer)
		e.U8(uint8(len(m.Capabilities)))
		for _, o := range m.Capabilities {
			e.U16(o.Number)
			e.Bytes16(o.Parameter)
		}
	case *Leave:
		e.B[4] = typeLeave
		e.U32(m.Viewer)
	case *Ack:
		e.B[4] = typeAck
		e.U32(m.Viewer)
		e.U32(m.Sequence)
		e.U32(m.Delivery)
	case *Refresh:
		e.B[4] = typeRefresh
		e.U32(m.Viewer)
	case *Input:
		e.B[4] = typeInput
		e.U32(m.Viewer)
		e.U16(uint16(m.Message.Type()))
		m.Message.Append(&e)
	case *Resume:
		e.B[4] = typeResume
		e.U32(m.Sequence)
		e.U32(m.Layout)
	case *Picture:
		e.B[4] = typePicture
		e.U8(uint8(m.Class))
		e.U8(uint8(len(m.Viewers)))
		for _, v := range m.Viewers {
			e.U32(v)
		}
		tail = m.Data
	case prompt:
		e.B[4] = m.number()
		m.append(&e)
	default:
		return fmt.Errorf("%T is no message of the seam", m)
	}
	c.out = e.B
	binary.BigEndian.PutUint32(e.B, uint32(len(e.B)-5+len(tail)))
	if _, err := c.c.Write(e.B); err != nil {
		return fmt.Errorf("send to the Host's other half: %w", err)
	}
	if len(tail) > 0 {
		if _, err := c.c.Write(tail); err != nil {
			return fmt.Errorf("send to the Host's other half: %w", err)
		}
	}
	return nil
}

// Receive gives the next message. Its bytes are the caller's to keep. io.EOF means that the other half is gone.
func (c *Conn) Receive() (any, error) {
	var head [5]byte
	if _, err := io.ReadFull(c.r, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > MaxBody || head[4] != typePicture && n > 8<<10 {
		return nil, fmt.Errorf("%w: %d bytes of message %d on the seam", wire.ErrMalformed, n, head[4])
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(c.r, body); err != nil {
		return nil, err
	}
	return parse(head[4], body)
}

func parseJoin(d *wire.Decoder) *Join {
	m := &Join{Viewer: d.U32()}
	for range min(d.U8(), maxJoin) {
		m.Capabilities = append(m.Capabilities, wire.Capability{Number: d.U16(), Parameter: d.Bytes16(wire.MaxParameter)})
	}
	return m
}

func parse(kind uint8, body []byte) (any, error) {
	d := wire.Decoder{B: body}
	var m any
	switch kind {
	case typeHello:
		m = &Hello{Version: d.U16()}
	case typeDisplay:
		m = &Display{Ready: d.Bool(), Reason: d.Text16(maxReason)}
	case typeJoin:
		m = parseJoin(&d)
	case typeLeave:
		m = &Leave{Viewer: d.U32()}
	case typeAck:
		m = &Ack{Viewer: d.U32(), Sequence: d.U32(), Delivery: d.U32()}
	case typeRefresh:
		m = &Refresh{Viewer: d.U32()}
	case typeResume:
		m = &Resume{Sequence: d.U32(), Layout: d.U32()}
	case typeInput:
		return parseInput(&d)
	case typePicture:
		return parsePicture(&d)
	default:
		p := newPrompt(kind)
		if p == nil {
			return nil, fmt.Errorf("%w: message %d on the seam", wire.ErrMalformed, kind)
		}
		if err := p.parse(&d); err != nil {
			return nil, err
		}
		m = p
	}
	if err := d.Close(); err != nil {
		return nil, err
	}
	return m, nil
}

func parseInput(d *wire.Decoder) (any, error) {
	viewer, t := d.U32(), wire.Type(d.U16())
	if d.Err != nil {
		return nil, d.Err
	}
	if spec, ok := wire.Lookup(t); !ok || spec.Channel != wire.ChannelInput {
		return nil, fmt.Errorf("%w: message %#x is no input", wire.ErrMalformed, uint16(t))
	}
	m, err := wire.Parse(t, d.B)
	if err != nil {
		return nil, err
	}
	return &Input{Viewer: viewer, Message: m}, nil
}

func parsePicture(d *wire.Decoder) (any, error) {
	p := &Picture{Class: Class(d.U8())}
	n := int(d.U8())
	if d.Err == nil && (p.Class < ClassUpdate || p.Class > ClassTimes || n < 1 || n > MaxViewers) {
		return nil, fmt.Errorf("%w: picture of class %d for %d viewers", wire.ErrMalformed, p.Class, n)
	}
	for ; n > 0 && d.Err == nil; n-- {
		p.Viewers = append(p.Viewers, d.U32())
	}
	p.Data = d.Take(len(d.B))
	return p, d.Err
}
