package core_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/host"
	"impero/core/lab"
	"impero/core/store"
	"impero/core/wire"
)

// ambushed is a visit with somebody on the way.
type ambushed struct {
	*visit
	ambush ambush
	atHost *logged // what the Host logs
	way    string  // the address of who stands between
}

// newAmbushed starts a visit at a level that nobody disturbs yet.
func newAmbushed(t *testing.T, level wire.Level) *ambushed {
	a := prepareAmbushed(t, level)
	a.start(a.way)
	return a
}

// prepareAmbushed starts the Host, and whoever stands before it.
func prepareAmbushed(t *testing.T, level wire.Level) *ambushed {
	a := &ambushed{atHost: newLogged()}
	a.visit = prepareVisit(t, at(level), func(s *suite) { s.cfg.Log = slog.New(a.atHost) })
	a.way = lab.StartTamper(t, a.direct, a.ambush.rules).Addr()
	return a
}

// broken is how often either side found a record that does not open.
func (a *ambushed) broken() int { return a.log.broken() + a.atHost.broken() }

// TestTampering: where a channel has integrity nothing that was changed, repeated, left out or made up is accepted. The
// connection breaks, and the session goes on by another without a byte, key or pixel amiss.
func TestTampering(t *testing.T) {
	t.Parallel()
	all := &atOnce{t: t}
	for _, level := range wire.Levels() {
		all.run(level.String(), func(t *testing.T) {
			a := newAmbushed(t, level)
			for _, p := range places() {
				if level.Protection(p.ch) == wire.ProtectNothing {
					continue
				}
				for _, one := range attacks() {
					if one.name == flipChannel && level.Protection(p.ch^1) == wire.ProtectNothing {
						continue // it is no record of a channel with integrity then
					}
					a.finds(p, one)
				}
			}
			a.finish()
		})
	}
	all.all.Wait()
}

// finds has an attack done, and found, and waits until the session works again. Some need a record that follows, which may
// go by another connection: then it is done anew.
func (a *ambushed) finds(p place, one attack) {
	a.t.Helper()
	what, broken := one.name+" of "+p.String(), a.broken()
	mark, began := a.mark(), time.Now()
	found := func() bool { return a.broken() > broken || over(a.g) }
	for tries := 0; !found(); tries++ {
		a.comesBack()
		a.excuseSlow(mark, began)
		mark, began = a.mark(), time.Now()
		hits := a.ambush.hit()
		a.ambush.arm(p, one.rule)
		lab.WaitFor(a.t, 30*time.Second, what+" to be done", func() bool { return a.ambush.hit() > hits || over(a.g) })
		until := time.Now().Add(2 * time.Second)
		lab.WaitFor(a.t, 30*time.Second, what+" to be found", func() bool { return found() || tries < 4 && time.Now().After(until) })
	}
	if over(a.g) {
		a.t.Fatalf("%s ended the session: %v", what, a.g.Err())
	}
	a.comesBack()
	a.excuseSlow(mark, began)
	a.awaitTyping(30 * time.Second)
}

// excuseSlow excuses what was typed since an attack that took longer to be found and left behind than the session sends
// again: on a busy machine.
func (a *ambushed) excuseSlow(mark int, began time.Time) {
	if time.Since(began) > resent {
		a.excuseSince(mark)
	}
}

// comesBack has the Guest come back at once: left alone, it waits for longer after each loss in a row.
func (a *ambushed) comesBack() {
	a.t.Helper()
	lab.WaitFor(a.t, 30*time.Second, "the session to be resumed", func() bool {
		_, lost := a.g.Lost()
		if lost {
			a.g.TryNow()
		}
		return !lost || over(a.g)
	})
}

// TestTamperingWithoutIntegrity: at the levels that say so, what is changed on the way is believed. It may spoil that
// session; it does not go beyond it.
func TestTamperingWithoutIntegrity(t *testing.T) {
	t.Parallel()
	all := &atOnce{t: t}
	for _, level := range []wire.Level{wire.LevelKeyboard, wire.LevelNone} {
		for _, p := range places() {
			if level.Protection(p.ch) != wire.ProtectNothing {
				continue
			}
			all.run(level.String()+"/"+p.String(), func(t *testing.T) {
				a := prepareAmbushed(t, level)
				for _, one := range attacks() {
					if level == wire.LevelNone || one.name == "drop" || one.name == flipChannel || one.name == "insert" {
						a.survives(p, one) // the others are the same at both levels
					}
				}
				a.s.address = a.direct
				a.s.mustConnect()
			})
		}
	}
	all.all.Wait()
}

// survives: the session goes on or ends with a reason, and nothing of it stays.
func (a *ambushed) survives(p place, one attack) {
	a.t.Helper()
	a.again()
	a.start(a.way)
	a.awaitTyping(20 * time.Second)
	hits := a.ambush.hit()
	a.ambush.arm(p, one.rule)
	lab.WaitFor(a.t, 30*time.Second, one.name+" to be done", func() bool { return a.ambush.hit() > hits || over(a.g) })
	from := a.mark()
	lab.WaitFor(a.t, 30*time.Second, "the session to go on, or to end, after "+one.name, func() bool {
		last, _ := a.keys.state()
		return over(a.g) || last > from+10
	})
	if over(a.g) {
		if kind := kindOf(a.t, a.g.Err()); kind != guest.KindProtocol {
			a.t.Errorf("%s ended the session with %v", one.name, a.g.Err())
		}
	}
	a.abandon()
	a.keys.await(a.t, "every key to be up", func() bool { return len(a.keys.held) == 0 })
	// A session whose connection broke as the Guest left is kept for a minute: the Host was not told.
	for _, left := range a.s.h.State().Sessions {
		if !left.Lost.IsZero() {
			a.s.h.Disconnect(left.ID)
		}
	}
	a.s.await("the session to be gone", func(st host.State) bool {
		return !slices.ContainsFunc(st.Sessions, func(s host.Session) bool { return s.Lost.IsZero() })
	})
}

// TestWhatWeakLevelsAllow shows the two things that PROTOCOL.md §15 warns of: keys that nobody pressed at No encryption,
// and content that nobody sent at Keyboard.
func TestWhatWeakLevelsAllow(t *testing.T) {
	t.Parallel()
	a := newAmbushed(t, wire.LevelNone)
	a.ambush.arm(place{wire.FromGuest, wire.ChannelInput}, insert)
	a.keys.await(t, "a text that nobody typed", func() bool { return len(a.keys.wrong) > 0 })
	if a.keys.wrong[0][:8] != `"forged"` {
		t.Errorf("typed was %s", a.keys.wrong)
	}
	a.abandon()

	a = newAmbushed(t, wire.LevelKeyboard)
	a.ambush.arm(place{wire.FromHost, wire.ChannelBulk}, func() lab.Rule { return lab.FlipBit(0, -1) })
	if err := <-a.numbers.finished; err == nil { // the first of the two to find out
		t.Error("the Guest took no number that the Host did not send")
	}
	a.numbers.finished <- nil
	a.abandon()
}

// TestTamperingWithLogon: handshake and logon are safe at the weakest level too.
func TestTamperingWithLogon(t *testing.T) {
	t.Parallel()
	s := newSuite(t, "Full control", false, at(wire.LevelNone))
	all := &atOnce{t: t}
	for n, name := range []string{"GuestHello", "GuestFinished", "LogonStart", "LogonData"} {
		all.run("flip "+name, func(t *testing.T) { s.refuses(t, lab.Rules{ToHost: lab.FlipBit(n, -1)}) })
		all.run("drop "+name, func(t *testing.T) { s.refuses(t, lab.Rules{ToHost: lab.Drop(n)}) })
	}
	for n, name := range []string{"HostHello", "HostIdentity", "HostFinished", "LogonOffer", "LogonData"} {
		all.run("flip the Host's "+name, func(t *testing.T) { s.refuses(t, lab.Rules{ToGuest: lab.FlipBit(n, -1)}) })
	}
	all.all.Wait()
	if st := s.h.State(); len(st.Sessions) > 0 {
		t.Errorf("the Host has sessions: %+v", st.Sessions)
	}
}

// refuses: a connection whose records are tampered with has no session.
func (s *suite) refuses(t *testing.T, rules lab.Rules) {
	target, err := guest.ParseTarget(lab.StartTamper(t, s.address, func() lab.Rules { return rules }).Addr(), "")
	if err != nil {
		t.Fatal(err)
	}
	// Some are found out only by silence, for which a Host has minutes.
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	_, err = s.engine(store.At(t.TempDir())).Connect(ctx, target, &person{passwords: []string{goodPassword}})
	if err == nil {
		t.Fatal("the Guest has a session")
	}
	if kind := kindOf(t, err); kind != guest.KindHandshake && kind != guest.KindLost && kind != guest.KindNoAnswer {
		t.Errorf("it gives %v", err)
	}
}

// TestDowngrade: who changes which encryption levels a side allows, or which is chosen, gets no connection.
func TestDowngrade(t *testing.T) {
	s := newSuite(t, "Full control", false, func(s *suite) { s.cfg.Levels = wire.Levels() })
	direct := s.address
	weakest := []wire.Level{wire.LevelNone}
	for name, rules := range map[string]lab.Rules{
		"the Guest's list":  {ToHost: hello(func(m *wire.GuestHello) { m.Levels = weakest })},
		"the Guest's order": {ToHost: hello(func(m *wire.GuestHello) { m.Levels[0], m.Levels[1] = m.Levels[1], m.Levels[0] })},
		"the Host's choice": {ToGuest: hello(func(m *wire.HostHello) { m.Level = m.Levels[1] })},
		"the Host's list":   {ToGuest: hello(func(m *wire.HostHello) { m.Level, m.Levels = wire.LevelNone, weakest })},
	} {
		s.address = lab.StartTamper(t, direct, func() lab.Rules { return rules }).Addr()
		e := s.engine(store.At(t.TempDir()))
		both := guest.Profile{Name: guest.ProfileInternet, Port: guest.DefaultPort, Preferred: wire.LevelVeryHigh.String()}
		for _, l := range wire.Levels() {
			both.Levels = append(both.Levels, l.String())
		}
		if err := e.SaveProfile(guest.ProfileInternet, both); err != nil {
			t.Fatal(err)
		}
		if _, err := s.connect(e, &person{passwords: []string{goodPassword}}); kindOf(t, err) != guest.KindHandshake {
			t.Errorf("%s changed gives %v", name, err)
		}
	}
}

// hello changes a hello, whatever its length becomes.
func hello[M wire.Message](change func(M)) lab.Rule {
	return func(r lab.Record) (on, back [][]byte) {
		if r.Number > 0 {
			return [][]byte{r.Bytes}, nil
		}
		f, _, err := wire.NextFrame(r.Bytes[wire.HeaderLen:])
		if err != nil {
			return [][]byte{r.Bytes}, nil
		}
		m, err := wire.Parse(f.Type, f.Body)
		if err != nil {
			return [][]byte{r.Bytes}, nil
		}
		change(m.(M))
		frame := wire.AppendMessage(nil, 0, m)
		r.Header.Length = uint32(len(frame))
		return [][]byte{append(r.Header.Append(nil), frame...)}, nil
	}
}
