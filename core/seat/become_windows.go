package seat

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/windows"

	"impero/core/directory"
)

// startsAgents: the daemon starts the agents itself.
const startsAgents = true

// become has c run as the user of the desktop's session, in that session.
func become(c *exec.Cmd, d *Desktop, _ directory.Account) error {
	id, err := strconv.ParseUint(d.ID, 10, 32)
	if err != nil {
		return err
	}
	var token windows.Token
	if err := windows.WTSQueryUserToken(uint32(id), &token); err != nil {
		return err
	}
	env, err := token.Environ(false)
	if err != nil {
		token.Close()
		return err
	}
	c.Env = append(env, c.Env[len(d.environment("", "", "", nil)):]...) // Windows has its own for the rest
	c.Dir = ""
	c.SysProcAttr = &syscall.SysProcAttr{Token: syscall.Token(token)} // begin closes it
	return nil
}

// ask kills: a program without a window cannot be asked.
func ask(p *os.Process) { p.Kill() }
