package event

import (
	"errors"
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	seen, words := map[Code]bool{}, map[string]bool{}
	for _, row := range table {
		if !row.code.formed() || seen[row.code] || row.words == "" || words[row.words] {
			t.Errorf("%q: %q", row.code, row.words)
		}
		seen[row.code], words[row.words] = true, true
	}
	for _, c := range []Code{HostBegun, HostEnded, LogonRight, LogonWrong, LockedOut, Refused, SessionBegun, SessionEnded, SessionLost, SessionFound, ControlBegun,
		ControlEnded, ViewBegun, ViewEnded, NotPermitted, Configured, ServiceBegun, ServiceEnded, LogTampered, LogRepaired, EventsDropped} {
		if !seen[c] {
			t.Errorf("%s has no words", c)
		}
	}
	if HostBegun != "HCON+" || Code("ZZZZ+").Words() != "event ZZZZ+" {
		t.Error("codes")
	}
	for _, c := range []Code{"", "HCON", "HCON*", "hcon+", "HCON+ ", "HC0N+"} {
		if c.formed() {
			t.Errorf("%q has the form of a code", c)
		}
	}
}

func TestParseSet(t *testing.T) {
	for text, want := range map[string]string{
		"all": "all", " ALL ": "all", "": "", "logn": "LOGN+,LOGN-", "LOGN-, HCON+": "HCON+,LOGN-",
	} {
		set, err := ParseSet(text)
		if err != nil || set.String() != want {
			t.Errorf("%q is %q, %v", text, set, err)
		}
	}
	var unknown *CodeError
	if _, err := ParseSet("LOGN+,XXXX+"); !errors.As(err, &unknown) || !strings.Contains(err.Error(), `"XXXX+" is no event; there are all and HCON+,`) {
		t.Error(err)
	}
	if all, none := Set(nil), (Set{}); !all.Has("ZZZZ+") || none.Has(HostBegun) {
		t.Error("nil is all, empty is none")
	}
}

func TestNaming(t *testing.T) {
	g := Guest{Computer: "till", Address: "10.0.0.1", LoggedOn: "ann", ID: "A1", User: "root"}
	for text, want := range map[string]string{
		"": "till; 10.0.0.1; root", "%C; %A; %L; %I; %U": "till; 10.0.0.1; ann; A1; root", "100%% %U": "100% root", "x": "x",
	} {
		n, err := ParseNaming(text)
		if err != nil || n.Of(g) != want {
			t.Errorf("%q: %q, %v", text, n.Of(g), err)
		}
	}
	if got := Naming("%C %A %L %I %U").Of(Guest{Address: "::1"}); got != "- ::1 - - -" {
		t.Errorf("what is not known: %q", got)
	}
	if got := DefaultNaming.Of(Guest{}); got != "" {
		t.Errorf("nobody is called %q", got)
	}
	if got := Naming("%C").Of(Guest{Computer: "%U"}); got != "%U" {
		t.Errorf("a name is taken for a naming: %q", got)
	}
	for _, text := range []string{"%", "%X", "%c", "a %", strings.Repeat("x", 200)} {
		if _, err := ParseNaming(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
