package session

import (
	"net"
	"time"

	"impero/core/transport"
)

// Sizes that follow the measured rate of a connection that carries input: what was handed to the system cannot be
// overtaken any more.
const (
	recordTime  = 5 * time.Millisecond // what a record of data may take
	unsentTime  = 10 * time.Millisecond
	leastRecord = 1200
	leastUnsent = 4 << 10
	mostUnsent  = 16 << 10
	bulkUnsent  = 256 << 10
	paceEvery   = 50 * time.Millisecond // of measuring
	paceForget  = 2 * time.Second
)

// pace measures how fast the other side receives what a connection carries, and holds back what the system queues.
// Guarded by the session's mu.
type pace struct {
	conn   net.Conn // nil if the system's queue cannot be held back
	unsent int      // what it was told
	rates  [8]float64
	n      int
	got    uint64 // since when it was measured last
	since  time.Time
}

// newPace makes the pace of a new connection, and tells the system.
func newPace(rec Records, place int) pace {
	p := pace{unsent: mostUnsent}
	if place == linkBulk {
		p.unsent = bulkUnsent
	}
	if c, ok := rec.(interface{ NetConn() net.Conn }); ok {
		p.conn = c.NetConn()
		transport.LimitUnsent(p.conn, p.unsent)
	}
	return p
}

// delivered notes that n bytes more have arrived at the other side.
func (p *pace) delivered(n uint64, now time.Time) {
	if now.Sub(p.since) > paceForget { // it was idle: what was measured tells little
		p.since, p.got, p.n = now, 0, 0
		p.rates = [8]float64{}
		return
	}
	p.got += n
	if took := now.Sub(p.since); took >= paceEvery {
		p.rates[p.n%len(p.rates)] = float64(p.got) / took.Seconds()
		p.n++
		p.since, p.got = now, 0
	}
}

// rate is what the path delivers, in bytes a second; 0 if it is not known.
func (p *pace) rate() float64 {
	best := 0.0
	for _, r := range p.rates {
		best = max(best, r)
	}
	return best
}

// record is how many bytes of data the next record may have, on a connection that carries input.
func (p *pace) record(most int) int {
	rate := p.rate()
	if rate == 0 {
		return most
	}
	p.hold(rate)
	return max(min(leastRecord, most), min(most, int(rate*recordTime.Seconds())))
}

// hold tells the system anew how much it may queue, if it is another size by half.
func (p *pace) hold(rate float64) {
	want := max(leastUnsent, min(mostUnsent, int(rate*unsentTime.Seconds())))
	if p.conn != nil && (want > p.unsent*3/2 || want < p.unsent*2/3) {
		p.unsent = want
		transport.LimitUnsent(p.conn, want)
	}
}
