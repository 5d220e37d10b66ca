package wire

import "slices"

// Method is a way to log on.
type Method uint8

const (
	// MethodPassword proves a Host's own password by a PAKE; neither side shows the other anything to guess against.
	MethodPassword Method = 1
	// MethodUserPassword is MethodPassword for an account of the Host's own list: a user name goes with it.
	MethodUserPassword Method = 2
	// MethodSystem tells the Host the name and password of an account of its system, which the Host has checked. The
	// Guest knows by then that it speaks to the Host it means.
	MethodSystem Method = 3
)

// Limits of a logon.
const (
	MaxMethods    = 8
	MaxFields     = 8
	MaxUser       = 256  // bytes of a user name
	MaxLogonData  = 4096 // bytes of one step of a proof
	MaxValue      = 1024 // bytes of one answered field
	MaxRole       = 64   // bytes of a role's name
	MaxTitle      = 512  // bytes of a text for a person
	MaxPermission = 64
	MaxSecret     = 1024 // bytes of a system account's password
)

// LogonOffer lists the ways to log on, the preferred one first.
//
//	methods u8 count (1 to 8) × u8
//
// Each method comes once.
type LogonOffer struct{ Methods []Method }

// LogonStart begins one try with one of the offered methods.
//
//	method u8 · user text16 (≤ 256) · computer text8 (≤ 64) · data bytes16 (≤ 4096)
//
// user is empty for a method without one. computer is the name of the Guest's computer, for the Host's user to read. data
// is the method's first message.
type LogonStart struct {
	Method   Method
	User     string
	Computer string
	Data     []byte
}

// LogonData carries one more message of a method's proof, in either direction.
//
//	data bytes16 (≤ 4096)
type LogonData struct{ Data []byte }

// FieldKind says what a field of a prompt holds.
type FieldKind uint8

const (
	FieldText   FieldKind = 1 // shown while typed
	FieldSecret FieldKind = 2 // hidden while typed
	FieldNote   FieldKind = 3 // a text to read; its answer is empty
)

// Field is one field of a LogonPrompt.
type Field struct {
	Kind  FieldKind
	Label string // ≤ MaxTitle bytes
}

// LogonPrompt asks the Guest's user for more.
//
//	text text16 (≤ 512) · fields u8 count (1 to 8) × { kind u8 · label text16 (≤ 512) }
type LogonPrompt struct {
	Text   string
	Fields []Field
}

// LogonAnswer answers a LogonPrompt, a value for each of its fields.
//
//	values u8 count (1 to 8) × bytes16 (≤ 1024)
type LogonAnswer struct{ Values [][]byte }

// LogonFailed ends one try. The Guest may start another.
//
//	left u8 · wait u16
//
// left is the number of tries left, 255 if the Host does not say. wait is how many seconds the Host takes no new try.
type LogonFailed struct {
	Left uint8
	Wait uint16
}

// LogonDone ends the logon with a role.
//
//	session 16 · role text8 (≤ 64) · permissions u8 count (≤ 64) × u16
//
// session names the session on both sides. permissions are those the role allows, ascending, each once; the Host checks
// them again at every message.
type LogonDone struct {
	Session     [SessionLen]byte
	Role        string
	Permissions []uint16
}

// RoleChanged says that the role is another, or allows other things, from now on. Fields are as LogonDone's.
//
//	role text8 (≤ 64) · permissions u8 count (≤ 64) × u16
type RoleChanged struct {
	Role        string
	Permissions []uint16
}

// LogonWait says that the Host's user is asked whether this Guest may come in.
//
//	seconds u16
//
// seconds is how long the Host waits for the answer.
type LogonWait struct{ Seconds uint16 }

func (*LogonOffer) Type() Type  { return TypeLogonOffer }
func (*LogonStart) Type() Type  { return TypeLogonStart }
func (*LogonData) Type() Type   { return TypeLogonData }
func (*LogonPrompt) Type() Type { return TypeLogonPrompt }
func (*LogonAnswer) Type() Type { return TypeLogonAnswer }
func (*LogonFailed) Type() Type { return TypeLogonFailed }
func (*LogonDone) Type() Type   { return TypeLogonDone }
func (*LogonWait) Type() Type   { return TypeLogonWait }
func (*RoleChanged) Type() Type { return TypeRoleChanged }

func (m *LogonOffer) Append(e *Encoder) {
	e.U8(uint8(len(m.Methods)))
	for _, v := range m.Methods {
		e.U8(uint8(v))
	}
}

func (m *LogonOffer) parse(d *Decoder) {
	for _, b := range d.Take(d.count(1, MaxMethods)) {
		if slices.Contains(m.Methods, Method(b)) {
			d.fail("logon method %d twice", b)
		}
		m.Methods = append(m.Methods, Method(b))
	}
}

func (m *LogonStart) Append(e *Encoder) {
	e.U8(uint8(m.Method))
	e.Text16(m.User)
	e.Text8(m.Computer)
	e.Bytes16(m.Data)
}

func (m *LogonStart) parse(d *Decoder) {
	m.Method = Method(d.U8())
	m.User, m.Computer = d.Text16(MaxUser), d.Text8(MaxName)
	m.Data = d.Bytes16(MaxLogonData)
}

func (m *LogonData) Append(e *Encoder) { e.Bytes16(m.Data) }
func (m *LogonData) parse(d *Decoder)  { m.Data = d.Bytes16(MaxLogonData) }

func (m *LogonPrompt) Append(e *Encoder) {
	e.Text16(m.Text)
	e.U8(uint8(len(m.Fields)))
	for _, f := range m.Fields {
		e.U8(uint8(f.Kind))
		e.Text16(f.Label)
	}
}

func (m *LogonPrompt) parse(d *Decoder) {
	m.Text = d.Text16(MaxTitle)
	for n := d.count(1, MaxFields); n > 0 && d.Err == nil; n-- {
		f := Field{Kind: FieldKind(d.U8()), Label: d.Text16(MaxTitle)}
		if f.Kind < FieldText || f.Kind > FieldNote {
			d.fail("field kind %d", f.Kind)
		}
		m.Fields = append(m.Fields, f)
	}
}

func (m *LogonAnswer) Append(e *Encoder) {
	e.U8(uint8(len(m.Values)))
	for _, v := range m.Values {
		e.Bytes16(v)
	}
}

func (m *LogonAnswer) parse(d *Decoder) {
	for n := d.count(1, MaxFields); n > 0 && d.Err == nil; n-- {
		m.Values = append(m.Values, d.Bytes16(MaxValue))
	}
}

func (m *LogonFailed) Append(e *Encoder) { e.U8(m.Left); e.U16(m.Wait) }
func (m *LogonFailed) parse(d *Decoder)  { m.Left, m.Wait = d.U8(), d.U16() }

func (m *LogonDone) Append(e *Encoder) {
	e.Raw(m.Session[:])
	appendRole(e, m.Role, m.Permissions)
}

func (m *LogonDone) parse(d *Decoder) {
	copy(m.Session[:], d.Take(len(m.Session)))
	m.Role, m.Permissions = parseRole(d)
}

func (m *RoleChanged) Append(e *Encoder) { appendRole(e, m.Role, m.Permissions) }
func (m *RoleChanged) parse(d *Decoder)  { m.Role, m.Permissions = parseRole(d) }

func appendRole(e *Encoder, name string, permissions []uint16) {
	e.Text8(name)
	e.U8(uint8(len(permissions)))
	for _, p := range permissions {
		e.U16(p)
	}
}

func parseRole(d *Decoder) (name string, permissions []uint16) {
	name = d.Text8(MaxRole)
	for n, i := d.count(0, MaxPermission), 0; i < n && d.Err == nil; i++ {
		p := d.U16()
		if i > 0 && p <= permissions[i-1] {
			d.fail("permission %d after %d", p, permissions[i-1])
		}
		permissions = append(permissions, p)
	}
	return name, permissions
}

func (m *LogonWait) Append(e *Encoder) { e.U16(m.Seconds) }
func (m *LogonWait) parse(d *Decoder)  { m.Seconds = d.U16() }
