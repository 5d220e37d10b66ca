package level

import (
	"slices"
	"testing"
)

func TestStrengths(t *testing.T) {
	for name, want := range map[string]Strength{
		"Very high": Full, "High": Full, "Data integrity and keyboard": Part, "Keyboard": Part, "Data integrity": Nothing,
		"No encryption": Nothing, "Netop 6.5 compatible": Nothing, "level 9": Nothing,
	} {
		l := Of(name)
		if l.Strength != want || l.Name.String() != name || l.Line.Empty() || l.Note.Empty() {
			t.Errorf("%s is %+v", name, l)
		}
	}
}

func TestWeakest(t *testing.T) {
	if _, ok := Weakest(nil); ok {
		t.Error("there is a weakest of none")
	}
	for _, c := range []struct {
		of   []string
		want string
	}{
		{[]string{"Keyboard", "Very high"}, "Keyboard"},
		{[]string{"Very high", "High"}, "High"},
		{[]string{"level 9", "No encryption"}, "level 9"},
	} {
		if l, ok := Weakest(c.of); !ok || l.Name.String() != c.want {
			t.Errorf("the weakest of %q is %s", c.of, l.Name)
		}
	}
	if got := Weak([]string{"Keyboard", "High", "No encryption"}); !slices.Equal(got, []string{"Keyboard", "No encryption"}) {
		t.Errorf("weak are %q", got)
	}
}

func TestList(t *testing.T) {
	all := []string{"Very high", "High", "Keyboard"}
	for n, want := range []string{"–", "Very high", "Very high and High", "Very high, High and Keyboard"} {
		if got := List(all[:n]).String(); got != want {
			t.Errorf("%d levels are %q", n, got)
		}
	}
	if got := List([]string{"High", "Data integrity and keyboard", "Keyboard"}).String(); got != "High, Data integrity and keyboard, Keyboard" {
		t.Errorf("with an and of its own: %q", got)
	}
}
