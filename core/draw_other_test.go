//go:build !linux

package core_test

// Loads are drawn on X servers alone, and served from there.
const (
	drawFlag = "-draw-load"
	hostFlag = "-serve-screen"
)

func drawLoad(string) int    { return 1 }
func serveScreen(string) int { return 1 }
