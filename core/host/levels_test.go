package host

import (
	"slices"
	"strings"
	"testing"

	"impero/core/wire"
)

func TestParseLevels(t *testing.T) {
	for typed, want := range map[string][]wire.Level{
		"Very high":                                  {wire.LevelVeryHigh},
		"high, VERY-HIGH,High":                       {wire.LevelVeryHigh, wire.LevelHigh},
		"no-encryption,  Keyboard ":                  {wire.LevelKeyboard, wire.LevelNone},
		"data-integrity-and-keyboard,data integrity": {wire.LevelIntegrityKeyboard, wire.LevelIntegrity},
	} {
		if got, err := ParseLevels(typed); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q is %v, %v", typed, got, err)
		}
	}
	for typed, part := range map[string]string{
		"": "there are Very high, High", "Very high,": "no encryption level", "1": "no encryption level", "Netop 6.5 compatible": "not offered",
	} {
		if got, err := ParseLevels(typed); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%q is %v, %v", typed, got, err)
		}
	}
}

// TestWeakLevels: weak is every level whose screen is not sealed.
func TestWeakLevels(t *testing.T) {
	for _, l := range wire.Levels() {
		p := l.Protection(wire.ChannelScreen)
		sealed := p == wire.ProtectSealed || p == wire.ProtectSealed128
		if weak := len(WeakLevels([]wire.Level{l})) == 1; weak == sealed {
			t.Errorf("%s is weak: %t", l, weak)
		}
	}
}
