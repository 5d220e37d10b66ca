package inject

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"impero/core/keys"
)

// fakeRobot writes down what the library would be told.
func fakeRobot(byLetter bool) (*[]string, robot) {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	return &lines, robot{
		move:   func(x, y int) { add("move %d %d", x, y) },
		toggle: func(args ...any) error { add("button %v", args); return nil },
		scroll: func(left, up int) { add("scroll %d %d", left, up) },
		key: func(name string, args ...any) error {
			if name == "" || name == "`" {
				return fmt.Errorf("unknown key %q", name)
			}
			add("%s %v", name, args[0])
			return nil
		},
		text:     func(s string) { add("text %s", s) },
		names:    robotNames(nil),
		byLetter: byLetter,
	}
}

func robotSession(r robot) Injector {
	return &session{desk: new(Desk), seat: &seat{driver: newRobotDriver(r), users: 1}, held: make(map[uint32]int)}
}

func TestRobotKeys(t *testing.T) {
	type key struct {
		usage uint16
		down  bool
		r     rune
	}
	const down, up = true, false
	for name, c := range map[string]struct {
		byLetter bool
		keys     []key
		want     string
	}{
		"by letter":           {true, []key{{keys.Z, down, 'y'}, {keys.Z, up, 'y'}}, "y down, y up"},
		"as text":             {false, []key{{keys.Z, down, 'y'}, {keys.Z, up, 'y'}}, "text y"},
		"capital":             {true, []key{{keys.LeftShift, down, 0}, {keys.A, down, 'A'}, {keys.LeftShift, up, 0}, {keys.A, up, 'a'}}, "shiftl down, a down, shiftl up, a up"},
		"capital by Caps":     {true, []key{{keys.A, down, 'A'}}, "text A"},
		"other character":     {true, []key{{keys.Semicolon, down, 'ö'}, {keys.Semicolon, up, 'ö'}}, "text ö"},
		"shortcut":            {true, []key{{keys.LeftControl, down, 0}, {keys.Z, down, 'y'}}, "ctrll down, z down"},
		"third level":         {true, []key{{keys.RightAlt, down, 0}, {keys.Q, down, '@'}}, "altr down, text @"},
		"no character":        {false, []key{{keys.Slash, down, 0}}, "/ down"},
		"function key":        {false, []key{{keys.F12, down, 0}, {keys.F12, up, 0}}, "f12 down, f12 up"},
		"character alone":     {true, []key{{0, down, '漢'}, {0, up, '漢'}}, "text 漢"},
		"key without name":    {true, []key{{keys.Muhenkan, down, 0}}, "!no such key on this keyboard: Muhenkan"},
		"refused by robotgo":  {true, []key{{keys.Grave, down, 0}, {keys.Grave, up, 0}}, "!no such key on this keyboard: Grave: unknown key \"`\""},
		"one release is left": {true, []key{{keys.A, down, 'a'}, {keys.A, up, 0}, {keys.A, up, 0}}, "a down, a up"},
	} {
		lines, r := fakeRobot(c.byLetter)
		in := robotSession(r)
		for _, k := range c.keys {
			if err := in.Key(k.usage, k.down, k.r); err != nil {
				*lines = append(*lines, "!"+err.Error())
			}
		}
		if got := strings.Join(*lines, ", "); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestRobotRest(t *testing.T) {
	lines, r := fakeRobot(true)
	in := robotSession(r)
	in.MoveAbs(3, 4)
	in.Button(2, true)
	in.Wheel(1, -2)
	in.Text("a\r\nb\tc\x00d")
	if err := in.Button(8, true); err == nil {
		t.Error("button 8 was taken")
	}
	in.Key(keys.LeftAlt, true, 0)
	in.Close()
	want := []string{"move 3 4", "button [center down]", "scroll -1 2", "text a", "enter down", "enter up", "text b", "tab down", "tab up", "text cd",
		"altl down", "altl up", "button [center up]"}
	if !slices.Equal(*lines, want) {
		t.Errorf("got  %q\nwant %q", *lines, want)
	}
}

// Every named key of the table, and every place, has a name of its own.
func TestRobotNames(t *testing.T) {
	seen := map[string]uint16{}
	names := robotNames(nil)
	for _, u := range keys.All() {
		n := names[u]
		if n == "" {
			n = place(u)
		}
		if other, ok := seen[n]; ok && n != "" {
			t.Errorf("%s and %s are both %q", keys.Name(u), keys.Name(other), n)
		}
		seen[n] = u
	}
	for u := keys.A; u <= keys.F12; u++ {
		if u != keys.NonUSHash && names[u] == "" && place(u) == "" {
			t.Errorf("%s has no name", keys.Name(u))
		}
	}
}
