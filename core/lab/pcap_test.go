package lab

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net/netip"
	"strings"
	"testing"
)

// pcapFile makes a pcap file of packets.
func pcapFile(order binary.AppendByteOrder, link uint32, packets ...[]byte) []byte {
	b := order.AppendUint32(nil, 0xa1b2c3d4)
	b = order.AppendUint16(order.AppendUint16(b, 2), 4)
	b = append(b, make([]byte, 8)...)
	b = order.AppendUint32(order.AppendUint32(b, maxPacket), link)
	for _, p := range packets {
		b = append(b, make([]byte, 8)...)
		b = order.AppendUint32(order.AppendUint32(b, uint32(len(p))), uint32(len(p)))
		b = append(b, p...)
	}
	return b
}

const (
	fin = 1
	syn = 2
	ack = 16
)

var (
	caller = netip.MustParseAddrPort("10.99.1.1:40000")
	called = netip.MustParseAddrPort("10.99.1.2:6502")
)

// tcp4 is an IPv4 packet with a TCP segment.
func tcp4(from, to netip.AddrPort, sequence uint32, flags byte, payload string) []byte {
	b := []byte{0x45, 0, 0, byte(0), 0, 0, 0x40, 0, 64, 6, 0, 0}
	binary.BigEndian.PutUint16(b[2:], uint16(40+len(payload)))
	b = append(append(b, from.Addr().AsSlice()...), to.Addr().AsSlice()...)
	b = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, from.Port()), to.Port())
	b = binary.BigEndian.AppendUint32(b, sequence)
	b = append(b, 0, 0, 0, 0, 5<<4, flags, 0xff, 0xff, 0, 0, 0, 0)
	return append(b, payload...)
}

func readPcap(t *testing.T, file []byte) []*Conversation {
	t.Helper()
	list, err := ReadPackets(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestPacketsArePutTogether(t *testing.T) {
	first := uint32(0xfffffffa) // the numbers wrap around in the middle
	packets := [][]byte{
		tcp4(caller, called, first, syn, ""),
		tcp4(called, caller, 500, syn|ack, ""),
		tcp4(caller, called, first+1, ack, "0123"),
		tcp4(caller, called, first+9, ack, "89"), // before what precedes it
		tcp4(caller, called, first+1, ack, "0123"),
		tcp4(caller, called, first+3, ack, "234567"), // overlaps
		tcp4(called, caller, 501, ack|fin, "answer"),
		{0x45}, {0x60}, tcp4(caller, called, 1, ack, "x")[:39],
	}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		list := readPcap(t, pcapFile(order, linkRaw, packets...))
		if len(list) != 1 {
			t.Fatalf("%d conversations", len(list))
		}
		c := list[0]
		if c.Client != caller || c.Server != called || string(c.ToServer) != "0123456789" || string(c.ToClient) != "answer" || c.Missing != 0 {
			t.Errorf("%v to %v: %q, %q, missing %d", c.Client, c.Server, c.ToServer, c.ToClient, c.Missing)
		}
	}
}

func TestPacketsThatAreMissing(t *testing.T) {
	list := readPcap(t, pcapFile(binary.LittleEndian, linkRaw,
		tcp4(caller, called, 0, syn, ""), tcp4(caller, called, 1, ack, "ab"), tcp4(caller, called, 1<<30, ack, "yz")))
	if c := list[0]; string(c.ToServer) != "abyz" || c.Missing != 1<<30-3 {
		t.Errorf("%q, missing %d", c.ToServer, c.Missing)
	}
	list = readPcap(t, pcapFile(binary.LittleEndian, linkRaw, // begun in the middle
		tcp4(called, caller, 1000, syn|ack, ""), tcp4(caller, called, 77, ack, "cd"), tcp4(caller, called, 75, ack, "ab")))
	if c := list[0]; c.Client != caller || string(c.ToServer) != "abcd" || c.Missing != 0 {
		t.Errorf("%v: %q, missing %d", c.Client, c.ToServer, c.Missing)
	}
}

func TestPortUsedAgain(t *testing.T) {
	list := readPcap(t, pcapFile(binary.LittleEndian, linkRaw,
		tcp4(caller, called, 10, syn, ""), tcp4(caller, called, 11, ack, "one"),
		tcp4(caller, called, 9000, syn, ""), tcp4(caller, called, 9000, syn, ""), tcp4(caller, called, 9001, ack, "two")))
	if len(list) != 2 || string(list[0].ToServer) != "one" || string(list[1].ToServer) != "two" {
		t.Errorf("%d conversations", len(list))
	}
}

func TestOtherLinks(t *testing.T) {
	ethernet := append(make([]byte, 14), tcp4(caller, called, 1, ack, "text")...)
	if list := readPcap(t, pcapFile(binary.LittleEndian, linkEthernet, ethernet)); string(list[0].ToServer) != "text" {
		t.Errorf("%q", list[0].ToServer)
	}
	six := append([]byte{0x60, 0, 0, 0, 0, 24, 6, 64}, make([]byte, 32)...)
	six = append(six, tcp4(caller, called, 1, ack, "text")[20:]...)
	if list := readPcap(t, pcapFile(binary.LittleEndian, linkRaw, six)); string(list[0].ToServer) != "text" {
		t.Errorf("%q", list[0].ToServer)
	}
}

func TestOtherFiles(t *testing.T) {
	huge := pcapFile(binary.LittleEndian, linkRaw, nil)
	binary.LittleEndian.PutUint32(huge[24+8:], 1<<31)
	for name, file := range map[string][]byte{
		"nothing": nil, "text": []byte(strings.Repeat("text", 10)), "another link": pcapFile(binary.LittleEndian, 113), "a huge packet": huge,
	} {
		if _, err := ReadPackets(bytes.NewReader(file)); !errors.Is(err, ErrPcap) {
			t.Errorf("%s: %v", name, err)
		}
	}
	whole := pcapFile(binary.LittleEndian, linkRaw, tcp4(caller, called, 1, ack, "text"), tcp4(caller, called, 5, ack, "more"))
	if list := readPcap(t, whole[:len(whole)-1]); string(list[0].ToServer) != "text" {
		t.Errorf("of a file that is cut short: %q", list[0].ToServer)
	}
}

func FuzzReadPackets(f *testing.F) {
	f.Add(pcapFile(binary.LittleEndian, linkRaw, tcp4(caller, called, 1, syn, ""), tcp4(caller, called, 2, ack, "text")))
	f.Add(pcapFile(binary.BigEndian, linkEthernet, append(make([]byte, 14), tcp4(called, caller, 1, ack, "x")...)))
	f.Fuzz(func(t *testing.T, file []byte) {
		list, err := ReadPackets(bytes.NewReader(file))
		if err != nil {
			return
		}
		for _, c := range list {
			if len(c.ToServer)+len(c.ToClient) > len(file) || c.Missing < 0 {
				t.Errorf("%d and %d bytes, %d missing, from %d", len(c.ToServer), len(c.ToClient), c.Missing, len(file))
			}
		}
	})
}
