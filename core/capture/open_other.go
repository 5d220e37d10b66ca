//go:build !unix && !windows

package capture

// Open gives ErrUnsupported on this system.
func Open(Config) (Source, error) { return nil, ErrUnsupported }
