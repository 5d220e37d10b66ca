package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/pflag"

	"impero/core/host"
	"impero/core/logs"
	"impero/core/role"
	"impero/core/store"
	"impero/core/wire"
)

// maxName is the longest name of a Host, in bytes.
const maxName = 64

// options are what the command line says.
type options struct {
	help, version bool
	headless      bool
	setPassword   bool
	role          string       // of a logon; with setPassword, empty for as before
	name          string       // empty for the computer's name
	listen        []string     // empty for the default
	verifyLog     string       // an event log to verify
	levels        []wire.Level // encryption levels allowed; nil for the default
	logs          logs.Options
	usage         string
}

// parse reads a command line. Its errors are for people, without a full stop.
func parse(args []string, home store.Home) (*options, error) {
	o := &options{logs: logs.HostDefaults(home.HostLogFile())}
	flags := pflag.NewFlagSet(program, pflag.ContinueOnError)
	flags.SetOutput(new(bytes.Buffer)) // run says it
	flags.SortFlags = false
	flags.BoolVarP(&o.help, "help", "h", false, "list the options")
	flags.BoolVarP(&o.version, "version", "v", false, "show the version")
	standalone := flags.Bool("standalone", true, "run the whole Host in this program, without a service")
	flags.BoolVar(&o.headless, "headless", false, "never open a window; say on standard output what happens")
	flags.BoolVar(&o.setPassword, "set-password", false, "read the password for Guests from standard input, keep it and exit")
	flags.StringVar(&o.role, "role", "", "with --set-password: the `role` of a Guest that logs on, \"Full control\" or \"View only\"")
	flags.StringVar(&o.name, "name", "", "`name` of this Host (default: the computer's name)")
	flags.StringVar(&o.verifyLog, "verify-log", "", "verify the event log `file`, say what it holds and exit: 0 if it is whole, 1 if not")
	port := flags.Int("port", host.DefaultPort, "listen on this `port` of every address, IPv4 and IPv6; 0 for any free one")
	listen := flags.StringArray("listen", nil, "listen on this `address:port` alone; may be repeated")
	levels := flags.String("allowed-encryptions", "Very high,High", "allow these encryption levels, a `list` of names with commas between")
	o.logs.HostFlags(flags)
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	o.usage = "Usage: " + program + " [options]\n\n" + about + "\nOptions:\n" + flags.FlagUsages()
	if o.help || o.version {
		return o, nil
	}
	if flags.Changed("port") {
		if len(*listen) > 0 {
			return nil, errors.New("--port and --listen exclude one another: give the port in --listen")
		}
		*listen = []string{":" + strconv.Itoa(*port)}
	}
	if flags.Changed("allowed-encryptions") {
		allowed, err := host.ParseLevels(*levels)
		if err != nil {
			return nil, fmt.Errorf("--allowed-encryptions: %w", err)
		}
		o.levels = allowed
	}
	o.listen = *listen
	return o, o.check(flags.Args(), *standalone)
}

const about = `Lets Guests with the password see and control this computer.

A Host without a password does not listen. Its window asks for one at first
start; without a window, set it with --set-password.

The encryption levels, from the strongest: "Very high", "High", "Data integrity
and keyboard", "Keyboard", "Data integrity", "No encryption". Guest and Host use
one that both allow. Only the first two encrypt everything; with the last two,
others on the way can read what is typed. The logon is encrypted at every level.
`

// check says what is wrong with the options.
func (o *options) check(rest []string, standalone bool) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("%q is no option", rest[0])
	case !standalone:
		return errors.New("the Host service is not part of this version: start it without --standalone=false")
	case o.role != "" && !o.setPassword:
		return errors.New("--role goes with --set-password")
	}
	if _, ok := role.ByName(o.role); o.role != "" && !ok {
		return fmt.Errorf("%q is no role: give \"Full control\" or \"View only\"", o.role)
	}
	if err := checkName(o.name); err != nil {
		return err
	}
	for _, address := range o.listen {
		if err := checkListen(address); err != nil {
			return err
		}
	}
	return nil
}

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
