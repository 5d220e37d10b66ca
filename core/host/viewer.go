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

// refreshEvery is how often a Guest may ask for the whole picture.
const refreshEvery = 500 * time.Millisecond

// firstViewer is the number of the first screen: sessions, by whose numbers the agent knows keyboards, are below.
const firstViewer = 1 << 31

// viewer carries pictures to one Guest: updates in order, of cursor shape and pointer only the newest.
type viewer struct {
	id uint32 // for the agent; another for each screen, so that no picture of the one before is taken for this one's
	st *session.Stream

	mu        sync.Mutex
	wake      sync.Cond
	updates   [][]byte
	cursor    []byte
	pointer   []byte
	closed    bool
	refreshed time.Time // owned by the reading goroutine
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
	if now := time.Now(); now.Sub(v.refreshed) > refreshEvery {
		v.refreshed = now
		return true
	}
	return false
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
	default:
		if len(v.updates) >= maxWaiting {
			return false
		}
		v.updates = append(v.updates, data)
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
		data := v.next()
		if data == nil {
			return
		}
		if _, err := v.st.Write(data); err != nil {
			return // the session ends, or the Guest reset the stream; who owns the viewer closes it
		}
	}
}

func (v *viewer) next() []byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	for {
		var data []byte
		switch {
		case v.closed:
			return nil
		case v.cursor != nil:
			data, v.cursor = v.cursor, nil
			return data
		case len(v.updates) > 0:
			data = v.updates[0]
			v.updates = v.updates[1:]
			return data
		case v.pointer != nil:
			data, v.pointer = v.pointer, nil
			return data
		}
		v.wake.Wait()
	}
}
