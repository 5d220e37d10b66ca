package host

import (
	"sync"
	"time"

	"impero/core/seam"
	"impero/core/session"
	"impero/core/wire"
)

// maxWaiting bounds the updates of a viewer that wait for its connection. The agent holds back at
// wire.MaxUnacknowledged; more than this many means that it does not.
const maxWaiting = wire.MaxUnacknowledged + 6

// refreshEvery is how often a Guest may ask for the whole picture, the first time. Each time it does so again before it has
// been quiet for four times as long, it waits twice as long, up to mostRefresh: a whole picture costs all viewers time.
const (
	refreshEvery = 500 * time.Millisecond
	mostRefresh  = 8 * time.Second
)

// maxWaitingBytes bounds how much of them waits: the agent holds back at 16 MiB and one update, of a viewer whose
// acknowledgements are true.
const maxWaitingBytes = 96 << 20

// firstViewer is the number of the first screen: sessions, by whose numbers the agent knows keyboards, are below.
const firstViewer = 1 << 31

// viewer carries pictures to one Guest: updates in order, of cursor shape and pointer only the newest.
type viewer struct {
	id uint32 // for the agent; another for each screen, so that no picture of the one before is taken for this one's
	st *session.Stream

	mu        sync.Mutex
	wake      sync.Cond
	updates   []owed
	cursor    []byte
	pointer   []byte
	times     []byte
	closed    bool
	waiting   int           // bytes of updates
	refreshed time.Time     // owned by the reading goroutine, as the next
	pause     time.Duration // until the next refresh
	waits     wire.Spans    // of updates, from put until they are sent; owned by run
}

// owed is a message that waits for the connection.
type owed struct {
	data []byte
	at   time.Time // it came, of an update; else zero
}

func newViewer(st *session.Stream, id uint32) *viewer {
	v := &viewer{id: id, st: st}
	v.wake.L = &v.mu
	return v
}

// nextViewer numbers a screen.
func (h *Host) nextViewer() uint32 {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lastViewer++
	return firstViewer | h.lastViewer
}

// viewerOf finds who watches a screen; nil if it is gone.
func (h *Host) viewerOf(id uint32) (*guestSession, *viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, g := range h.sessions {
		if v := g.currentViewer(); v != nil && v.id == id {
			return g, v
		}
	}
	return nil, nil
}

// mayRefresh bounds what a Guest can ask for. It is called by the reading goroutine alone.
func (v *viewer) mayRefresh() bool {
	now := time.Now()
	quiet := now.Sub(v.refreshed)
	switch {
	case quiet < v.pause:
		return false
	case quiet > 4*v.pause:
		v.pause = refreshEvery
	default:
		v.pause = min(2*v.pause, mostRefresh)
	}
	v.refreshed = now
	return true
}

// put takes a picture message from the agent; it never blocks. false: the agent sends more than a viewer can be owed.
func (v *viewer) put(class seam.Class, data []byte) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch class {
	case seam.ClassCursor:
		v.cursor = data
	case seam.ClassPointer:
		v.pointer = data
	case seam.ClassTimes:
		v.times = data
	default:
		if len(v.updates) >= maxWaiting || v.waiting > maxWaitingBytes {
			return false
		}
		v.waiting += len(data)
		v.updates = append(v.updates, owed{data, time.Now()})
	}
	v.wake.Signal()
	return true
}

func (v *viewer) close() {
	v.mu.Lock()
	v.closed = true
	v.wake.Signal()
	v.mu.Unlock()
	v.st.Reset(wire.CloseDone, "")
}

// run writes what is put until the viewer or its stream ends.
func (v *viewer) run() {
	for {
		next := v.next()
		if next.data == nil {
			return
		}
		if _, err := v.st.Write(next.data); err != nil {
			return // the session ends, or the Guest reset the stream; who owns the viewer closes it
		}
		if !next.at.IsZero() {
			v.waits.Add(time.Since(next.at))
		}
	}
}

// next waits for what is to be sent next; no data says that the viewer is closed.
func (v *viewer) next() (next owed) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for {
		switch {
		case v.closed:
			return owed{}
		case v.cursor != nil:
			next.data, v.cursor = v.cursor, nil
			return next
		case len(v.updates) > 0:
			next = v.updates[0]
			v.updates = v.updates[1:]
			v.waiting -= len(next.data)
			return next
		case v.pointer != nil:
			next.data, v.pointer = v.pointer, nil
			return next
		case v.times != nil:
			next.data, v.times = v.timed(v.times), nil
			if next.data != nil {
				return next
			}
		}
		v.wake.Wait()
	}
}

// timed gives a Times message of the agent with what updates waited here added; nil for something else.
func (v *viewer) timed(data []byte) []byte {
	n, kind, err := wire.ParsePictureHeader(data)
	if err != nil || kind != wire.PictureTimes || n != len(data)-wire.PictureHeaderLen {
		return nil
	}
	m, err := wire.ParseTimesMessage(data[wire.PictureHeaderLen:])
	if err != nil {
		return nil
	}
	_, mean, most := v.waits.Take()
	m.Queue, m.Queue95 = min(m.Queue+mean, wire.MaxPictureTime), min(m.Queue95+most, wire.MaxPictureTime)
	return m.Append(wire.AppendPictureHeader(nil, n, wire.PictureTimes))
}
