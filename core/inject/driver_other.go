//go:build !unix && !windows

package inject

// openDriver gives ErrUnsupported on this system.
func openDriver(Config) (driver, error) { return nil, ErrUnsupported }
