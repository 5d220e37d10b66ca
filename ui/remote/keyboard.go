package remote

import (
	"maps"
	"slices"

	"impero/core/keys"
)

// Command is what the host key does together with another key.
type Command uint8

// The commands. GiveBack is the host key alone.
const (
	GiveBack Command = iota + 1
	FullScreen
	ShowBar
	CtrlAltDel
	Disconnect
	OpenMenu
	ShowStatistics
	ShowHeat
)

// command gives what a key does while the host key is down.
func command(usage uint16) (Command, bool) {
	switch usage {
	case keys.Enter, keys.KeypadEnter:
		return FullScreen, true
	case keys.B:
		return ShowBar, true
	case keys.Delete:
		return CtrlAltDel, true
	case keys.D:
		return Disconnect, true
	case keys.M:
		return OpenMenu, true
	case keys.S:
		return ShowStatistics, true
	case keys.H:
		return ShowHeat, true
	}
	return 0, false
}

// keyboard sends keys to the Host and keeps those for itself that belong to the
// host key. It knows which keys are down there, and lets go of them.
type keyboard struct {
	input   Input // nil sends nothing
	command func(Command)

	held    map[uint16]bool // down at the Host
	local   map[uint16]bool // pressed together with the host key
	hosting bool            // the host key is down
	alone   bool            // and nothing was pressed with it
}

func newKeyboard(command func(Command)) *keyboard {
	return &keyboard{command: command, held: map[uint16]bool{}, local: map[uint16]bool{}}
}

// press takes a key that went down; char is the character it gave, 0 if
// unknown. A key that repeats is sent once: the Host repeats it by itself.
func (k *keyboard) press(usage uint16, char rune) {
	switch {
	case usage == 0:
	case usage == hostKey:
		k.alone = !k.hosting || k.alone
		k.hosting = true
	case k.hosting:
		k.alone = false
		if k.local[usage] {
			return
		}
		k.local[usage] = true
		if c, ok := command(usage); ok {
			k.command(c)
		}
	case k.input != nil && !k.held[usage]:
		k.held[usage] = true
		k.input.Key(usage, true, char)
	}
}

// release takes a key that went up.
func (k *keyboard) release(usage uint16) {
	switch {
	case usage == hostKey && k.hosting:
		k.hosting = false
		if k.alone {
			k.alone = false
			k.command(GiveBack)
		}
	case k.local[usage]:
		delete(k.local, usage)
	case k.held[usage]:
		delete(k.held, usage)
		if k.input != nil {
			k.input.Key(usage, false, 0)
		}
	}
}

// watch follows the host key alone, while the other keys are not the Host's.
func (k *keyboard) watch(usage uint16, down bool) {
	if usage == hostKey {
		k.hosting, k.alone = down, false
	}
}

// letGo releases everything that is down at the Host, and forgets what is held
// here: its release goes elsewhere.
func (k *keyboard) letGo() {
	k.releaseAll()
	k.hosting = false
}

// releaseAll releases everything that is down at the Host, in an order that is the
// same each time. Whether the host key is down stays known.
func (k *keyboard) releaseAll() {
	for _, usage := range slices.Sorted(maps.Keys(k.held)) {
		if k.input != nil {
			k.input.Key(usage, false, 0)
		}
	}
	clear(k.held)
	clear(k.local)
	k.alone = false
}

// modified tells whether a key is down that makes others no characters.
func (k *keyboard) modified() bool {
	return k.hosting || k.held[keys.LeftControl] || k.held[keys.RightControl] ||
		k.held[keys.LeftAlt] || k.held[keys.LeftSuper] || k.held[keys.RightSuper]
}

// gives tells whether a key usually gives a character: letters, digits, space
// and signs, and those of the keypad.
func gives(usage uint16) bool {
	switch {
	case usage >= keys.A && usage <= keys.Digit0, usage >= keys.Space && usage <= keys.Slash:
		return true
	case usage >= keys.KeypadDivide && usage <= keys.KeypadAdd, usage >= keys.Keypad1 && usage <= keys.KeypadDecimal:
		return true
	}
	return usage == keys.NonUSBackslash
}
