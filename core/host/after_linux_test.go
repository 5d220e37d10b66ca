package host

import (
	"context"
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"
)

// TestWhatIsAskedOfTheSystem shows the very commands.
func TestWhatIsAskedOfTheSystem(t *testing.T) {
	for _, c := range []struct {
		session string
		what    AfterSession
		want    string
	}{
		{"7", AfterLock, "loginctl lock-session 7"}, {"", AfterLock, "loginctl lock-sessions"},
		{"7", AfterLogOff, "loginctl terminate-session 7"}, {"", AfterLogOff, "loginctl terminate-seat seat0"},
		{"7", AfterRestart, "systemctl reboot"}, {"7", AfterNothing, ""},
	} {
		t.Setenv("XDG_SESSION_ID", c.session)
		var ran []string
		err := System{Run: func(_ context.Context, s Step) error {
			ran = append(ran, s.Name+" "+strings.Join(s.Args, " "))
			return nil
		}}.Do(t.Context(), c.what)
		if got := strings.Join(ran, "; "); err != nil || got != c.want {
			t.Errorf("%s in session %q: %q, %v", c.what, c.session, got, err)
		}
	}
}

func neighbourOf(state uint16, ip netip.Addr, mac string) []byte {
	b := make([]byte, ndmsgLen)
	binary.NativeEndian.PutUint16(b[ndmState:], state)
	add := func(kind uint16, value []byte) {
		b = binary.NativeEndian.AppendUint16(b, uint16(4+len(value)))
		b = binary.NativeEndian.AppendUint16(b, kind)
		b = append(b, value...)
		for len(b)%4 != 0 {
			b = append(b, 0)
		}
	}
	add(ndaDst, ip.AsSlice())
	add(ndaLladdr, []byte(mac))
	return b
}

func TestNeighbourTakenApart(t *testing.T) {
	ip := netip.MustParseAddr("10.0.0.7")
	if got, mac, ok := neighbour(neighbourOf(2, ip, "abcdef")); !ok || got != ip || mac != "abcdef" {
		t.Errorf("%s %q %t", got, mac, ok)
	}
	if _, _, ok := neighbour(neighbourOf(nudFailed, ip, "abcdef")); ok {
		t.Error("one that does not answer is taken")
	}
	if _, _, ok := neighbour(neighbourOf(2, ip, "")); ok {
		t.Error("one without a hardware address is taken")
	}
	if _, err := hardwareAddresses(); err != nil {
		t.Errorf("the system's table: %v", err)
	}
}

func FuzzNeighbour(f *testing.F) {
	f.Add(neighbourOf(2, netip.MustParseAddr("10.0.0.7"), "abcdef"))
	f.Add(neighbourOf(2, netip.MustParseAddr("fe80::1"), "abcdef"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if ip, mac, ok := neighbour(b); ok && (!ip.IsValid() || len(mac) != 6) {
			t.Fatalf("%s %q", ip, mac)
		}
	})
}
