package wire

import (
	"errors"
	"fmt"
)

// ErrNotImpero says that the other side does not speak this protocol at all.
var ErrNotImpero = errors.New("the other side does not speak the Impero Connect protocol")

// CloseCode says why a connection or a stream ends. Values are part of the protocol.
type CloseCode uint16

const (
	CloseDone         CloseCode = 0  // ended by the Guest, or the purpose is fulfilled
	CloseHostUser     CloseCode = 1  // the Host's user ended the session
	CloseHostStopping CloseCode = 2  // the Host stops communication
	CloseRoleEnded    CloseCode = 3  // the role no longer allows the session
	CloseReplaced     CloseCode = 4  // the session goes on elsewhere
	CloseInactive     CloseCode = 5  // the Guest did nothing for too long
	CloseTime         CloseCode = 6  // the session lasted as long as one may
	CloseProtocol     CloseCode = 10 // a malformed message, or one out of order
	CloseTooOld       CloseCode = 11 // the caller's version is too old
	CloseTooNew       CloseCode = 12 // the caller's version is too new
	ClosePurpose      CloseCode = 13 // the purpose is not supported
	CloseTarget       CloseCode = 14 // the target is not known here
	CloseLevel        CloseCode = 15 // no encryption level that both sides allow
	CloseUnknown      CloseCode = 16 // an unknown critical message
	CloseLimit        CloseCode = 17 // a limit was exceeded
	CloseHandshake    CloseCode = 18 // the handshake did not verify
	CloseLogonFailed  CloseCode = 20 // no tries left
	CloseLockedOut    CloseCode = 21 // too many wrong tries from here, or for this account
	CloseLogonTime    CloseCode = 22 // the logon took too long
	CloseUserRefused  CloseCode = 23 // the Host's user said no
	CloseUserAway     CloseCode = 24 // the Host's user did not answer
	CloseNoLogon      CloseCode = 25 // the Host has no way to log on
	CloseAddress      CloseCode = 26 // the Host takes no connection from this address
	CloseMode         CloseCode = 27 // the Host is set to a way to log on that it cannot do
	CloseFull         CloseCode = 30 // as many sessions as the Host takes
	CloseBusy         CloseCode = 31 // too many connections at once
	CloseLost         CloseCode = 40 // the other side was not heard of in time
	CloseInternal     CloseCode = 41 // a fault on the side that closes
	CloseSessionOver  CloseCode = 42 // there is no such session any more
	CloseNoDisplay    CloseCode = 50 // this Host has no display to share
	CloseDenied       CloseCode = 51 // the role does not allow it
	CloseNotSupported CloseCode = 52 // this side cannot do it
)

// String is the name in PROTOCOL.md.
func (c CloseCode) String() string {
	switch c {
	case CloseDone:
		return "Done"
	case CloseHostUser:
		return "HostUser"
	case CloseHostStopping:
		return "HostStopping"
	case CloseRoleEnded:
		return "RoleEnded"
	case CloseReplaced:
		return "Replaced"
	case CloseInactive:
		return "Inactive"
	case CloseTime:
		return "Time"
	case CloseProtocol:
		return "Protocol"
	case CloseTooOld:
		return "TooOld"
	case CloseTooNew:
		return "TooNew"
	case ClosePurpose:
		return "Purpose"
	case CloseTarget:
		return "Target"
	case CloseLevel:
		return "Level"
	case CloseUnknown:
		return "Unknown"
	case CloseLimit:
		return "Limit"
	case CloseHandshake:
		return "Handshake"
	case CloseLogonFailed:
		return "LogonFailed"
	case CloseLockedOut:
		return "LockedOut"
	case CloseLogonTime:
		return "LogonTime"
	case CloseUserRefused:
		return "UserRefused"
	case CloseUserAway:
		return "UserAway"
	case CloseNoLogon:
		return "NoLogon"
	case CloseAddress:
		return "Address"
	case CloseMode:
		return "Mode"
	case CloseFull:
		return "Full"
	case CloseBusy:
		return "Busy"
	case CloseLost:
		return "Lost"
	case CloseInternal:
		return "Internal"
	case CloseSessionOver:
		return "SessionOver"
	case CloseNoDisplay:
		return "NoDisplay"
	case CloseDenied:
		return "Denied"
	case CloseNotSupported:
		return "NotSupported"
	}
	return fmt.Sprintf("code %d", uint16(c))
}

// Violation is the error of a side that broke the protocol: the connection ends with Code.
type Violation struct {
	Code CloseCode
	Err  error
}

func (v *Violation) Error() string { return fmt.Sprintf("protocol violation (%s): %v", v.Code, v.Err) }
func (v *Violation) Unwrap() error { return v.Err }

// Closed is the error of a connection that the other side ended in good order.
type Closed struct {
	Code   CloseCode
	Detail string
}

func (c *Closed) Error() string {
	if c.Detail == "" {
		return "closed by the other side: " + c.Code.String()
	}
	return "closed by the other side: " + c.Code.String() + ": " + c.Detail
}
