package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/kardianos/service"

	"impero/core/local"
	"impero/core/machine"
	"impero/core/store"
)

// tidy takes away what uninstalling leaves: the links by which SysV starts and stops the service.
func tidy() error {
	links, err := filepath.Glob("/etc/rc[0-6S].d/[SK][0-9][0-9]" + machine.ServiceName)
	for _, link := range links {
		err = errors.Join(err, os.Remove(link))
	}
	return err
}

// installed says whether systemd or SysV has the service: the file is looked for, since the words of a script's status are its own.
func installed(service.Service) bool {
	const unit = machine.ServiceName + ".service"
	files := []string{"/etc/init.d/" + machine.ServiceName, "/etc/systemd/system/" + unit, "/lib/systemd/system/" + unit, "/usr/lib/systemd/system/" + unit}
	return slices.ContainsFunc(files, func(file string) bool {
		_, err := os.Stat(file)
		return err == nil
	})
}

// running says whether the service runs: whether it answers.
func running(_ service.Service, home store.Home) bool {
	ctx, cancel := context.WithTimeout(context.Background(), statusTime)
	defer cancel()
	c, err := local.Dial(ctx, home.ControlSocket())
	if err == nil {
		c.Close()
	}
	return !errors.Is(err, local.ErrNobody)
}
