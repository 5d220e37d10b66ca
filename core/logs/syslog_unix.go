//go:build unix

package logs

import (
	"net"
)

// syslogPlaces are where syslog daemons listen.
var syslogPlaces = []string{"/dev/log", "/var/run/syslog", "/var/run/log"}

// dialSyslog connects to the daemon at a socket, or where daemons listen. Its error is a *[SyslogError].
func dialSyslog(at string) (net.Conn, error) {
	places := syslogPlaces
	if at != "" {
		places = []string{at}
	}
	var last error
	for _, place := range places {
		for _, network := range []string{"unixgram", "unix"} {
			conn, err := net.DialTimeout(network, place, syslogWait)
			if err == nil {
				return conn, nil
			}
			last = &SyslogError{At: place, Reason: err}
		}
	}
	return nil, last
}
