package hostile

import (
	"encoding/binary"
	"fmt"

	"impero/core/wire"
)

// sample is a message of a kind that keeps to its layout.
func sample(spec wire.Spec) wire.Message {
	switch m := spec.New().(type) {
	case *wire.GuestHello:
		m.Levels = []wire.Level{wire.LevelVeryHigh}
		return m
	case *wire.HostHello:
		m.Level, m.Levels = wire.LevelVeryHigh, []wire.Level{wire.LevelVeryHigh}
		return m
	case *wire.LogonOffer:
		m.Methods = []wire.Method{wire.MethodPassword}
		return m
	case *wire.LogonStart:
		m.Method, m.Data = wire.MethodPassword, []byte("no proof")
		return m
	case *wire.LogonPrompt:
		m.Text, m.Fields = "Code", []wire.Field{{Kind: wire.FieldSecret, Label: "Code"}}
		return m
	case *wire.LogonAnswer:
		m.Values = [][]byte{[]byte("1")}
		return m
	case *wire.StreamOpen:
		m.Kind, m.Credit = wire.KindScreen, 1<<16
		return m
	case *wire.StreamData:
		m.Data = []byte("text")
		return m
	case *wire.Skip:
		m.Count = 1
		return m
	case *wire.HostLevels:
		m.Levels = []wire.Level{wire.LevelVeryHigh}
		return m
	case *wire.StreamCredit:
		m.Limit = 1 << 16
		return m
	case *wire.Button:
		m.Button = 1
		return m
	case *wire.Wheel:
		m.DY = 1
		return m
	case *wire.Text:
		m.Text = "text"
		return m
	default:
		return m
	}
}

// variant is one way to say a message.
type variant struct {
	name string
	ch   wire.Channel
	text []byte
}

// variants are a message as its row of the table says, and with one thing
// wrong each.
func variants(spec wire.Spec) []variant {
	ch, stream := spec.Channel, uint32(0)
	if ch == 0 {
		ch = wire.ChannelScreen
	}
	other := wire.ChannelInput
	if ch == other {
		other = wire.ChannelControl
	}
	if spec.OnStream {
		stream = 1
	}
	text := wire.AppendMessage(nil, stream, sample(spec))
	with := func(change func(b []byte) []byte) []byte { return change(append([]byte(nil), text...)) }
	length := func(b []byte, d int) []byte {
		binary.BigEndian.PutUint32(b[6:], uint32(len(b)-wire.FrameHeaderLen+d))
		return b
	}
	return []variant{
		{"as it should be", ch, text},
		{"on another channel", other, text},
		{"with the other critical bit", ch, with(func(b []byte) []byte { b[0] ^= 0x80; return b })},
		{"on a stream or not, the reverse", ch, with(func(b []byte) []byte { b[5] ^= 1; return b })},
		{"a byte too long", ch, with(func(b []byte) []byte { return length(append(b, 0xff), 0) })},
		{"longer than its record", ch, with(func(b []byte) []byte { return length(b, 1) })},
		{"with the longest length", ch, with(func(b []byte) []byte { return length(b, 1<<32-1-(len(b)-wire.FrameHeaderLen)) })},
	}
}

// Messages says every message of the protocol at a stage, right and in several
// wrong ways each, a connection each: in clear before there are keys, sealed
// then. MustEnd is as the table of PROTOCOL.md §8.2 and the layouts have it;
// what further rules forbid (turns of the logon, streams) it does not know.
func Messages(stage Stage) []Case {
	var cases []Case
	for _, spec := range wire.Specs() {
		for _, v := range variants(spec) {
			cases = append(cases, Case{
				Name: fmt.Sprintf("%s: %s %s", stage, spec.Name, v.name), Stage: stage, MustEnd: forbidden(stage, v.ch, v.text),
				play: func(l *line) error { return l.send(v.ch, v.text) },
			})
		}
	}
	return cases
}

// forbidden says whether a target must end the connection for a plaintext.
func forbidden(stage Stage, ch wire.Channel, plain []byte) bool {
	if !stage.sealed() {
		// Only a GuestHello on its own may come, and only after a preamble.
		f, rest, err := wire.NextFrame(plain)
		check := wire.Checker{From: wire.FromGuest, State: stage.state()}
		if err != nil || len(rest) > 0 || stage != StagePreamble {
			return true
		}
		_, err = check.Check(ch, f)
		return err != nil || ch != wire.ChannelControl
	}
	check := wire.Checker{From: wire.FromGuest, State: stage.state()}
	for len(plain) > 0 {
		f, rest, err := wire.NextFrame(plain)
		if err != nil {
			return true
		}
		if _, err = check.Check(ch, f); err != nil {
			return true
		}
		plain = rest
	}
	return false
}

// Plaintexts are contents of a record that are no messages, at a stage with
// keys.
func Plaintexts(stage Stage) []Case {
	frame := func(t wire.Type, critical bool, stream uint32, body []byte) []byte {
		return wire.Frame{Type: t, Critical: critical, Stream: stream, Body: body}.Append(nil)
	}
	ping := wire.AppendMessage(nil, 0, &wire.Ping{Token: 1})
	list := []variant{
		{"one byte", wire.ChannelControl, []byte{0}},
		{"half a frame header", wire.ChannelControl, ping[:5]},
		{"a message and half of one", wire.ChannelControl, append(append([]byte(nil), ping...), ping[:12]...)},
		{"message 0", wire.ChannelControl, frame(0, true, 0, nil)},
		{"an unknown critical message", wire.ChannelControl, frame(0x7ffe, true, 0, nil)},
		{"an unknown message that may be skipped", wire.ChannelControl, frame(0x7ffe, false, 0, make([]byte, 1000))},
		{"unknown messages on every stream", wire.ChannelBulk, frame(0x7ffd, false, 1<<32-1, nil)},
	}
	var cases []Case
	for _, v := range list {
		cases = append(cases, Case{Name: fmt.Sprintf("%s: %s", stage, v.name), Stage: stage, MustEnd: forbidden(stage, v.ch, v.text),
			play: func(l *line) error { return l.send(v.ch, v.text) }})
	}
	return append(cases, Case{Name: stage.String() + ": a full record of noise", Stage: stage, MustEnd: true, play: func(l *line) error {
		text := make([]byte, l.sealed.MaxPayload())
		fill(l.random, text)
		text[0] |= 0x80 // unknown or known: critical, and too long for it
		binary.BigEndian.PutUint32(text[6:], 1<<31)
		return l.send(wire.ChannelControl, text)
	}})
}
