package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"impero/core/store"
	"impero/ui/shell/start"
)

// alert tells a person who wanted a window.
func alert(o *options, err error) {
	if !o.headless {
		start.Alert(program, inWords(err))
	}
}

// exit is an error with an exit code of its own.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string { return e.err.Error() }

// complain says what is wrong and returns code.
func complain(errs io.Writer, code int, err error) int {
	fmt.Fprintf(errs, "%s: %s.\n", program, strings.TrimSuffix(inWords(err).Error(), ".")) // some end with a sentence
	return code
}

// inWords puts an error into words for people where its own are none.
func inWords(err error) error {
	var running *store.RunningError
	if errors.As(err, &running) {
		return fmt.Errorf("another Host of this user runs already%s. End it first", process(running.Process))
	}
	return err
}

func process(number int) string {
	if number == 0 {
		return ""
	}
	return fmt.Sprintf(" (process %d)", number)
}

// weakLevels is said when levels are allowed that do not encrypt everything.
const weakLevels = program + `: warning: %s: with these levels others on the way can read the
screen, and some leave what is typed open too. Guests whose profile allows
nothing better get them.
`

// noDisplay is said when a window was wanted and cannot be.
const noDisplay = program + `: %v.
This Host goes on without a window and without a screen to share, and tells that
to Guests. To share a screen, start it in a desktop session.
`
