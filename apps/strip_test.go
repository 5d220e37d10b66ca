package apps_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"impero/core/lab"
)

// windows counts the windows of a name that this computer shows.
func (p *pc) windows(name string) int {
	c := exec.Command("xdotool", "search", "--onlyvisible", "--name", name)
	c.Env = append(os.Environ(), "DISPLAY="+p.x.Display)
	out, _ := c.Output()
	return len(strings.Fields(string(out)))
}

// TestWhoWorksAtTheHostGoesOnTyping: what says that somebody watches is over everything, and takes the keyboard from nobody.
func TestWhoWorksAtTheHostGoesOnTyping(t *testing.T) {
	far, near := newPC(t), newPC(t)
	far.windowManager()
	_, address := far.host("View only")
	near.knows(far, address)
	lab.WaitFor(t, patience, "the Host's window", func() bool { return far.windows("Impero Host") == 1 })
	typed := filepath.Join(far.home, "typed")
	lab.StartProcess(t, far.x.Display, "xterm", "-T", "editor", "-geometry", "60x20+0+0", "-e", "cat > "+typed)
	far.xdotool("search", "--sync", "--onlyvisible", "--name", "editor", "windowactivate", "--sync")
	far.xdotool("type", "before ")
	near.start(near.command(password+"\n", "ImperoGuest", "--headless", "-H", address, "-P", "-"))
	lab.WaitFor(t, patience, "the strip", func() bool { return far.windows("Impero Host") == 2 })
	far.xdotool("type", "and after")
	far.xdotool("key", "Return")
	lab.WaitFor(t, patience, "the whole line", func() bool {
		got, _ := os.ReadFile(typed)
		return string(got) == "before and after\n"
	})
}
