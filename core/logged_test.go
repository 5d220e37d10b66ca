package core_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"impero/core/secure"
)

// logged counts what a side logs, and keeps the last reason of each message. It is a slog.Handler.
type logged struct {
	mu      sync.Mutex
	count   map[string]int
	reasons map[string]string
	seals   int // messages whose reason is a record that does not open
}

func newLogged() *logged { return &logged{count: map[string]int{}, reasons: map[string]string{}} }

func (l *logged) Enabled(context.Context, slog.Level) bool { return true }

func (l *logged) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count[r.Message]++
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "reason" {
			l.reasons[r.Message] = a.Value.String()
			if strings.Contains(a.Value.String(), secure.ErrRecord.Error()) {
				l.seals++
			}
		}
		return true
	})
	return nil
}

func (l *logged) WithAttrs([]slog.Attr) slog.Handler { return l }

func (l *logged) WithGroup(string) slog.Handler { return l }

// of gives how often a message was logged, and its last reason.
func (l *logged) of(message string) (count int, reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count[message], l.reasons[message]
}

// broken is how often a record did not open.
func (l *logged) broken() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seals
}

// What a session logs of its connection.
const (
	logLost    = "connection lost"
	logResumed = "session resumed"
)

// figure tells what a test saw or measured and does not judge.
func figure(t testing.TB, format string, args ...any) {
	t.Helper()
	t.Logf("figure: "+format, args...)
}
