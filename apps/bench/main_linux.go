// Bench measures Impero side by side with other remote control programs. make bench runs it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"impero/core/lab/bench"
	"impero/core/lab/load"
	"impero/core/lab/viewer"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, pflag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run is the bench, or one of its helpers: "load NAME" draws on DISPLAY, "view" watches.
func run(ctx context.Context, args []string) error {
	switch {
	case len(args) == 2 && args[0] == "load":
		return load.Run(ctx, load.Config{Display: os.Getenv("DISPLAY"), Name: args[1], In: os.Stdin, Out: os.Stdout})
	case len(args) == 1 && args[0] == "view":
		return viewer.Serve(ctx, os.Stdin, os.Stdout, viewer.Inherited)
	}
	var o bench.Options
	flags := pflag.NewFlagSet("bench", pflag.ContinueOnError)
	flags.SortFlags = false
	flags.StringSliceVar(&o.Loads, "load", nil, "these loads alone")
	flags.StringSliceVar(&o.Programs, "program", nil, "these programs alone")
	flags.StringSliceVar(&o.Clients, "client", nil, "these kinds of viewers alone, headless or window")
	flags.StringSliceVar(&o.Links, "link", nil, "these links alone")
	flags.BoolVar(&o.All, "all", false, "every combination, which takes hours")
	flags.IntVar(&o.Runs, "runs", 3, "runs of each; the median counts")
	flags.DurationVar(&o.Time, "time", 4*time.Second, "time of each run")
	folder := flags.String("folder", ".", "where bench.json and the folder bench go")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is no option", flags.Arg(0))
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	return bench.Run(ctx, program, filepath.Dir(program), *folder, o, os.Stdout)
}
