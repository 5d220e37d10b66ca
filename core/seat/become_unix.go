//go:build linux || freebsd

package seat

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"impero/core/directory"
)

// startsAgents: the daemon starts the agents itself.
const startsAgents = true

// become has c run as the user at the desktop, with the user's groups and in a session of its own.
func become(c *exec.Cmd, _ *Desktop, who directory.Account) error {
	uid, err := strconv.ParseUint(who.ID, 10, 32)
	if err != nil {
		return fmt.Errorf("user number %q: %w", who.ID, err)
	}
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if int(uid) == os.Geteuid() {
		return nil // a daemon of this user, which may become nobody else
	}
	gid, err := strconv.ParseUint(who.Group, 10, 32)
	if err != nil {
		return fmt.Errorf("group number %q: %w", who.Group, err)
	}
	as := &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	for _, g := range who.Groups {
		n, err := strconv.ParseUint(g.ID, 10, 32)
		if err != nil {
			return fmt.Errorf("group number %q: %w", g.ID, err)
		}
		as.Groups = append(as.Groups, uint32(n))
	}
	c.SysProcAttr.Credential = as
	return nil
}

func ask(p *os.Process) { p.Signal(syscall.SIGTERM) }
