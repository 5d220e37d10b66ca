package remote

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"impero/core/keys"
)

// recorder is an Input that notes what it gets.
type recorder struct {
	mu  sync.Mutex
	got []string
}

func (r *recorder) note(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, fmt.Sprintf(format, args...))
}
func (r *recorder) Key(usage uint16, down bool, char rune) {
	name := "up " + keys.Name(usage)
	if down {
		name = "down " + keys.Name(usage)
	}
	if char != 0 {
		name += " " + string(char)
	}
	r.note("%s", name)
}
func (r *recorder) Move(x, y int)             { r.note("move %d,%d", x, y) }
func (r *recorder) Button(b uint8, down bool) { r.note("button %d %v", b, down) }
func (r *recorder) Wheel(dx, dy int)          { r.note("wheel %d,%d", dx, dy) }
func (r *recorder) ReleaseAll()               { r.note("release all") }
func (r *recorder) expect(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(r.got, want) {
		t.Errorf("the Host got %q, not %q", r.got, want)
	}
	r.got = nil
}

func testKeyboard() (*keyboard, *recorder, *[]Command) {
	var commands []Command
	in := &recorder{}
	k := newKeyboard(func(c Command) { commands = append(commands, c) })
	k.input = in
	return k, in, &commands
}

func TestKeysGoToTheHostOnce(t *testing.T) {
	k, in, _ := testKeyboard()
	k.press(keys.A, 'a')
	k.press(keys.A, 'a') // a repeat
	k.release(keys.A)
	k.release(keys.A)
	k.press(0, 0) // unknown here
	in.expect(t, "down A a", "up A")
}

func TestHostKeyAloneGivesBack(t *testing.T) {
	k, in, commands := testKeyboard()
	k.press(hostKey, 0)
	k.press(hostKey, 0) // a repeat
	k.release(hostKey)
	in.expect(t)
	if !slices.Equal(*commands, []Command{GiveBack}) {
		t.Errorf("commands are %v", *commands)
	}
}

func TestHostKeyWithAnother(t *testing.T) {
	for usage, want := range map[uint16]Command{
		keys.Enter: FullScreen, keys.KeypadEnter: FullScreen, keys.B: ShowBar, keys.Delete: CtrlAltDel, keys.D: Disconnect, keys.M: OpenMenu,
		keys.S: ShowStatistics, keys.H: ShowHeat,
	} {
		k, in, commands := testKeyboard()
		k.press(hostKey, 0)
		k.press(usage, 0)
		k.press(usage, 0) // a repeat
		k.release(hostKey)
		k.release(usage) // after the host key went up
		in.expect(t)
		if !slices.Equal(*commands, []Command{want}) {
			t.Errorf("%s gives %v", keys.Name(usage), *commands)
		}
		k.press(usage, 0)
		k.release(usage)
		in.expect(t, "down "+keys.Name(usage), "up "+keys.Name(usage))
	}
}

func TestHostKeyWithAKeyWithoutMeaning(t *testing.T) {
	k, in, commands := testKeyboard()
	k.press(hostKey, 0)
	k.press(keys.X, 'x')
	k.release(keys.X)
	k.release(hostKey)
	in.expect(t)
	if len(*commands) != 0 {
		t.Errorf("commands are %v", *commands)
	}
}

func TestKeyHeldBeforeTheHostKeyIsReleased(t *testing.T) {
	k, in, _ := testKeyboard()
	k.press(keys.LeftShift, 0)
	k.press(hostKey, 0)
	k.release(keys.LeftShift)
	k.release(hostKey)
	in.expect(t, "down LeftShift", "up LeftShift")
}

func TestLetGoReleasesEverything(t *testing.T) {
	k, in, _ := testKeyboard()
	k.press(keys.LeftAlt, 0)
	k.press(keys.Tab, 0)
	k.press(hostKey, 0)
	k.letGo()
	k.release(keys.Tab) // comes late
	k.press(keys.B, 'b')
	in.expect(t, "down LeftAlt", "down Tab", "up Tab", "up LeftAlt", "down B b")
}

func TestWhoOnlyWatchesSendsNothing(t *testing.T) {
	k, in, commands := testKeyboard()
	k.input = nil
	k.press(keys.A, 'a')
	k.release(keys.A)
	k.press(hostKey, 0)
	k.press(keys.D, 0)
	in.expect(t)
	if !slices.Equal(*commands, []Command{Disconnect}) {
		t.Errorf("the host key does not work: %v", *commands)
	}
}

func TestWhichKeysGiveCharacters(t *testing.T) {
	for _, usage := range []uint16{keys.A, keys.Z, keys.Digit0, keys.Space, keys.Slash, keys.Keypad5, keys.KeypadAdd, keys.NonUSBackslash} {
		if !gives(usage) {
			t.Errorf("%s gives no character", keys.Name(usage))
		}
	}
	for _, usage := range []uint16{keys.Enter, keys.Escape, keys.Backspace, keys.Tab, keys.F1, keys.KeypadEnter, keys.NumLock, keys.LeftShift, keys.Delete} {
		if gives(usage) {
			t.Errorf("%s gives a character", keys.Name(usage))
		}
	}
}

// TestHostKeyIsFollowedWhileAMenuHasTheKeys: it goes down while the menu is about to go, and the next key is a command.
func TestHostKeyIsFollowedWhileAMenuHasTheKeys(t *testing.T) {
	var commands []Command
	k := newKeyboard(func(c Command) { commands = append(commands, c) })
	k.press(hostKey, 0)
	k.press(keys.M, 0)
	k.releaseAll() // the menu takes the keyboard
	k.watch(keys.M, false)
	k.watch(hostKey, false)
	k.watch(hostKey, true)
	k.releaseAll()
	k.press(keys.B, 0)
	k.release(hostKey)
	k.press(hostKey, 0)
	k.press(keys.M, 0)
	if want := []Command{OpenMenu, ShowBar, OpenMenu}; !slices.Equal(commands, want) {
		t.Errorf("commands %v, not %v", commands, want)
	}
}
