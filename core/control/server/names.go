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
	list map[string]name
}

type name struct {
	text  string
	asked time.Time
}

// of gives the name of a user, which ask finds. Who is asked for at the same time waits.
func (n *names) of(user string, ask func() string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if known, ok := n.list[user]; ok && time.Since(known.asked) < nameTime {
		return known.text
	}
	if n.list == nil || len(n.list) >= maxNames {
		n.list = map[string]name{}
	}
	text := ask()
	n.list[user] = name{text, time.Now()}
	return text
}
