package rfb

import (
	"encoding/binary"
	"fmt"

	"impero/core/picture"
)

// Messages of a server.
const (
	messageUpdate          = 0
	messageColours         = 1
	messageBell            = 2
	messageCutText         = 3
	messageEndOfContinuous = 150
	messageFence           = 248
)

// Next reads and handles one message and says whether it painted: the frame then shows a whole update of the server's.
func (c *Conn) Next() (painted bool, err error) {
	kind, err := c.in.ReadByte()
	if err != nil {
		return false, err
	}
	switch kind {
	case messageUpdate:
		return true, c.update()
	case messageColours:
		err = c.colours()
	case messageBell:
	case messageCutText:
		err = c.cutText()
	case messageEndOfContinuous:
		err = c.beContinuous()
	case messageFence:
		err = c.fence()
	default:
		err = fmt.Errorf("%w: message %d", ErrProtocol, kind)
	}
	return false, err
}

// update reads a FramebufferUpdate. The next one is asked for at its beginning, as the usual viewer does, so that the
// server works while we decode.
func (c *Conn) update() error {
	if err := c.skip(1); err != nil {
		return err
	}
	count, err := c.u16()
	if err != nil {
		return err
	}
	if !c.continuous {
		if err := c.write(c.request(true)); err != nil {
			return err
		}
	}
	for i := 0; i < count || count == maxRects; i++ { // that many means: until LastRect
		last, err := c.rectangle()
		if err != nil || last {
			return err
		}
	}
	return nil
}

// rectangle reads one rectangle and says whether it ended the update.
func (c *Conn) rectangle() (last bool, err error) {
	head, err := c.take(12)
	if err != nil {
		return false, err
	}
	at := func(i int) int { return int(binary.BigEndian.Uint16(head[i:])) }
	r := picture.Rect{X: at(0), Y: at(2), W: at(4), H: at(6)}
	encoding := int32(binary.BigEndian.Uint32(head[8:]))
	switch encoding {
	case encodingLastRect:
		return true, nil
	case encodingCursor:
		return false, c.cursor(r)
	case encodingSize:
		return false, c.resize(r.W, r.H)
	case encodingExtSize:
		return false, c.layout(r)
	}
	if r.Empty() {
		return false, nil // some servers send nothing at all so
	}
	if !c.frame.Bounds().Contains(r) {
		return false, fmt.Errorf("%w: rectangle %v outside of %d × %d", ErrProtocol, r, c.frame.W, c.frame.H)
	}
	switch encoding {
	case encodingRaw:
		return false, c.raw(r)
	case encodingCopyRect:
		return false, c.copyRect(r)
	case encodingTight:
		return false, c.tightRect(r)
	case encodingZRLE:
		return false, c.zrleRect(r)
	}
	return false, fmt.Errorf("%w: encoding %d", ErrProtocol, encoding)
}

// cursor reads a cursor's shape, which is no part of the picture.
func (c *Conn) cursor(r picture.Rect) error {
	if r.W > maxCursor || r.H > maxCursor {
		return fmt.Errorf("%w: cursor of %d × %d", ErrProtocol, r.W, r.H)
	}
	return c.skip(r.W*r.H*4 + (r.W+7)/8*r.H)
}

// layout reads the list of monitors that comes with a size.
func (c *Conn) layout(r picture.Rect) error {
	count, err := c.in.ReadByte()
	if err != nil {
		return err
	}
	if err := c.skip(3 + int(count)*16); err != nil {
		return err
	}
	return c.resize(r.W, r.H)
}

func (c *Conn) colours() error {
	head, err := c.take(5)
	if err != nil {
		return err
	}
	return c.skip(int(binary.BigEndian.Uint16(head[3:])) * 6)
}

func (c *Conn) cutText() error {
	head, err := c.take(7)
	if err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(head[3:])
	if n > maxText {
		return fmt.Errorf("%w: a clipboard of %d bytes", ErrProtocol, n)
	}
	return c.skip(int(n))
}

// beContinuous takes the server's offer to send without being asked; the same message ends it, which we never want.
func (c *Conn) beContinuous() error {
	if c.continuous {
		return fmt.Errorf("%w: an end of updates that nobody wanted", ErrProtocol)
	}
	c.continuous = true
	return c.write(c.enable())
}

// enable is the message that asks for all changes of the whole picture from now on.
func (c *Conn) enable() []byte {
	message := []byte{messageEndOfContinuous, 1, 0, 0, 0, 0}
	message = binary.BigEndian.AppendUint16(message, uint16(c.frame.W))
	return binary.BigEndian.AppendUint16(message, uint16(c.frame.H))
}

// fence answers a mark that the server put into its stream: by that it knows how much is under way.
func (c *Conn) fence() error {
	const request, known, most = 1 << 31, 1<<0 | 1<<1 | 1<<2, 64
	head, err := c.take(8)
	if err != nil {
		return err
	}
	flags, n := binary.BigEndian.Uint32(head[3:]), int(head[7])
	if n > most {
		return fmt.Errorf("%w: a fence of %d bytes", ErrProtocol, n)
	}
	payload, err := c.take(n)
	if err != nil || flags&request == 0 {
		return err
	}
	answer := []byte{messageFence, 0, 0, 0}
	answer = binary.BigEndian.AppendUint32(answer, flags&known)
	answer = append(answer, byte(n))
	return c.write(append(answer, payload...))
}
