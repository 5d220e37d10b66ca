package directory

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

var logonUser = windows.NewLazySystemDLL("advapi32.dll").NewProc("LogonUserW")

const (
	logonNetwork    = 3 // LOGON32_LOGON_NETWORK
	providerDefault = 0
)

// logonVerdicts are the errors of LogonUserW that are verdicts, from winerror.h.
var logonVerdicts = map[syscall.Errno]Verdict{
	1326: Wrong,      // ERROR_LOGON_FAILURE: also for an unknown name
	1327: Denied,     // ERROR_ACCOUNT_RESTRICTION
	1328: Denied,     // ERROR_INVALID_LOGON_HOURS
	1329: Denied,     // ERROR_INVALID_WORKSTATION
	1330: MustChange, // ERROR_PASSWORD_EXPIRED
	1331: Locked,     // ERROR_ACCOUNT_DISABLED
	1385: Denied,     // ERROR_LOGON_TYPE_NOT_GRANTED
	1793: Expired,    // ERROR_ACCOUNT_EXPIRED
	1907: MustChange, // ERROR_PASSWORD_MUST_CHANGE
	1909: Locked,     // ERROR_ACCOUNT_LOCKED_OUT
}

// checkHere asks Windows. A name is user, DOMAIN\user or user@domain.
func checkHere(r request) (Verdict, error) {
	user, password := r.User, r.Password
	name, domain := user, "."
	if d, n, ok := strings.Cut(user, `\`); ok {
		domain, name = d, n
	}
	var domainPtr *uint16
	u, err := windows.UTF16PtrFromString(name)
	if err == nil && !strings.Contains(name, "@") {
		domainPtr, err = windows.UTF16PtrFromString(domain)
	}
	p, err2 := windows.UTF16PtrFromString(password)
	if err = errors.Join(err, err2); err != nil {
		return 0, err
	}
	var token windows.Token
	ok, _, why := logonUser.Call(uintptr(unsafe.Pointer(u)), uintptr(unsafe.Pointer(domainPtr)), uintptr(unsafe.Pointer(p)),
		logonNetwork, providerDefault, uintptr(unsafe.Pointer(&token)))
	if ok != 0 {
		return Right, token.Close()
	}
	var code syscall.Errno
	if errors.As(why, &code) && logonVerdicts[code] != 0 {
		v := logonVerdicts[code]
		if _, err := findHere(user, false); v == Wrong && errors.Is(err, ErrUnknown) {
			v = Unknown
		}
		return v, nil
	}
	return 0, fmt.Errorf("Windows cannot check this account: %w", why)
}

func keepSecrets() {}

func endChildWithUs(*exec.Cmd) {}
