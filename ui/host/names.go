package host

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
	"unicode"

	"impero/ui/shell/phrase"
)

// shownName is how many characters of a name from the network are shown, and
// shownAddresses how many addresses of this computer.
const (
	shownName      = 64
	shownAddresses = 3
)

// between stands between the addresses of the facts.
const between = "   ·   "

// clean makes a text from the network fit for a window: one line of at most
// shownName characters, without controls and without marks that turn the
// direction of what follows.
func clean(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.ToValidUTF8(s, "") {
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case !unicode.IsPrint(r):
			continue
		}
		if n++; n > shownName {
			b.WriteString("…")
			break
		}
		b.WriteRune(r)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// guestName is what a Guest is called: its user, else its computer, else where
// it comes from. The first two are the Guest's own words.
func guestName(user, computer, from string) string {
	for _, name := range []string{clean(user), clean(computer)} {
		if name != "" {
			return name
		}
	}
	return address(from)
}

// address is an address without port, brackets and the IPv6 form of an IPv4
// address; what is none is cleaned and shown as it is.
func address(s string) string {
	host := s
	if h, _, err := net.SplitHostPort(s); err == nil {
		host = h
	}
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if err != nil {
		return clean(s)
	}
	return a.Unmap().String()
}

// addressLine lists the addresses that others dial: IPv4 first, then IPv6 that
// is valid everywhere, then IPv6 of one link; at most three, and how many more.
func addressLine(list []string, port int) phrase.Phrase {
	if len(list) == 0 {
		return phrase.New("This computer has no network address")
	}
	var shown []string
	for class := range 3 {
		for _, s := range list {
			if addressClass(s) == class {
				shown = append(shown, address(s))
			}
		}
	}
	rest := len(shown) - shownAddresses
	args := phrase.Args{
		"Addresses": strings.Join(shown[:min(len(shown), shownAddresses)], between),
		"Port":      strconv.Itoa(port),
	}
	if rest > 0 {
		args["Rest"] = rest
		return phrase.With("{{.Addresses}}   ·   {{.Rest}} more   ·   port {{.Port}}", args)
	}
	return phrase.With("{{.Addresses}}   ·   port {{.Port}}", args)
}

// addressClass orders addresses by their use to somebody elsewhere.
func addressClass(s string) int {
	a, err := netip.ParseAddr(address(s))
	switch {
	case err == nil && a.Is4():
		return 0
	case err == nil && a.IsLinkLocalUnicast():
		return 2
	}
	return 1
}
