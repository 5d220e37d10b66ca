package host

import (
	"container/list"
	"net/netip"
	"sync"
	"time"

	"impero/core/wire"
)

// gate has the connections that are not part of a session yet, and says which may go on. They come by in two stages: until
// their hello is whole, which costs a caller and the Host nearly nothing, and from then on, which costs the Host a
// handshake and memory, and may take minutes. Each stage has places of its own, so that callers who say nothing cannot put
// out a Guest that is about to log on.
type gate struct {
	now   func() time.Time
	known *known

	mu     sync.Mutex
	last   uint64 // caller's number
	hellos *crowd
	logons *crowd
	rates  *rates
}

// caller is a connection at the gate.
type caller struct {
	from    place
	known   bool // someone has logged on from there
	number  uint64
	in      *crowd // nil once it has left or was put out
	element *list.Element
	end     func() // ends it; does not block
	out     bool   // it was put out
}

func newGate(l Limits, now func() time.Time, k *known) *gate {
	l = l.orDefaults()
	return &gate{now: now, known: k, hellos: newCrowd(l.Callers), logons: newCrowd(l.Logons), rates: newRates(l)}
}

// arrive takes a connection in, and ends another if there are too many.
func (g *gate) arrive(from netip.Addr, end func()) *caller {
	x := &caller{from: placeOf(from), end: end}
	x.known = g.known.has(x.from)
	g.mu.Lock()
	g.last++
	x.number = g.last
	g.mu.Unlock()
	g.move(x, g.hellos)
	return x
}

// afford says whether a caller whose hello is whole is given a handshake.
func (g *gate) afford(x *caller) wire.CloseCode {
	g.mu.Lock()
	ok := x.in != nil && g.rates.take(x.from, x.known, g.now())
	g.mu.Unlock()
	if !ok || !g.move(x, g.logons) {
		return wire.CloseBusy
	}
	return 0
}

// move puts a caller among others; false if it was put out meanwhile.
func (g *gate) move(x *caller, to *crowd) bool {
	g.mu.Lock()
	if x.out {
		g.mu.Unlock()
		return false
	}
	if x.in != nil {
		x.in.remove(x)
	}
	gone := to.add(x)
	end := g.putOut(gone)
	g.mu.Unlock()
	end()
	return true
}

// putOut notes that a caller was put out, and gives what ends it; mu is held. It may be nil.
func (g *gate) putOut(x *caller) func() {
	if x == nil {
		return func() {}
	}
	x.out = true
	return x.end
}

// endsBy replaces what ends a caller; false if it was put out before.
func (g *gate) endsBy(x *caller, end func()) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	x.end = end
	return !x.out
}

// leave takes a caller out that is done, or part of a session. It may have left before.
func (g *gate) leave(x *caller) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if x.in != nil {
		x.in.remove(x)
	}
}

// wasPutOut says whether a caller had to make room.
func (g *gate) wasPutOut(x *caller) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return x.out
}

// relieve puts a caller out because the system has no more connections to give; false if there is none.
func (g *gate) relieve() bool {
	g.mu.Lock()
	from := g.hellos
	if from.n == 0 {
		from = g.logons
	}
	if from.n == 0 {
		g.mu.Unlock()
		return false
	}
	gone := from.first()
	from.remove(gone)
	end := g.putOut(gone)
	g.mu.Unlock()
	end()
	return true
}
