//go:build unix && !darwin

package capture

import (
	"fmt"
	"testing"

	"impero/core/lab"
	"impero/core/picture"
)

// BenchmarkFetch is the fetching alone, from a display at rest: one round trip and the copy.
func BenchmarkFetch(b *testing.B) {
	x := lab.StartX(b, lab.Screen{W: 1920, H: 1080})
	for _, side := range []picture.Rect{{W: 1920, H: 1080}, {X: 100, Y: 100, W: 256, H: 256}, {X: 100, Y: 100, W: 64, H: 64}} {
		for name, cfg := range map[string]Config{"shared": {}, "socket": {NoSharedMemory: true}} {
			b.Run(fmt.Sprintf("%dx%d/%s", side.W, side.H, name), func(b *testing.B) {
				s, err := openX11(cfg, x.Display)
				if err != nil {
					b.Fatal(err)
				}
				defer s.Close()
				if _, err := s.Next(b.Context()); err != nil {
					b.Fatal(err)
				}
				s.rects = []picture.Rect{side}
				b.ReportAllocs()
				b.ResetTimer()
				for range b.N {
					if err := s.fetchPixels(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
