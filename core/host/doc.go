// Package host is the daemon half of a Host: it listens, authenticates, decides what a Guest may do, relays the agent
// half's pictures and the permitted input, and says what is going on. It needs no display and no cgo.
//
// A Host is safe for concurrent use. Run owns its goroutines and returns when all are gone. Permission is checked in
// one place, guestSession.permit, for every message of every Guest.
//
// # What strangers can cost
//
// A Host may stand on the open Internet. Everything that somebody can have of it before a password was proven is bounded, for all
// together and for each address; an address is an IPv4 /32 or an IPv6 /64, a network a /24 or a /48. In brackets what it is
// by default (Limits), and the worst case of memory, of this program and without the system's buffers:
//
//	connections whose hello is not whole  [1024, for 10 s each]  24 KiB each: a buffer of 2 KiB, of 16 KiB   24 MiB
//	                                                             once a long hello is announced, and a stack
//	connections after it, until there is  [128, for 10 min 20 s  100 KiB each: keys, two buffers, a stack    13 MiB
//	a session (logons, attach, resume)    each]
//	… that made room in the last second   [300: handshakes/s]    100 KiB each, while they are told so        29 MiB
//	handshakes begun                      [300/s; of an address  buckets of those who had a token in 4 s      1 MiB
//	                                      60/s, 120 at once; of
//	                                      a network 120/s]
//	refused callers waited for            [32, for 2 s each]     are among the first
//	wrong tries to log on                 as guard.go says       4096 addresses, sites, networks,             3 MiB
//	                                                             1024 accounts
//	addresses known to be good            256, for 30 days       200 bytes each                              50 KiB
//	kinds of refusals in the log          one line of a kind in  300 bytes each                              30 KiB
//	                                      10 s, 6 of a logon's
//
// That takes 1200 descriptors at most. Where the system gives fewer, callers make room when they run out.
//
// When places run out, a newcomer gets in and the oldest of the address that has most goes, in the network that has most. So a
// flood puts out its own, and a Guest who says its hello at once, as all do, is in before it is put out even at the address that
// the flood comes from. A stranger whom no handshake can be given is told Busy in one write; that costs the processor less than 50 µs
// (BenchmarkRefusal), a handshake about ten times that. Whoever has many networks can use up what all strangers may ask
// for: addresses that somebody has logged on from since the Host started have a share of their own.
//
// How many sessions there are is bounded too (MaxSessions), which is told after the logon alone: it is no stranger's
// business. A session that comes back has its place still.
package host
