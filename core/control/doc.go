// Package control is the local administration of a Host's daemon: what its control socket speaks, and the client of it. Package
// server, below it, is the daemon's end.
//
// A message is a length of four bytes, big-endian, and so many bytes of JSON: a [Request] from the client, a [Reply] from the
// daemon, in exactly the form in which encoding/json writes them, so that every message has one form. The order is strict:
// hello, logon, then requests, which the daemon does one after the other. Before the logon the daemon tells its Host's name and
// what it wants, and nothing else. Once asked to with OpWatch it tells changes in between, as replies with the ID 0.
//
// Who the client is the system tells the daemon ([local.Peer]), and whether the daemon is the system's own tells the client.
// Configurations travel as XML without secrets, but for those that were just typed. A [Client]'s methods may be called from
// several goroutines.
package control

// Version is the version of the protocol. A daemon serves one.
//
//	1  2026-11
const Version = 1

// Limits of messages in bytes, checked before memory is taken.
const (
	// MaxSmall bounds requests that carry no configuration, and all of them before the logon.
	MaxSmall = 4 << 10
	// MaxLarge bounds every message: a configuration has at most 8 MiB, and quotation marks take two bytes in JSON.
	MaxLarge = 17 << 20
)
