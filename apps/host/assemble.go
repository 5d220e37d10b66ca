package main

import (
	"context"
	"errors"
	"log/slog"
	"net"

	"impero/core/agent"
	"impero/core/daemon/keeper"
	"impero/core/directory"
	"impero/core/host"
	"impero/core/logs"
	"impero/core/store"
)

// whole is a Host with both halves in this process.
type whole struct {
	*host.Host
	keeper   *keeper.Keeper
	agentEnd net.Conn
	log      *slog.Logger
	prompts  agent.Prompts // the user; nil if there is no window to ask him in
}

// assemble makes a whole Host that does not run yet.
func assemble(home store.Home, command keeper.Command) (*whole, error) {
	daemonEnd, agentEnd := net.Pipe()
	accounts, why := keeper.Accounts(new(directory.System))
	k, err := keeper.Open(keeper.Options{Home: home, Command: command, Accounts: accounts, Without: why, Host: host.Config{Agent: daemonEnd}})
	if err != nil {
		return nil, errors.Join(err, daemonEnd.Close(), agentEnd.Close())
	}
	return &whole{Host: k.Host(), keeper: k, agentEnd: agentEnd, log: k.Log()}, nil
}

// run serves until ctx ends, or the Host was idle for as long as it may, and both halves are gone.
func (w *whole) run(ctx context.Context) error {
	gone := make(chan error, 1)
	go func() {
		// The agent outlives ctx until the daemon half has told every Guest and
		// closes the pipe.
		gone <- agent.Run(context.WithoutCancel(ctx), w.agentEnd, agent.Config{Prompts: w.prompts, Log: logs.Agent.Of(w.log)})
	}()
	err := w.keeper.Run(ctx)
	if parted := <-gone; parted != nil && ctx.Err() == nil {
		err = errors.Join(err, parted)
	} // at the end the halves may part in the middle of a word
	return err
}

// Close ends a Host that does not run.
func (w *whole) Close() error { return w.keeper.Close() }

// discard ends a Host that was never run.
func (w *whole) discard() error { return errors.Join(w.Close(), w.agentEnd.Close()) }
