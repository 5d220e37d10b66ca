// Package viewer watches what a remote control program shows and notes when each frame of a load is there, decoded to
// the last pixel. There are three kinds: a VNC viewer and an Impero Guest, both without a window, and one that looks at
// the X display on which a viewer with a window runs.
//
// A viewer is a process of its own, so that its processor time is known; Serve is what that process does.
package viewer

import (
	"impero/core/lab/barcode"
	"impero/core/lab/measure"
)

// Kinds of viewers.
const (
	KindVNC    = "vnc"
	KindImpero = "impero"
	KindWindow = "window"
)

// Config says what to watch. It comes as the first line on Serve's input, as JSON.
type Config struct {
	Kind    string          `json:"kind"`
	Viewers int             `json:"viewers"` // that many connections, open already, are files 3 and on; none for a window
	Places  []barcode.Place `json:"places"`
	// Of an Impero Guest: the address its known hosts have, the password, and the folder of its state.
	Address  string `json:"address,omitempty"`
	Password string `json:"password,omitempty"`
	Home     string `json:"home,omitempty"`
	// Of a window: the X display it is on.
	Display string `json:"display,omitempty"`
}

// Commands of Serve's input, a line each, which it answers with a line of JSON, an Answer. It begins with one that says
// that all viewers show a frame.
const (
	CommandMark     = "mark"     // Bytes
	CommandKeys     = "keys"     // "keys 4s" presses keys for that long: Latencies and Missed
	CommandShown    = "shown"    // Shown, a list for each viewer
	CommandPictures = "pictures" // "pictures FOLDER" writes the first viewer's pictures of the last frame there
)

// Names of the files of CommandPictures: rows of pixels, blue first.
const (
	MovingPicture = "moving" // as the last frame was first shown
	CalmPicture   = "calm"   // as it is now
)

// Answer is what Serve says.
type Answer struct {
	First     float64           `json:"first,omitempty"` // of the first answer: milliseconds until all viewers showed a whole frame
	Error     string            `json:"error,omitempty"`
	Bytes     uint64            `json:"bytes,omitempty"` // received so far by all viewers
	Latencies []float64         `json:"latencies,omitempty"`
	Missed    int               `json:"missed,omitempty"`
	Shown     [][]measure.Shown `json:"shown,omitempty"`
	W         int               `json:"w,omitempty"`
	H         int               `json:"h,omitempty"`
}
