//go:build linux || darwin

package transport

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// LimitUnsent bounds how many bytes of conn the system queues that it has not sent yet, so that what is more urgent
// waits for no more than those (TCP_NOTSENT_LOWAT). It says whether it could.
func LimitUnsent(conn net.Conn, bytes int) bool {
	c, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return false
	}
	var set error
	err = raw.Control(func(fd uintptr) {
		set = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, bytes)
	})
	return err == nil && set == nil
}
