package secure

import (
	"bytes"
	"context"
	"testing"

	"impero/core/wire"
)

// FuzzHandshake gives arbitrary bytes to each side, whose random values are fixed: only the worked exchange's bytes may
// end in a session.
func FuzzHandshake(f *testing.F) {
	_, _, up, down := recordedExchange(f)
	for _, n := range []int{0, 5, 10, 18, 26, 40, 600, 1300, len(down), len(up)} {
		f.Add(true, up[:min(n, len(up))])
		f.Add(false, down[:min(n, len(down))])
	}
	refuse, _ := clearFrame(&wire.Refuse{Code: wire.CloseBusy, Newest: 1})
	f.Add(false, append(wire.Answer{Version: 1}.Append(nil), refuse...))
	f.Add(true, wire.Preamble{Newest: 1, Oldest: 1, Purpose: wire.PurposeTest}.Append(nil))
	f.Add(false, []byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
	in := workedSecrets()
	f.Fuzz(func(t *testing.T, toHost bool, b []byte) {
		conn := newScript(b)
		var c *Conn
		var err error
		whole := down
		if toHost {
			cfg := workedHost(t)
			cfg.entropy, whole = in.host(t), up
			c, err = Host(context.Background(), conn, cfg)
		} else {
			cfg := workedGuest()
			cfg.entropy = in.guest()
			c, err = Guest(context.Background(), conn, cfg)
		}
		if bytes.HasPrefix(b, whole) {
			if err != nil {
				t.Errorf("the worked exchange: %v", err)
			}
		} else if err == nil || c != nil || !conn.closed {
			t.Errorf("a session of %d arbitrary bytes: %v, closed %t", len(b), err, conn.closed)
		}
	})
}

// FuzzRecords gives arbitrary bytes to a session: only a prefix of what was sent is ever read.
func FuzzRecords(f *testing.F) {
	g, _, _, _ := recordedExchange(f)
	offline(g)
	var sent [][]byte
	texts := []string{"one", "two", "three"}
	for _, text := range texts {
		sent = append(sent, sealOf(f, g, control, text))
	}
	start := twin(f, g)
	f.Add(bytes.Join(sent, nil))
	f.Add(sent[1])
	f.Add(append(bytes.Clone(sent[0]), 0, 0, 0, 40, 1, 0, 0, 3))
	f.Fuzz(func(t *testing.T, b []byte) {
		h := &Conn{limits: epochLimits, in: newReader(newScript(), wire.MaxRecord)}
		for ch := wire.ChannelControl; ch <= wire.ChannelBulk; ch++ {
			h.receive[ch] = newChannel(start.receive[ch].secret[:], wire.ProtectSealed, wire.EpochSession)
		}
		got, err := openOn(h, b)
		if err == nil || len(got) > len(texts) {
			t.Fatalf("%q, %v", got, err)
		}
		for i := range got {
			if got[i] != texts[i] {
				t.Errorf("record %d is %q", i, got[i])
			}
		}
	})
}
