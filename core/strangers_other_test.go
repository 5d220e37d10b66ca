//go:build !linux

package core_test

// halfOpenMost is what a connection whose hello is not whole may cost, both ends together, in KiB. What is on the heap is the
// same as on Linux. The goroutine that reads takes 16 KiB of stack on Windows and 4 on Linux: there Go's read of a socket goes
// deeper, and a stack doubles; one frame more or less on the way to it makes 26 KiB of 34.
const halfOpenMost = 40
