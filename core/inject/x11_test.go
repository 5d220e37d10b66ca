//go:build unix && !darwin

package inject_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"impero/core/inject"
	"impero/core/inject/injecttest"
	"impero/core/keys"
	"impero/core/lab"
	"impero/core/x11"
)

const patience = 20 * time.Second

func open(t testing.TB, cfg inject.Config) inject.Injector {
	t.Helper()
	in, err := inject.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	return in
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run runs a program on the display to its end and gives its output.
func run(t testing.TB, display string, argv ...string) string {
	t.Helper()
	p := lab.StartProcess(t, display, argv...)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	must(t, p.Wait(ctx))
	return p.Output()
}

// probe is an X client with a window over the whole desktop, which gets all input.
type probe struct {
	t testing.TB
	c *x11.Conn
}

const (
	keyPress, keyRelease, buttonPress, buttonRelease, motion = 2, 3, 4, 5, 6
)

func newProbe(t testing.TB, display string) *probe {
	t.Helper()
	c, err := x11.Dial(context.Background(), display)
	must(t, err)
	t.Cleanup(func() { c.Close() })
	p := &probe{t, c}
	const createWindow, mapWindow, setInputFocus = 1, 8, 42
	const overrideRedirect, eventMask = 1 << 9, 1 << 11
	const allInput, exposure, focus = 0x4f, 1 << 15, 1 << 21
	win, r := c.NewID(), c.Root()
	must(t, c.Check(createWindow, 0, win, r.Root, 0, x11.Pair(r.W, r.H), x11.Pair(0, 1), 0, overrideRedirect|eventMask, 1, allInput|exposure|focus))
	c.Send(mapWindow, 0, win)
	for e := p.next(); e.Code() != 12; e = p.next() { // Expose
	}
	c.Send(setInputFocus, 1, win, 0)
	for e := p.next(); e.Code() != 9; e = p.next() { // FocusIn
	}
	return p
}

// next gives the next event, without MappingNotify and without the marks of focus and crossing.
func (p *probe) next() x11.Event {
	p.t.Helper()
	e, ok, err := p.c.Event(time.Now().Add(patience))
	must(p.t, err)
	if !ok {
		p.t.Fatal("waited in vain for an event")
	}
	if e.Code() == 34 {
		return p.next()
	}
	return e
}

// input gives the next n key and button events as "press 38", "release 38", "button 1", "unbutton 1" and "at 3 4".
func (p *probe) input(n int) []string {
	p.t.Helper()
	var out []string
	for len(out) < n {
		e := p.next()
		switch e.Code() {
		case keyPress:
			out = append(out, fmt.Sprintf("press %d", e[1]))
		case keyRelease:
			out = append(out, fmt.Sprintf("release %d", e[1]))
		case buttonPress:
			out = append(out, fmt.Sprintf("button %d", e[1]))
		case buttonRelease:
			out = append(out, fmt.Sprintf("unbutton %d", e[1]))
		case motion:
			out = append(out, fmt.Sprintf("at %d %d", e.U16(20), e.U16(22)))
		}
	}
	return out
}

func (p *probe) expect(want ...string) {
	p.t.Helper()
	if got := p.input(len(want)); !slices.Equal(got, want) {
		p.t.Fatalf("got  %q\nwant %q", got, want)
	}
}

// keysDown gives the keycodes that are down.
func (p *probe) keysDown() []int {
	p.t.Helper()
	const queryKeymap = 44
	b, err := p.c.Call(queryKeymap, 0)
	must(p.t, err)
	var out []int
	for code := range 256 {
		if b[8+code/8]>>(code%8)&1 == 1 {
			out = append(out, code)
		}
	}
	return out
}

func (p *probe) buttonsDown() uint16 {
	p.t.Helper()
	const queryPointer = 38
	b, err := p.c.Call(queryPointer, 0, p.c.Root().Root)
	must(p.t, err)
	return binary.LittleEndian.Uint16(b[24:]) >> 8
}

// keymap gives the whole keyboard map of the core protocol.
func (p *probe) keymap() string {
	p.t.Helper()
	const getKeyboardMapping = 101
	first, last := p.c.Setup.MinKeycode, p.c.Setup.MaxKeycode
	b, err := p.c.Call(getKeyboardMapping, 0, uint32(first)|uint32(last-first+1)<<8)
	must(p.t, err)
	per := int(b[1])
	var out strings.Builder
	for i := 0; i < int(last-first)+1; i++ {
		for l := range per {
			if s := binary.LittleEndian.Uint32(b[32+(i*per+l)*4:]); s != 0 {
				fmt.Fprintf(&out, "%d.%d=%x ", int(first)+i, l, s)
			}
		}
	}
	return out.String()
}

func TestConforms(t *testing.T) {
	x := lab.StartX(t, lab.Screen{})
	injecttest.Conform(t, func(t *testing.T) inject.Injector { return open(t, inject.Config{Display: x.Display}) })
}

// Every key of the table arrives with its own keycode, pressed and released.
func TestKeysArrive(t *testing.T) {
	x := lab.StartX(t, lab.Screen{})
	in := open(t, inject.Config{Display: x.Display})
	p := newProbe(t, x.Display)
	for _, u := range keys.All() {
		must(t, in.Key(u, true, 0))
		must(t, in.Key(u, false, 0))
		p.expect(fmt.Sprintf("press %d", keys.ToX11(u)), fmt.Sprintf("release %d", keys.ToX11(u)))
	}
}

func TestPointerArrives(t *testing.T) {
	x := lab.StartX(t, lab.Screen{W: 800, H: 600})
	in := open(t, inject.Config{Display: x.Display})
	p := newProbe(t, x.Display)
	must(t, in.MoveAbs(123, 45))
	p.expect("at 123 45")
	must(t, in.MoveAbs(-7, 99999))
	p.expect("at 0 599")
	for _, b := range []int{1, 2, 3, 8, 9} {
		must(t, in.Button(b, true))
		must(t, in.Button(b, false))
		p.expect(fmt.Sprintf("button %d", b), fmt.Sprintf("unbutton %d", b))
	}
	must(t, in.Wheel(0, -2))
	p.expect("button 4", "unbutton 4", "button 4", "unbutton 4")
	must(t, in.Wheel(1, 1))
	p.expect("button 5", "unbutton 5", "button 7", "unbutton 7")
	must(t, in.Wheel(-1, 0))
	p.expect("button 6", "unbutton 6")
}

func TestReleaseAllLeavesNothingDown(t *testing.T) {
	x := lab.StartX(t, lab.Screen{})
	in := open(t, inject.Config{Display: x.Display})
	p := newProbe(t, x.Display)
	for _, u := range []uint16{keys.LeftShift, keys.RightControl, keys.LeftAlt, keys.LeftSuper, keys.A, keys.F24, keys.Keypad5} {
		must(t, in.Key(u, true, 0))
	}
	must(t, in.Key(0, true, '漢'))
	must(t, in.Button(1, true))
	must(t, in.Button(9, true))
	lab.WaitFor(t, patience, "eight keys and two buttons to be down", func() bool {
		return len(p.keysDown()) == 8 && p.buttonsDown() != 0
	})
	must(t, in.ReleaseAll())
	if down := p.keysDown(); len(down) != 0 || p.buttonsDown() != 0 {
		t.Fatalf("still down: keys %v, buttons %b", down, p.buttonsDown())
	}
	must(t, in.Key(keys.B, true, 'b'))
	must(t, in.Close())
	if down := p.keysDown(); len(down) != 0 {
		t.Fatalf("after Close still down: %v", down)
	}
}

// A program that was killed leaves its keys down: X lets none go with its connection.
func TestRecoverLetsGoOfWhatAKilledProgramHeld(t *testing.T) {
	x := lab.StartX(t, lab.Screen{})
	killed := open(t, inject.Config{Display: x.Display})
	p := newProbe(t, x.Display)
	must(t, killed.Key(keys.LeftControl, true, 0))
	must(t, killed.Key(keys.A, true, 0))
	must(t, killed.Button(1, true))
	must(t, killed.Button(9, true))
	next := open(t, inject.Config{Display: x.Display})
	must(t, next.Key(keys.LeftShift, true, 0))
	p.expect("press 37", "press 38", "button 1", "button 9", "press 50")
	must(t, next.Recover())
	p.expect("release 37", "release 38", "unbutton 1", "unbutton 9")
	if down := p.keysDown(); !slices.Equal(down, []int{50}) || p.buttonsDown() != 0 {
		t.Fatalf("down are keys %v, buttons %b; want the one that is held", down, p.buttonsDown())
	}
}

// Two sessions at one Desk hold the same keys and buttons: they go up with the last.
func TestSessionsShareADesk(t *testing.T) {
	x := lab.StartX(t, lab.Screen{})
	desk := new(inject.Desk)
	a := open(t, inject.Config{Display: x.Display, Desk: desk})
	b := open(t, inject.Config{Display: x.Display, Desk: desk})
	p := newProbe(t, x.Display)
	must(t, a.Key(keys.LeftShift, true, 0))
	must(t, b.Key(keys.LeftShift, true, 0))
	must(t, a.Button(1, true))
	must(t, b.Button(1, true))
	p.expect("press 50", "button 1")
	must(t, a.ReleaseAll())
	if down := p.keysDown(); !slices.Equal(down, []int{50}) || p.buttonsDown() != 1 {
		t.Fatalf("one session let go: keys %v, buttons %b; the other still holds them", down, p.buttonsDown())
	}
	must(t, a.Close())
	must(t, b.Key(keys.Q, true, 'Q'))
	must(t, b.Close())
	p.expect("press 24")
	if down := p.keysDown(); len(down) != 0 || p.buttonsDown() != 0 {
		t.Fatalf("both let go: keys %v, buttons %b", down, p.buttonsDown())
	}
}

// Borrowed keycodes are given back, and what a session leaves is what it found.
func TestMapIsRestored(t *testing.T) {
	x := lab.StartX(t, lab.Screen{})
	p := newProbe(t, x.Display)
	before := p.keymap()
	in := open(t, inject.Config{Display: x.Display})
	must(t, in.Text("漢字 Ж"))
	if p.keymap() == before {
		t.Fatal("nothing was borrowed, so this test says nothing")
	}
	must(t, in.Close())
	if after := p.keymap(); after != before {
		t.Errorf("the map changed:\nbefore %s\nafter  %s", before, after)
	}
}

// With Ctrl held the place counts: a shortcut is the key that was pressed, not its character.
func TestShortcutsGoByPlace(t *testing.T) {
	x := lab.StartX(t, lab.Screen{})
	in := open(t, inject.Config{Display: x.Display})
	p := newProbe(t, x.Display)
	must(t, in.Key(keys.LeftControl, true, 0))
	must(t, in.Key(keys.Z, true, 'y'))
	p.expect("press 37", "press 52")
	must(t, in.ReleaseAll())
	p.input(2)
	must(t, in.Key(keys.Z, true, 'y')) // without Ctrl it is the character, and the release goes where the press went
	must(t, in.Key(keys.Z, false, 'z'))
	p.expect("press 29", "release 29")
}

// A dead key and the next one go by their places: the Host puts them together.
func TestDeadKeys(t *testing.T) {
	x := lab.StartX(t, lab.Screen{})
	run(t, x.Display, "setxkbmap", "de")
	in := open(t, inject.Config{Display: x.Display})
	p := newProbe(t, x.Display)
	stroke{keys.Equal, 0}.press(t, in) // dead acute
	stroke{keys.E, 'é'}.press(t, in)
	stroke{keys.E, 'é'}.press(t, in)
	got := p.input(6)
	if want := []string{"press 21", "release 21", "press 26", "release 26"}; !slices.Equal(got[:4], want) {
		t.Errorf("got %q, want %q", got[:4], want)
	}
	if got[4] == "press 26" {
		t.Error("without a dead key before it é was typed by its place, which is e")
	}
}

// A layout changed while a session runs is used from then on.
func TestLayoutChangesMeanwhile(t *testing.T) {
	x := lab.StartX(t, lab.Screen{})
	in := open(t, inject.Config{Display: x.Display})
	p := newProbe(t, x.Display)
	stroke{keys.Z, 'y'}.press(t, in)
	p.expect("press 29", "release 29")
	run(t, x.Display, "setxkbmap", "de")
	stroke{keys.Z, 'y'}.press(t, in)
	p.expect("press 52", "release 52")
}

func TestOpenErrors(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	for _, display := range []string{"", ":", "nonsense", ":x", ":0.y", ":32000", "unix:32001.1"} {
		if _, err := inject.Open(inject.Config{Display: display}); !errors.Is(err, inject.ErrNoDisplay) {
			t.Errorf("display %q: got %v, want ErrNoDisplay", display, err)
		}
	}
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	if _, err := inject.Open(inject.Config{}); !errors.Is(err, inject.ErrWayland) {
		t.Errorf("on Wayland: got %v, want ErrWayland", err)
	}
}

func TestDisplayLost(t *testing.T) {
	x := lab.StartX(t, lab.Screen{})
	desk := new(inject.Desk)
	in := open(t, inject.Config{Display: x.Display, Desk: desk})
	must(t, in.Key(keys.A, true, 'a'))
	must(t, x.Close())
	for name, f := range map[string]func() error{
		"move": func() error { return in.MoveAbs(1, 1) }, "key": func() error { return in.Key(keys.B, true, 'b') },
		"text": func() error { return in.Text("é") }, "button": func() error { return in.Button(1, true) }, "wheel": func() error { return in.Wheel(0, 1) },
	} {
		var err error
		lab.WaitFor(t, patience, name+" to fail", func() bool { err = f(); return err != nil })
		if !errors.Is(err, inject.ErrDisplayLost) {
			t.Errorf("%s: got %v, want ErrDisplayLost", name, err)
		}
	}
	if err := in.Close(); err != nil && !errors.Is(err, inject.ErrDisplayLost) {
		t.Errorf("close: %v", err)
	}
	again := lab.StartX(t, lab.Screen{})
	must(t, open(t, inject.Config{Display: again.Display, Desk: desk}).Key(keys.A, true, 'a'))
}

func BenchmarkMove(b *testing.B) {
	in := open(b, inject.Config{Display: lab.StartX(b, lab.Screen{}).Display})
	b.ReportAllocs()
	for i := range b.N {
		must(b, in.MoveAbs(i&511, 7))
	}
}

func BenchmarkKey(b *testing.B) {
	in := open(b, inject.Config{Display: lab.StartX(b, lab.Screen{}).Display})
	b.ReportAllocs()
	for range b.N {
		must(b, in.Key(keys.A, true, 'a'))
		must(b, in.Key(keys.A, false, 'a'))
	}
}

// BenchmarkKeyArrives measures from the call to the event at another client.
func BenchmarkKeyArrives(b *testing.B) {
	x := lab.StartX(b, lab.Screen{})
	in := open(b, inject.Config{Display: x.Display})
	p := newProbe(b, x.Display)
	for range b.N {
		must(b, in.Key(keys.A, true, 'a'))
		p.input(1)
		b.StopTimer()
		must(b, in.Key(keys.A, false, 'a'))
		p.input(1)
		b.StartTimer()
	}
}
