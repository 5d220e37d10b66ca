package logs

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Log is where the loggers of one Open write to. It is safe for concurrent use.
type Log struct {
	// plan is read without a lock, so that a record nobody wants costs none.
	plan atomic.Pointer[plan]

	mu      sync.Mutex // guards what follows, and keeps lines whole
	console io.Writer
	stderr  io.Writer // for what no destination could take
	file    *file     // nil if nothing goes there
	lost    int       // lines that the file did not take since it last took one
	syslog  *syslog   // nil if nothing goes there
	closed  bool
}

// ErrClosed says that a log was closed before.
var ErrClosed = errors.New("the log is closed")

// Open returns a logger for the destinations that o names, and what changes and closes
// them. A file is opened, to be written on at its end, only if its level lets
// anything through; its folder is made for the owner alone if it is missing.
func Open(o Options) (*slog.Logger, *Log, error) {
	l := &Log{}
	l.plan.Store(&plan{})
	if err := l.Configure(o); err != nil {
		return nil, nil, err
	}
	return slog.New(&handler{log: l}), l, nil
}

// Configure changes what is logged and where to, from the next record on; every logger of this log obeys. If it fails,
// nothing has changed.
func (l *Log) Configure(o Options) error {
	if err := o.Check(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return ErrClosed
	}
	if err := l.useFile(o); err != nil {
		return fmt.Errorf("open the log file: %w", err)
	}
	l.stderr, l.console = o.stderr(), o.stderr()
	p := o.plan()
	l.plan.Store(p)
	l.useSyslog(o, p.most(p.syslog) != NoLog)
	return nil
}

// useFile has the file that o wants; mu is held.
func (l *Log) useFile(o Options) error {
	old := l.file
	switch {
	case !o.toFile():
		l.file = nil
	case old != nil && old.name == o.path():
		old.settings = settingsOf(o)
		old.prune()
		return nil
	default:
		opened, err := openFile(o.path(), settingsOf(o))
		if err != nil {
			return err
		}
		l.file, l.lost = opened, 0
	}
	if old != nil {
		old.Close() // what it held is written; nobody is there to tell
	}
	return nil
}

// useSyslog has the connection to the syslog daemon that o wants, and says if there is none; mu is held.
func (l *Log) useSyslog(o Options, wanted bool) {
	if old := l.syslog; old != nil && (!wanted || old.at != o.SyslogAt || old.name != o.syslogName()) {
		old.close()
		l.syslog = nil
	}
	if wanted && l.syslog == nil {
		l.syslog = &syslog{at: o.SyslogAt, name: o.syslogName()}
		if err := l.syslog.dial(); err != nil {
			l.tell(Warning, "the syslog gets nothing: %v", err)
		}
	}
}

// write gives one whole line to each destination that wants its level. text is where it goes on after its time. All are
// tried; the first error is returned.
func (l *Log) write(m Module, level slog.Level, line []byte, text int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	p := l.plan.Load() // it may be another than the one that wanted the record
	floor := p.floor(m)
	wants := func(own Level) bool { return level >= min(own, floor).Level() }
	var first error
	keep := func(err error) {
		if err != nil && first == nil {
			first = fmt.Errorf("write log: %w", err)
		}
	}
	if wants(p.console) {
		_, err := l.console.Write(line)
		keep(err)
	}
	if l.syslog != nil && wants(p.syslog) {
		keep(l.syslog.write(level, line[text:]))
	}
	if l.file != nil && wants(p.file) {
		keep(l.writeFile(line))
	}
	return first
}

// writeFile writes a line to the file. Lines that it does not take are counted; that it takes none, and that it takes
// them again, is said once each. mu is held.
func (l *Log) writeFile(line []byte) error {
	if l.lost > 0 { // in one write: the file may have room for the notice alone
		line = append(notice(Warning, "the log file goes on; %d lines were lost", l.lost), line...)
	}
	if _, err := l.file.Write(line); err != nil {
		l.lost++
		if l.lost == 1 {
			l.tell(Error, "the log file gets nothing for now: %v", err)
		}
		return err
	}
	l.lost = 0
	return nil
}

// tell says something about the log itself on the other destinations than the file: on the console, if none of them
// wants it. mu is held.
func (l *Log) tell(level Level, form string, args ...any) {
	p, line := l.plan.Load(), notice(level, form, args...)
	told := false
	if l.syslog != nil && min(p.syslog, p.global) >= level {
		told = l.syslog.write(level.Level(), line[len(timeForm)+1:]) == nil
	}
	if min(p.console, p.global) >= level || !told {
		l.stderr.Write(line)
	}
}

// notice is a line about the log itself.
func notice(level Level, form string, args ...any) []byte {
	line := append(time.Now().UTC().AppendFormat(nil, timeForm), ' ')
	line = append(line, level.String()...)
	line = appendMessage(append(line, ' '), fmt.Sprintf(form, args...))
	return append(line, '\n')
}

// Close ends the log: what is logged after that goes nowhere. Closing it again does nothing.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.plan.Store(&plan{})
	if l.syslog != nil {
		l.syslog.close()
		l.syslog = nil
	}
	if l.file == nil {
		return nil
	}
	file := l.file
	l.file = nil
	if err := file.Close(); err != nil {
		return fmt.Errorf("close the log file: %w", err)
	}
	return nil
}
