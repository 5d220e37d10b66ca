//go:build !linux

package core_test

// halfOpenMost is what a connection whose hello is not whole may cost, both ends together, in KiB. Go's sockets on Windows
// carry more: 33 KiB under Wine, where Linux has 23.
const halfOpenMost = 40
