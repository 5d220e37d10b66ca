//go:build !cgo || !linux

package screen

// newJPEG is the fastest codec of this build.
func newJPEG() jpegCodec { return &goJPEG{} }
