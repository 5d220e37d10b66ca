//go:build linux || darwin

package directory

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

// Styles of a module's messages, the same in Linux-PAM and OpenPAM.
const (
	promptEchoOff = 1
	promptEchoOn  = 2
)

const (
	pamConvErr     = pamConvError
	pamTTY         = 3
	pamRemoteHost  = 4
	terminal       = "impero" // in place of a terminal's name
	disallowNull   = 1        // PAM_DISALLOW_NULL_AUTHTOK
	maxPamMessages = 32
)

// pamMessage, pamResponse and pamConv are the structures of security/pam_appl.h.
type pamMessage struct {
	style int32
	_     *byte // text
}

type pamResponse struct {
	text *byte
	code int32
}

type pamConv struct {
	converse uintptr
	_        uintptr // data for it
}

// pam is the library.
type pam struct {
	start        func(service, user string, conv *pamConv, handle *uintptr) int32
	end          func(handle uintptr, status int32) int32
	authenticate func(handle uintptr, flags int32) int32
	account      func(handle uintptr, flags int32) int32
	setItem      func(handle uintptr, item int32, value uintptr) int32
	calloc       func(n, size uintptr) unsafe.Pointer
	strdup       func(s string) *byte
}

func openPAM() (*pam, error) {
	lib, err := purego.Dlopen(pamLibrary, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return nil, fmt.Errorf("%w: there is no PAM library: %w", ErrUnsupported, err)
	}
	p := new(pam)
	purego.RegisterLibFunc(&p.start, lib, "pam_start")
	purego.RegisterLibFunc(&p.end, lib, "pam_end")
	purego.RegisterLibFunc(&p.authenticate, lib, "pam_authenticate")
	purego.RegisterLibFunc(&p.account, lib, "pam_acct_mgmt")
	purego.RegisterLibFunc(&p.setItem, lib, "pam_set_item")
	purego.RegisterLibFunc(&p.calloc, purego.RTLD_DEFAULT, "calloc")
	purego.RegisterLibFunc(&p.strdup, purego.RTLD_DEFAULT, "strdup")
	return p, nil
}

// checkHere asks PAM in this process.
func checkHere(r request) (Verdict, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	p, err := openPAM()
	if err != nil {
		return 0, err
	}
	conv := &pamConv{converse: purego.NewCallback(p.converser(r.User, r.Password))}
	var pinned runtime.Pinner
	pinned.Pin(conv)
	defer pinned.Unpin()
	var handle uintptr
	if code := p.start(r.Service, r.User, conv, &handle); code != pamSuccess {
		return 0, fmt.Errorf("%w: PAM does not start (%d)", ErrUnsupported, code)
	}
	p.noDelay(handle)
	p.tellWhere(handle, r.From)
	code := p.authenticate(handle, disallowNull)
	right := code == pamSuccess
	if right {
		code = p.account(handle, disallowNull)
	}
	p.end(handle, code)
	v, ok := pamVerdicts[code]
	switch {
	case !ok:
		return 0, fmt.Errorf("PAM cannot check this account (%d); is the service file %q there, and may this program read the passwords?", code, r.Service)
	case v == Wrong && right: // as the modules' stack has it, which knows no more than yes and no
		return whyDenied(r.User), nil
	case v == Wrong:
		return whyWrong(r.User), nil
	}
	return v, nil
}

// tellWhere tells the modules that somebody comes through this program, and from which address: pam_access and pam_faillock
// have rules for it, and the system's log shows it.
func (p *pam) tellWhere(handle uintptr, from string) {
	for item, text := range map[int32]string{pamTTY: terminal, pamRemoteHost: from} {
		if text != "" {
			p.setItem(handle, item, uintptr(unsafe.Pointer(p.strdup(text)))) // copied; this process ends soon
		}
	}
}

// converser answers the modules' prompts: hidden ones with the password, the others with the name. What they only tell is
// not kept.
func (p *pam) converser(user, password string) func(n int32, messages *[maxPamMessages]*pamMessage, out **pamResponse, _ uintptr) uintptr {
	return func(n int32, messages *[maxPamMessages]*pamMessage, out **pamResponse, _ uintptr) uintptr {
		if n < 1 || n > maxPamMessages {
			return pamConvErr
		}
		memory := p.calloc(uintptr(n), unsafe.Sizeof(pamResponse{}))
		if memory == nil {
			return pamConvErr
		}
		answers := unsafe.Slice((*pamResponse)(memory), n)
		for i := range answers {
			switch messages[i].style {
			case promptEchoOff:
				answers[i].text = p.strdup(password)
			case promptEchoOn:
				answers[i].text = p.strdup(user)
			}
		}
		*out = &answers[0]
		return 0
	}
}
