package inject

import (
	"fmt"
	"unicode"

	"impero/core/keys"
)

// robot is what the robotgo library offers on a system, as functions and names. Only names of this table reach it: other
// names are not checked there. It reports nothing about the display, nor about missing rights to control it.
type robot struct {
	move     func(x, y int)
	toggle   func(args ...any) error              // "left", "right" or "center", and "down" or "up"
	scroll   func(left, up int)                   // notches
	key      func(name string, args ...any) error // a key's name, and "down" or "up"
	text     func(s string)
	names    map[uint16]string // of keys that type no character, by usage
	byLetter bool              // the name of a letter or digit leads to the key that types it on the layout in use
}

// robotDriver is the driver of systems that robotgo controls. It knows keys by names, not places: keys that type a character
// type the one the Guest saw; only with Ctrl, Alt or Super held, or without a known character, the US name of the place
// counts. Buttons 8 and 9 are ErrUnsupported.
type robotDriver struct {
	robot         robot
	keys, buttons counts
	mods          int // keys held that make a shortcut of others
	shift         int
}

func newRobotDriver(r robot) *robotDriver {
	return &robotDriver{robot: r, keys: counts{}, buttons: counts{}}
}

var robotButtons = map[int]string{1: "left", 2: "center", 3: "right"}

// robotPlaces are the US names of the places that type characters.
var robotPlaces = map[uint16]string{
	keys.Minus: "-", keys.Equal: "=", keys.LeftBracket: "[", keys.RightBracket: "]", keys.Backslash: "\\", keys.Semicolon: ";",
	keys.Quote: "'", keys.Grave: "`", keys.Comma: ",", keys.Period: ".", keys.Slash: "/", keys.Digit0: "0",
}

// place gives the US name of a key that types a character, "" for other keys.
func place(usage uint16) string {
	switch {
	case usage >= keys.A && usage <= keys.Z:
		return string(rune('a' + usage - keys.A))
	case usage >= keys.Digit1 && usage <= keys.Digit9:
		return string(rune('1' + usage - keys.Digit1))
	}
	return robotPlaces[usage]
}

func (d *robotDriver) move(x, y int) error {
	d.robot.move(x, y)
	return nil
}

func (d *robotDriver) button(b int, down bool) error {
	name, ok := robotButtons[b]
	if !ok {
		return fmt.Errorf("%w: button %d", ErrUnsupported, b)
	}
	if down && d.buttons.down(b) {
		return d.robot.toggle(name, "down")
	}
	if !down && d.buttons.up(b) {
		return d.robot.toggle(name, "up")
	}
	return nil
}

func (d *robotDriver) wheel(dx, dy int) error {
	if dx != 0 || dy != 0 {
		d.robot.scroll(-dx, -dy)
	}
	return nil
}

// name gives the library's name of the key to hold for a press, "" if the character is to be typed instead.
func (d *robotDriver) name(usage uint16, r rune, s *typing) string {
	if n := d.robot.names[usage]; n != "" {
		return n
	}
	chord := d.mods > 0 && !s.rightAlt
	if r == 0 || chord {
		return place(usage)
	}
	letter := r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r))
	if d.robot.byLetter && letter && unicode.IsUpper(r) == (d.shift > 0) && place(usage) != "" && d.mods == 0 {
		return string(unicode.ToLower(r))
	}
	return ""
}

func (d *robotDriver) press(usage uint16, r rune, s *typing) (int, error) {
	name := d.name(usage, r, s)
	if name == "" {
		if r == 0 {
			return 0, fmt.Errorf("%w: %s", ErrNoKey, keys.Name(usage))
		}
		d.robot.text(string(r))
		return 0, nil
	}
	code := d.code(usage, name)
	if d.keys.down(code) {
		if err := d.robot.key(name, "down"); err != nil {
			d.keys.up(code)
			return 0, fmt.Errorf("%w: %s: %v", ErrNoKey, keys.Name(usage), err)
		}
		d.count(usage, 1)
	}
	return code, nil
}

// code packs what is to be released: the usage and, for a key named by its character, that.
func (d *robotDriver) code(usage uint16, name string) int {
	if d.robot.names[usage] != "" {
		return int(usage)
	}
	return int(usage) | int(name[0])<<16
}

// count keeps how many keys of a kind are held.
func (d *robotDriver) count(usage uint16, by int) {
	switch usage {
	case keys.LeftShift, keys.RightShift:
		d.shift += by
	default:
		if keys.IsModifier(usage) {
			d.mods += by
		}
	}
}

func (d *robotDriver) release(code int) error {
	if !d.keys.up(code) {
		return nil
	}
	usage, name := uint16(code), string(rune(code>>16))
	if code>>16 == 0 {
		name = d.robot.names[usage]
	}
	d.count(usage, -1)
	return d.robot.key(name, "up")
}

func (d *robotDriver) text(s string) error {
	plain := []rune{}
	flush := func() {
		if len(plain) > 0 {
			d.robot.text(string(plain))
			plain = plain[:0]
		}
	}
	tap := func(usage uint16) error {
		flush()
		name := d.robot.names[usage]
		if err := d.robot.key(name, "down"); err != nil {
			return err
		}
		return d.robot.key(name, "up")
	}
	var last rune
	for _, r := range s {
		var err error
		switch {
		case r == '\r', r == '\n' && last != '\r':
			err = tap(keys.Enter)
		case r == '\t':
			err = tap(keys.Tab)
		case typeable(r):
			plain = append(plain, r)
		}
		if err != nil {
			return fmt.Errorf("type text: %w", err)
		}
		last = r
	}
	flush()
	return nil
}

// recover implements driver. The library does not tell what is down: all that makes a mess of what a person types next
// goes up.
func (d *robotDriver) recover() error {
	var first error
	for usage, name := range d.robot.names {
		if keys.IsModifier(usage) && d.keys[int(usage)] == 0 {
			if err := d.robot.key(name, "up"); first == nil {
				first = err
			}
		}
	}
	for b, name := range robotButtons {
		if d.buttons[b] == 0 {
			if err := d.robot.toggle(name, "up"); first == nil {
				first = err
			}
		}
	}
	return first
}

func (d *robotDriver) sync() error  { return nil }
func (d *robotDriver) close() error { return nil }

// robotNames are names the library has on all its systems; more are the system's own.
func robotNames(more map[uint16]string) map[uint16]string {
	m := map[uint16]string{
		keys.Enter: "enter", keys.Escape: "esc", keys.Backspace: "backspace", keys.Tab: "tab", keys.Space: "space", keys.CapsLock: "capslock",
		keys.Insert: "insert", keys.Delete: "delete", keys.Home: "home", keys.End: "end", keys.PageUp: "pageup", keys.PageDown: "pagedown",
		keys.Up: "up", keys.Down: "down", keys.Left: "left", keys.Right: "right",
		keys.KeypadDivide: "num/", keys.KeypadMultiply: "num*", keys.KeypadSubtract: "num-", keys.KeypadAdd: "num+", keys.KeypadEnter: "num_enter",
		keys.KeypadDecimal: "num.", keys.Keypad0: "num0", keys.NumLock: "num_lock",
		keys.LeftControl: "ctrll", keys.RightControl: "ctrlr", keys.LeftShift: "shiftl", keys.RightShift: "shiftr",
		keys.LeftAlt: "altl", keys.RightAlt: "altr", keys.LeftSuper: "cmdl", keys.RightSuper: "cmdr",
	}
	for i := range uint16(9) {
		m[keys.Keypad1+i] = fmt.Sprintf("num%d", i+1)
	}
	for i := range uint16(12) {
		m[keys.F1+i] = fmt.Sprintf("f%d", i+1)
	}
	for i := range uint16(8) {
		m[keys.F13+i] = fmt.Sprintf("f%d", i+13)
	}
	for u, n := range more {
		m[u] = n
	}
	return m
}
