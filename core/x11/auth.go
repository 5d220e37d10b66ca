package x11

import (
	"net"
	"os"
	"path/filepath"
)

// authority is how we prove that we may use a display.
type authority struct{ name, data string }

const cookieName = "MIT-MAGIC-COOKIE-1"

// Families of addresses in an authority file, from Xauth(3).
const (
	familyIPv4  = 0
	familyIPv6  = 6
	familyLocal = 256
	familyWild  = 65535
)

// readAuthority finds the cookie for a display in the user's authority file (XAUTHORITY or ~/.Xauthority). Nothing
// found gives the empty authority: many servers let the same user in without one.
func readAuthority(addr net.Addr, number string) authority {
	path := os.Getenv("XAUTHORITY")
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return authority{}
		}
		path = filepath.Join(home, ".Xauthority")
	}
	if fi, err := os.Stat(path); err != nil || fi.Size() > 1<<20 {
		return authority{}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return authority{}
	}
	family, address := addressOf(addr)
	return findAuthority(b, family, address, number)
}

// addressOf gives the family and bytes that an authority file has for a server's address. A server on the loopback
// counts as this host's own, as it does for every X client (ssh forwards displays there).
func addressOf(addr net.Addr) (int, string) {
	host, _ := os.Hostname()
	t, ok := addr.(*net.TCPAddr)
	if !ok || t.IP.IsLoopback() {
		return familyLocal, host
	}
	if ip := t.IP.To4(); ip != nil {
		return familyIPv4, string(ip)
	}
	return familyIPv6, string(t.IP)
}

// findAuthority reads entries of family u16, then address, number, name and data, each with a length u16; all big-endian.
func findAuthority(b []byte, family int, address, number string) authority {
	field := func() (string, bool) {
		if len(b) < 2 {
			return "", false
		}
		n := int(b[0])<<8 | int(b[1])
		if len(b) < 2+n {
			return "", false
		}
		s := string(b[2 : 2+n])
		b = b[2+n:]
		return s, true
	}
	for len(b) >= 2 {
		f := int(b[0])<<8 | int(b[1])
		b = b[2:]
		var v [4]string
		for i := range v {
			var ok bool
			if v[i], ok = field(); !ok {
				return authority{}
			}
		}
		if (f == familyWild || f == family && v[0] == address) && (v[1] == "" || v[1] == number) && v[2] == cookieName {
			return authority{name: v[2], data: v[3]}
		}
	}
	return authority{}
}
