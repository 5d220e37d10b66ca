package hostile

import (
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"impero/core/key"
	"impero/core/lab"
	"impero/core/secure"
	"impero/core/wire"
)

// serve is a target that does the same with every connection.
func serve(t *testing.T, each func(net.Conn)) Target {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer c.Close()
				each(c)
			})
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
	return Target{Address: l.Addr().String(), Seed: 7}
}

// deaf reads and never ends a connection.
func deaf(c net.Conn) { io.Copy(io.Discard, c) }

// shaking does handshakes, and after one waits for the end.
func shaking(t *testing.T, cfg secure.HostConfig) func(net.Conn) {
	t.Helper()
	identity, err := key.Generate()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Identity = identity
	return func(c net.Conn) {
		if conn, err := secure.Host(context.Background(), c, cfg); err == nil {
			conn.ReadRecord()
		}
	}
}

func TestATargetThatGoesOnIsSeen(t *testing.T) {
	target := serve(t, deaf)
	target.Limit, target.Look = 300*time.Millisecond, 20*time.Millisecond
	for _, c := range []Case{Strangers()[0], Preambles()[0], Records(StagePreamble)[0], Silent(StageDialled)} {
		if o, err := target.Play(t.Context(), c); err != nil || o.Ended || o.Reset || o.Said || len(o.Clear) > 0 {
			t.Errorf("%s: %+v, %v", c.Name, o, err)
		}
	}
	for _, stage := range []Stage{StageHello, StageLogon, StageOpen} {
		if o, err := target.Play(t.Context(), Silent(stage)); err == nil || !strings.Contains(err.Error(), stage.String()) {
			t.Errorf("a target that says nothing was brought to stage %s: %+v, %v", stage, o, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := target.Play(ctx, Silent(StageDialled)); err == nil {
		t.Error("a case was played after its context ended")
	}
}

func TestHowATargetEndsIsTold(t *testing.T) {
	target := serve(t, func(c net.Conn) {
		c.Write([]byte("SSH-2.0-OpenSSH_9.2\r\n"))
		io.ReadFull(c, make([]byte, len(preamble())))
	})
	hello := Say(StagePreamble, true, "nothing more", nil)
	if o, err := target.Play(t.Context(), hello); err != nil || !o.Ended || o.Reset || o.Said || string(o.Clear) != "SSH-2.0-OpenSSH_9.2\r\n" {
		t.Errorf("%+v, %v", o, err)
	}
	target = serve(t, func(c net.Conn) {
		io.ReadFull(c, make([]byte, len(preamble())))
		c.(*net.TCPConn).SetLinger(0)
	})
	if o, err := target.Play(t.Context(), hello); err != nil || !o.Ended || !o.Reset {
		t.Errorf("%+v, %v", o, err)
	}
	target = serve(t, shaking(t, secure.HostConfig{Admit: func(wire.Preamble) wire.CloseCode { return wire.CloseFull }}))
	if o, err := target.Play(t.Context(), hello); err != nil || !o.Ended || !o.Said || o.Code != wire.CloseFull {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestSlowLorisMeetsAHandshakesLimit(t *testing.T) {
	target := serve(t, shaking(t, secure.HostConfig{Timeout: 200 * time.Millisecond}))
	if o, err := target.Play(t.Context(), SlowLoris(2*time.Millisecond)); err != nil || !o.Ended {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestCasesAreTheSameForASeed(t *testing.T) {
	heard := make(chan []byte, 1)
	target := serve(t, func(c net.Conn) {
		text, _ := io.ReadAll(c)
		heard <- text
	})
	target.Limit, target.Look = 20*time.Millisecond, 20*time.Millisecond
	hear := func(c Case) []byte {
		if _, err := target.Play(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		return <-heard
	}
	for i, random := range Strangers()[9:] { // the first is too short to be another for sure
		first := hear(random)
		if len(first) == 0 || !bytes.Equal(first, hear(random)) {
			t.Errorf("%s says other things the second time", random.Name)
		}
		target.Seed++
		if bytes.Equal(first, hear(random)) {
			t.Errorf("%s says the same for another seed", random.Name)
		}
		target.Seed--
		if i > 0 && bytes.HasPrefix(first, hear(Strangers()[9])) {
			t.Errorf("%s says what another says", random.Name)
		}
	}
}

func TestSamplesKeepToTheProtocol(t *testing.T) {
	for _, spec := range wire.Specs() {
		for i, v := range variants(spec) {
			f, _, err := wire.NextFrame(v.text)
			side := spec.From
			state := spec.States & -spec.States // the first of them
			check := wire.Checker{From: side, State: state}
			if err == nil {
				_, err = check.Check(v.ch, f)
			}
			// More bytes are still data.
			if wrong := i > 0 && !(spec.Type == wire.TypeStreamData && v.name == "a byte too long"); wrong != (err != nil) {
				t.Errorf("%s %s: %v", spec.Name, v.name, err)
			}
		}
	}
}

func TestWhatMustEnd(t *testing.T) {
	must := map[Stage]int{}
	names := map[string]bool{}
	for _, stage := range Stages() {
		for _, c := range Messages(stage) {
			if c.MustEnd {
				must[stage]++
			}
			if names[c.Name] {
				t.Errorf("two cases are called %q", c.Name)
			}
			names[c.Name] = true
		}
	}
	all := len(Messages(StageDialled))
	// Only a GuestHello may come first, only after a preamble.
	if must[StageDialled] != all || must[StagePreamble] != all-1 || must[StageHello] != all {
		t.Errorf("of %d messages these must end a handshake: %v", all, must)
	}
	// Guests may send Close, Ping, Pong, LogonStart, LogonData, LogonAnswer and, for another purpose, SessionJoin.
	if must[StageLogon] != all-7 {
		t.Errorf("of %d messages %d must end a logon", all, must[StageLogon])
	}
	if open := all - must[StageOpen]; open < 10 || open > all/4 {
		t.Errorf("of %d messages %d need not end a session", all, open)
	}
}

func TestFlood(t *testing.T) {
	target := serve(t, shaking(t, secure.HostConfig{Timeout: 300 * time.Millisecond}))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for _, text := range [][]byte{nil, Prefix(5), Prefix(40)} {
		flood, err := target.Start(ctx, 50, text)
		if err != nil {
			t.Fatal(err)
		}
		if err := flood.Await(ctx, 0); err != nil {
			t.Error(err)
		}
		flood.Close()
	}
	flood, err := serve(t, deaf).Start(ctx, 50, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := flood.Open(); n != 50 {
		t.Errorf("of 50 connections %d are open", n)
	}
	short, stop := context.WithTimeout(ctx, 50*time.Millisecond)
	defer stop()
	if err := flood.Await(short, 49); err == nil {
		t.Error("a connection ended by itself")
	}
	flood.Close()
	if n := flood.Open(); n != 0 {
		t.Errorf("%d connections are open after Close", n)
	}
	if _, err := (Target{Address: "127.0.0.1:1"}).Start(ctx, 1, nil); err == nil {
		t.Error("a flood began at a port where nobody listens")
	}
	if good := Prefix(1 << 20); !bytes.HasPrefix(good, preamble()) || len(good) < wire.MLKEMKeyLen {
		t.Errorf("a good Guest says %d bytes", len(good))
	}
}

// TestARecordedGuestIsNotTakenAgain records a sound connection on the way and
// says the same again.
func TestARecordedGuestIsNotTakenAgain(t *testing.T) {
	target := serve(t, shaking(t, secure.HostConfig{}))
	said := preamble()
	keep := func(r lab.Record) (on, back [][]byte) {
		said = append(said, r.Bytes...)
		return [][]byte{r.Bytes}, nil
	}
	between := lab.StartTamper(t, target.Address, func() lab.Rules { return lab.Rules{ToHost: keep} })
	conn, err := net.Dial("tcp", between.Addr())
	if err != nil {
		t.Fatal(err)
	}
	guest, err := secure.Guest(t.Context(), conn, secure.GuestConfig{Verify: func(context.Context, secure.HostID) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	guest.WriteRecord(wire.ChannelControl, []byte("text"))
	guest.ReadRecord() // the target ends after one record
	guest.Close()
	between.Close()
	if o, err := target.Play(t.Context(), Say(StageDialled, true, "recorded", said)); err != nil || !o.Ended {
		t.Errorf("%+v, %v", o, err)
	}
}
