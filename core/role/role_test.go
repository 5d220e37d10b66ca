package role

import (
	"slices"
	"testing"
)

func TestDenyWinsAndSilenceIsNo(t *testing.T) {
	both := Combine("both", FullControl(), ViewOnly().Deny(UseKeyboardMouse))
	if !both.Allows(SeeScreen) || both.Allows(UseKeyboardMouse) {
		t.Errorf("combined role allows %v, want the screen alone", both.Allowed())
	}
	if (Role{}).Allows(SeeScreen) || FullControl().Allows(999) {
		t.Error("an empty role or an unknown permission is allowed")
	}
	if got := FullControl().Allowed(); !slices.Equal(got, []Permission{SeeScreen, UseKeyboardMouse}) {
		t.Errorf("full control allows %v", got)
	}
}

func TestByName(t *testing.T) {
	if r, ok := ByName("View only"); !ok || r.Allows(UseKeyboardMouse) {
		t.Errorf("View only = %v, %t", r, ok)
	}
	if _, ok := ByName("Root"); ok {
		t.Error("a role nobody defined was found")
	}
}
