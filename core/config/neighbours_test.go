package config

import (
	"testing"

	"impero/core/logs"
	"impero/core/wire"
)

// The values below are read by other packages; a name that one of them does not know would be an option without effect.

func TestEveryEncryptionLevelIsOneOfTheProtocol(t *testing.T) {
	known := 0
	for _, v := range encryptionLevels {
		_, ok := wire.ParseLevel(v.Name)
		if ok != (v.Waits == "") {
			t.Errorf("%s: known %v, waits %q", v.Value, ok, v.Waits)
		}
		if ok {
			known++
		}
	}
	if known != len(wire.Levels()) {
		t.Errorf("%d levels of %d", known, len(wire.Levels()))
	}
}

func TestEveryLogLevelIsOneOfTheLogs(t *testing.T) {
	for i, v := range logLevels {
		if l, err := logs.ParseLevel(v.Value); err != nil || int(l) != i {
			t.Errorf("%s is level %v: %v", v.Value, l, err)
		}
	}
}
