package host

import (
	"net/netip"
	"time"

	"impero/core/wire"
)

// Reason is why a logon was refused, as far as the Host's user is told.
type Reason uint8

const (
	ReasonPassword  Reason = 1 // wrong password, or an account that may not log on
	ReasonLocked    Reason = 2 // after too many wrong tries
	ReasonUser      Reason = 3 // the Host's user said no
	ReasonNoAnswer  Reason = 4 // nobody answered, or could be asked
	ReasonAddress   Reason = 5 // the address may not connect
	ReasonMode      Reason = 6 // the guest security mode is not served
	ReasonRole      Reason = 7 // there is no role for this account
	ReasonOtherwise Reason = 8
)

// Refusal is a logon that was refused.
type Refusal struct {
	Reason Reason
	User   string // the account that was tried, empty for the Host's own password
	From   string // the address
	At     time.Time
}

// reasonOf is what a refusal's code means to the Host's user.
func reasonOf(code wire.CloseCode) Reason {
	switch code {
	case wire.CloseLogonFailed:
		return ReasonPassword
	case wire.CloseLockedOut:
		return ReasonLocked
	case wire.CloseUserRefused:
		return ReasonUser
	case wire.CloseUserAway:
		return ReasonNoAnswer
	case wire.CloseAddress:
		return ReasonAddress
	case wire.CloseMode:
		return ReasonMode
	case wire.CloseDenied:
		return ReasonRole
	}
	return ReasonOtherwise
}

// noteRefusal keeps the last refusal for the Host's user. A window is told once a second at most, whoever floods.
func (h *Host) noteRefusal(from netip.Addr, user string, code wire.CloseCode) {
	now := time.Now()
	h.mu.Lock()
	told := h.refused == nil || now.Sub(h.refused.At) >= time.Second
	h.refused = &Refusal{Reason: reasonOf(code), User: user, From: from.Unmap().String(), At: now}
	h.mu.Unlock()
	if told {
		h.changed()
	}
}

// logonRole is the role of a logon with the Host's own password. mu is held.
func (h *Host) logonRole() string {
	if h.access.Role != "" {
		return h.access.Role
	}
	return h.logon.Role
}
