package core_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"impero/core/config"
)

// attribute is a row of the configuration's table, with what it does outside of the configuration.
type attribute struct {
	at, name string    // where it is, with the names of elements that repeat
	value    string    // another than its default
	with     []setting // what it needs, and a Host that has its default too
	// sees says whether the effect of the value shows. It is asked of a Host with the value and of one with the default.
	sees   func(*kept) bool
	change func(*kept) // makes both Hosts others before they start; nil for nothing
	// elsewhere is "file: test" of a part that core does not know.
	elsewhere string
}

// key names a row by its place in the schema.
func (a *attribute) key() string { return schemaPlace(a.at) + "." + a.name }

// schemaPlace takes the names of instances out of a place.
func schemaPlace(at string) string {
	var steps []string
	for step := range strings.SplitSeq(at, "/") {
		kind, _, _ := strings.Cut(step, "[")
		steps = append(steps, kind)
	}
	return strings.Join(steps, "/")
}

// rows gives every attribute of the schema by its place.
func rows() map[string]*config.Attribute {
	all := map[string]*config.Attribute{}
	var walk func(e *config.Element, at string)
	walk = func(e *config.Element, at string) {
		for _, a := range e.Attributes {
			all[at+"."+a.XML] = a
		}
		for _, c := range e.Children {
			walk(c, strings.TrimPrefix(at+"/"+c.XML, "/"))
		}
	}
	walk(config.Schema().Child("Configuration").Child("LocalConfiguration"), "")
	return all
}

// TestEveryAttributeHasItsEffect: each attribute of the schema that does not wait has a row in the table, and its value shows outside
// of the configuration, where the default does not.
func TestEveryAttributeHasItsEffect(t *testing.T) {
	missing := rows()
	for i := range attributes {
		row := &attributes[i]
		a := missing[row.key()]
		switch {
		case a == nil:
			t.Errorf("%s is no attribute, or stands in the table twice", row.key())
			continue
		case a.Waits != "":
			t.Errorf("%s waits, and has a row", row.key())
		}
		delete(missing, row.key())
		t.Run(row.key(), func(t *testing.T) {
			t.Parallel()
			row.check(t, a.Effect)
		})
	}
	for place, a := range missing {
		if a.Waits == "" {
			t.Errorf("%s has no row in the table", place)
		}
	}
}

// check looks at a Host with the default and at one with the value, which it is given while it runs, unless that takes effect when it
// starts.
func (a *attribute) check(t *testing.T, effect config.Effect) {
	t.Helper()
	if a.elsewhere != "" {
		file, test, _ := strings.Cut(a.elsewhere, ": ")
		if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), "\nfunc "+test+"(") {
			t.Errorf("there is no %s in %s: %v", test, file, err)
		}
		return
	}
	change := a.change
	if change == nil {
		change = func(*kept) {}
	}
	t.Run("default", func(t *testing.T) {
		t.Parallel()
		if a.sees(newKept(t, a.with, change)) {
			t.Error("its effect shows though it has its default")
		}
	})
	t.Run("value", func(t *testing.T) {
		t.Parallel()
		a.given(t, effect, change)
	})
}

// given looks at a Host with the value.
func (a *attribute) given(t *testing.T, effect config.Effect, change func(*kept)) {
	t.Helper()
	value := setting{a.at, a.name, a.value}
	if effect == config.RestartsHost {
		if !a.sees(newKept(t, append(a.with[:len(a.with):len(a.with)], value), change)) {
			t.Errorf("%q has no effect", a.value)
		}
		return
	}
	on := newKept(t, a.with, change)
	proof := setting{security + "Maintenance", "OldPassword", config.Typed(goodPassword)} // counts where it is asked for
	if _, err := on.apply(value, proof); err != nil {
		t.Fatal(err)
	}
	on.find()
	if !a.sees(on) {
		t.Errorf("%q has no effect on a Host that runs", a.value)
	}
}

// TestWhatWaitsIsRefused: an attribute without an effect says why, and is not changed.
func TestWhatWaitsIsRefused(t *testing.T) {
	t.Parallel()
	k := newKept(t, nil)
	for place, a := range rows() {
		if a.Waits == "" {
			continue
		}
		doc, revision, _, _ := k.k.Snapshot()
		at, _, _ := strings.Cut(place, ".")
		var steps []string
		for e, step := config.Schema().Child("Configuration").Child("LocalConfiguration"), 0; step < len(strings.Split(at, "/")); step++ {
			name := strings.Split(at, "/")[step]
			if e = e.Child(name); e.Repeats() {
				name += "[" + first(e) + "]"
			}
			steps = append(steps, name)
		}
		at = strings.Join(steps, "/")
		if err := (setting{at: at}).put(doc); err != nil {
			t.Fatalf("%s: %v", place, err)
		}
		if _, err := k.k.Apply(t.Context(), doc, revision, "the test"); err != nil {
			t.Fatalf("an element with %s cannot be made: %v", place, err)
		}
		doc, revision, _, _ = k.k.Snapshot()
		if err := (setting{at, a.XML, other(a)}).put(doc); err != nil {
			t.Fatalf("%s: %v", place, err)
		}
		_, err := k.k.Apply(t.Context(), doc, revision, "the test")
		var invalid *config.InvalidError
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), a.Waits) {
			t.Errorf("%s is changed, or refused without its reason: %v", place, err)
		}
		if _, now, _, _ := k.k.Snapshot(); now != revision {
			t.Errorf("%s was changed all the same", place)
		}
	}
}

// first is the name of an element that is made.
func first(e *config.Element) string {
	if a := e.Attribute(e.Label); a.Default != "" {
		return a.Default
	} else if a.Kind == config.Ports {
		return "1025"
	}
	return "192.0.2.1"
}

// other is a valid value that is not the default.
func other(a *config.Attribute) string {
	switch a.Kind {
	case config.Switch, config.Permission, config.Choice:
		for _, v := range a.Values {
			if v.Value != a.Default && v.Waits == "" {
				return v.Value
			}
		}
	case config.Integer:
		if a.Default != "1025" {
			return max(a.Hint, "1025")[:digits(a)]
		}
	case config.Secret:
		return config.Typed("a long password")
	case config.URL:
		return "https://example.com"
	case config.Ports:
		return "8000-8010"
	}
	return "192.0.2.7"
}

// digits is how many digits of 1025 make a number that is allowed.
func digits(a *config.Attribute) int {
	if a.Max >= 1025 {
		return 4
	}
	return 2
}

// TestAModeThatWaitsRefusesEveryLogon, and says so: a file that was made by hand may have it, an editor may not.
func TestAModeThatWaitsRefusesEveryLogon(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{config.ModePortal, config.ModeSecurityServer} {
		k := newKept(t, []setting{{"GuestUsers/GuestSecurityMode", "Mode", mode}})
		if _, code := k.knock(); code.String() != "Mode" {
			t.Errorf("%s: a Guest is answered %s", mode, code)
		}
		if _, _, _, trouble := k.k.Snapshot(); !strings.Contains(trouble, "Nobody can log on") || k.h.State().Trouble != trouble {
			t.Errorf("%s: the trouble is %q", mode, trouble)
		}
		if !k.holds("logs/Impero_host.log", "Nobody can log on") {
			t.Errorf("%s: the log does not say so", mode)
		}
	}
	k := newKept(t, nil)
	doc, revision, _, _ := k.k.Snapshot()
	if err := (setting{"GuestUsers/GuestSecurityMode", "Mode", config.ModePortal}).put(doc); err != nil {
		t.Fatal(err)
	}
	if _, err := k.k.Apply(t.Context(), doc, revision, "the test"); err == nil || !strings.Contains(err.Error(), "There is no Impero Portal yet.") {
		t.Errorf("an editor may choose it: %v", err)
	}
}
