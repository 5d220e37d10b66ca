package core_test

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/host"
	"impero/core/keys"
	"impero/core/store"
)

// outage is a way in which a connection fails, and how that ends.
type outage struct {
	name       string
	begin, end func(v *visit) error
	// silent: nobody is told, so that the Guest finds out by itself.
	silent bool
	// mends: what was sent meanwhile arrives in the end.
	mends bool
}

func outages() []outage {
	return []outage{
		{"freeze", func(v *visit) error { v.proxy.Freeze(); return nil }, func(v *visit) error { v.proxy.Restore(); return nil }, true, true},
		{"cut", func(v *visit) error { v.proxy.Cut(); return nil }, mendCut, true, false},
		{"reset", func(v *visit) error { v.proxy.Refuse(); v.proxy.Reset(); return nil }, func(v *visit) error { return v.proxy.Admit() }, false, false},
	}
}

// mendCut lets new connections work, and ends those that were cut: nobody uses them any more.
func mendCut(v *visit) error {
	dead := v.proxy.Pipes()
	v.proxy.Restore()
	for _, p := range dead {
		p.Reset()
	}
	return nil
}

// atOnce runs subtests side by side, however many processors there are: they wait most of the time.
type atOnce struct {
	t   *testing.T
	all sync.WaitGroup
}

func (a *atOnce) run(name string, f func(t *testing.T)) {
	a.all.Go(func() { a.t.Run(name, f) })
}

// TestResume takes about a minute, as long as a session is kept, however many cases there are.
func TestResume(t *testing.T) {
	t.Parallel()
	a := &atOnce{t: t}
	for _, o := range outages() {
		for _, length := range []time.Duration{time.Second, 10 * time.Second, 50 * time.Second} {
			a.run(fmt.Sprintf("%s for %v", o.name, length), func(t *testing.T) { goesOn(t, o, length) })
		}
	}
	a.run("too long", endsOnBothSides)
	a.run("roaming", roams)
	a.run("the Host's user ends it", endedWhileLost)
	a.run("a ninth Guest", givesItsPlace)
	a.all.Wait()
}

// goesOn: what was done before an outage, meanwhile (in a stream) and afterwards is done once.
func goesOn(t *testing.T, o outage, length time.Duration) {
	v := newVisit(t)
	v.awaitBulk()
	v.awaitTyping(20 * time.Second)
	before := v.only()
	v.g.Key(keys.LeftControl, true, 0)
	v.keys.await(t, "Control to be held", func() bool { return v.keys.held[keys.LeftControl] })

	lost := v.suffer(o, length, func() { v.letsGo(o, length) })
	if lost {
		v.keys.await(t, "Control to be up", func() bool { return !v.keys.held[keys.LeftControl] })
	}
	v.g.Key(keys.LeftControl, false, 0)
	if after := v.only(); after.ID != before.ID || !after.Since.Equal(before.Since) || !after.Lost.IsZero() {
		t.Errorf("the session was %+v and is %+v", before, after)
	}
	v.finish()
}

// suffer lets an outage happen, meanwhile look if the session is lost by it, and waits until what is typed arrives again.
func (v *visit) suffer(o outage, length time.Duration, meanwhile func()) (lost bool) {
	v.t.Helper()
	mark, began, resumes := v.mark(), time.Now(), v.resumes()
	if err := o.begin(v); err != nil {
		v.t.Fatal(err)
	}
	ended := time.AfterFunc(length, func() {
		if err := o.end(v); err != nil {
			v.t.Error(err)
		}
	})
	defer ended.Stop()
	// A connection that is cut never comes back, however short that was; one that stood still for a little goes on.
	if lost = !o.mends || length > 8*time.Second; lost {
		meanwhile()
		v.awaitResumed(resumes, length+30*time.Second)
	}
	v.awaitTyping(length + 30*time.Second)
	if took := time.Since(began); took > resent {
		v.excuseSince(mark)
	}
	if n := v.resumes(); n > resumes+1 || !lost && n > resumes {
		v.t.Errorf("one outage made %d losses", n-resumes)
	}
	return lost
}

// awaitBulk waits until the stream has a connection of its own.
func (v *visit) awaitBulk() {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if _, err := v.proxy.Await(ctx, 2); err != nil {
		v.t.Fatal(err)
	}
}

// letsGo: the Host lets go of what a lost Guest holds once it knows; of a silent outage it knows after 15 s.
func (v *visit) letsGo(o outage, length time.Duration) {
	v.t.Helper()
	if length < 2*time.Second || o.silent && length < 30*time.Second {
		return // it may be over before anybody looks
	}
	v.awaitLost(true, 20*time.Second)
	v.keys.await(v.t, "every key to be up while the session is lost", func() bool { return len(v.keys.held) == 0 })
	v.s.await("the session to be lost", func(st host.State) bool { return len(st.Sessions) == 1 && !st.Sessions[0].Lost.IsZero() })
	if _, lost := v.g.Lost(); !lost {
		v.t.Error("the Guest does not say so")
	}
}

// endsOnBothSides: after a minute each side knows for itself that it is over.
func endsOnBothSides(t *testing.T) {
	v := newVisit(t)
	v.awaitBulk()
	v.awaitTyping(20 * time.Second)
	v.proxy.Refuse()
	v.proxy.Reset()
	v.awaitLost(true, 20*time.Second)
	select {
	case <-v.g.Done():
	case <-time.After(90 * time.Second):
		t.Fatal("the Guest's session never ends")
	}
	if kind := kindOf(t, v.g.Err()); kind != guest.KindLost {
		t.Errorf("it ended with kind %d: %v", kind, v.g.Err())
	}
	v.s.await("the Host's table to be empty", func(st host.State) bool { return len(st.Sessions) == 0 })
	v.halt()
	if err := v.numbers.end(); err == nil {
		t.Error("the stream ended in order")
	}
	if err := v.proxy.Admit(); err != nil {
		t.Fatal(err)
	}
	v.s.mustConnect() // the Host serves on
}

// roams: a Guest comes back from another address, and the Host knows.
func roams(t *testing.T) {
	v := newVisit(t)
	v.awaitBulk()
	v.awaitTyping(20 * time.Second)
	if from := v.only().From; from != "127.0.0.1" {
		t.Errorf("the Guest comes from %s", from)
	}
	for _, from := range []string{"127.0.0.9", "127.0.7.1"} {
		v.proxy.DialFrom(netip.MustParseAddr(from))
		v.proxy.Reset()
		v.s.await("the Guest to come from "+from, func(st host.State) bool { return len(st.Sessions) == 1 && st.Sessions[0].From == from })
		v.awaitLost(false, 20*time.Second)
		v.awaitTyping(20 * time.Second)
	}
	v.finish()
}

// endedWhileLost: the Guest learns why when it comes back.
func endedWhileLost(t *testing.T) {
	v := newVisit(t)
	v.awaitTyping(20 * time.Second)
	v.proxy.Refuse()
	v.proxy.Reset()
	v.s.await("the session to be lost", func(st host.State) bool { return len(st.Sessions) == 1 && !st.Sessions[0].Lost.IsZero() })
	v.s.h.Disconnect(v.only().ID)
	v.s.await("the session to be gone", func(st host.State) bool { return len(st.Sessions) == 0 })
	if err := v.proxy.Admit(); err != nil {
		t.Fatal(err)
	}
	v.isTold(guest.KindHostUser)
}

// isTold waits for the end of the session and checks why.
func (v *visit) isTold(want guest.Kind) {
	v.t.Helper()
	select {
	case <-v.g.Done():
	case <-time.After(30 * time.Second):
		v.t.Fatal("the Guest's session goes on")
	}
	var e *guest.Error
	if e, _ = v.g.Err().(*guest.Error); e == nil || e.Kind != want {
		v.t.Errorf("the session ended with %v, want kind %d", v.g.Err(), want)
	}
	v.halt()
	if err := v.numbers.end(); err == nil {
		v.t.Error("the stream ended in order")
	}
}

// givesItsPlace: a Host that is full ends a session that is lost for one that is here.
func givesItsPlace(t *testing.T) {
	v := newVisit(t)
	v.awaitTyping(20 * time.Second)
	through := v.s.address
	v.s.address = v.direct
	for range host.MaxSessions - 1 {
		v.s.mustConnect()
	}
	v.proxy.Refuse()
	v.proxy.Reset()
	v.s.await("one of eight to be lost", func(st host.State) bool {
		return len(st.Sessions) == host.MaxSessions && !st.Sessions[0].Lost.IsZero()
	})
	lost := v.s.h.State().Sessions[0].ID
	v.s.mustConnect()
	v.s.await("a ninth in its place", func(st host.State) bool {
		return len(st.Sessions) == host.MaxSessions && st.Sessions[0].ID != lost
	})
	_, err := v.s.connect(v.s.engine(store.At(t.TempDir())), &person{passwords: []string{goodPassword}})
	if kind := kindOf(t, err); kind != guest.KindFull {
		t.Errorf("a tenth while nobody is lost gives %v", err)
	}
	v.s.address = through
	if err := v.proxy.Admit(); err != nil {
		t.Fatal(err)
	}
	v.isTold(guest.KindFull)
}
