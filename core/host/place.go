package host

import "net/netip"

// place is where a caller comes from, as narrow and as wide as it is judged. An owner of an IPv6 line has a /64 at
// least, often a /56 or a /48; who rents IPv4 addresses often gets neighbours.
type place struct {
	ip      netip.Addr   // what is shown
	address netip.Prefix // /32, IPv6 /64
	site    netip.Prefix // IPv6 /56; of IPv4 the address
	network netip.Prefix // /24, IPv6 /48
	way     string       // the communication profile it came by, where that is known
}

func placeOf(a netip.Addr) place {
	a = a.Unmap().WithZone("")
	if a.Is4() {
		address := cut(a, 32)
		return place{ip: a, address: address, site: address, network: cut(a, 24)}
	}
	return place{ip: a, address: cut(a, 64), site: cut(a, 56), network: cut(a, 48)}
}

func cut(a netip.Addr, bits int) netip.Prefix {
	p, _ := a.Prefix(bits) // fails only for a number of bits that a has not
	return p
}
