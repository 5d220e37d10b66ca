package secure

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/mlkem"
	"crypto/mlkem/mlkemtest"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"impero/core/key"
	"impero/core/wire"
)

var update = flag.Bool("update", false, "write testdata anew")

// exchangeFolder holds the worked exchange, one value a file, in hexadecimal; exchange.md is all of it for people.
const exchangeFolder = "testdata/exchange"

// facts are the values of one exchange in order.
type facts struct {
	names  []string
	values map[string][]byte
}

func (f *facts) add(name string, value []byte) {
	if f.values == nil {
		f.values = map[string][]byte{}
	}
	f.names = append(f.names, name)
	f.values[name] = bytes.Clone(value)
}

func (f *facts) get(name string) []byte { return f.values[name] }

// count gives n bytes counted up from first: the fixed secrets are readable.
func count(first byte, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = first + byte(i)
	}
	return b
}

func workedSecrets() secrets {
	return secrets{
		guestRandom: count(0x00, 32), guestX25519: count(0x20, 32), guestMLKEM: count(0x40, 64),
		hostRandom: count(0x80, 32), hostX25519: count(0xa0, 32), hostMLKEM: count(0xc0, 32),
		identity: count(0xe0, 32),
	}
}

// reading gives the parts one after another, in the order in which a handshake asks.
func reading(parts ...[]byte) func([]byte) {
	all := bytes.Join(parts, nil)
	return func(b []byte) { all = all[copy(b, all):] }
}

func (s *secrets) guest() entropy {
	return entropy{read: reading(s.guestRandom, s.guestX25519, s.guestMLKEM)}
}

func (s *secrets) host(t testing.TB) entropy {
	return entropy{
		read: reading(s.hostRandom, s.hostX25519),
		encapsulate: func(to *mlkem.EncapsulationKey768) (shared, ciphertext []byte) {
			shared, ciphertext, err := mlkemtest.Encapsulate768(to, s.hostMLKEM)
			if err != nil {
				t.Error(err)
			}
			return shared, ciphertext
		},
	}
}

func (s *secrets) hostIdentity(t testing.TB) *key.Identity {
	t.Helper()
	public := ed25519.NewKeyFromSeed(s.identity).Public()
	id, err := key.Parse(fmt.Appendf(nil, "impero identity 1\nseed %x\npublic ed25519:%x\n", s.identity, public))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// workedExchange runs the handshake with fixed random values, sends a Ping and moves on an epoch, and derives every
// value a second time from what was on the wire.
func workedExchange(t *testing.T) (*facts, *Conn, *Conn) {
	t.Helper()
	g, h, up, down := recordedExchange(t)
	f := specExchange(t, workedSecrets(), up, down)
	ping := wire.AppendMessage(nil, 0, &wire.Ping{Token: 0x0102030405060708})
	f.add("ping frame", ping)
	offline(g)
	var records [][]byte
	for range 2 {
		records = append(records, sealOf(t, g, control, string(ping)))
	}
	g.send[control].ratchet()
	records = append(records, sealOf(t, g, control, string(ping)))
	f.add("ping record, epoch 2, counter 0", records[0])
	f.add("ping record, epoch 2, counter 1", records[1])
	f.add("ping record, epoch 3, counter 0", records[2])
	for i, k := range []struct {
		key     string
		counter uint64
	}{{"guest control epoch 2 key", 0}, {"guest control epoch 2 key", 1}, {"guest control epoch 3 key", 0}} {
		if _, plaintext, _ := specOpen(t, f.get(k.key), k.counter, records[i]); !bytes.Equal(plaintext, ping) {
			t.Errorf("record %d opens to %x", i, plaintext)
		}
	}
	return f, g, h
}

// TestWorkedExchange holds the handshake to the specification, value by value, and to testdata.
func TestWorkedExchange(t *testing.T) {
	f, g, h := workedExchange(t)
	for _, c := range []*Conn{g, h} {
		if !bytes.Equal(c.Export("logon"), f.get("export logon")) {
			t.Error("the export is not the specification's")
		}
	}
	for ch := wire.ChannelControl; ch <= wire.ChannelBulk; ch++ {
		for direction, c := range map[byte]*channel{1: &h.receive[ch], 2: &h.send[ch]} {
			name := trafficName(direction, byte(ch))
			if !bytes.Equal(c.secret[:], f.get(name+" epoch 2")) {
				t.Errorf("%s: another secret than the specification's", name)
			}
			c.ratchet()
			if !bytes.Equal(c.secret[:], f.get(name+" epoch 3")) {
				t.Errorf("%s, epoch 3: another secret than the specification's", name)
			}
		}
	}
	checkGolden(t, f)
}

func checkGolden(t *testing.T, f *facts) {
	t.Helper()
	golden := map[string][]byte{filepath.Join(exchangeFolder, "exchange.md"): renderExchange(f)}
	for i, name := range f.names {
		file := fmt.Sprintf("%02d-%s.hex", i+1, strings.NewReplacer(" ", "-", ",", "").Replace(name))
		golden[filepath.Join(exchangeFolder, file)] = []byte(hexLines(f.get(name)))
	}
	if *update {
		if err := os.RemoveAll(exchangeFolder); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(exchangeFolder, 0o777); err != nil {
			t.Fatal(err)
		}
		for path, want := range golden {
			if err := os.WriteFile(path, want, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	for path, want := range golden {
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is another (%v); -update writes it anew", path, err)
		}
	}
	files, err := os.ReadDir(exchangeFolder)
	if err != nil || len(files) != len(golden) {
		t.Errorf("%d files in %s for %d values (%v)", len(files), exchangeFolder, len(golden), err)
	}
}

// hexLines writes 32 bytes a line.
func hexLines(b []byte) string {
	var s strings.Builder
	for ; len(b) > 32; b = b[32:] {
		fmt.Fprintf(&s, "%x\n", b[:32])
	}
	fmt.Fprintf(&s, "%x\n", b)
	return s.String()
}

// renderExchange gives the text of PROTOCOL.md §16.
func renderExchange(f *facts) []byte {
	var s strings.Builder
	block := func(names ...string) {
		s.WriteString("\n")
		for _, name := range names {
			lines := strings.Split(strings.TrimSuffix(hexLines(f.get(name)), "\n"), "\n")
			for i, line := range lines {
				title := name
				if i > 0 {
					title = ""
				}
				fmt.Fprintf(&s, "    %-32s%s\n", title, line)
			}
		}
	}
	s.WriteString("The random values are fixed here, so that every other value can be computed again; never in use. `core/secure/testdata/exchange` has one\n" +
		"file a value, all channels among them. Hexadecimal, 32 bytes a line.\n")
	s.WriteString("\nThe random values: of ML-KEM the seed d ‖ z and the encapsulation's m (FIPS 203), of Ed25519 the seed (RFC 8032).\n")
	block("guest random", "guest x25519 private", "guest mlkem seed", "host random", "host x25519 private", "host mlkem random", "host identity seed")
	s.WriteString("\nThe Guest calls \"desk\" and lists the level Very high and the capabilities JPEG, lossless and screen. A record in clear is its header and a frame.\n")
	block("preamble", "guest hello record")
	s.WriteString("\nThe Host answers, and has the capability cursor too.\n")
	block("answer", "host hello record")
	s.WriteString("\nBoth have the handshake keys, and the Host proves who it is: \"Desk\".\n")
	block("x25519", "mlkem", "secret", "T1", "host hs", "host identity frame", "host identity record", "T2", "host mac", "host finished record", "T3")
	s.WriteString("\nThe Guest trusts the Host.\n")
	block("guest hs", "guest mac", "guest finished record", "T4")
	s.WriteString("\nThe session. A key is 32 bytes of AES key and 12 of nonce base.\n")
	block("session", "exporter", "export logon", "guest control epoch 2", "guest control epoch 2 key", "guest control epoch 3", "guest control epoch 3 key",
		"host control epoch 2", "host control epoch 2 key", "host screen epoch 2", "host screen epoch 2 key")
	s.WriteString("\nThe Guest sends the same Ping twice, moves on to the next epoch, and sends it again.\n")
	block("ping frame", "ping record, epoch 2, counter 0", "ping record, epoch 2, counter 1", "ping record, epoch 3, counter 0")
	return []byte(s.String())
}

// TestWorkedExchangeReplayed lets each side meet the other's recorded bytes: with the same random values it goes through,
// with others it does not.
func TestWorkedExchangeReplayed(t *testing.T) {
	in := workedSecrets()
	_, _, up, down := recordedExchange(t)
	run := map[string]func(guest, host entropy) error{
		"guest": func(guest, _ entropy) error {
			cfg := workedGuest()
			cfg.entropy = guest
			_, err := Guest(context.Background(), newScript(down), cfg)
			return err
		},
		"host": func(_, host entropy) error {
			cfg := workedHost(t)
			cfg.entropy = host
			_, err := Host(context.Background(), newScript(up), cfg)
			return err
		},
	}
	for side, try := range run {
		if err := try(in.guest(), in.host(t)); err != nil {
			t.Errorf("%s, the same random values: %v", side, err)
		}
		if err := try(entropy{}, entropy{}); err == nil {
			t.Errorf("%s: an old handshake was taken for a new one", side)
		}
	}
}

func workedGuest() GuestConfig {
	return GuestConfig{
		Target: "desk", Verify: trust, Levels: []wire.Level{wire.LevelVeryHigh},
		Capabilities: []wire.Capability{{Number: wire.CapabilityJPEG}, {Number: wire.CapabilityLossless}, {Number: wire.CapabilityScreen}},
	}
}

func workedHost(t testing.TB) HostConfig {
	in := workedSecrets()
	return HostConfig{
		Identity: in.hostIdentity(t), Name: "Desk", Levels: []wire.Level{wire.LevelVeryHigh},
		Capabilities: []wire.Capability{{Number: wire.CapabilityJPEG}, {Number: wire.CapabilityLossless}, {Number: wire.CapabilityScreen}, {Number: wire.CapabilityCursor}},
	}
}

// recordedExchange runs the worked exchange up to the session and gives what each side sent.
func recordedExchange(t testing.TB) (g, h *Conn, up, down []byte) {
	t.Helper()
	in := workedSecrets()
	a, b := net.Pipe()
	guest, host := &tap{Conn: a}, &tap{Conn: b}
	gc, hc := workedGuest(), workedHost(t)
	gc.entropy, hc.entropy = in.guest(), in.host(t)
	rg, rh := meet(t, guest, host, gc, hc)
	if rg.err != nil || rh.err != nil {
		t.Fatalf("guest %v, host %v", rg.err, rh.err)
	}
	return rg.conn, rh.conn, guest.bytes(), host.bytes()
}
