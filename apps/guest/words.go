package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"impero/core/guest"
	"impero/ui/guest/presenter"
)

// The exit codes; help lists them.
const (
	exitDone     = 0
	exitError    = 1
	exitUsage    = 2
	exitReach    = 3 // the Host was not reached
	exitIdentity = 4 // its identity is not known, not accepted or another
	exitLogon    = 5 // it did not let in
	exitLost     = 6 // the session ended by itself
)

// inWords puts an error of the engine into words for people.
func inWords(err error) error {
	var e *guest.Error
	if !errors.As(err, &e) {
		return err
	}
	t := presenter.Explain(e)
	if t.Silent {
		return errors.New(e.Detail)
	}
	return fmt.Errorf("%s (%s)", strings.TrimSuffix(t.Text.String(), "."), t.Details)
}

// complain says what is wrong and returns code.
func complain(errs io.Writer, code int, err error) int {
	fmt.Fprintf(errs, "%s: %v.\n", program, err)
	return code
}
