package wire

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Channel separates the traffic of one connection by urgency. Each connection, direction and channel has its own key
// and counter; order holds within a channel only.
type Channel uint8

const (
	ChannelControl Channel = 1 // handshake, logon, streams' administration, keepalive
	ChannelInput   Channel = 2 // keyboard and mouse
	ChannelAudio   Channel = 3
	ChannelScreen  Channel = 4
	ChannelBulk    Channel = 5 // files, tunnels, recordings
)

// Channels is the number of channel numbers, for arrays indexed by Channel; index 0 is not used.
const Channels = 6

func (c Channel) String() string {
	switch c {
	case ChannelControl:
		return "control"
	case ChannelInput:
		return "input"
	case ChannelAudio:
		return "audio"
	case ChannelScreen:
		return "screen"
	case ChannelBulk:
		return "bulk"
	}
	return fmt.Sprintf("channel %d", uint8(c))
}

// Key epochs. Epoch EpochSession and later ones are reached by ratcheting, see PROTOCOL.md §5.
const (
	EpochClear     uint16 = 0 // the two hellos and a refusal, in clear
	EpochHandshake uint16 = 1 // identity and finished messages
	EpochSession   uint16 = 2 // everything after the handshake
	EpochJoined    uint16 = 3 // everything after a connection joined a session, PROTOCOL.md §10.3
)

// Sizes of a record.
const (
	HeaderLen = 8  // outer header, in clear, authenticated
	TagLen    = 16 // AES-GCM tag at the end of a sealed body

	// MaxRecord is the largest body, tag included, on a connection that carries input: 16 KiB a reader.
	MaxRecord = 16 << 10
	// MaxBulkRecord is the largest body, tag included, on a bulk connection: 256 KiB a reader.
	MaxBulkRecord = 256 << 10
)

// Header is the outer record header: 8 bytes in clear, the additional data of the seal.
//
//	length u32 · channel u8 · reserved u8 (0) · epoch u16
//
// length counts the body that follows, its tag included. A body without a tag is allowed only where the level gives the
// channel no integrity; whoever has the keys knows that.
type Header struct {
	Length  uint32
	Channel Channel
	Epoch   uint16
}

// Append appends the 8 bytes of h.
func (h Header) Append(b []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, h.Length)
	b = append(b, byte(h.Channel), 0)
	return binary.BigEndian.AppendUint16(b, h.Epoch)
}

// ParseHeader takes the 8 bytes of a header; limit is MaxRecord or MaxBulkRecord. It refuses what no epoch could allow:
// an empty record, and one before the session's keys on another channel than control.
func ParseHeader(b []byte, limit int) (Header, error) {
	d := Decoder{B: b}
	h := Header{Length: d.U32(), Channel: Channel(d.U8())}
	reserved := d.U8()
	h.Epoch = d.U16()
	if err := d.Close(); err != nil {
		return Header{}, err
	}
	switch {
	case h.Channel < ChannelControl || h.Channel > ChannelBulk:
		return Header{}, malformed("channel %d", h.Channel)
	case reserved != 0:
		return Header{}, malformed("reserved byte of a record header is %d", reserved)
	case int64(h.Length) > int64(limit):
		return Header{}, malformed("record of %d bytes, limit %d", h.Length, limit)
	case h.Length == 0, h.Epoch != EpochClear && h.Channel == ChannelControl && h.Length <= TagLen:
		return Header{}, malformed("record of %d bytes in epoch %d holds nothing", h.Length, h.Epoch)
	case h.Epoch < EpochSession && h.Channel != ChannelControl:
		return Header{}, malformed("epoch %d on the %s channel", h.Epoch, h.Channel)
	}
	return h, nil
}

// ReadRecord reads one record into buf, which holds limit bytes and at least HeaderLen, and gives its header and its
// body (a part of buf). It allocates nothing and reads no byte after the record. io.EOF means that the stream ended between records; a record cut short is io.ErrUnexpectedEOF.
func ReadRecord(r io.Reader, buf []byte, limit int) (Header, []byte, error) {
	if len(buf) < HeaderLen {
		return Header{}, nil, fmt.Errorf("read record: a buffer of %d bytes is too small", len(buf))
	}
	if _, err := io.ReadFull(r, buf[:HeaderLen]); err != nil { // the body goes over it
		return Header{}, nil, err
	}
	h, err := ParseHeader(buf[:HeaderLen], min(limit, len(buf)))
	if err != nil {
		return Header{}, nil, err
	}
	body := buf[:h.Length]
	if _, err := io.ReadFull(r, body); err != nil {
		return Header{}, nil, unexpected(err)
	}
	return h, body, nil
}
