package transport

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// Delivery is how many bytes a second of conn the next machine on its way took lately, as the system measured it
// (tcpi_delivery_rate): what the programs at both ends take longer for does not count. It is less than the way carries
// while less is sent; 0 if it is not known.
func Delivery(conn net.Conn) (rate uint64) {
	c, ok := conn.(syscall.Conn)
	if !ok {
		return 0
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return 0
	}
	raw.Control(func(fd uintptr) {
		if info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO); err == nil {
			rate = info.Delivery_rate
		}
	})
	return rate
}
