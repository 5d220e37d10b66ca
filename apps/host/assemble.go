package main

import (
	"context"
	"errors"
	"log/slog"
	"net"

	"impero/core/agent"
	"impero/core/host"
	"impero/core/logs"
)

// whole is a Host with both halves in this process.
type whole struct {
	*host.Host
	agentEnd net.Conn
	log      *slog.Logger
	prompts  agent.Prompts // the user; nil if there is no window to ask him in
}

// assemble makes a whole Host that does not run yet.
func assemble(cfg host.Config) (*whole, error) {
	daemonEnd, agentEnd := net.Pipe()
	cfg.Agent = daemonEnd
	h, err := host.New(cfg)
	if err != nil {
		return nil, errors.Join(err, daemonEnd.Close(), agentEnd.Close())
	}
	return &whole{Host: h, agentEnd: agentEnd, log: cfg.Log}, nil
}

// run serves until ctx ends and both halves are gone.
func (w *whole) run(ctx context.Context) error {
	gone := make(chan error, 1)
	go func() {
		// The agent outlives ctx until the daemon half has told every Guest and
		// closes the pipe.
		gone <- agent.Run(context.WithoutCancel(ctx), w.agentEnd, agent.Config{Prompts: w.prompts, Log: logs.Agent.Of(w.log)})
	}()
	err := w.Host.Run(ctx)
	if parted := <-gone; parted != nil && ctx.Err() == nil {
		err = errors.Join(err, parted)
	} // at the end the halves may part in the middle of a word
	return err
}

// discard ends a Host that was never run.
func (w *whole) discard() error { return errors.Join(w.Close(), w.agentEnd.Close()) }
