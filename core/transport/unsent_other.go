//go:build !linux && !darwin

package transport

import "net"

// LimitUnsent says false: this system has no bound on what it queues unsent. There the credits of session streams bound
// it: about 1.25 × what the path holds.
func LimitUnsent(net.Conn, int) bool { return false }
