package role

// Confirm says when the Host's user is asked before a Guest of this role gets in. Values are part of stored roles. A higher
// value is stricter.
type Confirm uint8

const (
	ConfirmUnset    Confirm = 0 // the role says nothing, which alone means never
	ConfirmNever    Confirm = 1
	ConfirmLoggedIn Confirm = 2 // if a user is logged in at the Host
	ConfirmAlways   Confirm = 3
)

// String is the name in the user's guide.
func (c Confirm) String() string {
	switch c {
	case ConfirmUnset:
		return "Not set"
	case ConfirmNever:
		return "Never"
	case ConfirmLoggedIn:
		return "Only when logged in"
	case ConfirmAlways:
		return "Always"
	}
	return "unknown"
}

// Asks says whether the user is to be asked. What this version does not know is asked.
func (c Confirm) Asks(loggedIn func() bool) bool {
	switch c {
	case ConfirmUnset, ConfirmNever:
		return false
	case ConfirmLoggedIn:
		return loggedIn()
	}
	return true
}
