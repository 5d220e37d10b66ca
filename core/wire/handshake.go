package wire

// Sizes of the handshake's fields.
const (
	RandomLen      = 32
	X25519Len      = 32
	MLKEMKeyLen    = 1184 // ML-KEM-768 encapsulation key, FIPS 203
	MLKEMCipherLen = 1088 // ML-KEM-768 ciphertext
	IdentityLen    = 32   // Ed25519 public key
	SignatureLen   = 64
	FinishedLen    = 32

	MaxLevels       = 16
	MaxCapabilities = 64
	MaxParameter    = 256 // bytes of one capability's parameter
	MaxName         = 64  // bytes of a computer's name
)

// Capability is something a side can do, by number, with a parameter of its own layout.
type Capability struct {
	Number    uint16
	Parameter []byte // ≤ MaxParameter bytes
}

// Numbers of capabilities.
const (
	CapabilityJPEG     uint16 = 1  // baseline JPEG tiles; every side has it; no parameter
	CapabilityLossless uint16 = 2  // palette and raw tiles through zstd; every side has it; no parameter
	CapabilityH264     uint16 = 3  // video in H.264; no parameter
	CapabilityVP8      uint16 = 4  // video in VP8; no parameter
	CapabilityTiles    uint16 = 5  // keeps tiles; parameter: bytes u32 that a Guest keeps
	CapabilityScreen   uint16 = 16 // can share (Host) or show (Guest) a screen; no parameter
	CapabilityCursor   uint16 = 17 // sends (Host) or shows (Guest) the cursor's shape apart from the picture; no parameter
)

// GuestHello opens the exchange.
//
//	random 32 · x25519 32 · mlkem 1184 · levels u8 count (1 to 16) × u8 · capabilities u16 count (≤ 64) × { number u16 · parameter bytes16 (≤ 256) }
//
// x25519 and mlkem are the Guest's ephemeral public keys. levels are the encryption levels the Guest allows, the
// preferred one first, each once. capabilities are in ascending order of number, each once.
type GuestHello struct {
	Random       [RandomLen]byte
	X25519       [X25519Len]byte
	MLKEM        [MLKEMKeyLen]byte
	Levels       []Level
	Capabilities []Capability
}

// HostHello answers a GuestHello.
//
//	random 32 · x25519 32 · mlkem 1088 · level u8 · levels u8 count (1 to 16) × u8 · capabilities u16 count (≤ 64) × { number u16 · parameter bytes16 (≤ 256) }
//
// x25519 is the Host's ephemeral public key, mlkem the ciphertext for the Guest's. level is the one chosen, levels are
// those the Host allows, the strongest first; level is one of them and one of the Guest's.
type HostHello struct {
	Random       [RandomLen]byte
	X25519       [X25519Len]byte
	MLKEM        [MLKEMCipherLen]byte
	Level        Level
	Levels       []Level
	Capabilities []Capability
}

// HostIdentity says who the Host is, under the handshake key.
//
//	key 32 · signature 64 · name text8 (≤ 64)
//
// key is the Host's Ed25519 identity; signature is over the label and transcript hash of PROTOCOL.md §4. name is what
// the Host calls itself.
type HostIdentity struct {
	Key       [IdentityLen]byte
	Signature [SignatureLen]byte
	Name      string
}

// HostFinished proves that the Host has the keys and saw the same handshake.
//
//	mac 32
type HostFinished struct{ MAC [FinishedLen]byte }

// GuestFinished proves the same of the Guest, and that it accepts the Host's identity.
//
//	mac 32
type GuestFinished struct{ MAC [FinishedLen]byte }

// Refuse ends a connection before there are keys. It is not authenticated: it explains, it proves nothing.
//
//	code u16 · newest u16
//
// newest is the newest protocol version the sender speaks.
type Refuse struct {
	Code   CloseCode
	Newest uint16
}

// HostLevels says which encryption levels the Host allows, before it refuses for want of a common one. It is as little
// authenticated as Refuse.
//
//	levels u8 count (1 to 16) × u8
//
// levels are the strongest first, each once.
type HostLevels struct{ Levels []Level }

func (*GuestHello) Type() Type    { return TypeGuestHello }
func (*HostHello) Type() Type     { return TypeHostHello }
func (*HostIdentity) Type() Type  { return TypeHostIdentity }
func (*HostFinished) Type() Type  { return TypeHostFinished }
func (*GuestFinished) Type() Type { return TypeGuestFinished }
func (*Refuse) Type() Type        { return TypeRefuse }
func (*HostLevels) Type() Type    { return TypeHostLevels }

func (m *GuestHello) Append(e *Encoder) {
	e.Raw(m.Random[:])
	e.Raw(m.X25519[:])
	e.Raw(m.MLKEM[:])
	appendLevels(e, m.Levels)
	appendCapabilities(e, m.Capabilities)
}

func (m *GuestHello) parse(d *Decoder) {
	copy(m.Random[:], d.Take(RandomLen))
	copy(m.X25519[:], d.Take(X25519Len))
	copy(m.MLKEM[:], d.Take(MLKEMKeyLen))
	m.Levels = parseLevels(d)
	m.Capabilities = parseCapabilities(d)
}

func (m *HostHello) Append(e *Encoder) {
	e.Raw(m.Random[:])
	e.Raw(m.X25519[:])
	e.Raw(m.MLKEM[:])
	e.U8(uint8(m.Level))
	appendLevels(e, m.Levels)
	appendCapabilities(e, m.Capabilities)
}

func (m *HostHello) parse(d *Decoder) {
	copy(m.Random[:], d.Take(RandomLen))
	copy(m.X25519[:], d.Take(X25519Len))
	copy(m.MLKEM[:], d.Take(MLKEMCipherLen))
	m.Level = Level(d.U8())
	m.Levels = parseLevels(d)
	m.Capabilities = parseCapabilities(d)
	for _, l := range m.Levels {
		if l == m.Level {
			return
		}
	}
	d.fail("level %d is not among those the Host allows", m.Level)
}

func (m *HostIdentity) Append(e *Encoder) {
	e.Raw(m.Key[:])
	e.Raw(m.Signature[:])
	e.Text8(m.Name)
}

func (m *HostIdentity) parse(d *Decoder) {
	copy(m.Key[:], d.Take(IdentityLen))
	copy(m.Signature[:], d.Take(SignatureLen))
	m.Name = d.Text8(MaxName)
}

func (m *HostFinished) Append(e *Encoder)  { e.Raw(m.MAC[:]) }
func (m *HostFinished) parse(d *Decoder)   { copy(m.MAC[:], d.Take(FinishedLen)) }
func (m *GuestFinished) Append(e *Encoder) { e.Raw(m.MAC[:]) }
func (m *GuestFinished) parse(d *Decoder)  { copy(m.MAC[:], d.Take(FinishedLen)) }

func (m *Refuse) Append(e *Encoder) { e.U16(uint16(m.Code)); e.U16(m.Newest) }
func (m *Refuse) parse(d *Decoder)  { m.Code, m.Newest = CloseCode(d.U16()), d.U16() }

func (m *HostLevels) Append(e *Encoder) { appendLevels(e, m.Levels) }
func (m *HostLevels) parse(d *Decoder)  { m.Levels = parseLevels(d) }

func appendLevels(e *Encoder, levels []Level) {
	e.U8(uint8(len(levels)))
	for _, l := range levels {
		e.U8(uint8(l))
	}
}

func parseLevels(d *Decoder) []Level {
	n := int(d.U8())
	if d.Err == nil && (n < 1 || n > MaxLevels) {
		d.fail("%d encryption levels, 1 to %d allowed", n, MaxLevels)
	}
	var levels []Level
	for _, b := range d.Take(n) {
		for _, l := range levels {
			if l == Level(b) {
				d.fail("encryption level %d twice", b)
			}
		}
		levels = append(levels, Level(b))
	}
	return levels
}

func appendCapabilities(e *Encoder, list []Capability) {
	e.U16(uint16(len(list)))
	for _, c := range list {
		e.U16(c.Number)
		e.Bytes16(c.Parameter)
	}
}

func parseCapabilities(d *Decoder) []Capability {
	n := int(d.U16())
	if n > MaxCapabilities {
		d.fail("%d capabilities, limit %d", n, MaxCapabilities)
	}
	var list []Capability
	for i := 0; i < n && d.Err == nil; i++ {
		c := Capability{Number: d.U16(), Parameter: d.Bytes16(MaxParameter)}
		if i > 0 && c.Number <= list[i-1].Number {
			d.fail("capability %d after %d", c.Number, list[i-1].Number)
		}
		list = append(list, c)
	}
	return list
}
