package config

import (
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxValue bounds every value, in bytes: the longest is a secret's sealed text or a verifier.
const maxValue = 16 << 10

// Check says what is wrong with a value, or nil. It does not know the document: that a role exists and a name is
// unique is seen by [Document.Validate].
func (a *Attribute) Check(value string) *Message {
	m := a.checkKind(value)
	if m == nil && a.check != nil {
		m = a.check(value)
	}
	return m
}

func (a *Attribute) checkKind(value string) *Message {
	if a.Kind == Secret {
		return a.checkSecret(value)
	}
	if m := a.checkText(value); m != nil {
		return m
	}
	if value == "" && a.Kind != Integer && a.Kind != Choice && a.Kind != Switch && a.Kind != Permission {
		return nil
	}
	switch a.Kind {
	case Switch, Choice, Permission:
		return a.checkValue(value)
	case List:
		return a.checkList(value)
	case Integer:
		return a.checkInteger(value)
	default:
		return a.checkForm(value)
	}
}

// checkText is what holds for every visible value: its length, and that it can be shown on one line.
func (a *Attribute) checkText(value string) *Message {
	low, high := 0, 1024
	switch a.Kind {
	case Text, RoleName, FilePath, Address, URL, Network, Ports:
		low, high = a.Min, a.Max
	}
	n := utf8.RuneCountInString(value)
	switch {
	case n < low:
		return fault("It is empty. Use {{.Min}} to {{.Max}} characters.", "Min", low, "Max", high)
	case n > high:
		return fault("\"{{.Value}}\" has {{.Length}} characters. Use at most {{.Max}}.", "Value", shown(value), "Length", n, "Max", high)
	case !utf8.ValidString(value) || strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fault("It holds a character that cannot be shown. Type it anew.")
	case strings.TrimSpace(value) != value:
		return fault("\"{{.Value}}\" begins or ends with a space. Take it out.", "Value", shown(value))
	}
	return nil
}

func (a *Attribute) checkValue(value string) *Message {
	for _, v := range a.Values {
		if v.Value != value {
			continue
		}
		if v.Waits != "" && !a.stands {
			return fault("{{.Name}} cannot be chosen. {{.Reason}}", "Name", Key(v.Name), "Reason", Key(v.Waits))
		}
		return nil
	}
	return fault("\"{{.Value}}\" is not one of the values. Use {{.Values}}.", "Value", shown(value), "Values", a.written())
}

// written lists the values as they stand in the file.
func (a *Attribute) written() string {
	var list []string
	for _, v := range a.Values {
		if v.Waits == "" {
			list = append(list, v.Value)
		}
	}
	return strings.Join(list, ", ")
}

func (a *Attribute) checkList(value string) *Message {
	seen := map[string]bool{}
	for _, part := range SplitList(value) {
		if m := a.checkValue(part); m != nil {
			return m
		}
		if seen[part] {
			return fault("{{.Value}} stands twice. Once is enough.", "Value", part)
		}
		seen[part] = true
	}
	return nil
}

// SplitList gives the values of a List.
func SplitList(value string) []string {
	var list []string
	for part := range strings.SplitSeq(value, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// JoinList gives the text of a List that holds the chosen values, in the order of the table.
func (a *Attribute) JoinList(chosen []string) string {
	var list []string
	for _, v := range a.Values {
		if slices.Contains(chosen, v.Value) {
			list = append(list, v.Value)
		}
	}
	return strings.Join(list, ", ")
}

func (a *Attribute) checkInteger(value string) *Message {
	n, err := strconv.Atoi(value)
	if err == nil && n >= a.Min && n <= a.Max && strconv.Itoa(n) == value {
		return nil
	}
	if a.isPort() {
		return fault("\"{{.Value}}\" is not a port. Use {{.Min}} to {{.Max}}.", "Value", shown(value), "Min", a.Min, "Max", a.Max)
	}
	return fault("\"{{.Value}}\" is not allowed here. Use a whole number from {{.Min}} to {{.Max}}.", "Value", shown(value), "Min", a.Min, "Max", a.Max)
}

func (a *Attribute) isPort() bool { return a.Kind == Integer && a.Max == highestPort }

// checkForm checks the kinds whose values have a form of their own.
func (a *Attribute) checkForm(value string) *Message {
	var ok bool
	var key string
	switch a.Kind {
	case FilePath:
		ok, key = filepath.IsAbs(value), "\"{{.Value}}\" is not a whole path. Begin it at the top, as in {{.Hint}}."
	case Address:
		ok, key = isAddress(value), "\"{{.Value}}\" is neither an IP address nor a DNS name. Use one of them, as in {{.Hint}}."
	case URL:
		ok, key = isURL(value), "\"{{.Value}}\" is not an https address. Use one as in {{.Hint}}."
	case Network:
		ok, key = isNetwork(value), "\"{{.Value}}\" is no IP address, prefix or MAC address. Use one as in {{.Hint}}."
	case Ports:
		_, _, ok = ParsePorts(value)
		key = "\"{{.Value}}\" is no port and no range of ports. Use numbers from 1 to 65535, as in {{.Hint}}."
	default:
		return nil
	}
	if ok {
		return nil
	}
	return fault(key, "Value", shown(value), "Hint", a.Hint)
}

func fault(key string, pairs ...any) *Message {
	m := say(key, pairs...)
	return &m
}

// shown cuts a value to what a message can hold, and takes out what would break its line.
func shown(value string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, value)
	if runes := []rune(clean); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return clean
}

var dnsName = regexp.MustCompile(`^([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?$`)
var digitsAndDots = regexp.MustCompile(`^[0-9.]+$`)

func isAddress(value string) bool {
	if isHost(value) {
		return true
	}
	host, port, err := net.SplitHostPort(value)
	n, numeric := strconv.Atoi(port)
	return err == nil && isHost(host) && numeric == nil && n >= 1 && n <= highestPort
}

func isHost(value string) bool {
	if _, err := netip.ParseAddr(value); err == nil {
		return true
	}
	return dnsName.MatchString(value) && !digitsAndDots.MatchString(value)
}

func isURL(value string) bool {
	u, err := url.Parse(value)
	return err == nil && u.Scheme == "https" && u.User == nil && isAddress(u.Host)
}

func isNetwork(value string) bool {
	if ip, err := netip.ParseAddr(value); err == nil {
		return ip.Zone() == ""
	}
	if p, err := netip.ParsePrefix(value); err == nil {
		return p == p.Masked() && !p.Addr().Is4In6()
	}
	mac, err := net.ParseMAC(value)
	return err == nil && len(mac) == 6
}

// ParsePorts reads "port1-portN" or one port.
func ParsePorts(value string) (first, last int, ok bool) {
	low, high, isRange := strings.Cut(value, "-")
	if !isRange {
		high = low
	}
	first, err := strconv.Atoi(low)
	last, err2 := strconv.Atoi(high)
	canonical := strconv.Itoa(first) == low && strconv.Itoa(last) == high
	return first, last, err == nil && err2 == nil && canonical && first >= 1 && first <= last && last <= highestPort
}
