//go:build !windows && !darwin

package pane

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/render"
	"github.com/jezek/xgb/xproto"

	"impero/core/picture"
	"impero/ui/native/xlink"
)

// Order is the order of pixels that needs no work here: that of the X server.
const Order = picture.BGRX

// Pane is a picture in an X window of its own.
type Pane struct {
	events         Events
	conn           *xgb.Conn
	parent, window xproto.Window
	gc             xproto.Gcontext
	depth          byte
	format         render.Pictformat // of the window's pixels
	argb           render.Pictformat // of a cursor's
	completion     byte              // the event that says that a put is done
	done           chan struct{}     // closed when the reader is gone
	closing        atomic.Bool
	times          clock

	mu       sync.Mutex
	wanted   Geometry     // guarded by mu
	placed   bool         // guarded by mu: wanted is not yet applied
	shown    bool         // guarded by mu: the window shall be seen
	applied  Geometry     // guarded by mu, written by the painter
	inFlight bool         // guarded by mu: the server reads the shared memory
	since    time.Time    // guarded by mu: when what is in flight was taken
	exposed  picture.Rect // guarded by mu: of the window, to be painted anew

	paint   painter     // owned by the painter's goroutine
	reader  reader      // owned by the reading goroutine
	grabbed bool        // owned by the UI goroutine
	taking  atomic.Bool // grabbed, or about to be
}

// Open makes a pane in a window that has been shown. It is not seen before Place
// and Show.
func Open(w fyne.Window, events Events) (*Pane, error) {
	parent := xlink.WindowOf(w)
	if parent == 0 {
		return nil, fmt.Errorf("open a window for the picture: %w", ErrUnsupported)
	}
	conn, err := xlink.Dial()
	if err != nil {
		return nil, err
	}
	p := &Pane{events: events, conn: conn, parent: parent, done: make(chan struct{})}
	if err := p.setUp(); err != nil {
		conn.Close()
		return nil, fmt.Errorf("open a window for the picture: %w", err)
	}
	go p.read()
	return p, nil
}

// Close takes the window away and ends the connection. No event is told after
// it returns; the painter must have stopped.
func (p *Pane) Close() {
	p.closing.Store(true)
	p.Release()
	xproto.DestroyWindow(p.conn, p.window)
	p.conn.Close()
	<-p.done
	p.paint.free()
}

// Place says where the picture lies. It is applied with the next Paint, which it
// asks for.
func (p *Pane) Place(g Geometry) {
	p.mu.Lock()
	p.wanted, p.placed = g, true
	p.mu.Unlock()
	p.events.Wake()
}

// Show says whether the pane is to be seen; applied as Place is.
func (p *Pane) Show(on bool) {
	p.mu.Lock()
	changed := p.shown != on
	p.shown = on
	p.mu.Unlock()
	if changed {
		p.events.Wake()
	}
}

// Busy tells whether the server still reads the last picture: Take must wait.
func (p *Pane) Busy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.inFlight
}

// Times tells how long presenting took.
func (p *Pane) Times() Times { return p.times.times() }

// Grab takes the keyboard whole, nothing if it is taken already. It fails while
// another program has it.
func (p *Pane) Grab() error {
	if p.grabbed {
		return nil
	}
	p.taking.Store(true)
	reply, err := xproto.GrabKeyboard(p.conn, false, p.parent, xproto.TimeCurrentTime, xproto.GrabModeAsync, xproto.GrabModeAsync).Reply()
	switch {
	case err != nil:
		err = fmt.Errorf("take the keyboard: %w", err)
	case reply.Status != xproto.GrabStatusSuccess:
		err = errors.New("take the keyboard: another program has it")
	}
	p.grabbed = err == nil
	p.taking.Store(p.grabbed)
	return err
}

// Release gives the keyboard back to whom it belongs; keys of Fyne's window are
// told as before.
func (p *Pane) Release() {
	if p.grabbed {
		p.grabbed = false
		p.taking.Store(false)
		xproto.UngrabKeyboard(p.conn, xproto.TimeCurrentTime)
	}
}

// Grabbed tells whether the keyboard is taken whole.
func (p *Pane) Grabbed() bool { return p.grabbed }
