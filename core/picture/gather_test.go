package picture

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestGather(t *testing.T) {
	far := []Rect{{0, 0, 10, 10}, {500, 500, 10, 10}, {900, 0, 10, 10}}
	for _, c := range []struct {
		name string
		in   []Rect
		most int
		want []Rect
	}{
		{"nothing", nil, 4, nil},
		{"only empty ones", []Rect{{1, 2, 0, 5}, {}}, 4, nil},
		{"one", []Rect{{}, {1, 2, 3, 4}}, 4, []Rect{{1, 2, 3, 4}}},
		{"few and far", far, 4, far},
		{"too many join where it costs least", append([]Rect{{512, 500, 8, 10}}, far...), 3, []Rect{{500, 500, 20, 10}, {900, 0, 10, 10}, {0, 0, 10, 10}}},
		{"dense ones are their box", []Rect{{0, 0, 10, 10}, {10, 0, 10, 5}}, 4, []Rect{{0, 0, 20, 10}}},
	} {
		got := Gather(slices.Clone(c.in), c.most)
		key := func(r Rect) int { return r.X<<20 | r.Y }
		byPlace := func(a, b Rect) int { return key(a) - key(b) }
		slices.SortFunc(got, byPlace)
		slices.SortFunc(c.want, byPlace)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// Whatever goes in is covered by what comes out, and that is few.
func TestGatherCovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		in := make([]Rect, rng.IntN(60))
		for i := range in {
			in[i] = Rect{rng.IntN(2000), rng.IntN(2000), rng.IntN(200) - 20, rng.IntN(200) - 20}
		}
		out := Gather(slices.Clone(in), 8)
		if len(out) > 8 {
			t.Fatalf("%d rectangles", len(out))
		}
		for _, r := range in {
			if !r.Empty() && !slices.ContainsFunc(out, func(o Rect) bool { return o.Contains(r) }) {
				t.Fatalf("%v is not covered by %v", r, out)
			}
		}
	}
}

func BenchmarkGather(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	in := make([]Rect, 32)
	for i := range in {
		in[i] = Rect{rng.IntN(2000), rng.IntN(2000), 20, 20}
	}
	work := make([]Rect, len(in))
	for range b.N {
		copy(work, in)
		Gather(work, 8)
	}
}
