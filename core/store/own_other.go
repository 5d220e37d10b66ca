//go:build !unix

package store

func ownFlags() int { return 0 }
