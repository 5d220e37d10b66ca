//go:build !windows

package store

import "path/filepath"

const socketSuffix = ".sock"

func socketsAt(dir string) string { return filepath.Join(dir, "run") + "/" }
