package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"time"

	"impero/core/config"
	"impero/core/control"
	"impero/core/local"
	"impero/core/machine"
	"impero/core/store"
	"impero/ui/hostmanager/hostfile"
	"impero/ui/hostmanager/hostservice"
	"impero/ui/hostmanager/presenter"
)

// backendFor finds where the configuration is.
func backendFor(o *options, home store.Home, log *slog.Logger) (b presenter.Backend, close func() error, err error) {
	if o.file == "" {
		if system, err := store.OpenSystem(); err == nil && hasService(system) {
			moved := os.Getenv(store.HomeVariable) != ""
			s := hostservice.New(&control.Client{Path: system.ControlSocket(), Own: moved}, machine.StartCommand)
			return s, s.Close, nil
		}
		o.file = filepath.Join(home.HostDir(), config.FileName)
	} else if _, err := os.Stat(filepath.Dir(o.file)); err != nil { // a slip of the hand must not make folders
		return nil, nil, fmt.Errorf("the folder of --file cannot be opened: %w", err)
	}
	account := "?"
	if u, err := user.Current(); err == nil {
		account = u.Username
	}
	file, err := hostfile.New(o.file, account, log)
	if err != nil {
		return nil, nil, err
	}
	return file, file.Close, nil
}

// hasService says whether the Host service answers on this computer, or has been here.
func hasService(system store.Home) bool {
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	if c, err := local.Dial(ctx, system.ControlSocket()); err == nil {
		c.Close()
		return true
	}
	if os.Getenv(store.HomeVariable) != "" { // a service's folder and a person's are the same then
		return false
	}
	_, err := os.Stat(system.HostDir())
	return err == nil
}

// lookTime bounds how long the service is looked for.
const lookTime = 2 * time.Second
