package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"impero/core/daemon/keeper"
	"impero/core/host/setup"
	"impero/core/store"
)

// setPassword reads a password, keeps it for Guests, and returns the exit code.
func setPassword(o *options, home store.Home, in *os.File, out, errs io.Writer) int {
	pw, err := setup.AskPassword(in, out)
	if err != nil {
		return complain(errs, exitUsage, err)
	}
	w, err := assemble(home, keeper.Quietly(o.Name))
	if err != nil {
		return complain(errs, exitError, err)
	}
	err = w.SetLogon(pw, o.role)
	role := w.State().Role
	if err = errors.Join(err, w.discard()); err != nil {
		return complain(errs, exitError, err)
	}
	fmt.Fprintf(out, "Password set. Guests log on with it and get the role %s.\n", role)
	return exitDone
}
