package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"impero/core/guest"
	"impero/core/logs"
	"impero/core/store"
)

// maxPassword bounds what is read of standard input, in bytes.
const maxPassword = 1024

// options are what the command line says.
type options struct {
	help, version        bool
	usage                string
	host, user, password string
	profile              string
	headless, json       bool
	duration             time.Duration
	screenshot           string
	acceptKey            string
	logs                 logs.Options
}

const usageHead = `ImperoGuest shows the screen of a Host and drives it with this keyboard and mouse.

  ImperoGuest                          opens the Guest's window
  ImperoGuest -H till-042              connects at once, in full screen
  ImperoGuest --headless -H till-042 -P - --for 10s --json < password-file

`

const usageFoot = `
A password on the command line can be read by every user of this computer in the
list of processes, and stays in the shell's history. "-P -" reads one line from
standard input instead.

--json tells the session as one object a line and second: t (seconds since it
began), frames (pictures since then), fps, kb_in, kb_out (since it began),
kb_s (both ways), codecs (what the last second's picture came as: jpeg, palette,
raw, fill, copy, video, cached and sketch, each with ops, its rectangles, and
kb), decode_ms_p50, decode_ms_max (of the last second's pictures), host (what
those took at the Host, null if it told nothing: updates, and in ms capture_ms,
encode_ms and queue_ms, how long they waited to be sent, each as the mean and,
with _p95, as what 95 of 100 were within), rtt_ms (to the Host and back, 0 if not
known yet), exact (the picture equals the Host's byte for byte), width, height,
level (of encryption), role and control (whether it allows keyboard and mouse;
the Host may change both meanwhile) and lost (the connection is, and no picture
has come since). kB are 1000 bytes.

Exit codes: 0 done, 1 error, 2 wrong option, 3 the Host was not reached,
4 its identity is not known or has changed, 5 it did not let in,
6 the session ended by itself: a lost connection is tried again for 60 seconds.
`

// parse reads the command line; a password of "-" is read from in.
func parse(args []string, home store.Home, in io.Reader) (*options, error) {
	o := &options{logs: logs.GuestDefaults(home.GuestLogFile())}
	f := pflag.NewFlagSet(program, pflag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.SortFlags = false
	f.BoolVarP(&o.help, "help", "h", false, "list the options")
	f.BoolVarP(&o.version, "version", "v", false, "show the version")
	f.StringVarP(&o.host, "Host", "H", "", "connect to this Host in full screen: a name or an IP address, each with :port")
	f.StringVar(&o.host, "host", "", "")
	f.StringVar(&o.profile, "profile", "", "use the communication profile of this `name` (default: \"Internet (TCP)\", in the window that of the last session)")
	f.StringVarP(&o.user, "username", "U", "", "user at the Host")
	f.StringVarP(&o.password, "password", "P", "", "password at the Host; - reads it from standard input")
	f.BoolVar(&o.headless, "headless", false, "connect without a window and tell the state once a second")
	f.BoolVar(&o.json, "json", false, "with --headless: tell it as lines of JSON")
	f.DurationVar(&o.duration, "for", 0, "with --headless: end after this time, such as 10s; 0 for Ctrl+C")
	f.StringVar(&o.screenshot, "screenshot", "", "with --headless: write the picture to this PNG file once it is exact, then end")
	f.StringVar(&o.acceptKey, "accept-key", "", "with --headless: accept a new Host if it has this fingerprint")
	o.logs.Flags(f)
	if err := f.MarkHidden("host"); err != nil {
		return nil, err
	}
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	o.usage = usageHead + f.FlagUsages() + usageFoot
	if o.help || o.version {
		return o, nil
	}
	if err := o.check(f); err != nil {
		return nil, err
	}
	if o.password == "-" {
		return o, o.readPassword(in)
	}
	return o, nil
}

// check finds options that do not go together.
func (o *options) check(f *pflag.FlagSet) error {
	if f.NArg() > 0 {
		return fmt.Errorf("%q is no option; a Host is given with -H", f.Arg(0))
	}
	if o.host == "" && (o.headless || o.user != "" || o.password != "") {
		return errors.New("this needs a Host, given with -H")
	}
	if !o.headless && (o.json || o.duration != 0 || o.screenshot != "" || o.acceptKey != "") {
		return errors.New("--json, --for, --screenshot and --accept-key go with --headless")
	}
	if o.duration < 0 {
		return errors.New("--for needs a time from now on")
	}
	if o.host == "" {
		return nil
	}
	if _, err := guest.ParseTarget(o.host, o.profile); err != nil {
		var wrong *guest.Error
		if errors.As(err, &wrong) {
			return fmt.Errorf("%q is not a Host: %s", o.host, wrong.Detail)
		}
		return err
	}
	return nil
}

func (o *options) readPassword(in io.Reader) error {
	line, err := bufio.NewReader(io.LimitReader(in, maxPassword)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the password: %w", err)
	}
	if o.password = strings.TrimRight(line, "\r\n"); o.password == "" {
		return errors.New("there is no password on standard input")
	}
	return nil
}
