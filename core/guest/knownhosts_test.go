package guest

import (
	"testing"

	"impero/core/key"
)

// TestKeyHoldsForEveryProfile: whoever takes another profile to the same address must not meet an impostor as a stranger.
func TestKeyHoldsForEveryProfile(t *testing.T) {
	e := testEngine(t)
	id, err := key.Generate()
	if err != nil {
		t.Fatal(err)
	}
	met := Target{Host: "till-042", Port: 6502, Profile: ProfileInternet}
	if err := e.Remember(met, id.Public().Text()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		target Target
		known  bool
	}{
		{met, true},
		{Target{Host: "TILL-042", Port: 6502, Profile: "Branch"}, true},
		{Target{Host: "till-042", Port: 6503, Profile: ProfileInternet}, false},
	} {
		k, _, known, err := e.known.lookup(c.target)
		if err != nil || known != c.known || known && !k.Equal(id.Public()) {
			t.Errorf("%+v: known %t, %v", c.target, known, err)
		}
	}
}
