package injecttest

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"impero/core/inject"
	"impero/core/keys"
)

// Conform checks what every Injector promises whatever it controls. open gives a new one.
func Conform(t *testing.T, open func(t *testing.T) inject.Injector) {
	each := func(name string, f func(t *testing.T, in inject.Injector)) {
		t.Run(name, func(t *testing.T) {
			in := open(t)
			defer in.Close()
			f(t, in)
		})
	}
	each("values out of range are refused", refusesBadInput)
	each("extremes are cut", cutsExtremes)
	each("presses and releases may repeat", repeats)
	each("recover leaves what is held", recovers)
	each("text", takesText)
	each("close is idempotent and final", closes)
	each("concurrent use", concurrent)
}

func want(t *testing.T, what string, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Errorf("%s: got error %v, want %v", what, err, target)
	}
}

func refusesBadInput(t *testing.T, in inject.Injector) {
	for _, b := range []int{-1 << 31, -1, 0, 4, 5, 6, 7, 10, 17, 256, 1 << 31} {
		want(t, "button", in.Button(b, true), inject.ErrBadInput)
		want(t, "button", in.Button(b, false), inject.ErrBadInput)
	}
	want(t, "no key", in.Key(0, true, 0), inject.ErrBadInput)
	want(t, "control character", in.Key(0, true, '\n'), inject.ErrBadInput)
	want(t, "surrogate", in.Key(0, true, 0xd800), inject.ErrBadInput)
	want(t, "huge rune", in.Key(0, true, 1<<30), inject.ErrBadInput)
	want(t, "negative rune", in.Key(0, true, -5), inject.ErrBadInput)
	want(t, "unknown usage", in.Key(0xffff, true, 0), inject.ErrNoKey)
	want(t, "unknown usage", in.Key(1, true, 0), inject.ErrNoKey)
	want(t, "no UTF-8", in.Text("a\xff"), inject.ErrBadInput)
	want(t, "long text", in.Text(strings.Repeat("é", inject.MaxText+1)), inject.ErrBadInput)
}

func cutsExtremes(t *testing.T, in inject.Injector) {
	for _, p := range [][2]int{{0, 0}, {-1, -1}, {1 << 30, 1 << 30}, {-1 << 62, 1 << 62}} {
		want(t, "move", in.MoveAbs(p[0], p[1]), nil)
	}
	want(t, "wheel", in.Wheel(0, 0), nil)
	want(t, "wheel", in.Wheel(1<<40, -1<<40), nil)
}

func repeats(t *testing.T, in inject.Injector) {
	for range 2 {
		want(t, "release of a key that is up", in.Key(keys.A, false, 'a'), nil)
		want(t, "release of a button that is up", in.Button(1, false), nil)
	}
	for range 2 {
		want(t, "press", in.Key(keys.A, true, 'a'), nil)
		want(t, "press", in.Button(3, true), nil)
	}
	for range 2 {
		want(t, "release all", in.ReleaseAll(), nil)
	}
	want(t, "release after release all", in.Key(keys.A, false, 'a'), nil)
}

func recovers(t *testing.T, in inject.Injector) {
	want(t, "press", in.Key(keys.LeftShift, true, 0), nil)
	for range 2 {
		want(t, "recover", in.Recover(), nil)
	}
	want(t, "release", in.Key(keys.LeftShift, false, 0), nil)
}

func takesText(t *testing.T, in inject.Injector) {
	for _, s := range []string{"", "plain", "two\nlines\r\nand\ttab", "\x00\x07\x1b\x7f"} {
		want(t, "text", in.Text(s), nil)
	}
}

func closes(t *testing.T, in inject.Injector) {
	want(t, "press", in.Key(keys.LeftShift, true, 0), nil)
	for range 2 {
		want(t, "close", in.Close(), nil)
	}
	want(t, "move", in.MoveAbs(1, 1), inject.ErrClosed)
	want(t, "button", in.Button(1, true), inject.ErrClosed)
	want(t, "wheel", in.Wheel(1, 1), inject.ErrClosed)
	want(t, "key", in.Key(keys.A, true, 'a'), inject.ErrClosed)
	want(t, "text", in.Text("a"), inject.ErrClosed)
	want(t, "release all", in.ReleaseAll(), inject.ErrClosed)
	want(t, "recover", in.Recover(), inject.ErrClosed)
}

func concurrent(t *testing.T, in inject.Injector) {
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for n := range 25 {
				want(t, "move", in.MoveAbs(n, i), nil)
				want(t, "press", in.Key(keys.A+uint16(i), true, rune('a'+i)), nil)
				want(t, "release", in.Key(keys.A+uint16(i), false, rune('a'+i)), nil)
			}
		})
	}
	wg.Wait()
}
