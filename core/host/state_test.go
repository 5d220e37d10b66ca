package host

import (
	"slices"
	"testing"
)

func TestOnlyServedAddressesAreShown(t *testing.T) {
	h := new(Host)
	h.com.Store(&Communication{Profiles: []Profile{{Listen: []string{"127.0.0.1:6502", "[::1]:6502"}}, {Listen: []string{"127.0.0.1:7000"}}}})
	if got := h.served(); !slices.Equal(got, []string{"127.0.0.1", "::1"}) {
		t.Errorf("a Host on the loopback shows %v", got)
	}
	for _, all := range []string{":6502", "0.0.0.0:6502", "[::]:6502"} {
		h.com.Store(&Communication{Profiles: []Profile{{Listen: []string{"127.0.0.1:7000", all}}}})
		if got := h.served(); !slices.Equal(got, addresses()) {
			t.Errorf("a Host on %s shows %v", all, got)
		}
	}
}
