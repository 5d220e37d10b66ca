package seat

import (
	"context"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"impero/core/directory"
)

const (
	lookEvery = 2 * time.Second
	noSession = 0xffffffff
)

// X is of other systems; here its fields say nothing.
type X struct {
	Display, User, Authority string
	Accounts                 directory.Accounts
}

// Open gives the Watcher for this system.
func Open(context.Context, X) Watcher { return console{} }

// console watches the session on the computer's screen.
type console struct{}

// Watch implements Watcher.
func (console) Watch(ctx context.Context, tell func(*Desktop, string)) error {
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	for {
		tell(look())
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}

// Nobody says whether it is known that no user is logged in, at the screen or switched away from it.
func (console) Nobody() bool {
	var list *windows.WTS_SESSION_INFO
	var n uint32
	if windows.WTSEnumerateSessions(0, 0, 1, &list, &n) != nil {
		return false
	}
	defer windows.WTSFreeMemory(uintptr(unsafe.Pointer(list)))
	for _, s := range unsafe.Slice(list, n) {
		var token windows.Token
		if windows.WTSQueryUserToken(s.SessionID, &token) == nil {
			token.Close()
			return false
		}
	}
	return true
}

func look() (*Desktop, string) {
	id := windows.WTSGetActiveConsoleSessionId()
	if id == noSession {
		return nil, NobodyHere
	}
	var token windows.Token
	if windows.WTSQueryUserToken(id, &token) != nil {
		return nil, NobodyHere
	}
	defer token.Close()
	u, err := token.GetTokenUser()
	if err != nil {
		return nil, NobodyHere
	}
	return &Desktop{ID: strconv.FormatUint(uint64(id), 10), User: u.User.Sid.String()}, ""
}
