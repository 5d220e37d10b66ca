//go:build unix

package x11

import (
	"errors"
	"io"
	"syscall"
	"time"
)

// Poll reads what the server has sent already, at most a buffer of it, for Queued. It does not wait, and says whether it read
// something: then there may be more.
func (c *Conn) Poll() (more bool, err error) {
	if err := c.Flush(); err != nil {
		return false, err
	}
	if c.lost != nil {
		return false, c.lost
	}
	need, err := c.queueWhole()
	if err != nil {
		return false, err
	}
	c.makeRoom(need) // and there is some: less than that is there
	c.nc.SetReadDeadline(time.Time{})
	n, err := c.readNow(c.in[c.w:])
	if err != nil {
		return false, c.lose(err)
	}
	c.w += n
	_, err = c.queueWhole()
	return n > 0, err
}

// queueWhole keeps the events that have been read as a whole, and says how many bytes the next message needs in all.
func (c *Conn) queueWhole() (need int, err error) {
	for {
		m, need, err := c.whole()
		if m == nil || err != nil {
			return need, err
		}
		if err := c.queue(m); err != nil {
			return 0, err
		}
	}
}

// readNow reads what is there, 0 bytes if that is nothing.
func (c *Conn) readNow(b []byte) (n int, err error) {
	s, ok := c.nc.(syscall.Conn)
	if !ok {
		return 0, errors.New("no socket")
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return 0, err
	}
	var failed error
	err = raw.Read(func(fd uintptr) bool {
		for n, failed = syscall.Read(int(fd), b); failed == syscall.EINTR; {
			n, failed = syscall.Read(int(fd), b)
		}
		return true
	})
	switch {
	case err != nil:
		return 0, err
	case failed == syscall.EAGAIN:
		return 0, nil
	case failed != nil:
		return 0, failed
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}
