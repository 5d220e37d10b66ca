package start

import (
	"bytes"
	"errors"
	"io"
	"log"
	"os"
	"strings"
)

// harmless is what Fyne complains of although nothing is missing: there is no
// session bus, so the desktop tells nobody when it turns dark; and Fyne reads its
// file of preferences, of which there are none here, while it writes it.
var harmless = []string{"failed to watch theme settings", "Preferences load error:"}

// takeComplaints has trouble hear Fyne's harmless complaints. All else that is
// logged without a logger still comes out on standard error. trouble must not
// log that way itself.
func takeComplaints(trouble func(error)) {
	log.SetOutput(&complaints{out: os.Stderr, trouble: trouble})
}

// complaints is the output of the standard logger, which calls it with one line
// at a time. Fyne's errors have three: what, "Cause:" and "At:".
type complaints struct {
	out     io.Writer
	trouble func(error)
	taken   []string // of a harmless one, until its last line
}

func (c *complaints) Write(line []byte) (int, error) {
	what, ours := c.start(line)
	switch {
	case ours:
		c.taken = []string{what}
	case len(c.taken) > 0 && bytes.Contains(line, []byte("  Cause: ")):
		_, cause, _ := strings.Cut(string(line), "  Cause: ")
		c.taken = append(c.taken, strings.TrimSpace(cause))
	case len(c.taken) > 0 && bytes.Contains(line, []byte("  At: ")):
		c.trouble(errors.New(strings.Join(c.taken, ": ")))
		c.taken = nil
	default:
		return c.out.Write(line)
	}
	return len(line), nil
}

// start tells whether a line starts a harmless complaint, and of what.
func (c *complaints) start(line []byte) (what string, ok bool) {
	_, said, ok := strings.Cut(string(line), "Fyne error:  ")
	if !ok {
		return "", false
	}
	for _, h := range harmless {
		if strings.HasPrefix(said, h) {
			return strings.TrimSuffix(h, ":"), true
		}
	}
	return "", false
}

// chooseWindows has Fyne ask the X server alone where only that is named: it
// would look for a Wayland compositor first, whose library says on standard
// error that there is none.
func chooseWindows() {
	if os.Getenv("WAYLAND_DISPLAY") == "" && os.Getenv("DISPLAY") != "" && os.Getenv(platformVariable) == "" {
		os.Setenv(platformVariable, "x11")
	}
}

// platformVariable is Fyne's; where there is no choice it ignores it.
const platformVariable = "FYNE_PLATFORM"
