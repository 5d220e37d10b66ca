package host

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// AddressList says which addresses may connect, if it is enabled: those listed and no others. An entry is an IP address, a
// prefix ("10.20.0.0/16") or the hardware address of a computer on the same network. A hardware address is seen only there,
// and a computer can take another's: it keeps order, and no attacker.
type AddressList struct {
	Enabled bool
	Entries []string // at most 1024
}

const maxEntries = 1024

// addressList is an AddressList that is checked. It is safe for several goroutines.
type addressList struct {
	enabled  bool
	prefixes []netip.Prefix
	macs     map[string]bool // by their bytes
	near     *neighbours
}

func newAddressList(l AddressList) (*addressList, error) {
	if len(l.Entries) > maxEntries {
		return nil, fmt.Errorf("the list of addresses has %d entries, at most %d are taken", len(l.Entries), maxEntries)
	}
	a := &addressList{enabled: l.Enabled, macs: map[string]bool{}, near: &neighbours{look: hardwareAddresses}}
	var bad []error
	for _, e := range l.Entries {
		if err := a.add(strings.TrimSpace(e)); err != nil {
			bad = append(bad, err)
		}
	}
	return a, errors.Join(bad...)
}

func (a *addressList) add(entry string) error {
	if p, err := netip.ParsePrefix(entry); err == nil {
		if ip := p.Addr(); ip.Is4In6() {
			return fmt.Errorf("%q: write the IPv4 prefix itself", entry)
		}
		a.prefixes = append(a.prefixes, p.Masked())
		return nil
	}
	if ip, err := netip.ParseAddr(entry); err == nil && ip.Zone() == "" {
		ip = ip.Unmap()
		a.prefixes = append(a.prefixes, netip.PrefixFrom(ip, ip.BitLen()))
		return nil
	}
	if mac, err := net.ParseMAC(entry); err == nil && len(mac) == 6 {
		a.macs[string(mac)] = true
		return nil
	}
	return fmt.Errorf("%q is no IP address, prefix or hardware address", entry)
}

// allows says whether somebody may connect from an address.
func (a *addressList) allows(from netip.Addr) bool {
	if !a.enabled {
		return true
	}
	from = from.Unmap().WithZone("")
	for _, p := range a.prefixes {
		if p.Contains(from) {
			return true
		}
	}
	return len(a.macs) > 0 && a.macs[a.near.of(from)]
}

// String is for the log.
func (a *addressList) String() string {
	if !a.enabled {
		return "every address"
	}
	s := fmt.Sprintf("%d addresses and prefixes, %d hardware addresses", len(a.prefixes), len(a.macs))
	if _, err := hardwareAddresses(); err != nil && len(a.macs) > 0 {
		s += ", which cannot be seen here: " + err.Error()
	}
	return s
}

// neighboursFor is how long the system's table is taken to be right: it is read no more often, whoever calls.
const neighboursFor = 2 * time.Second

// neighbours are the hardware addresses of the computers on the same network, as the system knows them.
type neighbours struct {
	look func() (map[netip.Addr]string, error)

	mu   sync.Mutex
	read time.Time
	now  map[netip.Addr]string
}

// of gives the hardware address of a computer, empty if it is not seen.
func (n *neighbours) of(ip netip.Addr) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if time.Since(n.read) > neighboursFor {
		n.now, _ = n.look() // what cannot be seen is nobody
		n.read = time.Now()
	}
	return n.now[ip]
}
