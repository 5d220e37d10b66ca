package server

import (
	"sync"
	"time"
)

// Bounds of names.
const (
	nameTime = time.Minute // a name is taken to be right for so long
	maxNames = 256
)

// names remembers what users are called: to ask the system may cost a process, and everybody may say hello.
type names struct {
	mu   sync.Mutex
	list map[string]*name
}

// name is a user's, being asked for until done is closed.
type name struct {
	done  chan struct{}
	text  string
	asked time.Time
}

// of gives the name of a user, which ask finds: once, however many want it at the same time. Others do not wait for it.
func (n *names) of(user string, ask func() string) string {
	n.mu.Lock()
	known := n.list[user]
	if known == nil || known.old() {
		if n.list == nil || len(n.list) >= maxNames {
			n.list = map[string]*name{}
		}
		known = &name{done: make(chan struct{})}
		n.list[user] = known
		n.mu.Unlock()
		known.text, known.asked = ask(), time.Now()
		close(known.done)
		return known.text
	}
	n.mu.Unlock()
	<-known.done
	return known.text
}

// old says whether it is to be asked for again.
func (n *name) old() bool {
	select {
	case <-n.done:
		return time.Since(n.asked) >= nameTime
	default:
		return false
	}
}
