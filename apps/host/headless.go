package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"impero/core/host"
	view "impero/ui/host"
)

// errNoPassword is why a Host that nobody can ask does not start.
var errNoPassword = errors.New(`no password is set, so nobody could log on and this Host does not listen.
Set one, then start it again:
    ` + program + ` --set-password
It reads the password from the terminal, or from a pipe`)

// headless runs the Host without a window and says on out what happens, one
// line for each state, until ctx ends.
func headless(ctx context.Context, w *whole, out io.Writer) error {
	if s := w.State(); !s.CanLogOn() {
		return &exit{exitUsage, errNoPassword}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan error, 1)
	go func() {
		err := w.run(ctx)
		cancel(nil) // if it ended by itself
		done <- err
	}()
	report(ctx, cancel, w.Host, out)
	if err := <-done; err != nil {
		return err
	}
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	fmt.Fprintln(out, stamp(time.Now()), "Host ended.")
	return nil
}

// report writes what the Host's window would say until ctx ends. A Host that
// cannot listen is ended, because nobody is there to try again.
func report(ctx context.Context, cancel context.CancelCauseFunc, h *host.Host, out io.Writer) {
	said, trouble, problem, facts := "", "", "", false
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.Changes():
		}
		s, now := h.State(), time.Now()
		if s.Problem != "" && !s.Running {
			cancel(&exit{exitError, trimmed(s.Problem)})
			return
		}
		if !s.Running {
			continue
		}
		m := view.Describe(s, now)
		if !facts {
			facts = true
			fmt.Fprintf(out, "Name         %s\nAddresses    %s\nFingerprint  %s\nLog on with  %s\n", m.Name, m.Addresses, m.Fingerprint, m.LogOn)
			if !m.Levels.Empty() {
				fmt.Fprintf(out, "Encryption   %s\n", m.Levels)
			}
		}
		if s.Problem != problem {
			if problem = s.Problem; problem != "" {
				fmt.Fprintln(out, stamp(now), "Not every address can be listened on yet:", problem)
			}
		}
		if s.Trouble != trouble {
			trouble = s.Trouble
			fmt.Fprintln(out, stamp(now), "Configuration:", trouble)
		}
		if line := m.Block.Title.String() + ". " + m.Block.Detail.String(); line != said {
			said = line
			fmt.Fprintln(out, stamp(now), line)
		}
	}
}

// trimmed makes an error of a sentence; complain adds the full stop.
func trimmed(sentence string) error {
	if n := len(sentence); n > 0 && sentence[n-1] == '.' {
		sentence = sentence[:n-1]
	}
	return errors.New(sentence)
}

func stamp(t time.Time) string { return t.Format("2006-01-02 15:04:05") }
