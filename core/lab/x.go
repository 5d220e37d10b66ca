// Package lab starts the real parts that tests and apps/try need around a
// program: X servers without a screen, programs on them, and pictures of what
// they show; networks of two computers with a line of a chosen quality between
// them, proxies that pull cables without any rights, and captures of what
// passes. Nothing that is delivered imports it.
//
// Each part has two forms. Start… takes a test, fails it with what to do about
// it, and stops the part when the test ends; Run… returns an error and leaves
// Close to the caller. Close returns when the process is gone, and may be
// called again. A part is stopped by its own process number, and on Linux dies
// with the program that started it, however that ends.
//
// Everything here may be used from several goroutines.
package lab

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// startLimit is how long an X server may take; it takes 0.2 s on an idle
// machine, and this one may be busy compiling.
const startLimit = 60 * time.Second

// Screen is the size of an X server's one screen in pixels, and its depth in
// bits. Zero fields mean 1280, 800 and 24.
type Screen struct{ W, H, Depth int }

func (s Screen) orDefault() Screen {
	if s.W == 0 {
		s.W = 1280
	}
	if s.H == 0 {
		s.H = 800
	}
	if s.Depth == 0 {
		s.Depth = 24
	}
	return s
}

// X is a running X server (Xvfb) with OpenGL, reachable from this machine only.
type X struct {
	Display string // as DISPLAY wants it: ":7"
	process *Process
}

// RunX starts an X server on a display number of its own choice and returns
// when it takes connections. It ends with ctx or with Close.
func RunX(ctx context.Context, screen Screen) (*X, error) {
	if _, err := exec.LookPath("Xvfb"); err != nil {
		return nil, fmt.Errorf("start an X server: %w; install the package xvfb (make test does)", err)
	}
	screen = screen.orDefault()
	number, theirs, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start an X server: %w", err)
	}
	defer number.Close()
	// -noreset: else the server starts afresh when its last client leaves.
	process, err := run(ctx, command{
		argv: []string{"Xvfb", "-displayfd", "3",
			"-screen", "0", fmt.Sprintf("%dx%dx%d", screen.W, screen.H, screen.Depth),
			"+extension", "GLX", "+extension", "RANDR", "-noreset", "-nolisten", "tcp"},
		inherit: []*os.File{theirs},
	})
	theirs.Close()
	if err != nil {
		return nil, fmt.Errorf("start an X server: %w", err)
	}
	display, err := readDisplay(number)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start an X server: %w; it said: %s", err, process.Output()), process.Close())
	}
	return &X{Display: display, process: process}, nil
}

// readDisplay waits for the number that an X server writes once it listens.
func readDisplay(from *os.File) (string, error) {
	if err := from.SetReadDeadline(time.Now().Add(startLimit)); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(from).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("it did not say its display: %w", err)
	}
	number, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return "", fmt.Errorf("it did not say its display: %w", err)
	}
	return ":" + strconv.Itoa(number), nil
}

// Close stops the server; programs on it lose their connection.
func (x *X) Close() error { return x.process.Close() }

// StartX is [RunX] for a test.
func StartX(t testing.TB, screen Screen) *X {
	t.Helper()
	x, err := RunX(context.Background(), screen)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Errorf("stop the X server: %v", err)
		}
	})
	return x
}
