//go:build !darwin

package shell

const superName = "Super"
