package host

import "net/netip"

// place is where a caller comes from, as narrow and as wide as it is judged. An owner of an IPv6 line has a /64 at
// least, often a /56 or a /48; who rents IPv4 addresses often gets neighbours.
type place struct {
	ip      netip.Addr   // what is shown
	address netip.Prefix // /32, IPv6 /64
	site    netip.Prefix // IPv6 /56; of IPv4 the address
	network netip.Prefix // /24, IPv6 /48
}

func placeOf(a netip.Addr) place {
	a = a.Unmap().WithZone("")
	if a.Is4() {
		address := cut(a, 32)
		return place{a, address, address, cut(a, 24)}
	}
	return place{a, cut(a, 64), cut(a, 56), cut(a, 48)}
}

func cut(a netip.Addr, bits int) netip.Prefix {
	p, _ := a.Prefix(bits) // fails only for a number of bits that a has not
	return p
}
