package directory

import "os/exec"

const pamLibrary = "/usr/lib/libpam.2.dylib"

// Codes of OpenPAM, security/pam_constants.h.
const (
	pamSuccess   = 0
	pamConvError = 6
)

var pamVerdicts = map[int32]Verdict{
	pamSuccess: Right,
	7:          Denied,     // PAM_PERM_DENIED
	8:          Locked,     // PAM_MAXTRIES
	9:          Wrong,      // PAM_AUTH_ERR
	10:         MustChange, // PAM_NEW_AUTHTOK_REQD
	13:         Unknown,    // PAM_USER_UNKNOWN
	17:         Expired,    // PAM_ACCT_EXPIRED
	18:         MustChange, // PAM_AUTHTOK_EXPIRED
}

func (p *pam) noDelay(uintptr) {}

func keepSecrets() {}

func endChildWithUs(*exec.Cmd) {}

// whyDenied is for an account whose password is right.
func whyDenied(string) Verdict { return Denied }

// whyWrong tells a wrong password from an account that is not there.
func whyWrong(user string) Verdict {
	if _, err := findHere(user, false); err != nil {
		return Unknown
	}
	return Wrong
}
