package host

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"syscall"
)

// Attributes of a neighbour (linux/neighbour.h), the length of its header (struct ndmsg), and states that are none.
const (
	ndaDst       = 1
	ndaLladdr    = 2
	ndmsgLen     = 12
	ndmState     = 8    // offset of the state in the header
	nudIncpl     = 0x01 // being asked for
	nudFailed    = 0x20
	maxNeighbour = 1 << 16 // entries that are kept: the system's own table is smaller
)

// hardwareAddresses reads the system's table of neighbours.
func hardwareAddresses() (map[netip.Addr]string, error) {
	table, err := syscall.NetlinkRIB(syscall.RTM_GETNEIGH, syscall.AF_UNSPEC)
	if err != nil {
		return nil, fmt.Errorf("read the table of neighbours: %w", err)
	}
	messages, err := syscall.ParseNetlinkMessage(table)
	if err != nil {
		return nil, fmt.Errorf("read the table of neighbours: %w", err)
	}
	found := map[netip.Addr]string{}
	for _, m := range messages {
		if m.Header.Type == syscall.RTM_NEWNEIGH && len(found) < maxNeighbour {
			if ip, mac, ok := neighbour(m.Data); ok {
				found[ip] = mac
			}
		}
	}
	return found, nil
}

// neighbour takes one entry apart: a header and attributes of length u16, type u16, value, each padded to 4 bytes; in the
// machine's order.
func neighbour(b []byte) (ip netip.Addr, mac string, ok bool) {
	if len(b) < ndmsgLen {
		return ip, "", false
	}
	if state := binary.NativeEndian.Uint16(b[ndmState:]); state&(nudIncpl|nudFailed) != 0 {
		return ip, "", false
	}
	for b = b[ndmsgLen:]; len(b) >= 4; {
		n, kind := int(binary.NativeEndian.Uint16(b)), binary.NativeEndian.Uint16(b[2:])
		if n < 4 || n > len(b) {
			return ip, "", false
		}
		switch value := b[4:n]; kind {
		case ndaDst:
			ip, _ = netip.AddrFromSlice(value)
		case ndaLladdr:
			mac = string(value)
		}
		b = b[min(len(b), (n+3)&^3):]
	}
	return ip.Unmap(), mac, ip.IsValid() && len(mac) == 6
}
