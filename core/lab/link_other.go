//go:build !linux

package lab

import (
	"errors"
	"fmt"
	"time"
)

// errNoLink is why there is no Link here; it wraps errors.ErrUnsupported.
var errNoLink = fmt.Errorf("network namespaces are Linux's: %w", errors.ErrUnsupported)

// namespace, tun and pump exist on Linux only: none is ever made here.
type (
	namespace struct{}
	tun       struct{}
	pump      struct{ done chan struct{} }
)

func newNamespace() (*namespace, error)                     { return nil, errNoLink }
func (*namespace) openTUN(string) (*tun, error)             { return nil, errNoLink }
func (*namespace) enter() error                             { return errNoLink }
func (*namespace) do(func() error) error                    { return errNoLink }
func (*namespace) ip(...string) error                       { return errNoLink }
func (*namespace) close()                                   {}
func (*tun) close() error                                   { return nil }
func startPump(time.Time, *line, *tun, *tun) (*pump, error) { return nil, errNoLink }
func (*pump) wake()                                         {}
func (*pump) close() error                                  { return nil }
