package wire

import (
	"fmt"
	"strings"
)

// Level is an encryption level by its number; the names are those of the user's guide. A lower number is stronger.
// Control, and with it handshake and logon, is sealed with AES-256-GCM at every level.
type Level uint8

const (
	LevelVeryHigh          Level = 1 // AES-256-GCM on every channel
	LevelHigh              Level = 2 // AES-128-GCM on audio, screen and bulk, AES-256-GCM on input
	LevelIntegrityKeyboard Level = 3 // AES-256-GCM on input; the rest can be read, not changed
	LevelKeyboard          Level = 4 // AES-256-GCM on input; the rest can be read and changed
	LevelIntegrity         Level = 5 // everything but control can be read, not changed
	LevelNone              Level = 6 // everything but control can be read and changed
)

// Levels gives every level, the strongest first.
func Levels() []Level {
	return []Level{LevelVeryHigh, LevelHigh, LevelIntegrityKeyboard, LevelKeyboard, LevelIntegrity, LevelNone}
}

// String is the level's name in the user's guide.
func (l Level) String() string {
	switch l {
	case LevelVeryHigh:
		return "Very high"
	case LevelHigh:
		return "High"
	case LevelIntegrityKeyboard:
		return "Data integrity and keyboard"
	case LevelKeyboard:
		return "Keyboard"
	case LevelIntegrity:
		return "Data integrity"
	case LevelNone:
		return "No encryption"
	}
	return fmt.Sprintf("level %d", uint8(l))
}

// ParseLevel gives the level of a name in the user's guide, whatever its letters' case.
func ParseLevel(name string) (Level, bool) {
	for _, l := range Levels() {
		if strings.EqualFold(l.String(), name) {
			return l, true
		}
	}
	return 0, false
}

// Protection says what a level does to the records of a channel. The zero value is none that may be used.
type Protection uint8

const (
	ProtectSealed    Protection = 1 // AES-256-GCM
	ProtectSealed128 Protection = 2 // AES-128-GCM
	ProtectIntegrity Protection = 3 // in clear, with the tag of AES-256-GCM
	ProtectNothing   Protection = 4 // in clear, without a tag
)

// Protection gives the protection of a channel. A level that is not known protects as the strongest does.
func (l Level) Protection(c Channel) Protection {
	switch {
	case c == ChannelControl:
		return ProtectSealed
	case c == ChannelInput:
		return l.input()
	}
	return l.data()
}

func (l Level) input() Protection {
	switch l {
	case LevelIntegrity:
		return ProtectIntegrity
	case LevelNone:
		return ProtectNothing
	}
	return ProtectSealed
}

func (l Level) data() Protection {
	switch l {
	case LevelHigh:
		return ProtectSealed128
	case LevelIntegrityKeyboard, LevelIntegrity:
		return ProtectIntegrity
	case LevelKeyboard, LevelNone:
		return ProtectNothing
	}
	return ProtectSealed
}
