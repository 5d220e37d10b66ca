package local

import (
	"strconv"

	"golang.org/x/sys/unix"
)

func credentials(fd int) (Peer, error) {
	c, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		return Peer{}, err
	}
	return Peer{User: strconv.FormatUint(uint64(c.Uid), 10), Process: int(c.Pid)}, nil
}
