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

// inWords puts an error of the engine into words for people. What it is made of
// is in the log.
func inWords(err error) error {
	var e *guest.Error
	if !errors.As(err, &e) {
		return err
	}
	return errors.New(presenter.Explain(e).Text.String())
}

// because says what did not work, and why in the words of the system alone.
func because(what string, err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return fmt.Errorf("%s: %w", what, err)
}

// complain says what is wrong and returns code.
func complain(errs io.Writer, code int, err error) int {
	fmt.Fprintf(errs, "%s: %s.\n", program, strings.TrimSuffix(err.Error(), "."))
	return code
}
