//go:build !unix

package logs

import (
	"errors"
	"net"
)

// errNoSyslog says why the syslog is no destination here.
var errNoSyslog = errors.New("this system has no syslog; use the log file")

func dialSyslog(string) (net.Conn, error) { return nil, errNoSyslog }
