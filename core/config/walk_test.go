package config

import "testing"

func TestEachSeesWhatGetGives(t *testing.T) {
	d := must[*Document](t)(Parse(large()))
	set(t, d, firstTCP, "ReceivePort", "7000")
	elements := 0
	d.Each(func(p Path, kind *Element, value func(*Attribute) string) bool {
		elements++
		if elements%100 != 0 && p != firstTCP {
			return true
		}
		for _, a := range kind.Attributes {
			if want, err := d.Get(p, a.XML); err != nil || value(a) != want {
				t.Errorf("%s of %s is %q, not %q (%v)", a.XML, p, value(a), want, err)
			}
		}
		return true
	})
	if elements < 2200 {
		t.Errorf("%d elements were visited", elements)
	}
	first := 0
	d.Each(func(Path, *Element, func(*Attribute) string) bool { first++; return first < 3 })
	if first != 3 {
		t.Errorf("it ended after %d", first)
	}
}
