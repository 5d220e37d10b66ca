package role

import (
	"slices"
	"testing"
)

func TestDenyWinsAndSilenceIsNo(t *testing.T) {
	both := Combine("both", FullControl(), ViewOnly().Deny(UseKeyboardMouse))
	if !both.Allows(SeeScreen) || both.Allows(UseKeyboardMouse) {
		t.Errorf("combined role allows %v, want no keyboard", both.Allowed())
	}
	if (Role{}).Allows(SeeScreen) || FullControl().Allows(999) {
		t.Error("an empty role or an unknown permission is allowed")
	}
	if got := ViewOnly().Allowed(); !slices.Equal(got, []Permission{SeeScreen}) {
		t.Errorf("view only allows %v", got)
	}
}

// TestCombineIsOrderless: whichever way two answers meet, a deny wins, then an allow.
func TestCombineIsOrderless(t *testing.T) {
	answers := []Answer{Nothing, Allow, Deny}
	for _, p := range Permissions() {
		for _, a := range answers {
			for _, b := range answers {
				x, y := Of("a", map[Permission]Answer{p: a}, ConfirmUnset), Of("b", map[Permission]Answer{p: b}, ConfirmUnset)
				want := a != Deny && b != Deny && (a == Allow || b == Allow)
				if got := Combine("", x, y).Allows(p); got != want || Combine("", y, x).Allows(p) != want {
					t.Errorf("%s: %d and %d give %t", p, a, b, got)
				}
			}
		}
	}
}

func TestTheStrictestConfirmCounts(t *testing.T) {
	of := func(c Confirm) Role { return ViewOnly().Confirmed(c) }
	for _, c := range []struct {
		roles []Confirm
		want  Confirm
	}{
		{nil, ConfirmUnset},
		{[]Confirm{ConfirmUnset, ConfirmNever}, ConfirmNever},
		{[]Confirm{ConfirmNever, ConfirmLoggedIn}, ConfirmLoggedIn},
		{[]Confirm{ConfirmAlways, ConfirmLoggedIn, ConfirmNever}, ConfirmAlways},
	} {
		var roles []Role
		for _, x := range c.roles {
			roles = append(roles, of(x))
		}
		if got := Combine("", roles...).Confirm(); got != c.want {
			t.Errorf("%v combine to %v, want %v", c.roles, got, c.want)
		}
	}
}

func TestWhoIsAsked(t *testing.T) {
	for _, c := range []struct {
		confirm       Confirm
		alone, logged bool
	}{{ConfirmUnset, false, false}, {ConfirmNever, false, false}, {ConfirmLoggedIn, false, true}, {ConfirmAlways, true, true}, {99, true, true}} {
		alone, logged := c.confirm.Asks(func() bool { return false }), c.confirm.Asks(func() bool { return true })
		if alone != c.alone || logged != c.logged {
			t.Errorf("%v asks %t with nobody there, %t with somebody", c.confirm, alone, logged)
		}
	}
}

func TestOnlyNeverGivesMore(t *testing.T) {
	r := New("files", ReceiveFiles).Confirmed(ConfirmAlways)
	if got := r.Only("watch", SeeScreen); len(got.Allowed()) > 0 {
		t.Errorf("a role without the screen got %v", got.Allowed())
	}
	if got := FullControl().Only("watch", SeeScreen); !slices.Equal(got.Allowed(), []Permission{SeeScreen}) || got.Name != "watch" {
		t.Errorf("%q allows %v", got.Name, got.Allowed())
	}
}

// TestNumbersStay: they are on the wire and in files.
func TestNumbersStay(t *testing.T) {
	order := []Permission{3, 4, 5, 6, 7, 8, 1, 9, 10, 11, 12, 13, 14, 15, 2, 16}
	if got := Permissions(); !slices.Equal(got, order) {
		t.Errorf("the permissions are %d", got)
	}
	if got := FullControl().Allowed(); len(got) != len(order) || got[0] != 1 || got[15] != 16 {
		t.Errorf("full control allows %d", got)
	}
	for _, p := range Permissions() {
		if back, ok := PermissionByName(p.String()); !ok || back != p {
			t.Errorf("%d is called %q, which is %d", p, p, back)
		}
	}
	if _, ok := PermissionByName("Root"); ok || Permission(999).String() != "permission 999" {
		t.Error("a permission that is not known has a name")
	}
}

func TestByName(t *testing.T) {
	if r, ok := ByName("View only"); !ok || r.Allows(UseKeyboardMouse) {
		t.Errorf("View only = %v, %t", r, ok)
	}
	if _, ok := ByName("Root"); ok {
		t.Error("a role nobody defined was found")
	}
	if r, ok := ByName("Desk", New("Desk", Tunnel)); !ok || !r.Allows(Tunnel) {
		t.Error("a custom role was not found")
	}
	if r, _ := ByName("View only", New("View only", Tunnel)); !r.Allows(Tunnel) || r.Allows(SeeScreen) {
		t.Error("a custom role did not take a built-in one's place")
	}
}
