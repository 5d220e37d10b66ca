package core_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"impero/core/agent"
	"impero/core/capture"
	"impero/core/host"
	"impero/core/inject"
	"impero/core/inject/injecttest"
	"impero/core/password"
	"impero/core/secure"
	"impero/core/session"
	"impero/core/store"
	"impero/core/wire"
)

// journal is a log that tests read.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) count(text string) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Count(j.b.String(), text)
}

// slowHands are those of a display that takes its time for text.
type slowHands struct {
	*injecttest.Recorder
	each time.Duration
}

func (s slowHands) Text(text string) error {
	time.Sleep(s.each)
	return s.Recorder.Text(text)
}

// Close leaves the Recorder, which all viewers share, open.
func (s slowHands) Close() error { return s.Recorder.ReleaseAll() }

// besieged is a Host whose Guests are hostile.
type besieged struct {
	suite
	log  *journal
	stop func() // ends the Host and waits until it is gone
}

// besiege starts a Host with a display that stands still and hands that are slow at typing; limits may be others than usual.
func besiege(t *testing.T, roleName string, eachText time.Duration, limits ...host.Limits) *besieged {
	t.Helper()
	b := &besieged{suite: suite{t: t, hands: new(injecttest.Recorder), home: store.At(t.TempDir())}, log: new(journal)}
	log := slog.New(slog.NewTextHandler(b.log, nil))
	daemon, user := net.Pipe()
	cfg := host.Config{Home: b.home, Name: "till-042", Listen: []string{"127.0.0.1:0"}, Agent: daemon, Log: log}
	if len(limits) > 0 {
		cfg.Limits = limits[0]
	}
	h, err := host.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.SetLogon(goodPassword, roleName); err != nil {
		t.Fatal(err)
	}
	b.h = h
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { h.Run(ctx) })
	wg.Go(func() {
		agent.Run(context.WithoutCancel(ctx), user, agent.Config{
			Log:     log,
			Capture: func() (capture.Source, error) { return capture.NewGenerated(7, 320, 200), nil },
			Inject:  func() (inject.Injector, error) { return slowHands{b.hands, eachText}, nil },
		})
	})
	b.stop = sync.OnceFunc(func() { cancel(); wg.Wait(); h.Close() })
	t.Cleanup(b.stop)
	b.await("the Host to listen and know its display", func(st host.State) bool { return st.Running && st.Display.Ready })
	b.address = net.JoinHostPort("127.0.0.1", strconv.Itoa(h.State().Port))
	return b
}

// stranger is a Guest that sends what it likes.
type stranger struct {
	t    testing.TB
	tcp  net.Conn
	conn *secure.Conn
	d    *session.Dialogue
}

// dial does the handshake and waits for the offer.
func (b *besieged) dial() *stranger {
	b.t.Helper()
	c, err := net.Dial("tcp", b.address)
	if err != nil {
		b.t.Fatal(err)
	}
	conn, err := secure.Guest(context.Background(), c, secure.GuestConfig{Verify: func(context.Context, secure.HostID) error { return nil }})
	if err != nil {
		b.t.Fatal(err)
	}
	s := &stranger{t: b.t, tcp: c, conn: conn, d: session.NewDialogue(conn, wire.FromHost)}
	b.t.Cleanup(func() { conn.Close() })
	if _, ok := s.receive().(*wire.LogonOffer); !ok {
		b.t.Fatal("no offer")
	}
	return s
}

func (s *stranger) receive() wire.Message {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	m, err := s.d.Receive(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// begin starts a try and gives the Host's answer, and the proof.
func (s *stranger) begin(pw string) (wire.Message, *password.Proof, error) {
	proof, ke1, err := password.Begin(s.conn.Export("logon"), "", pw)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.d.Send(&wire.LogonStart{Method: wire.MethodPassword, Computer: "stranger", Data: ke1}); err != nil {
		return nil, nil, err
	}
	m, err := s.d.Receive(context.Background())
	return m, proof, err
}

// finish proves a password that was begun with.
func (s *stranger) finish(m wire.Message, proof *password.Proof) {
	s.t.Helper()
	ke3, err := proof.Finish(s.conn.Peer().HostKey, m.(*wire.LogonData).Data)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.d.Send(&wire.LogonData{Data: ke3}); err != nil {
		s.t.Fatal(err)
	}
}

func (b *besieged) logOn() *stranger {
	b.t.Helper()
	s := b.dial()
	m, proof, err := s.begin(goodPassword)
	if err != nil {
		b.t.Fatal(err)
	}
	s.finish(m, proof)
	if m, ok := s.receive().(*wire.LogonDone); !ok {
		b.t.Fatalf("%T", m)
	}
	return s
}

// send sends messages on a channel, each to a stream.
func (s *stranger) send(ch wire.Channel, stream uint32, ms ...wire.Message) error {
	var buf []byte
	for _, m := range ms {
		next := wire.AppendMessage(nil, stream, m)
		if len(buf)+len(next) > s.conn.MaxPayload() {
			if err := s.conn.WriteRecord(ch, buf); err != nil {
				return err
			}
			buf = buf[:0]
		}
		buf = append(buf, next...)
	}
	return s.conn.WriteRecord(ch, buf)
}

// end reads until the Host closes, and gives its Close if there was one.
func (s *stranger) end() (code wire.CloseCode, said bool) {
	s.conn.SetDeadline(time.Now().Add(20 * time.Second))
	check := wire.Checker{From: wire.FromHost, State: wire.StateOpen}
	for {
		ch, plain, err := s.conn.ReadRecord()
		if err != nil {
			return 0, false
		}
		for len(plain) > 0 {
			f, rest, err := wire.NextFrame(plain)
			if err != nil {
				s.t.Fatal(err)
			}
			plain = rest
			if m, err := check.Check(ch, f); err != nil {
				s.t.Fatal(err)
			} else if c, ok := m.(*wire.Close); ok {
				return c.Code, true
			}
		}
	}
}

// drain reads and drops everything, in the background.
func (s *stranger) drain() {
	go func() {
		for {
			if _, _, err := s.conn.ReadRecord(); err != nil {
				return
			}
		}
	}()
}

func (s *stranger) openScreen(id uint32) {
	s.t.Helper()
	if err := s.send(wire.ChannelControl, id, &wire.StreamOpen{Kind: wire.KindScreen, Credit: 1 << 20}); err != nil {
		s.t.Fatal(err)
	}
}

// alive says that a well-behaved Guest is served.
func (b *besieged) alive() {
	b.t.Helper()
	g := b.mustConnect()
	defer g.Close()
	frames := g.Stats().Frames
	limit := time.After(15 * time.Second)
	for g.Stats().Frames < frames+5 {
		select {
		case <-g.Updates():
		case <-g.Done():
			b.t.Fatalf("the other viewer's session ended: %v", g.Err())
		case <-limit:
			b.t.Fatal("the other viewer sees nothing new")
		}
	}
	if ready, reason := g.Display(); !ready {
		b.t.Fatalf("the display is gone: %s", reason)
	}
}

func TestAFloodOfInputHarmsNobodyElse(t *testing.T) {
	b := besiege(t, "Full control", 50*time.Millisecond)
	g := b.mustConnect()
	s := b.logOn()
	s.openScreen(1)
	s.drain()
	flood := make([]wire.Message, 20000)
	for i := range flood {
		switch i % 3 {
		case 0:
			flood[i] = &wire.Text{Text: "x"}
		default:
			flood[i] = &wire.Key{Usage: 4, Down: i%3 == 1}
		}
	}
	s.send(wire.ChannelInput, 1, flood...)
	b.alive()
	if st := b.h.State(); !st.Display.Ready {
		t.Errorf("the display is gone: %s", st.Display.Reason)
	}
	select {
	case <-g.Done():
		t.Errorf("the other session ended: %v", g.Err())
	default:
	}
}

func TestAFloodOfPointers(t *testing.T) {
	b := besiege(t, "Full control", 0)
	s := b.logOn()
	s.openScreen(1)
	s.drain()
	flood := make([]wire.Message, 400000)
	for i := range flood {
		flood[i] = &wire.Pointer{Layout: 1, X: uint16(i % 300), Y: uint16(i % 100)}
	}
	s.send(wire.ChannelInput, 1, flood...)
	b.alive()
}

func TestAResetScreenLetsGoOfItsKeys(t *testing.T) {
	b := besiege(t, "Full control", 0)
	s := b.logOn()
	s.openScreen(1)
	s.drain()
	s.send(wire.ChannelInput, 1, &wire.Key{Usage: 0xe0, Down: true})
	b.awaitLines("LeftControl down")
	s.send(wire.ChannelControl, 1, &wire.StreamReset{Code: wire.CloseDone})
	b.awaitLines("LeftControl up")
	for id := uint32(3); id < 1000; id += 2 { // a screen opens twice a second at most: input for a refused one is skipped
		changed := b.hands.Changed()
		s.openScreen(id)
		s.send(wire.ChannelInput, id, &wire.Key{Usage: 0xe1, Down: true})
		select {
		case <-changed:
			b.awaitLines("LeftShift down")
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Error("the screen never opened again")
}

func TestAFloodOfAcksAndRefreshes(t *testing.T) {
	b := besiege(t, "View only", 0)
	s, s2 := b.logOn(), b.logOn()
	for _, x := range []*stranger{s, s2} {
		x.openScreen(1)
		x.drain()
	}
	flood := make([]wire.Message, 50000)
	for i := range flood {
		flood[i] = &wire.ScreenAck{Sequence: uint32(1<<31 + i)}
		if i%2 == 1 {
			flood[i] = &wire.ScreenRefresh{}
		}
	}
	go s2.send(wire.ChannelControl, 1, flood...)
	s.send(wire.ChannelControl, 1, flood...)
	b.alive()
	if lines := b.log.count("\n"); lines > 100 {
		t.Errorf("two Guests made the Host log %d lines", lines)
	}
}

func TestAFloodOfStreams(t *testing.T) {
	b := besiege(t, "Full control", 0)
	s := b.logOn()
	s.drain()
	for i := range 5000 {
		kind := wire.StreamKind(77)
		if i%2 == 0 {
			kind = wire.KindScreen
		}
		id := uint32(2*i + 1)
		if s.send(wire.ChannelControl, id, &wire.StreamOpen{Kind: kind, Credit: 1}, &wire.StreamReset{}) != nil {
			break // more answers than the connection takes
		}
	}
	b.alive()
	if lines := b.log.count("\n"); lines > 100 {
		t.Errorf("one Guest made the Host log %d lines", lines)
	}
}

func TestTriesSideBySideDoNotOutrunTheLock(t *testing.T) {
	b := besiege(t, "Full control", 0)
	var all []*stranger
	for range 12 {
		all = append(all, b.dial())
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	answers := 0
	for _, s := range all {
		wg.Go(func() {
			if m, _, err := s.begin("a wrong password"); err == nil {
				if _, ok := m.(*wire.LogonData); ok {
					mu.Lock()
					answers++
					mu.Unlock()
				}
			}
			s.conn.Close()
		})
	}
	wg.Wait()
	if answers > 3 {
		t.Errorf("%d guesses were answered before the lock, 3 at most are allowed", answers)
	}
}

func TestAHostThatEndsSaysSo(t *testing.T) {
	for range 2 {
		b := besiege(t, "Full control", 0)
		s := b.logOn()
		b.await("the session", func(st host.State) bool { return len(st.Sessions) == 1 })
		go b.stop()
		if code, said := s.end(); !said || code != wire.CloseHostStopping {
			t.Errorf("told %v %v", code, said)
		}
		b.stop()
	}
}

func TestStopEndsLogons(t *testing.T) {
	b := besiege(t, "Full control", 0)
	s := b.dial()
	m, _, err := s.begin(goodPassword)
	if _, ok := m.(*wire.LogonData); !ok || err != nil {
		t.Fatalf("%T %v", m, err)
	}
	b.h.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var closed *wire.Closed
	if _, err := s.d.Receive(ctx); !errors.As(err, &closed) || closed.Code != wire.CloseHostStopping {
		t.Errorf("a logon while the Host stops gives %v", err)
	}
	if err := b.h.Start(); err != nil {
		t.Fatal(err)
	}
}

func TestAReplacedIdentityNeedsANewPassword(t *testing.T) {
	b := besiege(t, "Full control", 0)
	b.stop()
	if err := os.Remove(filepath.Join(b.home.HostDir(), "identity.key")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(b.home.HostDir(), "logon.json"), 0o644); err != nil {
		t.Fatal(err)
	}
	daemon, user := net.Pipe()
	defer user.Close()
	h, err := host.New(host.Config{Home: b.home, Agent: daemon, Log: slog.New(slog.NewTextHandler(b.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if h.State().PasswordSet || b.log.count("another identity") != 1 {
		t.Error("a password that no proof can hold for counts as set")
	}
	info, err := os.Stat(filepath.Join(b.home.HostDir(), "logon.json"))
	if err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("logon.json has mode %v (%v)", info.Mode(), err)
	}
}

func TestAPasswordThatWasChangedMeanwhileIsWrong(t *testing.T) {
	b := besiege(t, "Full control", 0)
	s := b.dial()
	m, proof, err := s.begin(goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.h.SetPassword("another good password"); err != nil {
		t.Fatal(err)
	}
	s.finish(m, proof)
	if m, ok := s.receive().(*wire.LogonDone); ok {
		t.Errorf("the old password was taken after the change: %+v", m)
	}
}

// TestAGuestThatDoesNotRead floods the Host with pings during the logon and reads nothing, so that the Host's next
// message blocks; the Host must end all the same.
func TestAGuestThatDoesNotRead(t *testing.T) {
	b := besiege(t, "Full control", 0)
	s := b.dial()
	s.tcp.(*net.TCPConn).SetReadBuffer(4096)
	go func() {
		for range 1_000_000 {
			if s.d.Send(&wire.Ping{Token: 1}) != nil {
				return
			}
		}
	}()
	time.Sleep(time.Second)
	done := make(chan struct{})
	go func() { b.stop(); close(done) }()
	select {
	case <-done:
	case <-time.After(8 * time.Second):
		t.Error("the Host does not end")
		s.conn.Close()
	}
}
