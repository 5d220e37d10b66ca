//go:build unix && !darwin

package inject

import (
	"testing"

	"impero/core/keys"
	"impero/core/lab"
	"impero/core/x11"
)

// TestStateIsKnownWithoutAsking: what others do to the keyboard is in the next key's state, whether the server was asked or not.
func TestStateIsKnownWithoutAsking(t *testing.T) {
	x := lab.StartX(t, lab.Screen{})
	if p := lab.StartProcess(t, x.Display, "setxkbmap", "us,ru"); p.Wait(t.Context()) != nil {
		t.Fatal(p.Output())
	}
	open := func() *x11Driver {
		d, err := openDriver(Config{Display: x.Display})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.close() })
		return d.(*x11Driver)
	}
	d, other := open(), open()
	asked := 0
	look := func(want state, known bool) {
		t.Helper()
		if !d.known {
			asked++
		}
		st, err := d.look()
		if err != nil {
			t.Fatal(err)
		}
		if st != want || d.known != known {
			t.Fatalf("state %+v, known %t; want %+v, %t", st, d.known, want, known)
		}
	}
	does := func(f func()) {
		t.Helper()
		f()
		if err := other.sync(); err != nil {
			t.Fatal(err)
		}
	}
	click := func(usage uint16) func() {
		code := keys.ToX11(usage)
		return func() { other.hold(code); other.release(code) }
	}
	caps := state{mods: modLock, locked: modLock}
	does(click(keys.A)) // so that the other's keyboard is the one that was used last, and its map is read
	look(state{}, false)
	look(state{}, true)
	look(state{}, true)
	does(click(keys.A))
	look(state{}, true)
	does(click(keys.CapsLock))
	look(caps, true)
	does(func() { other.hold(keys.ToX11(keys.LeftShift)) })
	look(state{mods: modLock | modShift, locked: modLock}, false)
	look(state{mods: modLock | modShift, locked: modLock}, false)
	does(func() { other.release(keys.ToX11(keys.LeftShift)) })
	look(caps, true)
	does(click(keys.CapsLock))
	look(state{}, true)
	const latchLock = 5
	does(func() {
		other.c.Send(other.xkb.Opcode, latchLock, x11.Pair(xkbCoreKeyboard, 0), x11.Pair(1|1<<8, 0), 0)
	})
	look(state{group: 1}, true)
	does(func() { other.c.Send(other.xkb.Opcode, latchLock, x11.Pair(xkbCoreKeyboard, 0), x11.Pair(1, 0), 0) })
	look(state{}, true)
	before := asked
	var s typing
	for range 3 {
		if _, err := d.press(keys.A, 'a', &s); err != nil || !d.known {
			t.Fatalf("after a plain key: known %t, %v", d.known, err)
		}
		d.release(keys.ToX11(keys.A))
	}
	if asked != before {
		t.Errorf("the server was asked %d times for plain keys", asked-before)
	}
	d.press(keys.LeftShift, 0, &s)
	look(state{mods: modShift}, false)
	d.release(keys.ToX11(keys.LeftShift))
	look(state{}, true)
}
