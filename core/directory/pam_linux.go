package directory

import (
	"os/exec"
	"syscall"

	"github.com/ebitengine/purego"
	"golang.org/x/sys/unix"
)

const pamLibrary = "libpam.so.0"

// Codes of Linux-PAM, security/_pam_types.h.
const (
	pamSuccess   = 0
	pamConvError = 19
	pamFailDelay = 10
)

var pamVerdicts = map[int32]Verdict{
	pamSuccess: Right,
	6:          Denied,     // PAM_PERM_DENIED
	7:          Wrong,      // PAM_AUTH_ERR
	10:         Unknown,    // PAM_USER_UNKNOWN
	11:         Locked,     // PAM_MAXTRIES
	12:         MustChange, // PAM_NEW_AUTHTOK_REQD
	13:         Expired,    // PAM_ACCT_EXPIRED
	27:         MustChange, // PAM_AUTHTOK_EXPIRED
}

// noDelay has PAM not wait after a failure: Check does, and always as long.
func (p *pam) noDelay(handle uintptr) {
	p.setItem(handle, pamFailDelay, purego.NewCallback(func(int32, uint32, uintptr) {}))
}

// keepSecrets keeps this process out of core files and from the eyes of its user's others.
func keepSecrets() { unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) }

func endChildWithUs(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
