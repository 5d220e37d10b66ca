package wire

// Checker holds one direction of a connection to the order of PROTOCOL.md: it knows the state and says of each frame
// whether it may come now. The zero value is not ready: set From and State. It belongs to one goroutine.
//
// Logon's own turns (who may speak next) and streams are kept by whoever handles them; a Checker refuses what no
// state of the session could allow.
type Checker struct {
	From  Side
	State State
}

// Check parses f, which came on channel c, and says whether it may come now. A nil message with a nil error is a
// message that this side does not know and may skip; only logon and the open session have such. The error is always a
// *Violation.
func (k *Checker) Check(c Channel, f Frame) (Message, error) {
	spec, known := Lookup(f.Type)
	switch {
	case !known && f.Critical:
		return nil, &Violation{CloseUnknown, malformed("unknown critical message %#x", uint16(f.Type))}
	case !known && k.State&(StateLogon|StateOpen) == 0:
		// Nothing the transcript does not cover comes before the session's keys, and nothing after the end.
		return nil, &Violation{CloseProtocol, malformed("unknown message %#x outside a session", uint16(f.Type))}
	case !known:
		return nil, nil
	case f.Critical != spec.Critical:
		return nil, &Violation{CloseProtocol, malformed("%s with critical bit %t", spec.Name, f.Critical)}
	case spec.From&k.From == 0:
		return nil, &Violation{CloseProtocol, malformed("%s from the wrong side", spec.Name)}
	case spec.States&k.State == 0:
		return nil, &Violation{CloseProtocol, malformed("%s out of order", spec.Name)}
	case spec.Channel != 0 && spec.Channel != c, spec.Channel == 0 && (c <= ChannelInput || c > ChannelBulk):
		return nil, &Violation{CloseProtocol, malformed("%s on the %s channel", spec.Name, c)}
	case spec.OnStream != (f.Stream != 0):
		return nil, &Violation{CloseProtocol, malformed("%s with stream %d", spec.Name, f.Stream)}
	}
	m, err := Parse(f.Type, f.Body)
	if err != nil {
		return nil, &Violation{CloseProtocol, err}
	}
	return m, nil
}
