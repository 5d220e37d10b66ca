package apps_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"impero/core/guest"
	"impero/core/lab"
	"impero/core/store"
)

// network is one between a Guest and a Host that can be cut.
type network struct {
	t       *testing.T
	l       net.Listener
	far     string
	mu      sync.Mutex
	cut     bool
	carries []net.Conn
}

// newNetwork leads to an address until the test ends.
func newNetwork(t *testing.T, far string) *network {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &network{t: t, l: l, far: far}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			n.carry(near, &wg)
		}
	})
	t.Cleanup(func() { l.Close(); n.set(true); wg.Wait() })
	return n
}

// carry leads one connection on, unless the network is cut.
func (n *network) carry(near net.Conn, wg *sync.WaitGroup) {
	n.mu.Lock()
	defer n.mu.Unlock()
	far, err := net.Dial("tcp", n.far)
	if err != nil || n.cut {
		near.Close()
		return
	}
	n.carries = append(n.carries, near, far)
	wg.Go(func() { io.Copy(far, near); far.Close() })
	wg.Go(func() { io.Copy(near, far); near.Close() })
}

// set cuts the network or mends it.
func (n *network) set(cut bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut = cut
	for _, c := range n.carries {
		c.Close()
	}
	n.carries = nil
}

func TestHeadlessGuestOutlivesALostConnection(t *testing.T) {
	far, near := newPC(t), newPC(t)
	hostProcess, address := far.host("Full control", "--headless")
	n := newNetwork(t, address)
	near.knows(far, n.l.Addr().String())
	g := near.start(near.command(password+"\n", "ImperoGuest", "--headless", "-H", n.l.Addr().String(), "-P", "-"))
	said := func(process *bytes.Buffer, text string, times int) {
		t.Helper()
		lab.WaitFor(t, patience, text, func() bool { return strings.Count(process.String(), text) >= times })
	}
	out := g.Stdout.(*bytes.Buffer)
	said(out, "800 × 600", 1)
	n.set(true)
	said(out, "connection lost, trying until ", 1)
	said(hostProcess.Stdout.(*bytes.Buffer), "has lost the connection. Nobody sees this screen now.", 1)
	n.set(false)
	said(out, "  resumed\n", 1)
	said(hostProcess.Stdout.(*bytes.Buffer), "sees and controls this computer", 2)
	said(out, "800 × 600", 3)
}

func TestNoCommonEncryptionLevelIsSaidWithWords(t *testing.T) {
	far, near := newPC(t), newPC(t)
	_, address := far.host("Full control", "--headless", "--allowed-encryptions", "no-encryption,Keyboard")
	near.knows(far, address)
	code, out := near.ends(password+"\n", "ImperoGuest", "--headless", "-H", address, "-P", "-")
	if code != 5 || !strings.Contains(out, "This Host allows only Keyboard and No encryption; your profile Internet (TCP) allows Very high and High") {
		t.Errorf("it ends with %d: %s", code, out)
	}
	e, err := guest.New(guest.Config{Home: store.At(near.home)})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.SaveProfile("", guest.Profile{Name: "Weak", Port: 6502, Levels: []string{"Keyboard"}, Preferred: "Keyboard"}); err != nil {
		t.Fatal(err)
	}
	target, err := e.Target(address, "Weak")
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Remember(target, publicKey(t, far.home)); err != nil {
		t.Fatal(err)
	}
	code, out = near.ends(password+"\n", "ImperoGuest", "--headless", "-H", address, "-P", "-", "--profile", "Weak", "--json", "--for", "3s")
	if code != 0 || !strings.Contains(out, `"level":"Keyboard"`) {
		t.Errorf("with a profile that allows Keyboard it ends with %d: %s", code, out)
	}
	for line := range strings.Lines(out) {
		if !json.Valid([]byte(line)) || !strings.Contains(line, `"width":800,"height":600,`) {
			t.Errorf("a line is %s", line)
		}
	}
}
