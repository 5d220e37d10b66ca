package core_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/host"
	"impero/core/inject"
	"impero/core/keys"
	"impero/core/lab"
)

// Paces of a visit.
const (
	typeEvery  = 40 * time.Millisecond
	pieceEvery = 60 * time.Millisecond
	stepEvery  = 80 * time.Millisecond
	// resent is how long an outage may be at most for what was typed before it to be sent again: what the session
	// allows, less the time that a busy machine takes.
	resent = 7 * time.Second
)

// visit is a Guest at work at a Host of its own: it types numbers and holds keys now and then, a stream carries numbers
// both ways, and the desktop moves. What is typed while the session is lost does not arrive; everything else must.
type visit struct {
	t       testing.TB
	s       *suite
	proxy   *lab.Proxy
	direct  string // the Host's address without the proxy
	keys    *tally
	log     *logged // the Guest's
	g       *guest.Session
	numbers *numbers

	stop chan struct{}
	work sync.WaitGroup

	mu      sync.Mutex
	typed   int
	excused spans
}

// newVisit starts a Host, a proxy before it, a Guest through the proxy, and its work.
func newVisit(t testing.TB, change ...func(*suite)) *visit {
	t.Helper()
	v := prepareVisit(t, change...)
	v.proxy = lab.StartProxy(t, v.direct)
	v.start(v.proxy.Addr())
	return v
}

// prepareVisit starts the Host alone.
func prepareVisit(t testing.TB, change ...func(*suite)) *visit {
	t.Helper()
	v := &visit{t: t, keys: newTally(), log: newLogged(), stop: make(chan struct{})}
	v.s = newSuite(t, "Full control", false, append(change, v.typesHere, serving(kindNumbers, countAtHost))...)
	v.direct = v.s.address
	return v
}

// start connects the Guest by an address that leads to the Host, and starts its work.
func (v *visit) start(address string) {
	v.t.Helper()
	v.s.address = address
	v.g = v.s.mustConnect()
	v.begin()
}

// typesHere has a suite's viewers type on the visit's tally.
func (v *visit) typesHere(s *suite) {
	s.log, s.same = v.log, true
	s.typing = func() (inject.Injector, error) {
		v.mu.Lock()
		defer v.mu.Unlock()
		return v.keys, nil
	}
}

// again makes a visit that is over ready to start anew, at the same Host.
func (v *visit) again() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.keys, v.stop, v.typed, v.excused = newTally(), make(chan struct{}), 0, nil
}

// abandon ends a visit whose work may be spoilt.
func (v *visit) abandon() {
	close(v.stop)
	v.g.Close()
	v.work.Wait()
	v.numbers.end()
}

// begin starts the work of a Guest that is connected.
func (v *visit) begin() {
	v.t.Helper()
	st, err := v.g.Open(v.t.Context(), kindNumbers, pieces(pieceEvery))
	if err != nil {
		v.t.Fatal(err)
	}
	v.numbers = beginNumbers(st, pieceEvery)
	v.work.Go(func() { v.every(typeEvery, v.typeOne) })
	v.work.Go(func() {
		v.every(stepEvery, func() {
			select {
			case v.s.display.steps <- struct{}{}:
			case <-v.stop:
			}
		})
	})
}

func (v *visit) every(span time.Duration, do func()) {
	tick := time.NewTicker(span)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			do()
		case <-v.stop:
			return
		}
	}
}

// typeOne types the next number, between a key that goes down and up again.
func (v *visit) typeOne() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.typed++
	_, before := v.g.Lost()
	v.g.Key(keys.LeftShift, v.typed%2 == 0, 0)
	v.g.Text(strconv.Itoa(v.typed))
	if _, after := v.g.Lost(); before || after {
		v.excused.add(v.typed)
	}
}

// mark gives the number typed last.
func (v *visit) mark() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.typed
}

// excuseSince excuses everything typed from a little before a mark until now.
func (v *visit) excuseSince(mark int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	from := max(1, mark-5)
	for len(v.excused) > 0 && v.excused[len(v.excused)-1].from >= from {
		v.excused = v.excused[:len(v.excused)-1]
	}
	v.excused = append(v.excused, span{from, v.typed})
}

// awaitLost waits until the Guest says that its connection is lost, or is not.
func (v *visit) awaitLost(lost bool, limit time.Duration) {
	v.t.Helper()
	lab.WaitFor(v.t, limit, "the session to be lost or resumed", func() bool {
		_, now := v.g.Lost()
		return now == lost || over(v.g)
	})
	if over(v.g) {
		v.t.Fatalf("the session ended: %v", v.g.Err())
	}
}

// resumes is how often the session was resumed.
func (v *visit) resumes() int {
	n, _ := v.log.of(logResumed)
	return n
}

// awaitResumed waits until the session was resumed more often than before.
func (v *visit) awaitResumed(before int, limit time.Duration) {
	v.t.Helper()
	lab.WaitFor(v.t, limit, "the session to be resumed", func() bool { return v.resumes() > before || over(v.g) })
	v.awaitLost(false, limit)
}

func over(g *guest.Session) bool {
	select {
	case <-g.Done():
		return true
	default:
		return false
	}
}

// awaitTyping waits until what is typed now arrives.
func (v *visit) awaitTyping(limit time.Duration) {
	v.t.Helper()
	from, timeout := v.mark(), time.After(limit)
	for {
		v.keys.mu.Lock()
		last, changed := v.keys.last, v.keys.changed
		v.keys.mu.Unlock()
		if last > from {
			return
		}
		select {
		case <-changed:
		case <-v.g.Done():
			v.t.Fatalf("the session ended: %v", v.g.Err())
		case <-timeout:
			v.t.Fatalf("nothing that is typed arrives: %d is the last of %d", last, v.mark())
		}
	}
}

// only checks that the Host has this one session.
func (v *visit) only() host.Session {
	v.t.Helper()
	list := v.s.h.State().Sessions
	if len(list) != 1 {
		v.t.Fatalf("the Host has %d sessions: %+v", len(list), list)
	}
	return list[0]
}

// halt ends typing and the desktop's movement.
func (v *visit) halt() {
	close(v.stop)
	v.work.Wait()
}

// finish ends the work of a session that has its connection, and checks that all of it was done.
func (v *visit) finish() {
	v.t.Helper()
	v.awaitTyping(30 * time.Second)
	v.only()
	v.halt()
	if err := v.numbers.end(); err != nil {
		v.t.Errorf("the stream: %v", err)
	}
	v.g.Key(keys.LeftShift, false, 0)
	v.typeOne() // even or odd, so let go of it again
	v.g.Key(keys.LeftShift, false, 0)
	v.keys.await(v.t, "the last number, and every key up", func() bool {
		return v.keys.last == v.typed && len(v.keys.held) == 0
	})
	if err := v.keys.unexcused(v.excused); err != nil {
		v.t.Error(err)
	}
	v.s.awaitEqual(v.g)
	v.g.Close()
	v.s.await("the session to be gone", func(st host.State) bool { return len(st.Sessions) == 0 })
}

// await waits until something is so; happened is called with the tally's lock held.
func (k *tally) await(t testing.TB, what string, happened func() bool) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		k.mu.Lock()
		yes, changed := happened(), k.changed
		k.mu.Unlock()
		if yes {
			return
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("waited in vain for %s; %d keys are held, the last number is %d", what, len(k.held), k.last)
		}
	}
}
