package core_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/keys"
	"impero/core/x11"
)

const (
	typistEvery = 97 * time.Millisecond // no multiple of what loads draw by
	letters     = 20                    // typed in turn, so that each that comes tells which it was
	firstLetter = 4                     // USB HID: A
)

// typist types through a session, and sees when the keys come to a window at the far display, which answers with another colour.
type typist struct {
	t      testing.TB
	c      *x11.Conn
	window uint32
	gc     uint32
	done   chan struct{}

	mu    sync.Mutex
	sent  map[int]time.Time // by keycode
	took  []time.Duration   // of all keys so far
	stall time.Duration     // the most that a timer of this process was late since the last report
	late  int               // keys that took longer than lateKey
	ours  int               // of those, while no timer was late
	lost  int
}

// lateKey is the longest that a key may take.
const lateKey = 100 * time.Millisecond

// startTypist opens the window at a display.
func startTypist(t testing.TB, display string) *typist {
	t.Helper()
	c, err := x11.Dial(context.Background(), display)
	if err != nil {
		t.Fatal(err)
	}
	y := &typist{t: t, c: c, window: c.NewID(), gc: c.NewID(), done: make(chan struct{}), sent: map[int]time.Time{}}
	const override, events, keyPresses, createGC = 1 << 9, 1 << 11, 1, 55
	c.Send(1, 0, y.window, c.Root().Root, x11.Pair(600, 8), x11.Pair(64, 24), x11.Pair(0, 1), 0, override|events, 1, keyPresses)
	c.Send(createGC, 0, y.gc, c.Root().Root, 0)
	c.Send(8, 0, y.window)
	y.front()
	go y.read()
	t.Cleanup(func() { c.Close(); <-y.done })
	return y
}

// front has the window above all others, with the keyboard.
func (y *typist) front() {
	y.t.Helper()
	const configure, stackMode, above, setFocus, toRoot = 12, 1 << 6, 0, 42, 1
	for range 2 { // the second goes through once the first is in
		y.c.Send(configure, 0, y.window, stackMode, above)
		y.c.Send(setFocus, toRoot, y.window, 0)
	}
	if err := y.c.Flush(); err != nil {
		y.t.Fatal(err)
	}
}

// read notes the keys that come.
func (y *typist) read() {
	defer close(y.done)
	const keyPress, changeGC, foreground, fillRectangle = 2, 56, 1 << 2, 70
	for n := uint32(1); ; {
		e, ok, err := y.c.Event(time.Time{})
		if err != nil {
			if !errors.Is(err, x11.ErrLost) {
				y.t.Errorf("watch keys: %v", err)
			}
			return
		}
		if !ok || e.Code() != keyPress {
			continue
		}
		y.came(int(e[1]), time.Now())
		n++
		y.c.Send(changeGC, 0, y.gc, foreground, n*0x0f1e2d&0xffffff)
		y.c.Send(fillRectangle, 0, y.window, y.gc, 0, x11.Pair(64, 24))
		y.c.Flush()
	}
}

func (y *typist) came(code int, now time.Time) {
	y.mu.Lock()
	defer y.mu.Unlock()
	at, ok := y.sent[code]
	if !ok {
		return
	}
	delete(y.sent, code)
	d := now.Sub(at)
	y.took = append(y.took, d)
	if d > lateKey {
		y.late++
		y.t.Logf("a key took %v; timers were late by %v at most", d.Round(time.Millisecond), y.stall.Round(time.Millisecond))
		if y.stall < d/2 {
			y.ours++
		}
	}
}

// typeUntil types through g until stop is closed, and waits for the last key.
func (y *typist) typeUntil(g *guest.Session, stop <-chan struct{}) {
	var timers sync.WaitGroup
	timers.Go(func() { y.watchTimers(stop) })
	defer timers.Wait()
	tick := time.NewTicker(typistEvery)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-tick.C:
		case <-stop:
			y.finish()
			return
		}
		usage := uint16(firstLetter + n%letters)
		y.mu.Lock()
		if _, still := y.sent[keys.ToX11(usage)]; still {
			y.lost++
		}
		y.sent[keys.ToX11(usage)] = time.Now()
		y.mu.Unlock()
		g.Key(usage, true, rune('a'+n%letters))
		g.Key(usage, false, rune('a'+n%letters))
	}
}

// finish waits until every key has come; those that have not within some seconds are lost.
func (y *typist) finish() {
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		y.mu.Lock()
		left := len(y.sent)
		if left > 0 && time.Now().After(end) {
			y.lost += left
			clear(y.sent)
		}
		y.mu.Unlock()
		if left == 0 {
			return
		}
	}
}

// watchTimers notes how late this computer is by itself: the most within the last second.
func (y *typist) watchTimers(stop <-chan struct{}) {
	const step = 5 * time.Millisecond
	var recent []time.Duration
	for last := time.Now(); ; {
		select {
		case <-stop:
			return
		case <-time.After(step):
		}
		now := time.Now()
		recent = append(recent, now.Sub(last)-step)
		last = now
		if len(recent) > int(time.Second/step) {
			recent = recent[1:]
		}
		var most time.Duration
		for _, d := range recent {
			most = max(most, d)
		}
		y.mu.Lock()
		y.stall = most
		y.mu.Unlock()
	}
}
