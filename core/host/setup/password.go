// Package setup is what the programs of a Host ask their person for: the options of the command line that all of them have, and the
// password for Guests. Words are for people, without a full stop. Nothing here is safe for concurrent use.
package setup

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"unicode/utf8"

	"golang.org/x/term"

	"impero/core/host"
)

// maxLine bounds what is read of a password from a pipe, in bytes: many times
// the longest password.
const maxLine = 4096

// AskPassword reads the password: twice and unseen from a terminal, the first
// line from anything else.
func AskPassword(in *os.File, out io.Writer) (string, error) {
	if fd := int(in.Fd()); term.IsTerminal(fd) {
		return askTwice(fd, out)
	}
	line, err := bufio.NewReader(io.LimitReader(in, maxLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	pw := strings.TrimRight(line, "\r\n")
	if pw == "" {
		return "", errors.New("no password came from standard input")
	}
	return pw, checkPassword(pw)
}

func askTwice(fd int, out io.Writer) (string, error) {
	fmt.Fprintf(out, "Password for this Host, %d to %d characters: ", host.MinPassword, host.MaxPassword)
	first, err := readUnseen(fd, out)
	if err == nil {
		err = checkPassword(first)
	}
	if err != nil {
		return "", err
	}
	fmt.Fprint(out, "The same again: ")
	again, err := readUnseen(fd, out)
	switch {
	case err != nil:
		return "", err
	case first != again:
		return "", errors.New("the two are not the same; nothing was changed")
	}
	return first, nil
}

func readUnseen(fd int, out io.Writer) (string, error) {
	state, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	// Ctrl+C must not leave the terminal without its echo.
	interrupted, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(interrupted)
	defer close(done)
	go func() {
		select {
		case <-interrupted:
			term.Restore(fd, state)
			fmt.Fprintln(out)
			os.Exit(1)
		case <-done:
		}
	}()
	b, err := term.ReadPassword(fd)
	fmt.Fprintln(out)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(b), nil
}

func checkPassword(pw string) error {
	if !utf8.ValidString(pw) {
		return errors.New("the password is not valid UTF-8 text")
	}
	return host.CheckPassword(pw)
}
