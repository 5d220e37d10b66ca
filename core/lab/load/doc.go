// Package load draws what people do at a computer, the same pixels in every run: typing, scrolling text, dragging a
// window, a web page, a video, the answer to a key. It fills a whole X display and writes each frame's number into the
// picture (package barcode) and its time into a log, so that a viewer's side can tell what came, and when.
//
// Frames keep to absolute times: a load that was held up leaves frames out, and never hurries after them.
package load

import (
	"fmt"
	"strings"

	"impero/core/lab/barcode"
)

// The size of the display that loads fill, in pixels.
const (
	Width  = 1920
	Height = 1080
)

// Spec describes a load.
type Spec struct {
	Name   string
	Rate   int             // frames a second; 0 for one frame a key
	Places []barcode.Place // where the frame's number stands
}

// Numbers stand away from the edges, where a viewer's window may have its own things; the second one is below
// everything that moves, so that a frame is whole when both show it.
var (
	upper = barcode.Place{X: 64, Y: 64}
	lower = barcode.Place{X: Width - 64 - barcode.W, Y: 1008}
)

// Specs are all loads there are.
func Specs() []Spec {
	both, one := []barcode.Place{upper, lower}, []barcode.Place{upper}
	return []Spec{
		{Name: "type", Rate: 20, Places: one},
		{Name: "scroll", Rate: 60, Places: both},
		{Name: "drag", Rate: 60, Places: both},
		{Name: "web", Rate: 60, Places: both},
		{Name: "video30", Rate: 30, Places: both},
		{Name: "video60", Rate: 60, Places: both},
		{Name: "key", Places: one},
		{Name: "keyfilm", Places: one},
	}
}

// Find gives the load of a name.
func Find(name string) (Spec, error) {
	var names []string
	for _, s := range Specs() {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Spec{}, fmt.Errorf("there is no load %q; there are %s", name, strings.Join(names, ", "))
}
