package hostile

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"

	"impero/core/wire"
)

// raw is a case that sends bytes as they are.
func raw(stage Stage, mustEnd bool, name string, text []byte) Case {
	return Case{Name: stage.String() + ": " + name, Stage: stage, MustEnd: mustEnd, play: func(l *line) error {
		_, err := l.Write(text)
		return err
	}}
}

// Say is a case that sends bytes as they are, for instance those that lab.Rules
// recorded of another connection.
func Say(stage Stage, mustEnd bool, name string, text []byte) Case {
	return raw(stage, mustEnd, name, bytes.Clone(text))
}

// Silent is a case that says nothing more at a stage.
func Silent(stage Stage) Case { return raw(stage, false, "nothing", nil) }

// SlowLoris says all that a good Guest says first, a byte at a time. It is to
// be ended before it is through: there are about 1300 bytes.
func SlowLoris(each time.Duration) Case {
	return Case{Name: fmt.Sprintf("a byte every %v", each), Stage: StageDialled, MustEnd: true, play: func(l *line) error {
		return l.trickle(append(preamble(), clearRecord(wire.AppendMessage(nil, 0, guestHello(l.random)))...), each)
	}}
}

// Strangers speak other protocols, or none.
func Strangers() []Case {
	cases := []Case{
		raw(StageDialled, true, "HTTP", []byte("GET / HTTP/1.1\r\nHost: example.org\r\nConnection: keep-alive\r\n\r\n")),
		raw(StageDialled, true, "SSH", []byte("SSH-2.0-OpenSSH_9.2\r\n")),
		raw(StageDialled, true, "SMTP", []byte("EHLO example.org\r\n")),
		raw(StageDialled, true, "RDP", []byte("\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00")),
		raw(StageDialled, true, "RFB", []byte("RFB 003.008\n")),
		raw(StageDialled, true, "TLS", tlsHello()),
		raw(StageDialled, true, "zeros", make([]byte, 64<<10)),
		raw(StageDialled, true, "ones", bytes.Repeat([]byte{0xff}, 64<<10)),
	}
	for i := range 4 {
		cases = append(cases, Case{Name: fmt.Sprintf("dialled: random bytes %d", i), MustEnd: true, play: func(l *line) error {
			text := make([]byte, 1<<(4*i+2)) // 4 bytes to 16 KiB
			fill(l.random, text)
			if text[0] == wire.Magic[0] {
				text[0]++
			}
			_, err := l.Write(text)
			return err
		}})
	}
	return cases
}

// tlsHello is what a TLS client says first.
func tlsHello() []byte {
	near, far := net.Pipe()
	defer far.Close()
	go func() {
		defer near.Close()
		tls.Client(near, &tls.Config{ServerName: "example.org", InsecureSkipVerify: true}).HandshakeContext(context.Background())
	}()
	text := make([]byte, 5) // type, version, length
	if _, err := io.ReadFull(far, text); err != nil {
		return text
	}
	body := make([]byte, binary.BigEndian.Uint16(text[3:]))
	io.ReadFull(far, body)
	return append(text, body...)
}

// Preambles are such that no connection may come of them.
func Preambles() []Case {
	with := func(newest, oldest uint16, purpose wire.Purpose, target string) []byte {
		return wire.Preamble{Newest: newest, Oldest: oldest, Purpose: purpose, Target: target}.Append(nil)
	}
	list := []struct {
		name string
		text []byte
	}{
		{"versions 0 to 0", with(0, 0, wire.PurposeSession, "")},
		{"versions 2 to 1", with(1, 2, wire.PurposeSession, "")},
		{"a version too new", with(0xffff, 0xffff, wire.PurposeSession, "")},
		{"purpose 0", with(1, 1, 0, "")},
		{"purpose 255", with(1, 1, 255, "")},
		{"a target with control characters", with(1, 1, wire.PurposeSession, "a\x00b")},
		{"a target that is not UTF-8", with(1, 1, wire.PurposeSession, "\xff\xfe")},
		{"the longest target, which is not UTF-8", with(1, 1, wire.PurposeSession, string(bytes.Repeat([]byte{0x80}, wire.MaxTarget)))},
		{"the magic's last byte is another", append([]byte(wire.Magic[:7]), "\rmore"...)},
		{"the magic in lower case", bytes.ToLower(preamble())},
		{"a preamble twice", append(preamble(), preamble()...)},
	}
	var cases []Case
	for _, c := range list {
		cases = append(cases, raw(StageDialled, true, c.name, c.text))
	}
	return cases
}

// Partials stop in the middle of what a stage asks for and keep the connection
// open: the target's own time limits must end them, as Silent at these stages.
func Partials() []Case {
	text := preamble()
	cases := []Case{raw(StageDialled, false, "one byte", text[:1]), raw(StageDialled, false, "half a preamble", text[:9])}
	for _, s := range []Stage{StageDialled, StagePreamble, StageHello} {
		cases = append(cases, Silent(s))
	}
	return append(cases,
		Case{Name: "preamble: half a hello", Stage: StagePreamble, play: func(l *line) error {
			hello := clearRecord(wire.AppendMessage(nil, 0, guestHello(l.random)))
			_, err := l.Write(hello[:len(hello)/2])
			return err
		}},
		raw(StagePreamble, false, "half a header", []byte{0, 0, 5}),
		raw(StageHello, false, "half a header", []byte{0, 0, 0, 50, 1}))
}

// Records are such that no state allows, at a stage after the preamble.
func Records(stage Stage) []Case {
	header := func(length uint32, channel, reserved byte, epoch uint16) []byte {
		b := binary.BigEndian.AppendUint32(nil, length)
		return binary.BigEndian.AppendUint16(append(b, channel, reserved), epoch)
	}
	body := bytes.Repeat([]byte{0x5a}, 64)
	epoch := [...]uint16{0, wire.EpochClear, wire.EpochHandshake, wire.EpochSession, wire.EpochSession}[stage]
	cases := []Case{
		raw(stage, true, "the longest length", header(1<<32-1, 1, 0, epoch)),
		raw(stage, true, "a length over the limit by one", header(wire.MaxRecord+1, 1, 0, epoch)),
		raw(stage, true, "a bulk record where none is allowed", header(wire.MaxBulkRecord, 5, 0, epoch)),
		raw(stage, true, "an empty record", header(0, 1, 0, epoch)),
		raw(stage, true, "channel 0", append(header(64, 0, 0, epoch), body...)),
		raw(stage, true, "channel 6", append(header(64, 6, 0, epoch), body...)),
		raw(stage, true, "channel 255", append(header(64, 255, 0, epoch), body...)),
		raw(stage, true, "the reserved byte", append(header(64, 1, 1, epoch), body...)),
		raw(stage, true, "a body that is noise", append(header(64, 1, 0, epoch), body...)),
		raw(stage, true, "noise on another channel", append(header(64, 4, 0, epoch), body...)),
	}
	if epoch > 0 {
		cases = append(cases, raw(stage, true, "a body shorter than its tag", append(header(8, 1, 0, epoch), body[:8]...)))
	}
	for _, e := range []uint16{0, 1, 2, 3, 4, 1<<16 - 1} {
		if e != epoch {
			cases = append(cases, raw(stage, true, fmt.Sprintf("epoch %d", e), append(header(64, 1, 0, e), body...)))
		}
	}
	return cases
}
