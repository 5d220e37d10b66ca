package guest

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"impero/core/transport"
	"impero/core/wire"
)

// ProfileInternet is the communication profile that dials a Host by TCP; every Guest has it.
const ProfileInternet = "Internet (TCP)"

// DefaultPort is the port ProfileInternet uses when none is typed.
const DefaultPort = transport.DefaultPort

// Target is a Host as somebody named it, and the communication profile that leads to it.
type Target struct {
	Host    string // a name or an IP address, without brackets or port
	Port    int
	Profile string
}

// ParseTarget takes what a person types: "till-042", "10.20.4.17", "fe80::1%eth0", each with ":6502" or a port of its
// own behind it, an IPv6 address with a port in brackets. An empty profile is ProfileInternet. Errors are of KindBadAddress or KindBadPort.
func ParseTarget(typed, profile string) (Target, error) {
	if profile == "" {
		profile = ProfileInternet
	}
	return parseTarget(typed, profile, DefaultPort)
}

// parseTarget is ParseTarget with the port for where none is typed.
func parseTarget(typed, profile string, usual int) (Target, error) {
	t := Target{Host: strings.TrimSpace(typed), Port: usual, Profile: profile}
	bad := func(why string) (Target, error) {
		return Target{}, &Error{Kind: KindBadAddress, Target: Target{Host: strings.TrimSpace(typed), Profile: t.Profile}, Detail: why}
	}
	var port *portError
	if _, err := netip.ParseAddr(t.Host); err != nil && (strings.HasPrefix(t.Host, "[") || strings.Contains(t.Host, ":")) {
		host, n, err := splitPort(t.Host, usual)
		if err != nil && !errors.As(err, &port) {
			return bad(err.Error())
		}
		t.Host, t.Port = host, n
	}
	_, notAddress := netip.ParseAddr(t.Host)
	switch {
	case strings.Contains(t.Host, ":") && notAddress != nil:
		return bad("this is no IPv6 address")
	case t.Host == "":
		return bad("nothing was typed")
	case len(t.Host) > wire.MaxTarget:
		return bad("the name is longer than 255 bytes")
	case strings.ContainsFunc(t.Host, strange) || port != nil && strings.ContainsFunc(port.typed, strange):
		return bad("a name has no spaces and none of / \\ @ ? # \" ' < > [ ]")
	case port != nil:
		return Target{}, &Error{Kind: KindBadPort, Target: Target{Host: t.Host, Profile: t.Profile}, Typed: port.typed, Detail: port.Error()}
	}
	return t, nil
}

// strange tells what no name has.
func strange(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`/\@?#"'<>[]`, r) }

// portError tells what stands in the place of a port.
type portError struct{ typed string }

func (e *portError) Error() string { return "a port is a number from 1 to 65535" }

func splitPort(s string, usual int) (string, int, error) {
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		s += ":" + strconv.Itoa(usual)
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", 0, errors.New("an IPv6 address with a port is written [address]:port")
	}
	n, err := strconv.Atoi(port)
	if err != nil || n < 1 || n > 65535 {
		return host, 0, &portError{typed: port}
	}
	return host, n, nil
}

// Address is what is dialled: host and port.
func (t Target) Address() string { return net.JoinHostPort(t.Host, strconv.Itoa(t.Port)) }

// String is the short form that ParseTarget takes back: the port only where it is not the default.
func (t Target) String() string { return t.Short(DefaultPort) }

// Short is String for a profile with another port.
func (t Target) Short(usual int) string {
	if t.Port == usual || t.Port == 0 {
		return t.Host
	}
	return t.Address()
}
