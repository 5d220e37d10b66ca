package lab

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
)

// Limits of a pcap file that is read.
const (
	maxCaptured = 512 << 20 // bytes of payload, all kept in memory
	maxPacket   = 1 << 18   // bytes of one packet, as tcpdump has it
)

// Kinds of packets in a pcap file (LINKTYPE_… of the pcap format).
const (
	linkEthernet = 1
	linkRaw      = 101
	linkIPv4     = 228
	linkIPv6     = 229
)

// Conversation is what was said over one TCP connection.
type Conversation struct {
	Client, Server     netip.AddrPort // the client sent the first packet
	ToServer, ToClient []byte         // as the receiver's program got it
	// Missing counts bytes that the capture lacks before others it has. They
	// are left out above.
	Missing int64
}

// ErrPcap is wrapped by every error about the content of a pcap file.
var ErrPcap = errors.New("not a pcap file that can be read")

// ReadPackets reads a pcap file (the classic format, of any byte order, with
// Ethernet or bare IP packets) and puts the TCP payload of each direction
// together: repeated and reordered segments are sorted out. The conversations
// stand in the order in which they began. Other packets are skipped, a last
// one that is cut short too. Payload of more than 512 MiB is an error.
func ReadPackets(r io.Reader) ([]*Conversation, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	order, link, err := pcapHeader(b)
	if err != nil {
		return nil, err
	}
	table := conversations{open: map[[2]netip.AddrPort]*talk{}}
	packet := make([]byte, maxPacket)
	for {
		var header [16]byte // seconds, fraction, length here, length on the wire
		if _, err := io.ReadFull(b, header[:]); err == io.EOF || err == io.ErrUnexpectedEOF {
			return table.finish(), nil
		} else if err != nil {
			return nil, fmt.Errorf("read packets: %w", err)
		}
		n := order.Uint32(header[8:])
		if n > maxPacket {
			return nil, fmt.Errorf("%w: a packet of %d bytes", ErrPcap, n)
		}
		if _, err := io.ReadFull(b, packet[:n]); err == io.EOF || err == io.ErrUnexpectedEOF {
			return table.finish(), nil
		} else if err != nil {
			return nil, fmt.Errorf("read packets: %w", err)
		}
		if s, ok := parsePacket(link, packet[:n]); ok {
			if err := table.add(s); err != nil {
				return nil, err
			}
		}
	}
}

// pcapHeader reads a file's header: magic u32 · version u16 u16 · zone i32 ·
// accuracy u32 · longest packet u32 · link type u32.
func pcapHeader(r io.Reader) (binary.ByteOrder, uint32, error) {
	var header [24]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return nil, 0, fmt.Errorf("%w: %w", ErrPcap, err)
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if magic := order.Uint32(header[:]); magic == 0xa1b2c3d4 || magic == 0xa1b23c4d { // micro-, nanoseconds
			link := order.Uint32(header[20:]) & 0xffff
			if !slices.Contains([]uint32{linkEthernet, linkRaw, linkIPv4, linkIPv6}, link) {
				return nil, 0, fmt.Errorf("%w: link type %d", ErrPcap, link)
			}
			return order, link, nil
		}
	}
	return nil, 0, fmt.Errorf("%w: another magic", ErrPcap)
}

// segment is one TCP segment; its payload aliases the packet.
type segment struct {
	from, to netip.AddrPort
	sequence uint32
	syn, ack bool
	payload  []byte
}

// parsePacket takes an IPv4 or IPv6 packet that is a whole TCP segment.
func parsePacket(link uint32, p []byte) (segment, bool) {
	if link == linkEthernet {
		if len(p) < 14 {
			return segment{}, false
		}
		p = p[14:] // what is no IP packet has another version below
	}
	if len(p) < 20 {
		return segment{}, false
	}
	switch p[0] >> 4 {
	case 4:
		header, total := int(p[0]&15)*4, int(binary.BigEndian.Uint16(p[2:]))
		if fragment := binary.BigEndian.Uint16(p[6:]) & 0x3fff; p[9] != 6 || fragment != 0 || header < 20 {
			return segment{}, false
		}
		from, to := netip.AddrFrom4([4]byte(p[12:16])), netip.AddrFrom4([4]byte(p[16:20]))
		return parseTCP(from, to, p, header, total)
	case 6:
		if len(p) < 40 || p[6] != 6 {
			return segment{}, false
		}
		from, to := netip.AddrFrom16([16]byte(p[8:24])), netip.AddrFrom16([16]byte(p[24:40]))
		total := int(binary.BigEndian.Uint16(p[4:]))
		if total > 0 {
			total += 40
		}
		return parseTCP(from, to, p, 40, total)
	}
	return segment{}, false
}

// parseTCP takes the segment after the IP header. A total of 0 means that the
// packet was too large for the field, as the kernel's own may be.
func parseTCP(from, to netip.Addr, p []byte, header, total int) (segment, bool) {
	if total == 0 {
		total = len(p)
	}
	if total > len(p) || total < header+20 {
		return segment{}, false
	}
	p = p[header:total]
	data := int(p[12]>>4) * 4
	if data < 20 || data > len(p) {
		return segment{}, false
	}
	return segment{
		from:     netip.AddrPortFrom(from, binary.BigEndian.Uint16(p)),
		to:       netip.AddrPortFrom(to, binary.BigEndian.Uint16(p[2:])),
		sequence: binary.BigEndian.Uint32(p[4:]),
		syn:      p[13]&2 != 0, ack: p[13]&16 != 0,
		payload: p[data:],
	}, true
}

// conversations puts segments together.
type conversations struct {
	open  map[[2]netip.AddrPort]*talk // by client and server
	all   []*talk
	bytes int
}

type talk struct {
	client, server netip.AddrPort
	up, down       half
}

// half is one direction of a talk.
type half struct {
	known bool   // start is
	syn   bool   // and exact
	start uint32 // sequence number of the first byte
	next  int64  // after the highest byte seen, counted from start
	parts []part
}

type part struct {
	at   int64
	data []byte
}

func (c *conversations) add(s segment) error {
	if c.bytes += len(s.payload); c.bytes > maxCaptured {
		return fmt.Errorf("%w: more than %d bytes of payload", ErrPcap, maxCaptured)
	}
	if k := c.open[[2]netip.AddrPort{s.to, s.from}]; k != nil {
		k.down.add(s)
		return nil
	}
	key := [2]netip.AddrPort{s.from, s.to}
	k := c.open[key]
	if k == nil || s.syn && !s.ack && k.up.known && k.up.start != s.sequence+1 { // the port is used again
		k = &talk{client: s.from, server: s.to}
		if s.syn && s.ack { // the client's first packet is not here
			k = &talk{client: s.to, server: s.from}
			c.open[[2]netip.AddrPort{s.to, s.from}] = k
			c.all = append(c.all, k)
			k.down.add(s)
			return nil
		}
		c.open[key] = k
		c.all = append(c.all, k)
	}
	k.up.add(s)
	return nil
}

func (h *half) add(s segment) {
	sequence := s.sequence
	if s.syn {
		sequence++ // it counts as a byte
		if !h.known {
			h.known, h.syn, h.start = true, true, sequence
		}
	}
	if len(s.payload) == 0 {
		return
	}
	if !h.known {
		h.known, h.start = true, sequence
	}
	// The number wraps around; this one is within 2 GiB of the highest.
	at := h.next + int64(int32(sequence-(h.start+uint32(h.next))))
	h.next = max(h.next, at+int64(len(s.payload)))
	h.parts = append(h.parts, part{at, slices.Clone(s.payload)})
}

// join gives the bytes in their order, and how many are missing between.
func (h *half) join() (text []byte, missing int64) {
	slices.SortStableFunc(h.parts, func(a, b part) int { return cmp.Compare(a.at, b.at) })
	var at int64
	if len(h.parts) > 0 && !h.syn {
		at = h.parts[0].at
	}
	for _, p := range h.parts {
		if p.at > at {
			missing += p.at - at
			at = p.at
		}
		if end := p.at + int64(len(p.data)); end > at {
			text = append(text, p.data[at-p.at:]...)
			at = end
		}
	}
	return text, missing
}

func (c *conversations) finish() []*Conversation {
	var list []*Conversation
	for _, k := range c.all {
		up, missingUp := k.up.join()
		down, missingDown := k.down.join()
		list = append(list, &Conversation{k.client, k.server, up, down, missingUp + missingDown})
	}
	return list
}
