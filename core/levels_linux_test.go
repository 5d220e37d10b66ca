package core_test

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"strconv"
	"testing"
	"time"

	"impero/core/guest"
	"impero/core/lab"
	"impero/core/wire"
)

// Texts that a session carries, each on one channel alone.
const (
	markControl = "said-on-control"
	markInput   = "typed-on-input"
	markFirst   = "carried-on-bulk-by-the-first-connection"
	markSecond  = "carried-on-bulk-by-the-second-connection"
)

// TestLevelsOnTheWire shows what somebody on the way reads at each level, in the packets of a real session: a Guest
// logs on, types, sends and gets a stream over both connections, and sees the desktop move.
func TestLevelsOnTheWire(t *testing.T) {
	t.Parallel()
	a := &atOnce{t: t}
	for _, level := range wire.Levels() {
		a.run(level.String(), func(t *testing.T) {
			s, talks := recordedSession(t, level)
			up, down := overhear(t, talks, wire.FromGuest), overhear(t, talks, wire.FromHost)
			secrets(t, up, down)
			readableAsPromised(t, level, up, wire.ChannelInput, wire.ChannelBulk)
			readableAsPromised(t, level, down, wire.ChannelScreen, wire.ChannelBulk)
			marks(t, level, up, down)
			seen(t, level, s, down)
		})
	}
	a.all.Wait()
}

// recordedSession has a whole session at a level captured.
func recordedSession(t *testing.T, level wire.Level) (*suite, []*lab.Conversation) {
	t.Helper()
	log := newLogged()
	s := newSuite(t, "Full control", false, at(level), serving(kindEcho, echo), func(s *suite) { s.cfg.Log = slog.New(log) })
	_, port, _ := net.SplitHostPort(s.address)
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	capture := lab.StartCapture(t, nil, uint16(number))
	g := s.mustConnect()
	if g.Info().Level != level.String() {
		t.Fatalf("the session has level %q", g.Info().Level)
	}
	if _, err := g.Open(t.Context(), 0x7fff, []byte(markControl)); codeOf(err) != wire.CloseNotSupported {
		t.Fatal(err)
	}
	echoed(t, g, markFirst, func() {
		lab.WaitFor(t, 20*time.Second, "the second connection", func() bool { n, _ := log.of("joined a session"); return n > 0 })
	})
	g.Text(markInput)
	s.awaitLines(markInput)
	for range 20 {
		s.step(g)
	}
	s.awaitEqual(g)
	g.Close()
	talks, err := capture.Finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(talks) != 2 {
		t.Fatalf("%d connections were captured, want the session's two", len(talks))
	}
	return s, talks
}

// echoed sends a mark over a stream and another once second returns, and takes both back.
func echoed(t *testing.T, g *guest.Session, first string, second func()) {
	t.Helper()
	st, err := g.Open(t.Context(), kindEcho, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range []string{first, markSecond} {
		if mark == markSecond {
			second()
		}
		st.Write([]byte(mark))
		back := make([]byte, len(mark))
		if _, err := io.ReadFull(struct{ io.Reader }{st}, back); err != nil || string(back) != mark {
			t.Fatalf("%q came back: %v", back, err)
		}
	}
	st.CloseWrite()
	io.ReadAll(struct{ io.Reader }{st})
}

// secrets: handshake, logon and control are sealed at every level.
func secrets(t *testing.T, sides ...*overheard) {
	t.Helper()
	for _, o := range sides {
		if h := o.of[wire.ChannelControl]; h.readable > 0 || h.hidden == 0 {
			t.Errorf("%d records of control can be read, %d not", h.readable, h.hidden)
		}
		for _, secret := range []string{goodPassword, "ops-laptop", "till-042", "Full control", markControl} {
			if bytes.Contains(o.raw, []byte(secret)) {
				t.Errorf("%q can be read", secret)
			}
		}
	}
}

func readable(p wire.Protection) bool {
	return p == wire.ProtectIntegrity || p == wire.ProtectNothing
}

// readableAsPromised: every record of a channel can be read, or none, and those that cannot be changed have their tag.
func readableAsPromised(t *testing.T, level wire.Level, o *overheard, channels ...wire.Channel) {
	t.Helper()
	for _, ch := range channels {
		h, p := o.of[ch], level.Protection(ch)
		if n := h.readable + h.hidden; n == 0 || readable(p) && h.hidden > 0 || !readable(p) && h.readable > 0 {
			t.Errorf("%s: %d records can be read, %d not", ch, h.readable, h.hidden)
		}
		if readable(p) && (h.tagged > 0) != (p == wire.ProtectIntegrity) || h.tagged > 0 && h.tagged != h.readable {
			t.Errorf("%s: %d of %d records have a tag", ch, h.tagged, h.readable)
		}
	}
}

// marks: the texts are in the packets just where the level lets them be read.
func marks(t *testing.T, level wire.Level, up, down *overheard) {
	t.Helper()
	input, bulk := readable(level.Protection(wire.ChannelInput)), readable(level.Protection(wire.ChannelBulk))
	for _, c := range []struct {
		o    *overheard
		mark string
		want bool
	}{{up, markInput, input}, {up, markFirst, bulk}, {down, markFirst, bulk}, {up, markSecond, bulk}, {down, markSecond, bulk}} {
		if got := bytes.Contains(c.o.raw, []byte(c.mark)); got != c.want {
			t.Errorf("%q is in the packets: %t, want %t", c.mark, got, c.want)
		}
	}
	if typed := up.of[wire.ChannelInput].typed(markInput); typed != input {
		t.Errorf("what was typed can be read as a message: %t, want %t", typed, input)
	}
}

func (h *heard) typed(text string) bool {
	for _, m := range h.messages {
		if m, ok := m.(*wire.Text); ok && m.Text == text {
			return true
		}
	}
	return false
}

// seen: who is on the way sees the very picture that the Guest sees where the level lets it, and else nothing.
func seen(t *testing.T, level wire.Level, s *suite, down *overheard) {
	t.Helper()
	f, err := down.of[wire.ChannelScreen].picture()
	if err != nil {
		t.Fatal(err)
	}
	if want := readable(level.Protection(wire.ChannelScreen)); equal(f, s.display.g.Truth()) != want || (f.W > 0) != want {
		t.Errorf("a picture of %d × %d can be seen; want one to be seen: %t", f.W, f.H, want)
	}
}
