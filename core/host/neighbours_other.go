//go:build !linux

package host

import (
	"errors"
	"fmt"
	"net/netip"
)

// hardwareAddresses cannot be read on this system yet.
func hardwareAddresses() (map[netip.Addr]string, error) {
	return nil, fmt.Errorf("hardware addresses: %w", errors.ErrUnsupported)
}
