//go:build !windows

package agent

// seePixels does nothing: only Windows shows programs another desktop than there is.
func seePixels() {}
