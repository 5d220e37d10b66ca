package host

import (
	"cmp"
	"net"
	"os"
	"slices"
	"time"

	"impero/core/wire"
)

// Display says whether there is a screen to share, and if not, why.
type Display struct {
	Ready  bool
	Reason string
}

// State is what is true of a Host now.
type State struct {
	Name        string
	Addresses   []string // of this computer, without the port
	Port        int      // of the first listening address, or the one it would listen on
	Listens     []string // where it listens, "address:port"
	Profiles    []string // that listen
	Fingerprint string
	Running     bool      // communication is started
	Since       time.Time // Running since
	PasswordSet bool
	Mode        Mode     // the guest security mode
	Refused     *Refusal // the last logon that was refused; nil for none
	Role        string   // that a logon gives
	Levels      []string // the encryption levels allowed, from the strongest on
	Display     Display
	Protected   []Scope // where the maintenance password is asked for
	Problem     string  // why communication could not be started, in words
	Trouble     string  // what is wrong with the configuration, in words; empty for nothing
	MaxSessions int     // how many Guests are served at once
	Sessions    []Session
	Waiting     int // Guests that the Host's user is asked about
}

// CanLogOn says whether there is a way to log on, so that listening makes sense.
func (s *State) CanLogOn() bool { return s.Mode != ModeImpero || s.PasswordSet }

// Session is one connected Guest.
type Session struct {
	ID                   uint32
	User, Computer, From string
	Role, Level          string
	Activity             string // "Remote control", or empty before the screen is shown
	MayControl           bool   // the role allows keyboard and mouse
	Since                time.Time
	Lost                 time.Time     // without a connection since; zero if it has one
	Until                time.Time     // while Lost: the session is kept so long
	Idle                 time.Duration // it ends when its Guest does nothing for so long; 0 for never
	Ends                 time.Time     // it ends then at the latest; zero for never
}

// Changes gives a signal when State is another than before; signals come together.
func (h *Host) Changes() <-chan struct{} { return h.changes }

// PublicKey is the Host's identity as text, for a Guest that is to know it beforehand.
func (h *Host) PublicKey() string { return h.identity.Public().Text() }

// State gives a copy of the Host's state, sessions in order of their beginning.
func (h *Host) State() State {
	h.mu.Lock()
	defer h.mu.Unlock()
	com := h.com.Load()
	s := State{
		Name: com.Name, Addresses: h.served(), Fingerprint: h.identity.Public().Fingerprint(),
		Running: !h.since.IsZero(), Since: h.since, PasswordSet: h.verifier != nil, Role: h.logonRole(),
		Mode: h.access.Mode, Refused: h.refused, Protected: h.access.Maintenance.scopes(),
		Levels: levelNames(com.Levels), Display: h.display, Problem: h.problem, Trouble: h.trouble, MaxSessions: h.access.sessionLimit(), Waiting: h.asks.count(),
	}
	if s.Running {
		for _, l := range h.listeners {
			s.Listens = append(s.Listens, l.Addr().String())
		}
		s.Profiles = h.profiles()
		s.Port = h.listeners[0].Addr().(*net.TCPAddr).Port
	} else if all := com.addresses(); len(all) > 0 {
		_, port, _ := net.SplitHostPort(all[0])
		s.Port, _ = net.LookupPort("tcp", port)
	}
	for _, g := range h.sessions {
		s.Sessions = append(s.Sessions, g.describe())
	}
	slices.SortFunc(s.Sessions, func(a, b Session) int { return cmp.Compare(a.ID, b.ID) })
	return s
}

// profiles names those that listen; mu is held.
func (h *Host) profiles() (list []string) {
	for _, l := range h.listeners {
		if !slices.Contains(list, l.profile) {
			list = append(list, l.profile)
		}
	}
	return list
}

// Idle is for how long the Host runs without a session; 0 while there is one.
func (h *Host) Idle() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.sessions) > 0 || h.empty.IsZero() {
		return 0
	}
	return time.Since(h.empty)
}

// SetTrouble says what is wrong with the configuration, for whoever sees the State; empty for nothing.
func (h *Host) SetTrouble(words string) {
	h.mu.Lock()
	h.trouble = words
	h.mu.Unlock()
	h.changed()
}

// ComputerName is the name of this computer, as far as it can be a Host's.
func ComputerName() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		name = "Host"
	}
	return name[:min(len(name), wire.MaxName)]
}

// served lists the addresses that Guests can dial: those listened on, or all of this computer's if one of them stands for
// all. mu is held.
func (h *Host) served() []string {
	var list []string
	for _, address := range h.com.Load().addresses() {
		name, _, _ := net.SplitHostPort(address)
		if ip := net.ParseIP(name); name == "" || ip != nil && ip.IsUnspecified() {
			return addresses()
		}
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// addresses lists this computer's addresses that others can dial, IPv4 first.
func addresses() []string {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var v4, v6 []string
	for _, a := range list {
		n, ok := a.(*net.IPNet)
		switch {
		case !ok || n.IP.IsLoopback():
		case n.IP.To4() != nil:
			v4 = append(v4, n.IP.String())
		default:
			v6 = append(v6, n.IP.String())
		}
	}
	return append(v4, v6...)
}
