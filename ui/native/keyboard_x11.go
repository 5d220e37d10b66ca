//go:build !windows && !darwin

package native

import (
	"errors"
	"fmt"
	"sync"

	"fyne.io/fyne/v2"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"impero/ui/native/xlink"
)

// Keyboard takes all keys of the keyboard for one window, also those that the
// window manager has uses for (Super, Alt+Tab), by a grab on an X connection of
// its own: a grab through Fyne's connection would need its event loop.
type Keyboard struct {
	window  xproto.Window
	conn    *xgb.Conn
	post    func(func())
	key     func(keycode int, down bool)
	done    chan struct{} // closed when the reader is gone
	grabbed bool
	round   uint64 // of the grab: keys of an older one that come late are dropped

	mu      sync.Mutex
	reading uint64 // guarded by mu: the round that the reader sees
}

// OpenKeyboard prepares taking the keyboard for a window that has been shown.
// key hears X keycodes on the UI goroutine, which post reaches; a key that
// repeats is told once. It fails with ErrUnsupported where windows are not X11.
func OpenKeyboard(w fyne.Window, post func(func()), key func(keycode int, down bool)) (*Keyboard, error) {
	id := xlink.WindowOf(w)
	if id == 0 {
		return nil, fmt.Errorf("take the keyboard: %w", ErrUnsupported)
	}
	conn, err := xlink.Dial()
	if err != nil {
		return nil, err
	}
	if err := xlink.DetectRepeats(conn); err != nil {
		conn.Close()
		return nil, fmt.Errorf("take the keyboard: %w", err)
	}
	k := &Keyboard{window: id, conn: conn, post: post, key: key, done: make(chan struct{})}
	go k.read()
	return k, nil
}

// Grab takes the keyboard; nothing if it has it already. It fails while another
// program has it.
func (k *Keyboard) Grab() error {
	if k.grabbed {
		return nil
	}
	k.setRound()
	reply, err := xproto.GrabKeyboard(k.conn, false, k.window, xproto.TimeCurrentTime, xproto.GrabModeAsync, xproto.GrabModeAsync).Reply()
	switch {
	case err != nil:
		return fmt.Errorf("take the keyboard: %w", err)
	case reply.Status != xproto.GrabStatusSuccess:
		return errors.New("take the keyboard: another program has it")
	}
	k.grabbed = true
	return nil
}

// Release gives the keyboard back; nothing if it has it not. No key is told
// after it returns.
func (k *Keyboard) Release() {
	if !k.grabbed {
		return
	}
	k.grabbed = false
	k.setRound()
	xproto.UngrabKeyboard(k.conn, xproto.TimeCurrentTime)
	k.conn.Sync()
}

// Grabbed tells whether the keyboard is taken.
func (k *Keyboard) Grabbed() bool { return k.grabbed }

// Close gives the keyboard back and ends the connection.
func (k *Keyboard) Close() {
	k.Release()
	k.conn.Close()
	<-k.done
}

func (k *Keyboard) setRound() {
	k.round++
	k.mu.Lock()
	k.reading = k.round
	k.mu.Unlock()
}

// read brings key events to the UI goroutine until the connection ends.
func (k *Keyboard) read() {
	defer close(k.done)
	var filter repeats
	for {
		event, err := k.conn.WaitForEvent()
		if event == nil && err == nil {
			return
		}
		k.mu.Lock()
		round := k.reading
		k.mu.Unlock()
		keycode, down, ok := filter.take(event, round)
		if !ok {
			continue
		}
		k.post(func() {
			if k.grabbed && k.round == round {
				k.key(keycode, down)
			}
		})
	}
}

// repeats is the filter of one grab: what was held in another is not held.
type repeats struct {
	xlink.Repeats
	round uint64
}

func (r *repeats) take(event xgb.Event, round uint64) (keycode int, down, ok bool) {
	if r.round != round {
		*r = repeats{round: round}
	}
	return r.Take(event)
}
