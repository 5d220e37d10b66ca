package setup

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/pflag"

	"impero/core/host"
	"impero/core/logs"
	"impero/core/wire"
)

// maxName is the longest name of a Host, in bytes.
const maxName = 64

// Options are those that every program has that is a Host.
type Options struct {
	Name   string       // empty for the computer's name
	Listen []string     // empty for the default
	Levels []wire.Level // encryption levels allowed; nil for the default
	Logs   logs.Options

	flags  *pflag.FlagSet
	port   portText
	levels string
}

// portText is a port as it was typed: Finish looks at it.
type portText string

func (p *portText) Set(s string) error { *p = portText(s); return nil }
func (p *portText) String() string     { return string(*p) }
func (p *portText) Type() string       { return "port" }

// Levels explains the encryption levels, for a program's help.
const Levels = `The encryption levels, from the strongest: "Very high", "High", "Data integrity
and keyboard", "Keyboard", "Data integrity", "No encryption". Guest and Host use
one that both allow. Only the first two encrypt everything; with the last two,
others on the way can read what is typed. The logon is encrypted at every level.
`

// Add adds the options to a command line; parsing changes o. Finish is called then.
func (o *Options) Add(flags *pflag.FlagSet) {
	o.flags = flags
	flags.StringVar(&o.Name, "name", "", "`name` of this Host (default: the computer's name)")
	o.port = portText(strconv.Itoa(host.DefaultPort))
	flags.Var(&o.port, "port", "listen on this `port` of every address, IPv4 and IPv6; 0 for any free one")
	flags.StringArrayVar(&o.Listen, "listen", nil, "listen on this `address:port` alone; may be repeated")
	flags.StringVar(&o.levels, "allowed-encryptions", "Very high,High", "allow these encryption levels, a `list` of names with commas between")
	o.Logs.HostFlags(flags)
}

// Finish takes what was parsed, and says what is wrong with it.
func (o *Options) Finish() error {
	if o.flags.Changed("port") {
		if len(o.Listen) > 0 {
			return errors.New("--port and --listen exclude one another: give the port in --listen")
		}
		o.Listen = []string{":" + string(o.port)}
	}
	if o.flags.Changed("allowed-encryptions") {
		allowed, err := host.ParseLevels(o.levels)
		if err != nil {
			return fmt.Errorf("--allowed-encryptions: %w", err)
		}
		o.Levels = allowed
	}
	if err := checkName(o.Name); err != nil {
		return err
	}
	for _, address := range o.Listen {
		if err := checkListen(address); err != nil {
			return err
		}
	}
	return nil
}

// Over puts the log options that were given over what a configuration says.
func (o *Options) Over(configured logs.Options) logs.Options {
	again := pflag.NewFlagSet("", pflag.ContinueOnError)
	configured.HostFlags(again)
	o.flags.Visit(func(f *pflag.Flag) {
		if again.Lookup(f.Name) != nil {
			again.Set(f.Name, f.Value.String()) // it was parsed before
		}
	})
	return configured
}

// Given names the options that were given.
func (o *Options) Given() (names []string) {
	o.flags.Visit(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// Silent says whether the command line wants no logs.
func (o *Options) Silent() bool { return o.flags.Changed("enable-logging") && !o.Logs.Enabled }

func checkName(name string) error {
	switch {
	case len(name) > maxName:
		return fmt.Errorf("the name has %d bytes; at most %d are allowed", len(name), maxName)
	case name != "" && strings.TrimSpace(name) == "", strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return errors.New("the name is empty or has characters that cannot be shown")
	}
	return nil
}

// checkListen wants "address:port"; the address may be empty, a name is none.
func checkListen(s string) error {
	address, port, err := net.SplitHostPort(s)
	if err != nil {
		return fmt.Errorf("%q is no address:port (IPv6 as [address]:port)", s)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q is no port: use 1025 to 65535, or 0 for any free one", port)
	}
	bare, _, _ := strings.Cut(address, "%")
	if address != "" && net.ParseIP(bare) == nil {
		return fmt.Errorf("%q is no IP address of this computer", address)
	}
	return nil
}
