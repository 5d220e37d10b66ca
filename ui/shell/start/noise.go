package start

import (
	"bytes"
	"errors"
	"io"
	"log"
	"os"
	"strings"

	"fyne.io/fyne/v2"
)

// harmless is what Fyne complains of although nothing is missing: there is no
// session bus, so the desktop tells nobody when it turns dark.
const harmless = "failed to watch theme settings"

// takeComplaints has trouble hear Fyne's harmless complaint. All else that is
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
	switch {
	case bytes.Contains(line, []byte("Fyne error:  "+harmless)):
		c.taken = []string{harmless}
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

// keepNoPreferences takes away what Fyne does once the windows are gone: it
// writes preferences, of which there are none here, reads them at the same time
// and says that they are empty. Worse, it waits for that to be done on a queue
// that it has perhaps closed by then, and the program would never end.
func keepNoPreferences(app fyne.App) {
	if l, ok := app.Lifecycle().(interface{ SetOnStoppedHookExecuted(func()) }); ok {
		l.SetOnStoppedHookExecuted(nil)
	}
}
