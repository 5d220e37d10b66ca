package core_test

import (
	"context"
	"net"
	"testing"
	"time"

	"impero/core/lab"
)

// TestRoamingUnderLoad: over a line of 2 Mbit/s and 50 ms each way, full in both directions, the Guest's computer gets
// another address, twice. What went by the old one is gone without a word; nothing is lost or doubled.
func TestRoamingUnderLoad(t *testing.T) {
	t.Parallel()
	link := lab.StartLink(t, lab.Symmetric(lab.Shape{Rate: 2e6, Delay: 50 * time.Millisecond}))
	v := &visit{t: t, keys: newTally(), log: newLogged(), stop: make(chan struct{})}
	v.s = newSuite(t, "Full control", false, v.typesHere, serving(kindNumbers, countAtHost), func(s *suite) {
		s.cfg.Listen = []string{":0"}
		s.starts, s.same = link.B.Do, false
		s.dial = func(ctx context.Context, address string) (net.Conn, error) { return link.A.Dial(ctx, address) }
	})
	_, port, _ := net.SplitHostPort(v.s.address)
	v.s.address = net.JoinHostPort(link.B.Addr().String(), port)
	v.g = v.s.mustConnect()
	v.begin()
	v.numbers.end()
	v.flood()
	v.awaitTyping(20 * time.Second)
	for range 2 {
		mark, resumes := v.mark(), v.resumes()
		if err := link.Flip(link.A.Addr().Next().Next()); err != nil {
			t.Fatal(err)
		}
		v.awaitResumed(resumes, 50*time.Second)
		v.awaitTyping(30 * time.Second)
		v.excuseSince(mark - int(time.Second/typeEvery)) // what was on the slow way
		if from := v.only().From; from != link.A.Addr().String() {
			t.Errorf("the Host has the Guest at %s, it is at %s", from, link.A.Addr())
		}
	}
	v.finish()
}

// flood begins numbers anew, as many as go.
func (v *visit) flood() {
	v.t.Helper()
	st, err := v.g.Open(v.t.Context(), kindNumbers, pieces(0))
	if err != nil {
		v.t.Fatal(err)
	}
	v.numbers = beginNumbers(st, 0)
}
