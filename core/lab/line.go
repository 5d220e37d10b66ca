package lab

import (
	"math/rand/v2"
	"sync"
	"time"
)

// maxOnLine bounds what one direction holds between its queue and the far end:
// a fast line with a long delay drops beyond it. It is the most memory that
// one takes, besides its queue.
const maxOnLine = 64 << 20

// Counters are what one direction of a Link did since it was made. Bytes are
// those of whole IP packets.
type Counters struct {
	Delivered, DeliveredBytes uint64 // packets that reached the far end
	TailDropped               uint64 // packets that found the queue full
	Lost                      uint64 // packets lost at random, after they used the line
	Cut                       uint64 // packets dropped because of Cut or of an address that is gone
	Queued                    int    // bytes that wait for the line now
	OnLine                    int    // bytes under way now, past the queue
	// Busy is how long the line was sending. Two readings give its usage in
	// percent: 100 × difference of Busy / time between. It stays 0 on a line
	// without a rate.
	Busy time.Duration
}

// packet is one IP packet on its way.
type packet struct {
	at   time.Duration // when it came; on the line: when it is due at the far end
	data []byte
	lost bool // it uses the line and is then gone
}

// line is one direction: a queue with a limit, a sender with a rate, and a
// delay, in this order. Times are since the link was made. It touches no
// device: whoever runs it tells it the time.
type line struct {
	mu      sync.Mutex // guards all below
	shape   Shape
	random  *rand.Rand
	queue   fifo
	onLine  fifo
	free    time.Duration // when the sender is done with what it has sent
	last    time.Duration // when the packet before is due: order is kept
	frozen  bool
	cut     bool
	admit   func(ip []byte) bool // nil: every packet
	count   Counters
	buffers [][]byte // to be used again
}

func newLine(shape Shape, seed uint64) *line {
	return &line{shape: shape, random: rand.New(rand.NewPCG(seed, 0x1d8af066))}
}

// arrive puts a packet in the queue, or drops it. It keeps a copy.
func (l *line) arrive(now time.Duration, ip []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	// A number for each packet that comes, so that what is dropped for another
	// reason does not change which packets are lost.
	lost := l.random.Float64() < l.shape.Loss
	switch {
	case l.cut, l.admit != nil && !l.admit(ip):
		l.count.Cut++
	case l.queue.bytes+len(ip) > l.shape.Queue:
		l.count.TailDropped++
	default:
		l.queue.push(packet{at: now, data: append(l.buffer(), ip...), lost: lost})
	}
}

// advance moves what the sender has sent by now to the line.
func (l *line) advance(now time.Duration) {
	for !l.frozen && !l.queue.empty() {
		end, busy := l.sent()
		if end > now {
			return
		}
		l.free = end
		l.count.Busy += busy
		p := l.queue.pop()
		switch {
		case p.lost:
			l.count.Lost++
			l.release(p.data)
		case l.onLine.bytes+len(p.data) > maxOnLine:
			l.count.TailDropped++
			l.release(p.data)
		default:
			l.last = max(l.last, end+l.shape.Delay)
			p.at = l.last
			l.onLine.push(p)
		}
	}
}

// sent is when the sender will be done with the first packet of the queue, and
// for how long it sends it.
func (l *line) sent() (end, busy time.Duration) {
	first := l.queue.first()
	if l.shape.Rate > 0 {
		busy = time.Duration(int64(len(first.data)) * 8 * int64(time.Second) / l.shape.Rate)
	}
	return max(l.free, first.at) + busy, busy
}

// due appends the packets that reached the far end by now. They are to be
// given back to delivered.
func (l *line) due(now time.Duration, into [][]byte) [][]byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.advance(now)
	for !l.frozen && !l.onLine.empty() && l.onLine.first().at <= now {
		into = append(into, l.onLine.pop().data)
	}
	return into
}

// delivered counts packets from due and takes their memory back.
func (l *line) delivered(packets [][]byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range packets {
		l.count.Delivered++
		l.count.DeliveredBytes += uint64(len(p))
		l.release(p)
	}
}

// next is when something will happen by itself, and whether anything will.
func (l *line) next() (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.frozen || l.queue.empty() && l.onLine.empty() {
		return 0, false
	}
	at := time.Duration(1<<63 - 1)
	if !l.queue.empty() {
		at, _ = l.sent()
	}
	if !l.onLine.empty() {
		at = min(at, l.onLine.first().at)
	}
	return at, true
}

// change changes how the line behaves from now on. A packet that is being sent
// begins anew, so that no time of the old rate counts as time of the new one.
func (l *line) change(now time.Duration, f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.advance(now)
	f()
	l.free = max(l.free, now)
}

// drop empties the queue and the line. The caller holds mu.
func (l *line) drop() {
	for _, q := range []*fifo{&l.queue, &l.onLine} {
		for !q.empty() {
			l.count.Cut++
			l.release(q.pop().data)
		}
	}
}

func (l *line) counters() Counters {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.count
	c.Queued, c.OnLine = l.queue.bytes, l.onLine.bytes
	return c
}

// buffer gives empty memory for a packet.
func (l *line) buffer() []byte {
	if n := len(l.buffers); n > 0 {
		b := l.buffers[n-1]
		l.buffers = l.buffers[:n-1]
		return b
	}
	return make([]byte, 0, mtu)
}

func (l *line) release(b []byte) {
	if len(l.buffers) < 1024 {
		l.buffers = append(l.buffers, b[:0])
	}
}

// fifo is a queue that knows how many bytes it holds.
type fifo struct {
	packets []packet
	head    int
	bytes   int
}

func (f *fifo) empty() bool    { return f.head == len(f.packets) }
func (f *fifo) first() *packet { return &f.packets[f.head] }

func (f *fifo) push(p packet) {
	if f.head > 64 && f.head > len(f.packets)/2 {
		f.packets = f.packets[:copy(f.packets, f.packets[f.head:])]
		f.head = 0
	}
	f.packets = append(f.packets, p)
	f.bytes += len(p.data)
}

func (f *fifo) pop() packet {
	p := f.packets[f.head]
	f.packets[f.head] = packet{}
	f.head++
	f.bytes -= len(p.data)
	return p
}
