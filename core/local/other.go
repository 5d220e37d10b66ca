//go:build !linux && !darwin && !windows

package local

import (
	"context"
	"net"
)

func listen(string) (net.Listener, error)            { return nil, ErrUnsupported }
func dial(context.Context, string) (net.Conn, error) { return nil, ErrUnsupported }
func refused(error) bool                             { return false }
func accepted(err error) error                       { return err }
func peerOf(net.Conn) (Peer, error)                  { return Peer{}, ErrUnsupported }
func listenerOf(net.Conn) (Peer, error)              { return Peer{}, ErrUnsupported }
func rules(string) bool                              { return false }
func own() string                                    { return "nobody" }
