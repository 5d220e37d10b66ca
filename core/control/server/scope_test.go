package server

import (
	"errors"
	"testing"

	"impero/core/control"
)

// TestAPartDoesNotGiveTheWhole: who may change all other configuration names nobody who may change everything.
func TestAPartDoesNotGiveTheWhole(t *testing.T) {
	in(t, func(t *testing.T, h *house) {
		h.protected = []control.Scope{control.ScopeConfiguration}
		c := h.open(bob, control.Account{Maintenance: guard})
		l, err := c.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Apply(t.Context(), changed(t, l, access, "Account", "bob"), l.Revision); !errors.Is(err, control.ErrNotAllowed) {
			t.Errorf("Apply gives %v", err)
		}
	})
}
