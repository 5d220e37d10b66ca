package measure

import (
	"os"
	"testing"
)

func TestProcessFigures(t *testing.T) {
	before, err := CPU(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for now := before; now-before < 20*ms; { // until it has worked for 20 ms
		if now, err = CPU(os.Getpid()); err != nil {
			t.Fatal(err)
		}
	}
	if used, err := RSS(os.Getpid()); err != nil || used < 1<<20 {
		t.Errorf("%d bytes: %v", used, err)
	}
	if _, err := CPU(1 << 22); err == nil {
		t.Error("a process that is not there has had time")
	}
	if _, err := RSS(1 << 22); err == nil {
		t.Error("a process that is not there has memory")
	}
}
