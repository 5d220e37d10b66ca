package guest

import (
	"context"
	"errors"
	"net"
	"os"
	"time"

	"impero/core/secure"
	"impero/core/session"
	"impero/core/transport"
	"impero/core/wire"
)

// kindOf is what each close code of the other side means to a person.
func kindOf(code wire.CloseCode) Kind {
	switch code {
	case wire.CloseTooOld: // we are too old for the Host
		return KindHostTooNew
	case wire.CloseTooNew:
		return KindHostTooOld
	case wire.CloseHostUser:
		return KindHostUser
	case wire.CloseHostStopping:
		return KindHostStopping
	case wire.CloseRoleEnded:
		return KindRoleEnded
	case wire.CloseLevel:
		return KindLevel
	case wire.CloseLogonFailed:
		return KindLogonFailed
	case wire.CloseLockedOut:
		return KindLockedOut
	case wire.CloseLogonTime:
		return KindLogonTime
	case wire.CloseUserRefused:
		return KindUserRefused
	case wire.CloseUserAway:
		return KindUserAway
	case wire.CloseNoLogon:
		return KindNoLogon
	case wire.CloseInactive:
		return KindInactive
	case wire.CloseTime:
		return KindTime
	case wire.CloseAddress:
		return KindAddress
	case wire.CloseMode:
		return KindMode
	case wire.CloseFull:
		return KindFull
	case wire.CloseBusy:
		return KindBusy
	case wire.CloseNoDisplay:
		return KindNoDisplay
	case wire.CloseDenied:
		return KindDenied
	case wire.CloseLost:
		return KindLost
	case wire.CloseSessionOver:
		return KindSessionOver
	case wire.CloseReplaced:
		return KindReplaced
	case wire.CloseTarget:
		return KindNameNotFound
	case wire.ClosePurpose, wire.CloseNotSupported:
		return KindNotSupported
	case wire.CloseHandshake:
		return KindHandshake
	case wire.CloseProtocol, wire.CloseUnknown, wire.CloseLimit, wire.CloseDone: // a Host never says Done
		return KindProtocol
	}
	return KindHostFault
}

// explain makes an *Error of whatever ended an attempt.
func (a *attempt) explain(ctx context.Context, err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		e.Target, e.Address = a.target, a.target.Address()
		return e
	}
	e = &Error{Target: a.target, Address: a.target.Address(), Err: err, Detail: err.Error()}
	var closed *wire.Closed
	var refused *secure.RefusedError
	var silent *session.LostError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		e.Kind = KindCancelled
	case errors.As(err, &closed):
		e.Kind, e.Detail = kindOf(closed.Code), closed.Detail
		if e.Kind == KindUserAway && a.e.now().Sub(a.asked) > a.waited-time.Second { // not refused at once
			e.Wait = a.waited
		}
	case errors.As(err, &refused):
		e.Kind, e.Detail = kindOf(refused.Code), ""
		if e.Kind == KindLevel {
			e.Levels, e.Offered = levelNames(refused.Levels), a.e.offered(a.target.Profile)
		}
	case errors.As(err, &silent):
		e.Kind, e.Silent = KindLost, silent.Silent
	case errors.Is(err, transport.ErrNameNotFound):
		e.Kind = KindNameNotFound
	case errors.Is(err, transport.ErrNobody):
		e.Kind = KindNobody
	case errors.Is(err, transport.ErrNoAnswer), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		e.Kind = KindNoAnswer
	case errors.Is(err, wire.ErrNotImpero):
		e.Kind = KindNotImpero
	case errors.Is(err, secure.ErrHandshake):
		e.Kind = KindHandshake
	default:
		e.Kind = brokenKind(err)
	}
	return e
}

// brokenKind tells a broken connection from a broken rule.
func brokenKind(err error) Kind {
	var op *net.OpError
	if _, ok := session.CodeOf(err); ok {
		return KindProtocol
	}
	if session.Dead(err) || errors.As(err, &op) {
		return KindLost
	}
	return KindInternal
}
