// Package agent is the user's half of a Host: it captures the desktop, encodes it for the viewers, and injects their
// keyboard and mouse, all as the user it runs as. It listens to nobody but the daemon half, over the seam, and checks
// no permission: what arrives is permitted.
//
// Run owns its goroutines and returns when all are gone.
package agent
