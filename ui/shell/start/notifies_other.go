//go:build !linux

package start

// notifies says whether this desktop shows notifications: always, here.
func notifies() bool { return true }
