// Package host is the daemon half of a Host: it listens, authenticates, decides what a Guest may do, relays the agent
// half's pictures and the permitted input, and says what is going on. It needs no display and no cgo.
//
// A Host is safe for concurrent use. Run owns its goroutines and returns when all are gone. Permission is checked in
// one place, session.permit, for every message of every Guest.
package host
