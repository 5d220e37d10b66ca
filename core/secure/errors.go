package secure

import (
	"errors"
	"fmt"

	"impero/core/wire"
)

// ErrHandshake is wrapped by the error of a handshake in which a message was wrong or did not verify. The peer is told
// nothing. wire.ErrNotImpero, *RefusedError, what Verify gave, what ended ctx and the errors of the connection itself
// are not such.
var ErrHandshake = errors.New("the handshake did not verify")

// ErrRecord is wrapped by the error of a record that is malformed or does not open: someone changed, dropped, repeated
// or reordered it. The connection is dead.
var ErrRecord = errors.New("a record does not open")

// ErrTooLong says that a plaintext is longer than MaxPayload or empty; the connection is as before.
var ErrTooLong = errors.New("the plaintext does not fit a record")

// RefusedError says that the Host refused the connection before there were keys. On the Guest nothing proves that the
// Host said so, it may be anyone between. Host gives it too, for what it refused.
type RefusedError struct {
	Code   wire.CloseCode
	Newest uint16       // newest protocol version of the Host
	Levels []wire.Level // with CloseLevel: those that the Host allows, if it said so
}

func (e *RefusedError) Error() string { return fmt.Sprintf("the connection was refused (%s)", e.Code) }

// failed makes a handshake error.
func failed(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrHandshake, fmt.Errorf(format, args...))
}
