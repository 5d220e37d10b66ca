package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/kardianos/service"

	"impero/core/machine"
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

// needless says whether a command has nothing to do. systemd and SysV take a start of what runs, and a stop of what does not.
func needless(service.Service, string) bool { return false }
