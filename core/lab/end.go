package lab

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"testing"
)

// device is what the network device of each end of a link is called.
const device = "line"

// End is one of the two computers of a Link: a network namespace.
type End struct {
	Name   string // "A" or "B"
	space  *namespace
	device *tun

	mu         sync.Mutex // guards all below
	address    netip.Addr
	congestion string // "" for the system's own
}

// newEnd makes a namespace with a loopback and one device.
func newEnd(name string, address netip.Addr) (*End, error) {
	e := &End{Name: name, address: address}
	var err error
	if e.space, err = newNamespace(); err != nil {
		return nil, err
	}
	if e.device, err = e.space.openTUN(device); err == nil {
		err = e.space.ip("link set lo up", fmt.Sprintf("link set %s mtu %d up", device, mtu),
			add(address), route(address, ""))
	}
	if err != nil {
		e.close()
		return nil, err
	}
	return e, nil
}

// Commands of ip. The route is our own, so that it can carry the congestion
// control, and so that a new address has it from the beginning.
func add(address netip.Addr) string {
	return fmt.Sprintf("address add %v/24 dev %s noprefixroute", address, device)
}

func route(address netip.Addr, congestion string) string {
	command := fmt.Sprintf("route replace %v dev %s src %v", network(address), device, address)
	if congestion != "" {
		command += " congctl " + congestion
	}
	return command
}

// network is the /24 that an address is in.
func network(address netip.Addr) netip.Prefix { return netip.PrefixFrom(address, 24).Masked() }

func (e *End) close() error {
	err := e.device.close()
	e.space.close()
	return err
}

// Addr is this end's address. Only that of A can change, by [Link.Flip].
func (e *End) Addr() netip.Addr {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.address
}

// move replaces the address.
func (e *End) move(to netip.Addr) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	err := e.space.ip(fmt.Sprintf("address del %v/24 dev %s", e.address, device), add(to), route(to, e.congestion))
	if err != nil {
		return err
	}
	e.address = to
	return nil
}

// CongestionControl sets how TCP at this end finds its rate: "bbr", "cubic",
// "reno", or "" for the system's own. It counts for every connection over the
// link that is made or accepted from now on, whichever program has it. It is an
// error if the kernel has none of that name loaded.
func (e *End) CongestionControl(name string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.space.ip(route(e.address, name)); err != nil {
		return fmt.Errorf("set congestion control %q: %w", name, err)
	}
	e.congestion = name
	return nil
}

// Do runs f in this end: sockets that f makes, on the goroutine it is called
// on, belong to it for as long as they live, and can be used from anywhere.
// What f changes of its thread is gone with it.
func (e *End) Do(f func() error) error { return e.space.do(f) }

// Dial connects from this end to a TCP address: of the other end, or of this
// one's loopback. Names are not resolved.
func (e *End) Dial(ctx context.Context, address string) (net.Conn, error) {
	var conn net.Conn
	err := e.dialable(address, func() (err error) {
		conn, err = new(net.Dialer).DialContext(ctx, "tcp", address)
		return err
	})
	return conn, err
}

// Listen listens at a TCP address of this end. An empty host is every address,
// port 0 a free one.
func (e *End) Listen(address string) (net.Listener, error) {
	var listener net.Listener
	err := e.dialable(address, func() (err error) {
		listener, err = net.Listen("tcp4", address)
		return err
	})
	return listener, err
}

// dialable runs f here if the address needs no name server: the answer would
// be asked for on another thread, in another network.
func (e *End) dialable(address string, f func() error) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if host != "" && net.ParseIP(host) == nil {
		return fmt.Errorf("%q is not an IP address", host)
	}
	return e.Do(f)
}

// Run starts a program in this end, as [RunProcess] does otherwise: its
// network is this end's, all else is as everywhere. (X displays are reached by
// file, so they work.)
func (e *End) Run(ctx context.Context, display string, argv ...string) (*Process, error) {
	return run(ctx, command{argv: argv, display: display, space: e.space})
}

// Start is [End.Run] for a test.
func (e *End) Start(t testing.TB, display string, argv ...string) *Process {
	t.Helper()
	return start(t, command{argv: argv, display: display, space: e.space})
}
