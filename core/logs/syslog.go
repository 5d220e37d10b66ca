package logs

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Times of the syslog. The standard library's log/syslog knows no deadline: a daemon that hangs would stop every part of
// the program that logs a line.
const (
	syslogWait  = 100 * time.Millisecond // for a line
	syslogRetry = 5 * time.Second        // after a failure
)

// maxSyslog bounds one line, in bytes: the socket takes no longer ones than the system's buffer.
const maxSyslog = 8 << 10

// errSyslogRests says that the daemon failed a short while ago and is not asked yet.
var errSyslogRests = errors.New("the syslog daemon does not answer")

// syslog is a connection to the syslog daemon of this computer. It is used by one goroutine at a time (Log's mu).
type syslog struct {
	at, name string
	conn     net.Conn // nil while there is none
	failed   time.Time
	buffer   bytes.Buffer
}

// syslogName is the tag of the lines: one word.
func (o Options) syslogName() string {
	name := o.SyslogName
	if name == "" {
		name = strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	}
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' || r == ':' || r == '[' || r == ']' {
			return '_'
		}
		return r
	}, name[:min(len(name), 32)])
}

func (s *syslog) dial() error {
	conn, err := dialSyslog(s.at)
	if err != nil {
		s.failed = time.Now()
		return err
	}
	s.conn, s.failed = conn, time.Time{}
	return nil
}

// write sends a line, which ends with a newline, in the local form of RFC 3164. After a failure it is sent once more by
// a new connection, as the daemon may have been started anew; then the daemon is left alone for a while.
func (s *syslog) write(level slog.Level, line []byte) error {
	if !s.failed.IsZero() && time.Since(s.failed) < syslogRetry {
		return errSyslogRests
	}
	line = line[:min(len(line)-1, maxSyslog)]
	s.buffer.Reset()
	fmt.Fprintf(&s.buffer, "<%d>%s %s[%d]: %s\n", facility|severity(level), time.Now().Format(time.Stamp), s.name, os.Getpid(), line)
	if s.conn != nil && s.send() == nil {
		return nil
	}
	s.close()
	if err := s.dial(); err != nil {
		return err
	}
	err := s.send()
	if err != nil {
		s.close()
		s.failed = time.Now()
	}
	return err
}

func (s *syslog) send() error {
	s.conn.SetWriteDeadline(time.Now().Add(syslogWait))
	_, err := s.conn.Write(s.buffer.Bytes())
	return err
}

func (s *syslog) close() {
	if s.conn != nil {
		s.conn.Close()
		s.conn = nil
	}
}

// facility is RFC 3164's for system daemons.
const facility = 3 << 3

// severity is RFC 3164's for a record's level.
func severity(level slog.Level) int {
	switch {
	case level >= Critical.Level():
		return 2
	case level >= Error.Level():
		return 3
	case level >= Warning.Level():
		return 4
	case level >= Info.Level():
		return 6
	}
	return 7
}

// SyslogError says that this computer has no syslog daemon where one was looked for.
type SyslogError struct {
	At     string // of the last try
	Reason error
}

func (e *SyslogError) Error() string {
	return "no syslog daemon listens at " + strconv.Quote(e.At) + " (" + e.Reason.Error() + "); start one, or leave the syslog level at no_log"
}

func (e *SyslogError) Unwrap() error { return e.Reason }
