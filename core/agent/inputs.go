package agent

import (
	"context"
	"slices"
	"sync"

	"impero/core/wire"
)

// maxInputs bounds what waits of one viewer's keyboard and mouse: 1 MiB of text. A display that is slower than that for
// long gets the rest left out, and all that the viewer holds let go.
const maxInputs = 1024

// inputs holds the viewers' input until the display takes it, so that a display that is slow, or a viewer that floods it,
// keeps nobody's pictures waiting. Viewers take turns. Use newInputs.
type inputs struct {
	wake chan struct{} // capacity 1: there is something to do

	mu   sync.Mutex
	heal bool // an agent before this one may have left something held
	of   map[uint32]*inputQueue
	turn []uint32 // viewers in of, the next first
}

// inputQueue is what waits of one viewer: first that it leaves, then its input.
type inputQueue struct {
	leave   bool
	waiting []wire.Message
	flooded bool // more came than may wait; until the queue is empty nothing more is taken
}

func newInputs() *inputs {
	return &inputs{wake: make(chan struct{}, 1), of: map[uint32]*inputQueue{}}
}

// put adds a message and says whether it was taken.
func (i *inputs) put(viewer uint32, m wire.Message) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	q := i.queue(viewer)
	switch last := len(q.waiting) - 1; {
	case q.flooded:
		return false
	case last >= 0 && isPointer(m) && isPointer(q.waiting[last]):
		q.waiting[last] = m // only the newest place counts while the display is busy
	case len(q.waiting) >= maxInputs:
		q.waiting, q.flooded = append(q.waiting[:0:0], &wire.ReleaseAll{}), true
		return false
	default:
		q.waiting = append(q.waiting, m)
	}
	return true
}

func isPointer(m wire.Message) bool { _, ok := m.(*wire.Pointer); return ok }

// leave drops what waits of a viewer, and lets go of what it holds.
func (i *inputs) leave(viewer uint32) {
	i.mu.Lock()
	defer i.mu.Unlock()
	*i.queue(viewer) = inputQueue{leave: true}
}

// recover lets go, before anything else, of what an agent before this one may have left held.
func (i *inputs) recover() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.heal = true
	i.stir()
}

// takeHeal says whether recover was called since.
func (i *inputs) takeHeal() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	heal := i.heal
	i.heal = false
	return heal
}

// stir wakes who does the input.
func (i *inputs) stir() {
	select {
	case i.wake <- struct{}{}:
	default:
	}
}

// queue gives a viewer's queue, to which something comes; mu is held.
func (i *inputs) queue(viewer uint32) *inputQueue {
	q := i.of[viewer]
	if q == nil {
		q = &inputQueue{}
		i.of[viewer] = q
		i.turn = append(i.turn, viewer)
	}
	i.stir()
	return q
}

// next gives what is to be done now; a nil message says that the viewer leaves. ok is false if nothing waits.
func (i *inputs) next() (viewer uint32, m wire.Message, ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.turn) == 0 {
		return 0, nil, false
	}
	viewer = i.turn[0]
	i.turn = slices.Delete(i.turn, 0, 1)
	q := i.of[viewer]
	if q.leave {
		q.leave = false
	} else {
		m, q.waiting = q.waiting[0], q.waiting[1:]
	}
	if len(q.waiting) > 0 {
		i.turn = append(i.turn, viewer)
	} else {
		delete(i.of, viewer)
	}
	return viewer, m, true
}

// useHands does what the viewers' keyboards and mice do, until ctx ends.
func (a *Agent) useHands(ctx context.Context, h *hands) {
	defer h.closeAll()
	for ctx.Err() == nil {
		if a.inputs.takeHeal() {
			h.recover()
		}
		viewer, m, ok := a.inputs.next()
		switch {
		case ok && m == nil:
			h.close(viewer)
		case ok:
			h.use(viewer, m)
		default:
			select {
			case <-a.inputs.wake:
			case <-ctx.Done():
			}
		}
	}
}
