package secure

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"impero/core/wire"
)

var data = []wire.Channel{wire.ChannelAudio, wire.ChannelScreen, wire.ChannelBulk}

// levelPair makes both ends of a connection at a level.
func levelPair(t testing.TB, level wire.Level) (g, h *Conn) {
	t.Helper()
	a, b := net.Pipe()
	levels := []wire.Level{level}
	rg, rh := meet(t, a, b, GuestConfig{Levels: levels}, HostConfig{Levels: levels})
	if rg.err != nil || rh.err != nil {
		t.Fatalf("handshake: guest %v, host %v", rg.err, rh.err)
	}
	return rg.conn, rh.conn
}

// TestLevels holds every level to the table of the user's guide: what can be read on the way, and what can be changed.
func TestLevels(t *testing.T) {
	type promise struct{ secret, whole bool }
	const text = "what the person at the other end may see"
	for level, want := range map[wire.Level]struct{ input, data promise }{
		wire.LevelVeryHigh:          {promise{true, true}, promise{true, true}},
		wire.LevelHigh:              {promise{true, true}, promise{true, true}},
		wire.LevelIntegrityKeyboard: {promise{true, true}, promise{false, true}},
		wire.LevelKeyboard:          {promise{true, true}, promise{false, false}},
		wire.LevelIntegrity:         {promise{false, true}, promise{false, true}},
		wire.LevelNone:              {promise{false, false}, promise{false, false}},
	} {
		t.Run(level.String(), func(t *testing.T) {
			g, _ := levelPair(t, level)
			offline(g)
			for ch := wire.ChannelControl; ch <= wire.ChannelBulk; ch++ {
				p := promise{true, true}
				switch {
				case ch == wire.ChannelInput:
					p = want.input
				case slices.Contains(data, ch):
					p = want.data
				}
				record := sealOf(t, g, ch, text)
				if bytes.Contains(record, []byte(text)) == p.secret {
					t.Errorf("%s: the text can be read: %t", ch, p.secret)
				}
				if texts, err := openOn(levelTwin(g), record); len(texts) != 1 || texts[0] != text {
					t.Errorf("%s: %q, %v", ch, texts, err)
				}
				changed := bytes.Clone(record)
				changed[wire.HeaderLen+3] ^= 1
				_, err := openOn(levelTwin(g), changed)
				if errors.Is(err, ErrRecord) != p.whole {
					t.Errorf("%s: a changed byte gives %v", ch, err)
				}
				if _, err := openOn(levelTwin(g), record, record); errors.Is(err, ErrRecord) != p.whole {
					t.Errorf("%s: a replayed record gives %v", ch, err)
				}
				if p.whole {
					short := bytes.Clone(record[:wire.HeaderLen+wire.TagLen])
					binary.BigEndian.PutUint32(short, wire.TagLen)
					if _, err := openOn(levelTwin(g), short); !errors.Is(err, ErrRecord) {
						t.Errorf("%s: only a tag gives %v", ch, err)
					}
				}
			}
		})
	}
}

// levelTwin is twin with every channel's own protection.
func levelTwin(g *Conn) *Conn {
	h := &Conn{limits: epochLimits, in: newReader(newScript(), wire.MaxRecord)}
	for ch := wire.ChannelControl; ch <= wire.ChannelBulk; ch++ {
		h.receive[ch] = newChannel(g.send[ch].secret[:], g.send[ch].protection, g.send[ch].epoch)
	}
	return h
}

// TestKeysOfTheLevels opens records with nothing of this package but the traffic secret.
func TestKeysOfTheLevels(t *testing.T) {
	for level, size := range map[wire.Level]int{wire.LevelVeryHigh: 32, wire.LevelHigh: 16, wire.LevelIntegrityKeyboard: 32} {
		g, _ := levelPair(t, level)
		offline(g)
		secret := g.send[screen].secret
		record := sealOf(t, g, screen, "picture")
		material := specDerive(secret[:], "key", nil, 44)
		block, err := aes.NewCipher(material[:size])
		if err != nil {
			t.Fatal(err)
		}
		gcm, _ := cipher.NewGCM(block)
		body, ad, want := record[8:], record[:8], "picture"
		if level == wire.LevelIntegrityKeyboard {
			body, ad, want = record[15:], record[:15], ""
		}
		if plain, err := gcm.Open(nil, material[32:], body, ad); err != nil || string(plain) != want {
			t.Errorf("%s: %q, %v", level, plain, err)
		}
	}
}

func TestChannelWithoutKeysStaysInItsEpoch(t *testing.T) {
	g, _ := levelPair(t, wire.LevelNone)
	offline(g).limits = limits{records: 1, bytes: 1}
	for range 3 {
		if r := sealOf(t, g, screen, "x"); r[7] != byte(wire.EpochSession) {
			t.Fatalf("epoch %d", r[7])
		}
	}
	next := sealOf(t, g, screen, "x")
	next[7]++
	if _, err := openOn(levelTwin(g), next); !errors.Is(err, ErrRecord) {
		t.Errorf("another epoch gives %v", err)
	}
}

func TestEpochsEndByTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, h := levelPair(t, wire.LevelVeryHigh)
		offline(g)
		first := sealOf(t, g, screen, "1")
		time.Sleep(epochLimits.age - time.Second)
		second := sealOf(t, g, screen, "2")
		time.Sleep(time.Second)
		third, other := sealOf(t, g, screen, "3"), sealOf(t, g, control, "first of its channel")
		if first[7] != 2 || second[7] != 2 || third[7] != 3 || other[7] != 2 {
			t.Errorf("epochs %d %d %d, of the channel that was silent %d", first[7], second[7], third[7], other[7])
		}
		if texts, err := openOn(h, first, second, third, other); len(texts) != 4 || !errors.Is(err, io.EOF) {
			t.Errorf("%q, %v", texts, err)
		}
	})
}

func TestJoin(t *testing.T) {
	g, h := pair(t)
	offline(g)
	before := sealOf(t, g, control, "before")
	exported := g.Export("x")
	ticket := bytes.Repeat([]byte{7}, 32)
	g.Join(ticket, 9, true)
	after := sealOf(t, g, control, "after")
	long := sealOf(t, g, wire.ChannelBulk, string(make([]byte, wire.MaxBulkRecord-wire.TagLen)))
	if bytes.Equal(exported, g.Export("x")) {
		t.Error("the exporter is the same")
	}
	if texts, err := openOn(h, before); len(texts) != 1 {
		t.Fatal(err)
	}
	stranger := &Conn{self: h.self, peer: h.peer, exporter: h.exporter, limits: epochLimits, in: newReader(nil, wire.MaxRecord)}
	stranger.Join(bytes.Repeat([]byte{8}, 32), 9, true)
	if texts, err := openOn(stranger, after); len(texts) > 0 || !errors.Is(err, ErrRecord) {
		t.Errorf("another ticket gives %q, %v", texts, err)
	}
	h.Join(ticket, 9, true)
	if texts, err := openOn(h, after, long); len(texts) != 2 || !errors.Is(err, io.EOF) {
		t.Errorf("after joining: %d records, %v", len(texts), err)
	}
	if !bytes.Equal(h.Export("x"), g.Export("x")) {
		t.Error("the ends export other secrets")
	}
}

// TestJoinedKeys derives the keys of a joined connection a second time.
func TestJoinedKeys(t *testing.T) {
	g, _ := pair(t)
	offline(g)
	ticket := bytes.Repeat([]byte{7}, 32)
	joined := specHMAC(specDerive(g.exporter[:], "export", []byte("join keys"), 32), ticket) // HKDF-Extract
	g.Join(ticket, 0x01020304, false)
	secret := specDerive(joined, "traffic", []byte{1, 1, 2, 3, 4, 4}, 32)
	if !bytes.Equal(secret, g.send[screen].secret[:]) || g.send[screen].epoch != 3 {
		t.Error("the secret of the screen is another")
	}
	if !bytes.Equal(specDerive(joined, "exporter", nil, 32), g.exporter[:]) {
		t.Error("the exporter is another")
	}
}

func TestRefusedLevelTellsTheHostsOwn(t *testing.T) {
	a, b := net.Pipe()
	g, h := meet(t, a, b, GuestConfig{}, HostConfig{Levels: []wire.Level{wire.LevelNone, wire.LevelKeyboard}})
	var refused *RefusedError
	if !errors.As(g.err, &refused) || refused.Code != wire.CloseLevel || !slices.Equal(refused.Levels, []wire.Level{wire.LevelKeyboard, wire.LevelNone}) {
		t.Errorf("the Guest is told %v", g.err)
	}
	if !errors.As(h.err, &refused) {
		t.Error(h.err)
	}
}

func TestDefaultLevelsEncryptEverything(t *testing.T) {
	for _, l := range DefaultLevels() {
		for ch := wire.ChannelControl; ch <= wire.ChannelBulk; ch++ {
			if p := l.Protection(ch); p != wire.ProtectSealed && p != wire.ProtectSealed128 {
				t.Errorf("%s, %s: %d", l, ch, p)
			}
		}
	}
}
