//go:build !windows

package transport

import (
	"errors"

	"golang.org/x/sys/unix"
)

func refused(err error) bool { return errors.Is(err, unix.ECONNREFUSED) }
func inUse(err error) bool   { return errors.Is(err, unix.EADDRINUSE) }

func unreachable(err error) bool {
	return errors.Is(err, unix.EHOSTUNREACH) || errors.Is(err, unix.ENETUNREACH)
}
