package guest

import (
	"errors"
	"testing"
)

func TestParseTarget(t *testing.T) {
	for typed, want := range map[string]string{
		"till-042":             "till-042:6502",
		"  till-042  ":         "till-042:6502",
		"till-042:7000":        "till-042:7000",
		"10.20.4.17":           "10.20.4.17:6502",
		"10.20.4.17:1":         "10.20.4.17:1",
		"fe80::1":              "[fe80::1]:6502",
		"fe80::1%eth0":         "[fe80::1%eth0]:6502",
		"[fe80::1]":            "[fe80::1]:6502",
		"[fe80::1]:65535":      "[fe80::1]:65535",
		"reception.example":    "reception.example:6502",
		"kasse-zürich.exämple": "kasse-zürich.exämple:6502",
	} {
		got, err := ParseTarget(typed, "")
		if err != nil || got.Address() != want || got.Profile != ProfileInternet {
			t.Errorf("%q is %+v, %v; want %s", typed, got, err, want)
		}
	}
	for _, typed := range []string{"", " ", "a b", "a b:x", "http://till", "till/x", "[fe80::1", "user@till", "1:2:3"} {
		var e *Error
		if got, err := ParseTarget(typed, ""); !errors.As(err, &e) || e.Kind != KindBadAddress {
			t.Errorf("%q is %+v, %v", typed, got, err)
		}
	}
	for typed, port := range map[string]string{
		"till:0": "0", "till:65536": "65536", "till:x": "x", "till:": "", "till:+1x": "+1x", "[fe80::1]:abc": "abc", "till:99999999999999999999": "99999999999999999999",
	} {
		var e *Error
		if got, err := ParseTarget(typed, ""); !errors.As(err, &e) || e.Kind != KindBadPort || e.Typed != port {
			t.Errorf("%q is %+v, %v", typed, got, err)
		}
	}
}

func FuzzParseTarget(f *testing.F) {
	for _, s := range []string{"till-042", "till:1", "[::1]:2", "fe80::1%eth0", "a:b:c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		a, err := ParseTarget(typed, "")
		if err != nil {
			return
		}
		if b, err := ParseTarget(a.String(), a.Profile); err != nil || a != b {
			t.Errorf("%q is %+v, but its short form %q is %+v, %v", typed, a, a.String(), b, err)
		}
	})
}
