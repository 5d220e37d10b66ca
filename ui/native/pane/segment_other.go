//go:build !linux && !windows && !darwin

package pane

import "fmt"

// newSegment fails: there are no panes on this system.
func newSegment(int, func(uint32) error) ([]byte, error) {
	return nil, fmt.Errorf("create shared memory: %w", ErrUnsupported)
}

func freeSegment([]byte) error { return nil }
