package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"impero/core/lab"
)

// control runs the Guest until it or ctx ends: on the person's display if there is one, else on an X server of its own.
func control(ctx context.Context, guest, address, password, picture string) error {
	c := exec.CommandContext(ctx, guest, "-H", address, "-P", "-")
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(password+"\n"), os.Stdout, &untilDone{ctx, os.Stderr}
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		x, err := lab.RunX(context.WithoutCancel(ctx), lab.Screen{W: 1280, H: 800})
		if err != nil {
			return err
		}
		defer x.Close()
		c.Env = append(os.Environ(), "DISPLAY="+x.Display)
		fmt.Println("There is no display here, so the Guest gets an X server of its own:", x.Display)
		go photograph(ctx, x.Display, picture)
	}
	fmt.Printf("The Host listens on %s. Ctrl+C ends both.\n", address)
	if err := c.Run(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("run the Guest: %w", err)
	}
	return nil
}

// untilDone passes on what the Guest says until ctx ends. Ctrl+C in a terminal reaches the X server as well, and what the
// Guest says of its going helps nobody.
type untilDone struct {
	ctx context.Context
	out io.Writer
}

func (u *untilDone) Write(p []byte) (int, error) {
	if u.ctx.Err() != nil {
		return len(p), nil
	}
	return u.out.Write(p)
}

// photograph saves what the Guest's X server shows, once the picture has had time to come.
func photograph(ctx context.Context, display, path string) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(8 * time.Second):
	}
	if img, err := lab.Screenshot(display); err != nil {
		fmt.Fprintln(os.Stderr, "no screenshot:", err)
	} else if err := lab.WritePNG(path, img); err != nil {
		fmt.Fprintln(os.Stderr, "no screenshot:", err)
	} else {
		fmt.Println("What the Guest shows is in", path)
	}
}
