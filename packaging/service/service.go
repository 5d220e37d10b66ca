// Package service holds the files that make Imperohostd a service, as text: packages install them, and so does
// Imperohostd install.
package service

import _ "embed" // the files

// Program is where the files look for the program; who installs it elsewhere replaces that.
const Program = "/usr/bin/Imperohostd"

// Systemd is the unit for systemd.
//
//go:embed Imperohostd.service
var Systemd string

// SysV is the script for /etc/init.d.
//
//go:embed Imperohostd.init
var SysV string
