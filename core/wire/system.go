package wire

// SystemLogon is the data of a LogonStart of MethodSystem: the password, and zeros, so that user, data and what tells their
// lengths are as long for every account and every password.
//
//	password bytes16 (1 to 1024) · zeros, MaxUser + MaxSecret in all with user and password
//
// It is sealed as all of a logon; the record's length, which everyone on the way sees, would tell the password's.
type SystemLogon struct {
	User     string // of the LogonStart
	Password []byte // UTF-8; the receiver clears it when it has been checked
}

// Start makes the message. Computer is as in LogonStart.
func (l *SystemLogon) Start(computer string) *LogonStart {
	e := Encoder{B: make([]byte, 0, 2+MaxUser+MaxSecret)}
	e.Bytes16(l.Password)
	e.Raw(make([]byte, max(0, MaxUser+MaxSecret-len(l.User)-len(l.Password))))
	return &LogonStart{Method: MethodSystem, User: l.User, Computer: computer, Data: e.B}
}

// ParseSystemLogon takes the message apart. Password aliases the message's data.
func ParseSystemLogon(m *LogonStart) (*SystemLogon, error) {
	d := Decoder{B: m.Data}
	l := &SystemLogon{User: m.User, Password: d.Bytes16(MaxSecret)}
	zeros := d.Take(max(0, MaxUser+MaxSecret-len(m.User)-len(l.Password)))
	if err := d.Close(); err != nil {
		return nil, err
	}
	var any byte
	for _, b := range zeros {
		any |= b
	}
	if any != 0 || m.User == "" || len(l.Password) == 0 {
		return nil, malformed("a system logon without a user or password, or with something behind it")
	}
	return l, nil
}
