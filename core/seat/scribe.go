package seat

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// Bounds of what an agent may have logged.
const (
	maxLine   = 1024
	maxLines  = 100 // in linesSpan
	linesSpan = 10 * time.Second
)

// scribe writes what an agent says to the daemon's log, as lines and not more than a disk can bear. The words are the user's.
type scribe struct {
	log *slog.Logger

	mu    sync.Mutex
	line  []byte
	since time.Time
	said  int
	more  int // lines left out
}

func (s *scribe) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for rest := p; len(rest) > 0; {
		part, after, whole := bytes.Cut(rest, []byte{'\n'})
		s.line = append(s.line, part[:min(len(part), maxLine-len(s.line))]...)
		if whole {
			s.say()
		}
		rest = after
	}
	return len(p), nil
}

// say logs the line; mu is held.
func (s *scribe) say() {
	line := strings.TrimSpace(strings.ToValidUTF8(string(s.line), "?"))
	s.line = s.line[:0]
	if line == "" {
		return
	}
	if now := time.Now(); now.Sub(s.since) >= linesSpan {
		s.since, s.said = now, 0
	}
	if s.said++; s.said > maxLines {
		s.more++
		return
	}
	if s.more > 0 {
		s.log.Warn("an agent wrote more than is logged", "lines", s.more)
		s.more = 0
	}
	s.log.Info("the agent says", "line", line)
}

// flush logs what is left when the agent has ended.
func (s *scribe) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.say()
}
