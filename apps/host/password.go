package main

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
	"impero/core/store"
)

// maxLine bounds what is read of a password from a pipe, in bytes: many times
// the longest password.
const maxLine = 4096

// setPassword reads a password, keeps it for Guests, and returns the exit code.
func setPassword(o *options, home store.Home, in *os.File, out, errs io.Writer) int {
	pw, err := askPassword(in, out)
	if err != nil {
		return complain(errs, exitUsage, err)
	}
	w, err := assemble(host.Config{Home: home, Name: o.name})
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

// askPassword reads the password: twice and unseen from a terminal, the first
// line from anything else.
func askPassword(in *os.File, out io.Writer) (string, error) {
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
			os.Exit(exitError)
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
