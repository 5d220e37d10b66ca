// Command DTLSpy shows the debug logs and event logs of the suite in a terminal, as they grow and through their rotation, and packs
// what support needs.
//
// It exits with 0 when it was ended or did what it was asked, with 1 when something went wrong, and with 2 when the command line is
// wrong.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"golang.org/x/term"

	"impero/core/logs/spy"
	"impero/core/logs/spy/view"
	"impero/core/store"
	"impero/core/version"
)

const program = "DTLSpy"

// The exit codes.
const (
	exitDone  = 0
	exitError = 1
	exitUsage = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program with its streams; it returns the exit code.
func run(args []string, out *os.File, errs io.Writer) int {
	o, err := parse(args)
	switch {
	case err != nil:
		complain(errs, err)
		fmt.Fprintf(errs, "%s --help lists the options.\n", program)
		return exitUsage
	case o.help:
		fmt.Fprint(out, o.usage)
		return exitDone
	case o.version:
		fmt.Fprintln(out, version.Line(program))
		return exitDone
	}
	home, err := store.Open()
	if err != nil {
		return complain(errs, err)
	}
	if len(o.files) == 0 {
		if o.files = spy.Known(home); len(o.files) == 0 && o.bundle == "" {
			return complain(errs, errors.New("no logs were found; name the files"))
		}
	}
	if o.bundle != "" {
		if err := spy.WriteBundle(o.bundle, home, o.files); err != nil {
			return complain(errs, err)
		}
		fmt.Fprintf(out, "%s holds %d logs, the settings without secrets, and facts of this system. Look at contents.txt in it before you send it.\n", o.bundle, len(o.files))
		return exitDone
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if !o.plain && term.IsTerminal(int(out.Fd())) && term.IsTerminal(int(os.Stdin.Fd())) {
		err = view.Run(ctx, o.files, o.filter)
	} else {
		err = plain(ctx, o, out)
	}
	if err != nil {
		return complain(errs, err)
	}
	return exitDone
}

// plain writes lines to out: those there are, in the order of their time, and with --follow those that come, as they come.
func plain(ctx context.Context, o *options, out io.Writer) error {
	var failed error
	write := func(e spy.Entry) {
		if failed == nil && o.filter.Shows(e) {
			_, failed = fmt.Fprintln(out, e)
		}
	}
	if o.follow || len(o.files) == 1 {
		err := spy.Watch(ctx, o.files, o.follow, write)
		return errors.Join(err, failed)
	}
	var all []spy.Entry
	err := spy.Watch(ctx, o.files, false, func(e spy.Entry) { all = append(all, e) })
	slices.SortStableFunc(all, func(a, b spy.Entry) int { return a.Time.Compare(b.Time) })
	for _, e := range all {
		write(e)
	}
	return errors.Join(err, failed)
}

func complain(errs io.Writer, err error) int {
	fmt.Fprintf(errs, "%s: %v.\n", program, err)
	return exitError
}
