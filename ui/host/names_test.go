package host

import (
	"strings"
	"testing"
)

func TestCleanTakesAwayWhatCanDeceive(t *testing.T) {
	for in, want := range map[string]string{
		"Anna Berg":                    "Anna Berg",
		"  two\n lines\tand a tab ":    "two lines and a tab",
		"nul\x00bell\x07":              "nulbell",
		"evil\u202etxt.exe":            "eviltxt.exe",
		"zero\u200bwidth\ufeff":        "zerowidth",
		"broken\xff\xfe":               "broken",
		"Søren Ærø 漢字":                 "Søren Ærø 漢字",
		strings.Repeat("x", 64):        strings.Repeat("x", 64),
		strings.Repeat("x", 65) + "y":  strings.Repeat("x", 64) + "…",
		strings.Repeat("é", 1000):      strings.Repeat("é", 64) + "…",
		"\u2066\u2069\u200e\u200f\x1b": "",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestGuestName(t *testing.T) {
	for _, tc := range [][4]string{
		{"Anna Berg", "ops-laptop", "10.0.0.1", "Anna Berg"},
		{"", "ops-laptop", "10.0.0.1", "ops-laptop"},
		{"\u202e", " ", "10.0.0.1:51000", "10.0.0.1"},
	} {
		if got := guestName(tc[0], tc[1], tc[2]); got != tc[3] {
			t.Errorf("guestName(%q) = %q, want %q", tc[:3], got, tc[3])
		}
	}
}

func TestAddress(t *testing.T) {
	for in, want := range map[string]string{
		"10.20.4.90":          "10.20.4.90",
		"10.20.4.90:51000":    "10.20.4.90",
		"::ffff:10.20.4.90":   "10.20.4.90",
		"[2001:db8::7]:6502":  "2001:db8::7",
		"2001:db8::7":         "2001:db8::7",
		"fe80::1%eth0":        "fe80::1%eth0",
		"[fe80::1%eth0]:6502": "fe80::1%eth0",
		"not an address\n":    "not an address",
		"":                    "",
	} {
		if got := address(in); got != want {
			t.Errorf("address(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestAddressLine(t *testing.T) {
	if got := addressLine(nil, 6502).String(); got != "This computer has no network address" {
		t.Errorf("no address: %q", got)
	}
	got := addressLine([]string{"fe80::1", "2001:db8::7", "10.0.0.1"}, 7000).String()
	if want := "10.0.0.1   ·   2001:db8::7   ·   fe80::1   ·   port 7000"; got != want {
		t.Errorf("order: %q, want %q", got, want)
	}
	got = addressLine([]string{"10.0.0.1", "10.0.0.2", "fe80::1", "172.17.0.1", "fe80::2"}, 6502).String()
	if want := "10.0.0.1   ·   10.0.0.2   ·   172.17.0.1   ·   2 more   ·   port 6502"; got != want {
		t.Errorf("many: %q, want %q", got, want)
	}
}
