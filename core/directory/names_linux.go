package directory

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"github.com/ebitengine/purego"
)

// The system's C library asks whatever /etc/nsswitch.conf names, the directory of a company among it; Go's own reads
// /etc/passwd alone.

// passwd, group and spwd begin like the structures of pwd.h, grp.h and shadow.h.
type passwd struct {
	name, _       *byte
	uid, gid      uint32
	_, dir, shell *byte
}

type group struct{ name, _ *byte }

type spwd struct {
	_, password   *byte
	_, _, _, _, _ int // days: last change, least and longest time between two, warning, grace
	expires       int // days since 1970, -1 for never
}

// names is the library.
type names struct {
	passwdOf     func(name string) *passwd
	passwdOfID   func(uid uint32) *passwd
	groupOfID    func(gid uint32) *group
	shadowOf     func(name string) *spwd
	getGroupList func(name string, gid uint32, groups *uint32, n *int32) int32
}

func openNames() (*names, error) {
	lib, err := purego.Dlopen("libc.so.6", purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	n := new(names)
	purego.RegisterLibFunc(&n.passwdOf, lib, "getpwnam")
	purego.RegisterLibFunc(&n.passwdOfID, lib, "getpwuid")
	purego.RegisterLibFunc(&n.groupOfID, lib, "getgrgid")
	purego.RegisterLibFunc(&n.shadowOf, lib, "getspnam")
	purego.RegisterLibFunc(&n.getGroupList, lib, "getgrouplist")
	return n, nil
}

// findHere looks an account up in this process, by its number or its name.
func findHere(user string, byID bool) (Account, error) {
	runtime.LockOSThread() // the library's answers are the thread's
	defer runtime.UnlockOSThread()
	n, err := openNames()
	if err != nil {
		return Account{}, err
	}
	var p *passwd
	if byID {
		id, err := strconv.ParseUint(user, 10, 32)
		if err != nil {
			return Account{}, ErrUnknown
		}
		p = n.passwdOfID(uint32(id))
	} else {
		p = n.passwdOf(user)
	}
	if p == nil {
		return Account{}, ErrUnknown
	}
	a := Account{Name: text(p.name), ID: number(p.uid), Group: number(p.gid), Home: text(p.dir), Shell: text(p.shell)}
	for _, gid := range n.groupsOf(a.Name, p.gid) {
		g := Group{ID: number(gid)}
		if found := n.groupOfID(gid); found != nil {
			g.Name = text(found.name)
		}
		a.Groups = append(a.Groups, g)
	}
	return a, nil
}

func (n *names) groupsOf(name string, gid uint32) []uint32 {
	list, count := make([]uint32, maxGroups), int32(maxGroups)
	if n.getGroupList(name, gid, &list[0], &count) < 0 {
		count = maxGroups // there are more
	}
	return list[:max(0, min(count, maxGroups))]
}

// whyWrong tells a wrong password from an account that is not there or is locked.
func whyWrong(user string) Verdict {
	n, err := openNames()
	if err != nil {
		return Wrong
	}
	if n.passwdOf(user) == nil {
		return Unknown
	}
	if s := n.shadowOf(user); s != nil && strings.HasPrefix(text(s.password), "!") {
		return Locked
	}
	return Wrong
}

// whyDenied tells an account that has expired from one that the system's rules do not let in.
func whyDenied(user string) Verdict {
	n, err := openNames()
	if err != nil {
		return Denied
	}
	const day = 24 * 60 * 60
	if s := n.shadowOf(user); s != nil && s.expires >= 0 && int64(s.expires) <= time.Now().Unix()/day {
		return Expired
	}
	return Denied
}

func number(id uint32) string { return strconv.FormatUint(uint64(id), 10) }

// text copies a string of C, up to 4 KiB of it.
func text(s *byte) string {
	if s == nil {
		return ""
	}
	n := 0
	for n < 4096 && *(*byte)(unsafe.Add(unsafe.Pointer(s), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(s, n))
}
