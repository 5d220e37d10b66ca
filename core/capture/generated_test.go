package capture_test

import (
	"context"
	"slices"
	"testing"

	"impero/core/capture"
	"impero/core/capture/capturetest"
	"impero/core/picture"
)

func TestGeneratedConforms(t *testing.T) {
	for name, g := range map[string]capture.Generated{"exact": {}, "generous": {Generous: true}, "resizing": {Resize: true}} {
		t.Run(name, func(t *testing.T) {
			capturetest.Conform(t, capturetest.Subject{Steps: 200, Open: func(*testing.T) capture.Source {
				s := capture.NewGenerated(7, 320, 200)
				s.Generous, s.Resize = g.Generous, g.Resize
				return s
			}})
		})
	}
}

// The same seed draws the same, every kind of step occurs, and hints of moves are true.
func TestGeneratedSteps(t *testing.T) {
	a, b := capture.NewGenerated(3, 400, 300), capture.NewGenerated(3, 400, 300)
	a.Resize, b.Resize = true, true
	var moves, cursors, layouts, pointers int
	old := slices.Clone(a.Truth().Pix)
	for n := range 500 {
		u, err := a.Next(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Next(context.Background()); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.Truth().Pix, b.Truth().Pix) {
			t.Fatalf("step %d differs for the same seed", n)
		}
		if u.Cursor != nil {
			cursors++
		}
		if u.Layout != nil {
			layouts++
		} else if u.CursorMoved {
			pointers++
		}
		for _, m := range u.Moves {
			moves++
			before := picture.Frame{W: u.Frame.W, H: u.Frame.H, Pix: old}
			// Only the middle: what a drag leaves behind may be painted over.
			y := m.Dst.H / 2
			if len(u.Changed) == 1 && string(u.Frame.Row(m.Dst.Y+y, m.Dst.X, m.Dst.X+m.Dst.W)) != string(before.Row(m.FromY+y, m.FromX, m.FromX+m.Dst.W)) {
				t.Errorf("step %d: the hint %v is not true", n, m)
			}
		}
		old = slices.Clone(u.Frame.Pix)
	}
	if moves == 0 || cursors < 2 || layouts < 2 || pointers == 0 {
		t.Errorf("in 500 steps %d moves, %d cursors, %d layouts, %d moves of the pointer", moves, cursors, layouts, pointers)
	}
}

func BenchmarkGenerated(b *testing.B) {
	g := capture.NewGenerated(1, 1920, 1080)
	b.ReportAllocs()
	for range b.N {
		if _, err := g.Next(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
