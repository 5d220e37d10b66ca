//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly || windows)

package store

import "os"

func lockFile(*os.File) (taken bool, err error) { return false, ErrUnsupported }
